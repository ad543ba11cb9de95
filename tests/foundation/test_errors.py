"""Errors tell a planner where, what was given, what is allowed and what to do."""

import pickle

import pytest

from gigasite.foundation.errors import (
    GigasiteError,
    InfeasibleScenario,
    InputError,
    LimitReached,
    Origin,
    Problem,
    SolverFailure,
    did_you_mean,
    nearest_spelling,
    render_problem,
)

PROBLEM = Problem(
    "this is a text, not a number",
    Origin("scenarios/x.yaml", 12, 5),
    "sites.piketon.load_ramp_mw.2028",
    '"800 MW"',
    "a plain number in MW",
    "write 800",
)


def test_place_is_shown_as_editors_link_it():
    assert str(Origin("scenarios/x.yaml", 12, 5)) == "scenarios/x.yaml:12:5"
    assert str(Origin("scenarios/x.yaml", 12)) == "scenarios/x.yaml:12"
    assert str(Origin("scenarios/x.yaml")) == "scenarios/x.yaml"


def test_problem_is_told_place_first_and_then_line_by_line():
    assert render_problem(PROBLEM).splitlines() == [
        "scenarios/x.yaml:12:5: sites.piketon.load_ramp_mw.2028",
        "  this is a text, not a number",
        '  given:   "800 MW"',
        "  allowed: a plain number in MW",
        "  to do:   write 800",
    ]


def test_problem_without_details_is_one_sentence():
    assert str(Problem("nothing to plan")) == "nothing to plan"


def test_input_error_tells_every_problem_in_a_block_of_its_own():
    told = str(InputError([PROBLEM, Problem("nothing to plan")]))
    assert told == f"{PROBLEM}\n\nnothing to plan"


@pytest.mark.parametrize("given", [PROBLEM, [PROBLEM], (PROBLEM,)])
def test_input_error_takes_one_problem_or_several(given):
    assert InputError(given).problems == (PROBLEM,)


def test_input_error_takes_a_sentence():
    assert InputError("nothing to plan").problems == (Problem("nothing to plan"),)


def test_input_error_survives_the_way_to_another_process():
    assert pickle.loads(pickle.dumps(InputError([PROBLEM]))).problems == (PROBLEM,)


@pytest.mark.parametrize("kind", [InputError, InfeasibleScenario, SolverFailure, LimitReached])
def test_every_error_is_a_gigasite_error(kind):
    assert issubclass(kind, GigasiteError)


def test_nearest_spelling_overlooks_case_and_dashes():
    assert nearest_spelling("Gas-Turbine", ["wind", "gas_turbine"]) == "gas_turbine"


def test_nothing_is_suggested_that_is_not_near():
    assert did_you_mean("zzz", ["piketon", "abilene"]) is None
