"""A written run is replayed from what it holds: it gets one table, and nothing else of it changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.results.store import read_run
from gigasite.run.replay import replay_run
from gigasite.run.solve_run import solve_scenario

TEXT = """\
horizon: {years: [2028, 2030], resolution_h: 24, days: 10}
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    path = tmp_path / "short.yaml"
    path.write_text(f"extends: {scenarios_folder() / 'lancaster.yaml'}\nname: short\n{TEXT}", encoding="utf-8")
    return solve_scenario(path, results=tmp_path / "results")


def files(run: Run) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}


def test_a_run_gets_the_table_and_a_later_replay_replaces_it(run: Run) -> None:
    before = files(run)
    replay_run(run, years=10)
    first = run.table("replay")
    replay_run(run, years=20, seed=2)
    again = run.table("replay")
    assert (first["outage_years"].unique().tolist(), again["outage_years"].unique().tolist()) == ([10], [20])
    assert again["seed"].unique().tolist() == [2]
    after = files(run)
    assert {path: after[path] for path in before} == before
    assert {path.name for path in set(after) - set(before)} == {"replay.parquet", "replay.csv"}


def test_the_stages_of_a_replay_are_told(run: Run) -> None:
    told: list[tuple[str, float | None]] = []
    found = replay_run(run, years=10, progress=lambda name, seconds: told.append((name, seconds)))
    assert [name for name, seconds in told if seconds is None] == ["read the run again", "replay 10 outage years"]
    assert found.seconds > 0
    assert (found.run, found.outage_years, found.seed) == (str(run.path), 10, 1)


def test_figures_that_have_changed_since_are_refused(run: Run) -> None:
    manifest = run.path / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["input_sha256"] = dict.fromkeys(told["input_sha256"], "0" * 64)
    manifest.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match="figures have changed"):
        replay_run(read_run(run.path), years=10)


@pytest.mark.parametrize("given", [{"years": 9}, {"years": 2_000_000}, {"seed": -1}])
def test_no_years_and_no_seed_are_refused_before_anything_is_read(run: Run, given: dict[str, int]) -> None:
    with pytest.raises(InputError):
        replay_run(run, **given)
    assert "replay" not in run.table_names
