"""The fleet that stands: one figure for each state, of the last year known, told among what a run rests on."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gigasite.inputs.folders import data_folder
from gigasite.inputs.tables import load_tables
from gigasite.system.existing_fleet import existing_twh, existing_twh_by_state


def context(*folders: Path, said: Any = None) -> Any:
    scenario = SimpleNamespace(national=SimpleNamespace(existing_fleet_twh=said))
    return SimpleNamespace(tables=load_tables((*folders, data_folder())), scenario=scenario, years=(2025, 2028))


def test_the_shipped_fleet_is_that_of_lbnl_and_every_state_is_told() -> None:
    known = context()
    assert existing_twh(known) == pytest.approx([176.0, 176.0], abs=1e-3)
    assert sum(twh[0] for twh in existing_twh_by_state(known).values()) == pytest.approx(
        existing_twh(known)[0], rel=1e-12
    )
    told = {keys["state"] for table, _, keys, _ in known.tables.used() if table == "existing_fleet"}
    assert told == set(existing_twh_by_state(known))


def test_a_later_row_of_a_state_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    """It is the same fleet, one year on: the two do not add up."""
    head, first = (data_folder() / "existing_fleet.csv").read_text(encoding="utf-8").splitlines()[:2]
    assert first.startswith("AL,2023,1.7359,")
    (tmp_path / "existing_fleet.csv").write_text(
        f"{head}\n{first.replace('2023,1.7359', '2024,2.7359', 1)}\n", encoding="utf-8"
    )
    before, after = existing_twh(context())[0], existing_twh(context(tmp_path))[0]
    assert after - before == pytest.approx(1.0, abs=1e-9)
