"""Firm gas shared out: tables, and checks that find megawatts without gas and losses that are not carried."""

import numpy as np
import pytest
from tests.results.conftest import solve
from tests.results.spoilt import LAST, PIKETON, Spoilt

from gigasite.results.fuelled import shared_out

FIRM = """
extends: {base}
name: firm-gas
horizon: {{years: [2032, 2036], resolution_h: 24, days: 12, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 900}}
    technologies:
      gas_turbine: {{capacity_mw: 400}}
      gas_engine: {{capacity_mw: 100}}
      fuel_cell: {{capacity_mw: 50}}
      grid_connection: {{capacity_mw: 400}}
    gas: {{basis: hub, trunk: false, transport: {{firm_max_mmbtu_per_h: 1500}}, dual_fuel: {{tank_max_mmbtu: 6000}}}}
requirements: {{units_lost: {rule}}}
"""


@pytest.fixture(scope="module", params=["binomial", "3"])
def firm(request, tmp_path_factory):
    return solve(FIRM.replace("{rule}", request.param), tmp_path_factory.mktemp("firm"))


def test_every_check_of_a_site_with_little_firm_gas_holds(firm):
    checks = firm.checks()
    assert {"only_firm_gas_counts", "survivors_carry_the_peak", "reserve_carries_the_peak"} <= set(checks["check"])
    assert checks.loc[~checks["passed"], "sentence"].tolist() == []


def test_the_tables_tell_what_has_firm_gas(firm):
    capacity, supply = firm.tables["capacity"], firm.tables["gas_supply"].set_index("year").loc[LAST]
    here = capacity[capacity["year"] == LAST].set_index("technology")
    gas = here.loc[["gas_turbine", "gas_engine", "fuel_cell"]]
    features = firm.system.features
    rated = sum(features[name]["firm_rating"].values[0] * mw for name, mw in gas["total_mw"].items())
    assert supply["not_firm_mw"] > 100
    assert supply["not_firm_mw"] == pytest.approx(rated - gas["firm_mw"].sum(), rel=1e-9)
    burnt = sum(features[name]["heat_rate_mmbtu_per_mwh"].values[0, 1] * mw for name, mw in gas["firm_mw"].items())
    firm_gas = supply["firm_contract_mmbtu_per_h"] + supply["firm_liquid_mmbtu_per_h"]
    assert burnt <= firm_gas * (1 + 1e-6)


def more_turbines(run):
    run.add("capacity", "firm_mw", 30.0, technology="gas_turbine", year=LAST)
    run.add("gas_supply", "not_firm_mw", -30.0, site=PIKETON, year=LAST)


def less_contract(run):
    run.add("gas_supply", "firm_contract_mmbtu_per_h", -400.0, site=PIKETON, year=LAST)


def more_than_stands(run):
    run.add("capacity", "total_mw", -45.0, technology="fuel_cell", year=LAST)


def more_energised(run):
    run.add("load", "energised_mw", 60.0, site=PIKETON, year=LAST)


def less_reserve(run):
    run.add("capacity", "firm_mw", -60.0, technology="gas_engine", year=LAST)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("only_firm_gas_counts", more_turbines),
        ("only_firm_gas_counts", less_contract),
        ("only_firm_gas_counts", more_than_stands),
        ("survivors_carry_the_peak", more_energised),
        ("reserve_carries_the_peak", less_reserve),
    ],
)
def test_a_spoilt_run_fails_its_check(firm, name, spoil):
    run = Spoilt.of(firm.system, firm.tables)
    spoil(run)
    checks = firm.checks(run.system, run.tables)
    assert name in set(checks.loc[~checks["passed"].astype(bool), "check"])


def test_gas_is_shared_out_by_heat_rate_and_distillate_to_those_who_burn_it():
    """Fuel cells take 700 of a contract of 800; engines the other 100 and 300 of distillate, at 8 MMBtu/MWh."""
    firm = {"gas_engine": np.array([[80.0]]), "fuel_cell": np.array([[100.0]])}
    rates = {"gas_engine": np.array([[8.0]]), "fuel_cell": np.array([[7.0]])}
    runs = shared_out(firm, rates, np.array([[800.0]]), np.array([[300.0]]))
    assert {name: mw.item() for name, mw in runs.items()} == pytest.approx({"fuel_cell": 100.0, "gas_engine": 50.0})
    runs = shared_out(firm, rates, np.array([[350.0]]), np.array([[900.0]]))
    assert {name: mw.item() for name, mw in runs.items()} == pytest.approx({"fuel_cell": 50.0, "gas_engine": 80.0})
    given = {"gas_engine": np.array([[40.0]]), "fuel_cell": np.array([[0.0]])}
    runs = shared_out(firm, rates, np.array([[400.0]]), np.array([[0.0]]), given)
    assert {name: mw.item() for name, mw in runs.items()} == pytest.approx({"fuel_cell": 80 / 7, "gas_engine": 40.0})
