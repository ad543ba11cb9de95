"""`gigasite replay` as a planner calls it, and the same verb in Python."""

import json

import pandas as pd
import pytest
from tests.cli.conftest import Desk

import gigasite


def test_what_a_replay_finds_is_told_in_a_table_and_written_into_the_run(solved: Desk) -> None:
    ended = solved.run_here("replay", "small", "--years", "50")
    assert ended.code == 0, ended.stderr
    assert "piketon" in ended.stdout
    assert "50 outage years for every site and year, seed 1" in ended.stdout
    assert "replay 50 outage years" in ended.stderr
    run = max((solved.results / "small").iterdir())
    assert set(pd.read_parquet(run / "replay.parquet")["year"]) == {2030, 2035}
    assert "replay" in solved.run_here("show", "small").stdout
    assert solved.run_here("show", "small", "replay").code == 0


def test_json_is_all_that_stands_on_stdout(solved: Desk) -> None:
    ended = solved.run("replay", "small", "--years", "20", "--seed", "3", "--json", "--quiet")
    assert ended.code == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert (told["outage_years"], told["seed"]) == (20, 3)
    assert [row["year"] for row in told["replay"]] == [2030, 2035]
    assert ended.stderr == ""


@pytest.mark.parametrize("option", [("--years", "0"), ("--years", "5"), ("--seed", "-1")])
def test_years_and_seeds_that_are_none_are_refused(solved: Desk, option: tuple[str, str]) -> None:
    ended = solved.run_here("replay", "small", *option)
    assert ended.code == 2
    assert "allowed" in ended.stderr


def test_a_run_that_nobody_made_is_refused(solved: Desk) -> None:
    assert solved.run_here("replay", "smal").code == 2


def test_a_run_replays_itself_in_python(solved: Desk) -> None:
    run = gigasite.load("small", results=solved.results)
    table = run.replay(years=20, seed=3)
    assert table.equals(run.table("replay"))
    assert gigasite.replay(run, years=20, seed=3).table.equals(table)
