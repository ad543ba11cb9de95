"""Every check holds for a sound run and fails alone for a spoilt one."""

import numpy as np
import pytest
from tests.results.corruptions import CORRUPTIONS
from tests.results.spoilt import Spoilt

from gigasite.results.check import Labels, largest, worst_of
from gigasite.results.checks import COLUMNS

YEARS = Labels({"year": (2030, 2035)})


def checked(name, violation, allowed=1.0):
    return largest(
        name, np.array(violation), allowed, YEARS, unit="MW", holds="All is well.", broken="Something is off"
    )


def failed(solved, spoilt):
    checks = solved.checks(spoilt.system, spoilt.tables, **spoilt.given)
    return set(checks.loc[~checks["passed"].astype(bool), "check"])


def test_sound_run_passes_every_check(everything):
    checks = everything.checks()
    assert checks.loc[~checks["passed"], "sentence"].tolist() == []
    assert tuple(checks.columns) == COLUMNS


def test_every_check_has_a_corruption(everything):
    assert set(everything.checks()["check"]) == set(CORRUPTIONS)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruption_makes_exactly_its_check_fail(everything, name):
    spoilt = Spoilt.of(everything.system, everything.tables)
    CORRUPTIONS[name](spoilt)
    assert failed(everything, spoilt) == {name}


def test_missing_hour_is_no_balanced_hour(everything):
    spoilt = Spoilt.of(everything.system, everything.tables)
    key = ("piketon", 2036)
    spoilt.tables["hourly"][key] = spoilt.tables["hourly"][key].iloc[:-1]
    assert "power_balance" in failed(everything, spoilt)


def test_value_that_is_no_number_fails(everything):
    spoilt = Spoilt.of(everything.system, everything.tables)
    spoilt.hour("solar_output_mw", float("nan"))
    assert "power_balance" in failed(everything, spoilt)


def test_unserved_energy_above_its_limit_fails_that_check_alone(unserved):
    checks = unserved.checks()
    assert checks.loc[~checks["passed"], "check"].tolist() == ["unserved_share_within_limit"]


def test_worst_violation_is_told_with_its_place():
    check = checked("a", [3.0, 5.0])
    assert not check.passed
    assert (check.value, check.limit, check.where) == (5.0, 1.0, "year 2035")
    assert check.sentence == "Something is off by 5 MW at year 2035."


def test_violation_within_its_allowance_passes():
    check = checked("a", [0.5, -2.0])
    assert check.passed
    assert check.sentence == "All is well."


def test_worst_violation_is_the_one_furthest_over_its_own_allowance():
    assert checked("a", [5.0, 5.0], np.array([1.0, 4.0])).where == "year 2030"


def test_check_of_several_parts_fails_with_any_of_them():
    assert not worst_of("a", [checked("a", [0.0, 0.0]), checked("a", [0.0, 9.0])], holds="").passed
    assert worst_of("a", [], holds="").passed
