"""`gigasite crosscheck` as a planner calls it."""

import importlib
import json

import pandas as pd
import pytest
from tests.cli.conftest import Desk

pytest.importorskip("pypsa")


def test_a_run_that_agrees_is_told_in_a_table_and_written_where_it_is_asked_for(solved: Desk) -> None:
    ended = solved.run_here("crosscheck", "small", "--out", "beside.csv")
    assert ended.code == 0, ended.stderr
    assert "Both agree within 1e-04 of the cost." in ended.stdout
    assert "Added to PyPSA's model as rows" in ended.stdout
    assert "dispatch in PyPSA" in ended.stderr
    beside = pd.read_csv(solved.folder / "beside.csv")
    assert set(beside["question"]) == {"dispatch", "sizing"}


def test_json_is_all_that_stands_on_stdout(solved: Desk) -> None:
    ended = solved.run("crosscheck", "small", "--json", "--quiet")
    assert ended.code == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["agrees"]
    assert {one["year"] for one in told["compared"]} == {2030, 2035}
    assert told["versions"]["pypsa"]
    assert ended.stderr == ""


def test_a_run_that_differs_ends_with_1_and_says_where(solved: Desk) -> None:
    run = max((solved.results / "small").iterdir())
    whole = (run / "costs.parquet").read_bytes()
    costs = pd.read_parquet(run / "costs.parquet")
    costs.loc[costs["component"] == "fuel", "cost_usd_per_year"] *= 1.01
    costs.to_parquet(run / "costs.parquet", index=False)
    try:
        ended = solved.run_here("crosscheck", "small", "--quiet")
    finally:
        (run / "costs.parquet").write_bytes(whole)
    assert ended.code == 1
    assert "dispatch of 2035: PyPSA finds" in ended.stderr
    assert "Both agree" not in ended.stdout


def test_without_pypsa_the_extra_is_named_and_the_code_is_2(solved: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def without(name: str, package: str | None = None) -> object:
        if name == "pypsa":
            raise ModuleNotFoundError("No module named 'pypsa'")
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", without)
    ended = solved.run_here("crosscheck", "small")
    assert ended.code == 2
    assert 'pip install "gigasite[crosscheck]"' in ended.stderr
