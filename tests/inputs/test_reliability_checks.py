"""What is asked to survive: faults are told with their place, what was given, what is allowed and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gigasite.formulation.registry import requirement_specs, technology_specs
from gigasite.foundation.errors import InputError
from gigasite.inputs.load import load_scenario

TEXT = """name: lost
horizon: {{years: [2030], base_year: 2026}}
sites:
  abilene:
    load_ramp_mw: {{2030: 100}}
    technologies: {technologies}
requirements: {requirements}
"""


def problems(path: Path, requirements: str = "{}", technologies: str = "[gas_engine]") -> list[Any]:
    file = path / "lost.yaml"
    file.write_text(TEXT.format(requirements=requirements, technologies=technologies), encoding="utf-8")
    try:
        load_scenario(file, technology_specs=technology_specs(), requirement_specs=requirement_specs())
    except InputError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize("key", ["survive_trunk_loss", "survive_grid_loss"])
def test_a_site_that_is_none_is_told_with_the_nearest(tmp_path: Path, key: str) -> None:
    (problem,) = problems(tmp_path, f"{{{key}: [abilene, abilen]}}")
    assert problem.key == f"requirements.{key}.1"
    assert (problem.origin.line, problem.given, problem.allowed) == (7, "abilen", "abilene")
    assert "abilene" in problem.remedy


@pytest.mark.parametrize(
    ("written", "key", "given", "allowed"),
    [
        ("{outage_survival_h: -72}", "outage_survival_h", "-72", "more than 0"),
        ("{outage_survival_h: 0}", "outage_survival_h", "0", "more than 0"),
        ("{outage_survival_h: 700}", "outage_survival_h", "700", "672 or less"),
        ("{survive_grid_loss: true, critical_share: 1.5}", "critical_share", "1.5", "1 or less"),
        ("{cold_snap: {days: 0}}", "cold_snap.days", "0", "1 or more"),
        ("{cold_snap: {snap_temperature_c: 50}}", "cold_snap.snap_temperature_c", "50", "30 or less"),
    ],
)
def test_a_number_outside_what_is_allowed_is_told(
    tmp_path: Path, written: str, key: str, given: str, allowed: str
) -> None:
    (problem,) = problems(tmp_path, written)
    assert (problem.key, problem.origin.line) == (f"requirements.{key}", 7)
    assert (problem.given, problem.allowed) == (given, allowed)


def test_a_critical_share_of_nothing_is_told(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "{critical_share: 0.5}")
    assert problem.key == "requirements.critical_share"
    assert "outage_survival_h" in problem.remedy
    assert problems(tmp_path, "{critical_share: 0.5, outage_survival_h: 72}") == []


def test_a_machine_bigger_than_its_site_is_told(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, technologies="{small_modular_reactor: {units: whole, unit_size_mw: 300}}")
    assert problem.key == "sites.abilene.technologies.small_modular_reactor.unit_size_mw"
    assert (problem.given, problem.allowed) == ("300 MW", "100 MW or less, the largest step of the ramp")
    (of_class,) = problems(tmp_path, technologies="{large_reactor: {units: whole}}")
    assert of_class.key == "sites.abilene.technologies.large_reactor.units"


@pytest.mark.parametrize(
    "technologies",
    [
        "{small_modular_reactor: {units: whole, unit_size_mw: 77}}",
        "{small_modular_reactor: {}}",
        "{small_modular_reactor: {units: whole, unit_size_mw: 300, capacity_mw: {2040: 300}}}",
    ],
)
def test_a_machine_that_fits_or_is_no_whole_one_is_not(tmp_path: Path, technologies: str) -> None:
    assert not [problem for problem in problems(tmp_path, technologies=technologies) if "bigger" in problem.message]
