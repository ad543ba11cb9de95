"""An uptime that cannot be asked for, or outage years that cannot show it, are told where they stand."""

from __future__ import annotations

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import scenarios_folder
from gigasite.inputs.uptime_checks import MOST_OUTAGE_YEARS, fewest_outage_years, outage_years
from gigasite.run.solve_run import check_scenario_file


def problems_of(folder, requirements):
    path = folder / "a.yaml"
    base = scenarios_folder() / "abilene.yaml"
    path.write_text(f"extends: {base}\nname: a\nrequirements: {{{requirements}}}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        check_scenario_file(path)
    return error.value.problems


@pytest.mark.parametrize(
    ("uptime", "remedy"),
    [
        ("1", "a share of the hours, such as 0.9999"),
        ("1.5", "a share of the hours, such as 0.9999"),
        ("0.5", "a share of the hours, such as 0.9999"),
        ("-1", "a share of the hours, such as 0.9999"),
        ("99.99", "write 99.99 % as 0.9999"),
    ],
)
def test_an_uptime_of_one_or_more_or_below_nine_tenths_is_refused(tmp_path, uptime, remedy):
    (problem,) = problems_of(tmp_path, f"uptime: {uptime}")
    assert (problem.key, problem.allowed) == ("requirements.uptime", "0.9 or more, and less than 1")
    assert str(problem.origin).endswith("a.yaml:3:24")
    assert problem.remedy.startswith(remedy)


@pytest.mark.parametrize(("years", "words"), [(400, "cannot show"), (200_000, "take days")])
def test_outage_years_that_are_too_few_or_too_many_are_refused(tmp_path, years, words):
    (problem,) = problems_of(tmp_path, f"uptime: 0.9999, uptime_outage_years: {years}")
    assert words in problem.message
    assert (problem.key, problem.allowed) == ("requirements.uptime_outage_years", "500 to 100,000")
    assert str(problem.origin).endswith("a.yaml:3:53")


def test_outage_years_without_an_uptime_are_refused(tmp_path):
    (problem,) = problems_of(tmp_path, "uptime_outage_years: 1000")
    assert problem.key == "requirements.uptime_outage_years"
    assert "no uptime is asked for" in problem.message


def test_an_uptime_that_is_no_number_is_told_as_such(tmp_path):
    (problem,) = problems_of(tmp_path, "uptime: four nines")
    assert (problem.key, problem.message) == ("requirements.uptime", "this is a text, not a number")


def test_a_higher_uptime_takes_more_outage_years():
    assert [outage_years(uptime, None) for uptime in (0.9, 0.999, 0.99999)] == [1000, 1000, 10_000]
    assert outage_years(0.99999999, None) == fewest_outage_years(0.99999999) == MOST_OUTAGE_YEARS
