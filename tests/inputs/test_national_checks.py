"""What a national account and campuses that open as a whole may say; every fault is told where it is written."""

from __future__ import annotations

from typing import Any

import pytest

ACCOUNT = "national: {%s}\n"


def only(desk: Any, text: str) -> Any:
    (problem,) = desk.problems_of(text)
    return problem


def test_an_account_needs_a_trajectory(desk: Any) -> None:
    problem = only(desk, desk.good + ACCOUNT % "include_rest_of_state: false")
    assert (problem.key, problem.message) == ("national.trajectory", "the national account has no trajectory")
    assert "trajectory_twh" in problem.remedy
    assert str(problem.origin).endswith("a.yaml:7:1")


def test_a_trajectory_taken_out_is_none(desk: Any) -> None:
    problem = only(desk, desk.good + ACCOUNT % "trajectory: null")
    assert (problem.key, problem.given) == ("national.trajectory", "null")


def test_two_trajectories_are_one_too_many(desk: Any) -> None:
    problem = only(desk, desk.good + ACCOUNT % "trajectory: lbnl_high, trajectory_twh: {2028: 1, 2032: 2}")
    assert (problem.key, str(problem.origin)[-4:]) == ("national.trajectory_twh", "7:35")
    assert "two trajectories" in problem.message
    assert "trajectory: null" in problem.remedy


@pytest.mark.parametrize(
    ("said", "key", "years", "beyond"),
    [
        ("trajectory_twh: {2030: 400, 2032: 500}", "trajectory_twh", "years 2030 to 2032", "2028"),
        ("trajectory_twh: {2028: 400, 2031: 500}", "trajectory_twh", "years 2028 to 2031", "2032"),
        ("trajectory: iea", "trajectory", "years 2030", "2028, 2032"),
    ],
)
def test_a_year_outside_the_trajectory_is_told(desk: Any, said: str, key: str, years: str, beyond: str) -> None:
    problem = only(desk, desk.good + ACCOUNT % said)
    assert problem.key == f"national.{key}"
    assert problem.message.endswith(f"says nothing of {beyond}")
    assert problem.given == years


@pytest.mark.parametrize("said", ["{2024: 200, 2040: 500}", "{2028: 200, 2032: 500}", "300"])
def test_a_trajectory_of_ones_own_is_taken(desk: Any, said: str) -> None:
    assert desk.load(desk.good + ACCOUNT % f"trajectory_twh: {said}").scenario.national.trajectory is None


def test_faults_of_limits_and_eases_are_told_together(tmp_path: Any) -> None:
    """With the shipped figures, which know states, zones, regions and slots."""
    from gigasite.foundation.errors import InputError
    from gigasite.inputs.folders import scenarios_folder
    from gigasite.run.solve_run import check_scenario_file

    file = tmp_path / "a.yaml"
    file.write_text(
        f"extends: {scenarios_folder() / 'national-580.yaml'}\n"
        "national:\n"
        "  limits_mw: {states: {TE: 500}, zones: {pjm_ae: {2060: 3}}}\n"
        "  limits_twh: {regions: {pmj: 4}}\n"
        "  growth_mw_per_year: {states: {VA: {2050: 3}}}\n"
        "  ease: {build_slots: {gas_engin: 1.1, line: 2}, grid_headroom: {pjmm: 1}, grid_steps: {nowhere: 2}}\n"
        "sites: {piketon: {minimum_campus_mw: 9000}, abilene: {placement: whole, minimum_campus_mw: 4}}\n"
    )
    with pytest.raises(InputError) as error:
        check_scenario_file(file)
    told = {problem.key: problem for problem in error.value.problems}
    assert set(told) == {
        "national.limits_mw.states.TE",
        "national.limits_mw.zones.pjm_ae",
        "national.limits_mw.zones.pjm_ae.2060",
        "national.limits_twh.regions.pmj",
        "national.growth_mw_per_year.states.VA.2050",
        "national.ease.build_slots.gas_engin",
        "national.ease.build_slots.line",
        "national.ease.grid_headroom.pjmm",
        "national.ease.grid_steps.nowhere",
        "sites.piketon.minimum_campus_mw",
        "sites.abilene.minimum_campus_mw",
    }
    assert told["national.limits_mw.zones.pjm_ae"].remedy == "did you mean 'pjm_aep'?"
    assert told["national.limits_mw.states.TE"].allowed.startswith("AZ, CA, GA")
    assert told["sites.piketon.minimum_campus_mw"].allowed == "4000 MW or less"
    assert all(problem.origin is not None and problem.origin.line for problem in told.values())


def test_a_site_without_load_has_no_smallest_campus(desk: Any) -> None:
    text = desk.good + "  abilene: {technologies: [gas_turbine], minimum_campus_mw: 5}\n"
    assert "no smallest campus" in only(desk, text).message


def shipped(folder: Any, said: str) -> Any:
    """The shipped account with a line of its own, checked with the shipped figures."""
    from gigasite.inputs.folders import scenarios_folder
    from gigasite.run.solve_run import check_scenario_file

    file = folder / "a.yaml"
    file.write_text(f"extends: {scenarios_folder() / 'national-580.yaml'}\nnational: {{{said}}}\n", encoding="utf-8")
    return check_scenario_file(file)


def test_a_limit_that_falls_is_a_hint(tmp_path: Any) -> None:
    """A typing error more often than a wish: the lower figure holds before its year too."""
    (note,) = shipped(tmp_path, "limits_mw: {states: {TX: {2026: 900, 2030: 90}, OH: {2026: 90, 2030: 900}}}").notes
    assert note.key == "national.limits_mw.states.TX"
    assert "falls from 900 in 2029 to 90 in 2030" in note.message


def test_a_state_in_full_is_asked_for_its_two_letters(tmp_path: Any) -> None:
    from gigasite.foundation.errors import InputError

    with pytest.raises(InputError) as error:
        shipped(tmp_path, "limits_mw: {states: {Texas: 900}}")
    (problem,) = error.value.problems
    assert problem.remedy == "write its two letters, as TX"
