"""All rules together: who stays, who goes and by which rule, and what a rule takes out alone."""

import math

import numpy as np
import pytest
from tests.siting.grounds import ground, points

from gigasite.siting.rules import slope, states
from gigasite.siting.screening import Screened, screen


@pytest.fixture
def screened() -> Screened:
    """a stays, b goes by its state, c by its slope, d by both."""
    candidates = points([(40, -83)] * 4, state=["OH", "TX", "OH", "TX"], mean_slope_percent=[1.0, 1.0, 9.0, math.nan])
    specs = {"slope": slope.Spec(maximum_percent=5.0), "states": states.Spec(allowed=("OH",))}
    return screen(ground(candidates), specs)


def test_every_rule_sees_every_candidate(screened: Screened) -> None:
    assert screened.kept.tolist() == [True, False, False, False]
    assert list(screened.verdicts) == ["states", "slope"]


def test_an_excluded_candidate_has_one_row_for_each_rule_that_excludes_it(screened: Screened) -> None:
    table = screened.excluded_table()
    assert list(zip(table["site"], table["rule"], strict=True)) == [
        ("b", "states"),
        ("c", "slope"),
        ("d", "states"),
        ("d", "slope"),
    ]
    assert table["reason"].iloc[1] == "mean slope 9 %, at most 5 %"


def test_a_rule_is_told_what_it_alone_takes_out_and_what_is_left(screened: Screened) -> None:
    table = screened.rules_table().set_index("rule")
    assert table["excluded"].to_dict() == {"states": 2, "slope": 2}
    assert table["only_this_rule"].to_dict() == {"states": 1, "slope": 1}
    assert table["left_after"].to_dict() == {"states": 2, "slope": 1}


def test_those_that_stay_have_reasons_too(screened: Screened) -> None:
    assert screened.reasons()[0] == "state OH, allowed; mean slope 1 %, at most 5 %"


def test_a_study_without_rules_keeps_every_candidate() -> None:
    found = screen(ground(points([(40, -83)] * 2)), {})
    assert found.kept.tolist() == [True, True]
    assert found.excluded_table().empty
    assert found.rules_table().empty
    assert found.reasons().tolist() == ["", ""]


def test_nothing_to_screen_is_no_fault() -> None:
    found = screen(ground(points([(40, -83)])), {"states": states.Spec(allowed=("TX",))})
    assert not np.any(found.kept)
    assert found.rules_table()["left_after"].item() == 0
