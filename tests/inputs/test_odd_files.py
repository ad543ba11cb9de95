"""Whatever stands in a scenario, a planner gets a message and never a traceback."""

import pytest

from gigasite.foundation.errors import render_problem


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("800}", f"{10**400}}}"), "this number is far too large"),
        (("800}", "1e400}"), "not a number"),
        (("800}", "2e6}"), "outside what is allowed"),
        (("800}", "1,000}"), "a key must be a text or a year"),
        (("name: good", "title: " + "[" * 3000 + "]" * 3000), "nested too deep"),
        (("name: good", "title: " + "[" * 60 + "]" * 60), "nested too deep"),
        (("name: good", r'title: "a\0b"'), "a control character stands in this text"),
        (("name: good", r'title: "\ud800"'), "a control character stands in this text"),
        (("name: good", r'title: "\UFFFFFFFF"'), "names no character"),
        (("name: good", f"extends: {'a' * 5000}.yaml"), "cannot be the name of a file"),
        (("name: good", f"name: {'a' * 5000}"), "this value does not fit here"),
        (("800}", "0}"), "no site wants any load"),
        (("    load_ramp_mw: {2028: 800}\n", ""), "no site wants any load"),
        (("{2028: 800}", "null"), "no year is given"),
        (("name: good", "money: {discount_rate_real: -0.01}"), "this cannot be negative"),
        (("name: good", "money: {currency: USD}"), "this key is not known here"),
        (("name: good", "load: {pue_mean: 1.3, pue_peak: 1.2}"), "above its peak"),
    ],
)
def test_odd_scenario_is_told_in_words(desk, change, message):
    text = desk.good.replace(*change)
    assert text != desk.good
    problems = desk.problems_of(text)
    assert any(message in problem.message for problem in problems)
    for problem in problems:
        render_problem(problem).encode("utf-8")
        assert len(render_problem(problem)) < 5000


@pytest.mark.parametrize("name", ['"a\\0b.csv"', "a" * 5000, '"\\ud800.csv"'])
def test_odd_file_name_of_an_hourly_file_is_told(desk, name):
    assert desk.problems_of(f"{desk.good}    hourly: {{load: {name}}}\n")


def test_floor_refuses_a_technology_named_twice(desk):
    floor = "    capacity_floor_mw: [{technologies: [battery, battery], mw: {2030: 5}}]\n"
    (problem,) = desk.problems_of(desk.good + floor)
    assert (problem.message, str(problem.origin)) == ("this technology is counted twice", "a.yaml:7:50")


def test_long_text_that_was_given_is_cut(desk):
    (problem,) = desk.problems_of(f"{desk.good}    grid: {{zone: {'z' * 2000}}}\n")
    assert "z" * 77 + "...\n" in render_problem(problem)
