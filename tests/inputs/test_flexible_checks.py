"""Load that moves or gives way in ways that cannot be: told with line and column, what is allowed, and what to do."""

import pytest

from gigasite.foundation.errors import InputError
from gigasite.run.solve_run import check_scenario_file

SITE = """name: a
horizon: {{years: [2028, 2030], resolution_h: {step}}}
sites:
  piketon:
    load_ramp_mw: {{2028: 800}}
    technologies: {technologies}
    grid: {grid}
"""
PLANTS = "{gas_turbine: {}, grid_connection: {}, shiftable_load: @}"


@pytest.fixture
def check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def told(technologies="{gas_turbine: {}, grid_connection: {}}", grid="{}", step=1):
        text = SITE.format(technologies=technologies, grid=grid, step=step)
        (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
        try:
            return check_scenario_file(tmp_path / "a.yaml")
        except InputError as error:
            return error.problems

    return told


def only(problems):
    (problem,) = problems
    return problem


def test_a_window_that_does_not_divide_the_day_is_refused(check):
    problem = only(check(PLANTS.replace("@", "{shift_window_h: 5}")))
    assert (problem.origin.line, problem.key) == (6, "sites.piketon.technologies.shiftable_load.shift_window_h")
    assert problem.given == "5"
    assert "24" in problem.allowed


@pytest.mark.parametrize("window", ["0", "48", "6.5", "true"])
def test_other_windows_that_cannot_be_are_refused_where_they_stand(check, window):
    problem = only(check(PLANTS.replace("@", f"{{shift_window_h: {window}}}")))
    assert problem.key.endswith("shift_window_h")


def test_a_window_must_hold_whole_steps(check):
    problem = only(check(PLANTS.replace("@", "{shift_window_h: 8}"), step=6))
    assert problem.message == "a window of 8 hours does not hold whole steps of 6 hours"
    assert (problem.origin.line, problem.given) == (6, "8 h")
    assert problem.allowed == "windows that 6 divides: 6, 12, 24"


def test_a_step_longer_than_the_window_is_a_quick_look_and_told_in_a_note(check):
    note = only(check(PLANTS.replace("@", "{}"), step=24).notes)
    assert note.key == "sites.piketon.technologies.shiftable_load"
    assert note.message == "steps of 24 hours are longer than the window of 6 hours, so no load is moved"
    assert check(PLANTS.replace("@", "{}"), step=6).notes == ()


@pytest.mark.parametrize("key", ["shift_share", "shift_rebound"])
def test_a_share_above_one_is_refused(check, key):
    problem = only(check(PLANTS.replace("@", f"{{{key}: 1.5}}")))
    assert (problem.origin.line, problem.given) == (6, "1.5")


def test_shares_to_shed_and_to_move_cannot_be_more_than_all_load(check):
    both = PLANTS.replace("@", "{shift_share: 0.7}, flexible_load: {shed_share: 0.5}")
    problem = only(check(both))
    assert problem.message == "more than all load of piketon is to be shed and moved in the same hour"
    assert problem.key == "sites.piketon.technologies.shiftable_load.shift_share"
    assert problem.allowed == "0.5 or less: flexible_load has the rest"


def test_a_share_to_shed_from_inputs_counts_too(check):
    problem = only(check(PLANTS.replace("@", "{shift_share: 0.95}, flexible_load: {}")))
    assert problem.given == "0.95"
    assert problem.allowed == "0.9 or less: flexible_load has the rest"


def test_options_left_out_come_from_inputs(check):
    loaded = check(PLANTS.replace("@", "{shift_share: 0.2}"))
    assert loaded.scenario.sites["piketon"].technologies["shiftable_load"].shift_window_h is None


def test_a_flexible_connection_needs_a_connection(check):
    problem = only(check("{gas_turbine: {}}", grid="{flexible_connection: {curtailed_share: 0.005}}"))
    assert problem.message == "this site has no grid connection that could give way"
    assert (problem.origin.line, problem.key) == (7, "sites.piketon.grid.flexible_connection")


@pytest.mark.parametrize("share", ["0.05", "-0.1", "half"])
def test_a_share_of_curtailment_without_a_headroom_is_refused(check, share):
    problem = only(check(grid=f"{{flexible_connection: {{curtailed_share: {share}}}}}"))
    assert (problem.origin.line, problem.key) == (7, "sites.piketon.grid.flexible_connection.curtailed_share")


def test_a_flexible_connection_must_say_how_often_it_gives_way(check):
    assert "curtailed_share" in only(check(grid="{flexible_connection: {}}")).key
