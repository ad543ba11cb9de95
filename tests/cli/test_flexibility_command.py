"""`gigasite flexibility` as a planner calls it, and the same verb in Python."""

import json
from pathlib import Path

import pandas as pd
import pytest
from tests.cli.conftest import Desk

import gigasite

QUEUE = """\
extends: base.yaml
name: {name}
title: A campus in a queue
horizon: {{years: [2028, 2030], resolution_h: 24, days: 4}}
sites:
  piketon:
    load_ramp_mw: {{2028: 400}}
    technologies: [grid_connection]
    grid: {{queue_year_nonfirm: 2028, queue_year_firm: 2030}}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.write("queue", QUEUE)
    return made


def test_a_table_tells_what_each_share_buys(desk: Desk) -> None:
    ended = desk.run_here("flexibility", "queue", "--shares", "0.0025,0.01", "--csv", "shares.csv")
    assert ended.code == 0, ended.stderr
    assert "0.25 %" in ended.stdout
    assert "energised" in ended.stdout
    assert "curtailed 1 %: solved" in ended.stderr
    table = pd.read_csv(desk.folder / "shares.csv")
    assert table["energised_2028_mw"].tolist() == pytest.approx([0.0, 400.0, 400.0], abs=1e-3)
    assert {folder.name for folder in desk.results.iterdir()} == {
        "queue-flexibility",
        "queue-curtailed-0",
        "queue-curtailed-0-25",
        "queue-curtailed-1",
    }
    assert desk.run_here("compare", "queue-curtailed-0", "queue-curtailed-1").code == 0
    assert desk.run_here("list").code == 0


def test_json_is_all_that_stands_on_stdout(desk: Desk) -> None:
    ended = desk.run("flexibility", "queue", "--shares", "0.005", "--json", "--quiet")
    assert ended.code == 0, ended.stderr
    assert [row["curtailed_share"] for row in json.loads(ended.stdout)] == [0.0, 0.005]
    assert ended.stderr == ""


@pytest.mark.parametrize("shares", ["half", "0.5", "0", ""])
def test_shares_that_are_none_are_refused(desk: Desk, shares: str) -> None:
    ended = desk.run_here("flexibility", "queue", "--shares", shares)
    assert ended.code == 2
    assert "allowed" in ended.stderr
    assert not desk.results.exists()


def test_the_same_in_python(desk: Desk) -> None:
    study = gigasite.flexibility(desk.folder / "queue.yaml", shares=[0.005], results=desk.results)
    assert study.table["years_earlier"].iloc[1] == pytest.approx(2.0, rel=1e-4)  # 2028 stands for two years
