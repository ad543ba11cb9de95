"""Whole or decomposed: as a scenario says, and by its size where it leaves the choice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import DECOMPOSED_FROM_STEPS, assemble_file, decomposes, solve_scenario
from gigasite.system.system import System

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a scenario that extends a shipped one."""

    def written(horizon: str, text: str = "", extends: str = "idaho-smr") -> Path:
        path = tmp_path / "chosen.yaml"
        path.write_text(
            f"extends: {scenarios_folder() / extends}.yaml\nname: chosen\nhorizon: {{{horizon}}}\n{text}",
            encoding="utf-8",
        )
        return path

    return written


def site_year_steps(system: System) -> int:
    time = system.context.time
    return len(system.sites) * len(time.years) * time.hours


def test_the_choice_falls_at_one_site_over_all_hours_of_one_year() -> None:
    assert DECOMPOSED_FROM_STEPS == 8_760


@pytest.mark.parametrize(
    ("horizon", "steps", "decomposed"),
    [
        ("years: [2030]", 8_760, True),
        ("years: [2030], days: 364", 8_736, False),
        ("years: [2030], resolution_h: 2", 4_380, False),
        ("years: [2030, 2035], resolution_h: 2", 8_760, True),
        ("years: [2030, 2031, 2032, 2033, 2034, 2035], resolution_h: 6", 8_760, True),
        ("years: [2030, 2031, 2032, 2033, 2034, 2035], resolution_h: 24", 2_190, False),
    ],
)
def test_auto_decides_by_sites_years_and_steps(write: Write, horizon: str, steps: int, decomposed: bool) -> None:
    _, system = assemble_file(write(horizon))
    assert site_year_steps(system) == steps
    assert decomposes("auto", system) is decomposed


def test_sites_count_too_those_of_the_rest_of_a_state_among_them(write: Write) -> None:
    loaded, system = assemble_file(write("years: [2030], resolution_h: 24", extends="national-325"))
    assert len(system.sites) > len(loaded.scenario.sites)
    assert site_year_steps(system) == len(system.sites) * 365
    assert decomposes("auto", system) is (len(system.sites) >= 24)


@pytest.mark.parametrize("horizon", ["years: [2030]", "years: [2030], resolution_h: 24"])
def test_a_word_overrules_the_size(write: Write, horizon: str) -> None:
    _, system = assemble_file(write(horizon))
    assert not decomposes("whole", system)
    assert decomposes("decomposed", system)


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("", "whole"),
        ("solve: auto\n", "whole"),
        ("solve: {method: auto, gap: 0.001}\n", "whole"),
        ("solve: whole\n", "whole"),
        ("solve: decomposed\n", "decomposed"),
        ("solve: {method: decomposed, threads: 1}\n", "decomposed"),
    ],
)
def test_a_run_tells_which_way_it_was_solved(write: Write, tmp_path: Path, text: str, method: str) -> None:
    run = solve_scenario(write("years: [2030], resolution_h: 24", text), results=tmp_path / "results")
    assert run.manifest["method"] == method
    assert run.json_summary()["method"] == method
    assert run.manifest["checks_passed"]


def test_a_full_site_year_of_hours_is_decomposed_without_being_asked(write: Write, tmp_path: Path) -> None:
    run = solve_scenario(write("years: [2030]"), results=tmp_path / "results")
    assert (run.manifest["method"], run.manifest["resolution_h"]) == ("decomposed", 1)
    assert run.manifest["gap"] <= 1e-4
    assert run.manifest["checks_passed"]


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_every_run_has_its_bounds_however_it_was_solved(write: Write, tmp_path: Path, method: str) -> None:
    run = solve_scenario(write("years: [2030], resolution_h: 24", f"solve: {method}\n"), results=tmp_path / "results")
    bounds = run.table("bounds")
    assert "bounds" in run.table_names
    assert list(bounds["round"]) == list(range(1, len(bounds) + 1))
    assert (bounds["resolution_h"] == 24).all()
    assert len(bounds) == 1 or method == "decomposed"
