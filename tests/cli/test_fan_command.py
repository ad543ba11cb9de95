"""A scenario with futures from the command line: the answer, JSON, and one future as a run."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gigasite.cli.app import app
from gigasite.inputs.folders import scenarios_folder

SCENARIO = f"""
extends: {scenarios_folder() / "base.yaml"}
name: told-fan
title: Two futures of Piketon
horizon: {{years: [2028, 2030, 2035], resolution_h: 24, days: 2}}
sites:
  piketon:
    load_ramp_mw: {{2028: 800, 2030: 4000, 2035: 10000}}
    technologies: [gas_turbine, combined_cycle]
solve: whole
futures:
  known_in: 2035
  commit: order
  cases:
    low: {{probability: 0.25, sites: {{piketon: {{load_ramp_mw: {{2035: 4000}}}}}}}}
    high: {{probability: 0.75}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("told")
    (made / "told-fan.yaml").write_text(SCENARIO, encoding="utf-8")
    return made


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--results", str(folder / "results")])
    return result.exit_code, result.stdout


def test_solve_tells_the_common_plan_what_knowing_saves_and_what_each_future_costs(folder: Path) -> None:
    code, said = run(folder, "solve", str(folder / "told-fan.yaml"), "--quiet")
    assert code == 0
    assert "One plan holds for both futures until 2035" in said
    assert "Knowing the future now would save" in said
    assert "If low comes, it strands" in said
    assert "told-fan/low, told-fan/high" in said
    rows = [line.split() for line in said.splitlines() if line.count("%") == 1 and "bn" not in line]
    assert [row[:2] for row in rows if len(row) > 5] == [["low", "25%"], ["high", "75%"], ["expected", "100%"]]


def test_json_lists_expected_figures_with_the_futures(folder: Path) -> None:
    code, said = run(folder, "solve", str(folder / "told-fan.yaml"), "--quiet", "--json")
    (told,) = json.loads(said)
    assert code == 0
    assert [one["future"] for one in told["futures"]] == ["low", "high", "expected"]
    assert told["energised_mw"]["2035"] == pytest.approx(0.25 * 4000 + 0.75 * 10000)


def test_a_future_is_shown_and_compared_by_its_name(folder: Path) -> None:
    run(folder, "solve", str(folder / "told-fan.yaml"), "--quiet")
    code, said = run(folder, "show", "told-fan/low", "load")
    assert code == 0
    assert "4,000" in said
    code, said = run(folder, "compare", "told-fan/low", "told-fan/high")
    assert code == 0
    assert "difference" in said


def test_a_fault_of_a_future_is_bad_input_and_nothing_is_written(folder: Path) -> None:
    path = folder / "faulty.yaml"
    path.write_text(SCENARIO.replace("told-fan", "faulty").replace("0.75", "0.5"), encoding="utf-8")
    code, _ = run(folder, "solve", str(path), "--quiet")
    assert code == 2
    assert not (folder / "results" / "faulty").exists()
