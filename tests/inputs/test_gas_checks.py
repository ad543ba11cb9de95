"""Dates of trunks and tanks, transport paid twice, and regions that do not fit are told where they stand."""

import pytest
from tests.inputs.conftest import TECHNOLOGIES

from gigasite.formulation.requirements.gas_regions import Spec
from gigasite.foundation.errors import InputError
from gigasite.inputs.load import load_scenario


def with_gas(desk, gas, good=None):
    return f"{good or desk.good}    gas: {gas}\n"


@pytest.mark.parametrize(
    ("gas", "place", "key", "message"),
    [
        (
            "{trunk_earliest_year: 2020}",
            "7:32",
            "trunk_earliest_year",
            "trunk_earliest_year lies before the base year",
        ),
        (
            "{dual_fuel: {earliest_year: 2020}}",
            "7:38",
            "dual_fuel.earliest_year",
            "earliest_year lies before the base year",
        ),
        (
            "{trunk: false, trunk_earliest_year: 2030}",
            "7:25",
            "trunk_earliest_year",
            "`trunk: false` says that no pipe limits this site",
        ),
        (
            "{trunk: false, existing_pipe_mmbtu_per_h: 100}",
            "7:25",
            "existing_pipe_mmbtu_per_h",
            "`trunk: false` says that no pipe limits this site",
        ),
        (
            "{transport: {interruptible_usd_per_mmbtu: 0.2}}",
            "7:52",
            "transport.interruptible_usd_per_mmbtu",
            "a delivered gas price holds its transport already; charges belong to `basis: hub`",
        ),
        (
            "{basis: hub, hub: waha, transport_usd_per_mmbtu: 0.3, transport: {}}",
            "7:34",
            "transport_usd_per_mmbtu",
            "transport is paid by its contracts already",
        ),
        (
            "{transport: {firm_max_mmbtu_per_h: {2040: 100}}}",
            "7:46",
            "transport.firm_max_mmbtu_per_h.2040",
            "2040 comes after the last modelled year, 2032, and would never be seen",
        ),
    ],
)
def test_gas_that_does_not_fit_is_told(desk, gas, place, key, message):
    (problem,) = desk.problems_of(with_gas(desk, gas))
    assert (str(problem.origin), problem.key) == (f"a.yaml:{place}", f"sites.piketon.gas.{key}")
    assert problem.message == message
    assert problem.remedy


@pytest.mark.parametrize(
    "gas",
    [
        "{trunk_earliest_year: 2030, existing_pipe_mmbtu_per_h: 100}",
        "{basis: hub, hub: waha, transport: {firm_max_mmbtu_per_h: {2030: 100}}, dual_fuel: {}}",
        "{transport: {interruptible_usd_per_mmbtu: 0}}",
    ],
)
def test_gas_that_fits_is_good(desk, gas):
    assert desk.load(with_gas(desk, gas))


@pytest.mark.parametrize(
    ("gas", "message"),
    [
        ("{transport: {}}", "no plant of this site burns gas"),
        ("{dual_fuel: {}}", "no plant of this site burns distillate in place of gas"),
    ],
)
def test_contracts_and_tanks_without_a_plant_are_told(desk, gas, message):
    (problem,) = desk.problems_of(with_gas(desk, gas, desk.good.replace("[gas_turbine, battery]", "[battery]")))
    assert (problem.message, problem.allowed.split(", ")[0]) == (message, "combined_cycle")


@pytest.mark.parametrize(
    ("region", "place", "key", "message"),
    [
        ("{sites: [piketown]}", "9:21", "basin.sites.0", "this site is not in the scenario"),
        ("{sites: [piketon, piketon]}", "9:30", "basin.sites.1", "piketon belongs to the gas region basin already"),
        (
            "{sites: [piketon]}\n    field: {sites: [piketon]}",
            "10:21",
            "field.sites.0",
            "piketon belongs to the gas region basin already",
        ),
        (
            (
                "{sites: [piketon], price_steps: [{bcf_per_day: 1, adder_usd_per_mmbtu: 2}, "
                "{bcf_per_day: 1, adder_usd_per_mmbtu: 1}]}"
            ),
            "9:125",
            "basin.price_steps.1.adder_usd_per_mmbtu",
            "gas gets dearer from step to step, but this one is cheaper than the one before it",
        ),
    ],
)
def test_regions_that_do_not_fit_are_told(desk, region, place, key, message):
    path = desk.folder / "a.yaml"
    path.write_text(f"{desk.good}requirements:\n  gas_regions:\n    basin: {region}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_scenario(path, technology_specs=TECHNOLOGIES, requirement_specs={"gas_regions": Spec})
    (problem,) = error.value.problems
    assert (problem.key, problem.message) == (f"requirements.gas_regions.{key}", message)
    assert str(problem.origin) == f"a.yaml:{place}"
