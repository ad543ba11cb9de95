"""Orders, stock on order and start months: what fits, and what is told with file, line and remedy."""

import pytest

from gigasite.inputs.lead_times import first_year, month_in_words, month_number, quarter_in_words

TURBINE = "[gas_turbine, battery]"


def test_months_are_numbers():
    assert month_number("2028-04") - month_number("2026-01") == 27
    assert [month_in_words(month_number(text)) for text in ("2026-01", "2027-12")] == ["2026-01", "2027-12"]
    assert [quarter_in_words(month_number(f"2028-{month:02d}")) for month in (1, 3, 4, 12)] == [
        "2028-Q1",
        "2028-Q1",
        "2028-Q2",
        "2028-Q4",
    ]
    with pytest.raises(ValueError, match="2026-13"):
        month_number("2026-13")


@pytest.mark.parametrize(
    ("month", "start", "year"),
    [("2028-01", {}, 2028), ("2028-02", {}, 2029), ("2028-02", {2028: 2}, 2028), ("2028-03", {2028: 2}, 2029)],
)
def test_a_year_counts_what_comes_by_its_start(month, start, year):
    assert first_year(month_number(month), start) == year


@pytest.mark.parametrize(
    ("technologies", "key", "message", "given", "allowed"),
    [
        (
            '{gas_turbine: {order_month: "2025-12"}}',
            "gas_turbine.order_month",
            "gas_turbine is ordered before the base year 2026",
            "2025-12",
            "2026-01 or later",
        ),
        (
            "{gas_turbine: {order_month: 2026-13}}",
            "gas_turbine.order_month",
            "this value does not fit here",
            '"2026-13"',
            "a month like 2026-07",
        ),
        (
            "{gas_turbine: {delivery_months: -1}}",
            "gas_turbine.delivery_months",
            "this cannot be negative",
            "-1",
            None,
        ),
        (
            "{gas_turbine: {ordered_mw: {2025: 100}}}",
            "gas_turbine.ordered_mw.2025",
            "stock on order of gas_turbine comes before the base year 2026",
            "2025",
            "2026 or later",
        ),
        (
            "{gas_turbine: {ordered_mw: {2028: 100, 2030: 60}}}",
            "gas_turbine.ordered_mw.2030",
            "stock on order of gas_turbine falls from 2028 to 2030: each year holds all delivered by then",
            "60 MW",
            "100 MW or more",
        ),
        (
            "{gas_turbine: {ordered_mw: {2028: 100}, capacity_mw: 50}}",
            "gas_turbine.ordered_mw",
            "stock on order has no place here: capacity_mw gives the capacity already",
            None,
            None,
        ),
        (
            "{gas_turbine: {ordered_mw: {2028: 50}, unit_size_mw: 60}}",
            "gas_turbine.ordered_mw",
            "stock on order of gas_turbine is less than one machine of 60 MW",
            "50 MW",
            "60 MW or more",
        ),
        (
            "{gas_turbine: {ordered_mw: {2028: 1800}, unit_size_mw: 900}}",
            "gas_turbine.unit_size_mw",
            "one machine of gas_turbine is bigger than the site: piketon never wants more than 800 MW",
            "900 MW",
            "800 MW or less",
        ),
        (
            "{gas_turbine: {ordered_mw: {2035: 100}}}",
            "gas_turbine.ordered_mw.2035",
            "2035 comes after the last modelled year, 2032, and would never be seen",
            "2035",
            "years up to 2032",
        ),
    ],
)
def test_faulty_orders_are_told_where_they_stand(desk, technologies, key, message, given, allowed):
    problem = desk.problems_of(desk.good.replace(TURBINE, technologies))[0]
    assert (problem.key, problem.message) == (f"sites.piketon.technologies.{key}", message)
    assert str(problem.origin).startswith("a.yaml:6:")
    assert problem.given == given
    assert allowed is None or problem.allowed == allowed


def test_stock_lets_a_least_capacity_stand_before_the_lead_time(desk):
    stock = "ordered_mw: {2028: 100}"
    told = "{combined_cycle: {%s, capacity_min_mw: {2028: %d}}}"
    assert desk.load(desk.good.replace(TURBINE, told % (stock, 100)))
    (problem,) = desk.problems_of(desk.good.replace(TURBINE, told % (stock, 120)))
    assert problem.allowed == "100 MW, the stock on order, before 2031"


def test_a_floor_counts_the_stock_on_order(desk):
    text = desk.good.replace(TURBINE, "{combined_cycle: {ordered_mw: {2028: 100}}}")
    floor = "    capacity_floor_mw: [{technologies: [combined_cycle], mw: {2028: %d}}]\n"
    assert desk.load(text + floor % 100)
    (problem,) = desk.problems_of(text + floor % 150)
    assert problem.message == "the floor is above what its technologies may reach together in 2028"


def test_an_order_later_on_moves_the_first_year(desk):
    given = '{combined_cycle: {order_month: "2027-01", delivery_months: 60, capacity_min_mw: {2030: 10}}}'
    (problem,) = desk.problems_of(desk.good.replace(TURBINE, given))
    assert "but new combined_cycle runs from 2032 at the earliest" in problem.message


# -- start months ------------------------------------------------------------------------------------------------------


def with_start(desk, start, years="[2028, 2029, 2032]", ramp="{2028: 800}"):
    text = desk.good.replace("[2028, 2030, 2032]", years).replace("{2028: 800}", ramp)
    return text + f"    start_month: {start}\n"


def test_a_year_that_stands_for_itself_may_start_within(desk):
    scenario = desk.load(with_start(desk, "{2028: 4}")).scenario
    assert scenario.sites["piketon"].start_month == {2028: 4}


@pytest.mark.parametrize(
    ("start", "message", "allowed"),
    [
        (
            "{2029: 4}",
            "2029 stands for more than its own twelve months, so it cannot start within them",
            "a year whose next modelled year is the next calendar year",
        ),
        (
            "{2032: 4}",
            "2032 stands for more than its own twelve months, so it cannot start within them",
            "a year whose next modelled year is the next calendar year",
        ),
        ("{2030: 4}", "2030 is no modelled year, so no load starts in it", "2028, 2029, 2032"),
        ("{2028: 13}", "this number is outside what is allowed", None),
    ],
)
def test_a_start_month_that_cannot_be_is_told(desk, start, message, allowed):
    (problem,) = desk.problems_of(with_start(desk, start))
    assert problem.message == message
    assert str(problem.origin).startswith("a.yaml:7:")
    assert allowed is None or problem.allowed == allowed


def test_a_year_in_which_no_load_begins_has_no_start(desk):
    years = "[2028, 2029, 2030, 2032]"
    (problem,) = desk.problems_of(with_start(desk, "{2029: 4}", years))
    assert problem.message == "the load of piketon does not rise in 2029, so nothing starts in it"
    assert desk.load(with_start(desk, "{2029: 4}", years, "{2028: 800, 2029: 900}"))


def test_a_national_account_knows_no_start_month(desk):
    text = with_start(desk, "{2028: 4}") + "national: {trajectory: lbnl_high}\n"
    (problem,) = desk.problems_of(text)
    assert problem.message == "a national account counts whole years, and knows no start month"
