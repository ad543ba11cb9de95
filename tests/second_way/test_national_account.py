"""The national account closes from the files of a run alone: hourly tables, demand and existing fleet, nothing else.

The hours of every block are added up from Parquet; trajectory and fleet are read from `inputs/`; how many hours a step
stands for follows from their number. No model, no array of gigasite.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.second_way.figures import table

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import solve_scenario

HOURS_OF_A_YEAR = 8760
DAYS, STEP_H = 4, 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A written run of the national account on four days of daily means."""
    file = tmp_path_factory.mktemp("nation") / "short.yaml"
    file.write_text(
        f"extends: {scenarios_folder() / 'national-580.yaml'}\n"
        f"name: short\nhorizon: {{years: [2028, 2030], days: {DAYS}, resolution_h: {STEP_H}}}\nsolve: whole\n",
        encoding="utf-8",
    )
    return Path(solve_scenario(file, results=file.parent / "results").path)


def written(folder: Path, name: str) -> pd.DataFrame:
    """A table of a run as it was written."""
    found = [path for path in folder.rglob(f"{name}.*") if path.suffix in (".csv", ".parquet")]
    parquet = [path for path in found if path.suffix == ".parquet"]
    return pd.read_parquet(parquet[0]) if parquet else pd.read_csv(found[0])


def hourly(folder: Path) -> dict[tuple[str, int], pd.DataFrame]:
    """Every hourly table by site and year."""
    found: dict[tuple[str, int], pd.DataFrame] = {}
    for path in sorted((folder / "hourly").rglob("*.parquet")):
        frame = pd.read_parquet(path)
        if {"site", "year"} <= set(frame.columns):
            found |= {(str(s), int(y)): part for (s, y), part in frame.groupby(["site", "year"], observed=True)}
        else:
            site, _, year = path.stem.rpartition("_")
            found[site, int(year)] = frame
    return found


def test_hours_fleet_and_shortfall_are_the_trajectory(folder: Path) -> None:
    demand, fleet = table("demand"), table("existing_fleet")
    high = demand[demand["trajectory"] == "lbnl_high"].set_index("year")["value"].astype(float)
    existing = fleet["value"].astype(float).sum()
    told = written(folder, "demand").set_index("year")
    for year in (2028, 2030):
        served = sum(_served_mwh(frame) for (_, of), frame in hourly(folder).items() if of == year)
        shortfall = float(high[year]) - existing - served / 1e6
        assert shortfall > 1
        assert told.loc[year, "shortfall_twh"] == pytest.approx(shortfall, rel=1e-5)
        assert told.loc[year, "trajectory_twh"] == pytest.approx(float(high[year]))


def test_every_block_of_the_table_of_placement_is_its_hours_or_its_fleet(folder: Path) -> None:
    placement, fleet = written(folder, "placement"), table("existing_fleet").set_index("state")["value"].astype(float)
    blocks = hourly(folder)
    assert set(placement["site"]) >= {site for site, _ in blocks}
    for row in placement.to_dict("records"):
        if row["kind"] == "existing fleet":
            assert row["twh"] == pytest.approx(fleet[row["state"]])
        else:
            expected = _served_mwh(blocks[str(row["site"]), int(row["year"])]) / 1e6
            assert row["twh"] == pytest.approx(expected, rel=1e-5, abs=1e-9)


def _served_mwh(frame: Any) -> float:
    """Load less what is shed or unserved, over the year."""
    missed = [name for name in frame.columns if name == "unserved_mw" or name.endswith("_shed_mw")]
    power = frame["load_mw"].astype(float).sum() - sum(frame[name].astype(float).sum() for name in missed)
    assert len(frame) == DAYS * 24 // STEP_H
    return float(power * HOURS_OF_A_YEAR / len(frame))
