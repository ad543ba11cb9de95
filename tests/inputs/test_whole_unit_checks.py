"""`units: whole` is refused where there are no machines; a capacity that is no number of them is told the nearest."""

import pytest

from gigasite.inputs.whole_unit_checks import whole_bounds_mw, whole_number


@pytest.mark.parametrize(
    ("technologies", "place", "key", "message", "allowed"),
    [
        ("{solar: {units: whole}}", "6:35", "solar.units", "solar has no machines of one size", "continuous"),
        (
            "{battery: {unit_size_mw: 5, units: whole}}",
            "6:54",
            "battery.units",
            "battery has no machines",
            "continuous",
        ),
        (
            "{gas_turbine: {units: whole, unit_size_mw: 60, capacity_mw: 100}}",
            "6:79",
            "gas_turbine.capacity_mw",
            "no whole number of machines of 60 MW in 2028",
            "60 MW (1 machine) or 120 MW (2 machines)",
        ),
        (
            "{gas_turbine: {units: whole, unit_size_mw: 60, capacity_mw: {2028: 120, 2030: 200}}}",
            "6:97",
            "gas_turbine.capacity_mw.2030",
            "no whole number of machines of 60 MW in 2030",
            "180 MW (3 machines) or 240 MW (4 machines)",
        ),
        (
            "{gas_turbine: {units: whole, unit_size_mw: 60, capacity_min_mw: 70, capacity_max_mw: 110}}",
            "6:104",
            "gas_turbine.capacity_max_mw",
            "no whole number of machines of 60 MW lies between",
            "60 MW or less for capacity_min_mw, or 120 MW or more for capacity_max_mw",
        ),
        (
            "{gas_turbine: {units: half}}",
            "6:41",
            "gas_turbine.units",
            "this value is not known",
            "'continuous' or 'whole'",
        ),
    ],
)
def test_whole_machines_that_cannot_be_are_told(desk, technologies, place, key, message, allowed):
    (problem,) = desk.problems_of(desk.good.replace("[gas_turbine, battery]", technologies))
    assert problem.key == f"sites.piketon.technologies.{key}"
    assert message in problem.message
    assert (str(problem.origin), problem.allowed) == (f"a.yaml:{place}", allowed)


def test_an_option_for_all_sites_is_told_once_where_it_stands(desk):
    text = desk.good.replace("[gas_turbine, battery]", "[battery]") + "technologies: {battery: {units: whole}}\n"
    (problem,) = desk.problems_of(text)
    assert (problem.key, str(problem.origin)) == ("technologies.battery.units", "a.yaml:7:33")


def test_a_capacity_rounded_to_a_kilowatt_is_its_number_of_machines(desk):
    text = "{gas_turbine: {units: whole, unit_size_mw: 54.11764706, capacity_mw: 1244.706}}"
    loaded = desk.load(desk.good.replace("[gas_turbine, battery]", text))
    assert loaded.scenario.sites["piketon"].technologies["gas_turbine"].units == "whole"
    assert whole_number(1244.706, 54.11764706) == 23
    assert whole_number(1245.0, 54.11764706) is None


def test_bounds_move_inwards_to_whole_machines():
    assert whole_bounds_mw(0.0, 179.9, 60.0) == (0.0, 120.0)
    assert whole_bounds_mw(60.001, 180.0, 60.0) == (60.0, 180.0)  # a kilowatt over one machine of 60 MW is rounding
    assert whole_bounds_mw(61.0, 119.0, 60.0) == (120.0, 60.0)  # nothing between
