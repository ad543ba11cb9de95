"""Grid connection: steps, contract, charges; one site and three hours worked by hand.

Prices 20, 40, 60 USD/MWh; step 1 is 60 MW wide at 1.0 times the price, step 2 100 MW at 1.5 times.
"""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
YEARLY = 0.21 / (1 - 1.21**-4) + 0.02  # annuity over four years and upkeep of 2 %
GRID = "grid_connection"


@pytest.fixture
def grid(world: Any) -> Any:
    return world([GRID])


def test_the_contract_is_firm_and_nonfirm_and_made_of_steps(grid: Any) -> None:
    contract = f"{GRID}.contract_mw[alpha,2032]"
    grid.row(f"{GRID}.contract_is_firm_and_nonfirm[alpha,2032]").is_(
        {contract: 1.0, f"{GRID}.firm_mw[alpha,2032]": -1.0, f"{GRID}.nonfirm_mw[alpha,2032]": -1.0},
        lower=0.0,
        upper=0.0,
    )
    grid.row(f"{GRID}.contract_is_the_sum_of_steps[alpha,2032]").is_(
        {contract: 1.0, f"{GRID}.step_mw[alpha,2032,1]": -1.0, f"{GRID}.step_mw[alpha,2032,2]": -1.0},
        lower=0.0,
        upper=0.0,
    )


def test_before_its_queue_year_a_connection_does_not_exist(grid: Any) -> None:
    assert f"{GRID}.firm_mw[alpha,2030]" not in grid.columns  # firm from 2032, non-firm from 2030
    grid.row(f"{GRID}.contract_is_firm_and_nonfirm[alpha,2030]").is_(
        {f"{GRID}.contract_mw[alpha,2030]": 1.0, f"{GRID}.nonfirm_mw[alpha,2030]": -1.0}, lower=0.0, upper=0.0
    )


def test_the_scenario_or_an_agreement_may_shorten_the_queue(world: Any) -> None:
    said = world([GRID], site={"grid": {"queue_year_firm": 2030, "queue_year_nonfirm": 2032}})
    assert said.bounds(f"{GRID}.firm_mw[alpha,2030]") == (0.0, 600.0)
    assert f"{GRID}.nonfirm_mw[alpha,2030]" not in said.columns
    promised = {"agreed_connection_mw": 35.0, "agreed_connection_year": 2030}
    agreed = world([GRID], places={"alpha": {"properties": promised}})
    assert agreed.bounds(f"{GRID}.firm_mw[alpha,2030]") == (0.0, 35.0)
    assert agreed.bounds(f"{GRID}.firm_mw[alpha,2032]") == (0.0, 600.0)


def test_a_step_needs_reinforcement_that_lives_on(grid: Any) -> None:
    grid.row(f"{GRID}.step_at_most_reinforced[alpha,2032,2]").is_(
        {
            f"{GRID}.step_mw[alpha,2032,2]": 1.0,
            f"{GRID}.new_step_mw[alpha,2030,2]": -1.0,
            f"{GRID}.new_step_mw[alpha,2032,2]": -1.0,
        },
        upper=0.0,
    )


def test_sites_of_a_zone_share_its_steps_and_zones_of_a_region_its_headroom(world: Any) -> None:
    site = {"load_ramp_mw": {2030: 100.0}, "technologies": [GRID]}
    made = world(sites={"alpha": site, "bravo": site, "delta": site}, places={"delta": {"zone": "south"}})
    made.row(f"{GRID}.zone_step_at_most_width[north,2030,1]").is_(
        {f"{GRID}.step_mw[alpha,2030,1]": 1.0, f"{GRID}.step_mw[bravo,2030,1]": 1.0}, upper=60.0
    )
    made.row(f"{GRID}.zone_step_at_most_width[south,2030,2]").is_({f"{GRID}.step_mw[delta,2030,2]": 1.0}, upper=100.0)
    made.row(f"{GRID}.region_at_most_headroom[east,2030]").is_(
        {f"{GRID}.contract_mw[{name},2030]": 1.0 for name in ("alpha", "bravo", "delta")}, upper=150.0
    )


def test_import_stays_below_step_and_contract_and_a_nonfirm_part_is_closed_in_the_systems_peak(grid: Any) -> None:
    grid.row(f"{GRID}.import_at_most_step[alpha,2032,2,0]").is_(
        {f"{GRID}.import_mw[alpha,2032,2,0]": 1.0, f"{GRID}.step_mw[alpha,2032,2]": -1.0}, upper=0.0
    )
    for hour, open_share in enumerate((1.0, 0.0, 1.0)):  # one hour a year is curtailed: the system's highest, hour 1
        grid.row(f"{GRID}.import_at_most_contract[alpha,2032,{hour}]").is_(
            {
                f"{GRID}.import_mw[alpha,2032,1,{hour}]": 1.0,
                f"{GRID}.import_mw[alpha,2032,2,{hour}]": 1.0,
                f"{GRID}.firm_mw[alpha,2032]": -1.0,
                **({f"{GRID}.nonfirm_mw[alpha,2032]": -1.0} if open_share else {}),
            },
            upper=0.0,
        )


def test_billed_demand_covers_the_metered_peak_of_its_month_and_a_floor(world: Any) -> None:
    # The peak inside a step of several hours is 1.25 times its mean.
    made = world([GRID]).changed(GRID, peak_ratio=[[1.0, 1.25, 1.0]])
    made.row(f"{GRID}.metered_at_most_billed[alpha,2030,1]").is_(
        {
            f"{GRID}.import_mw[alpha,2030,1,1]": 1.25,
            f"{GRID}.import_mw[alpha,2030,2,1]": 1.25,
            f"{GRID}.billed_mw[alpha,2030,1]": -1.0,
        },
        upper=0.0,
    )
    assert f"{GRID}.billed_mw[alpha,2030,7]" in made.row(f"{GRID}.metered_at_most_billed[alpha,2030,2]").entries
    for month in (1, 7, 12):
        made.row(f"{GRID}.billed_at_least_floor[alpha,2030,{month}]").is_(
            {f"{GRID}.contract_mw[alpha,2030]": 0.85, f"{GRID}.billed_mw[alpha,2030,{month}]": -1.0}, upper=0.0
        )


def test_energy_costs_the_hours_price_times_the_step(grid: Any) -> None:
    for hour, price in enumerate((20.0, 40.0, 60.0)):
        for step, multiplier in ((1, 1.0), (2, 1.5)):
            expected = price * multiplier * 2920 * W_2032
            assert grid.cost(f"{GRID}.import_mw[alpha,2032,{step},{hour}]") == pytest.approx(expected, rel=1e-9)


def test_reinforcement_capacity_and_demand_have_their_charges(grid: Any) -> None:
    # 50,000 USD/MW at the site and 200,000 x 1 or x 2 in the network
    for step, usd_per_mw in ((1, 250_000.0), (2, 450_000.0)):
        assert grid.cost(f"{GRID}.new_step_mw[alpha,2030,{step}]") == pytest.approx(
            usd_per_mw * YEARLY * (W_2030 + W_2032), rel=1e-9
        )
    assert grid.cost(f"{GRID}.firm_mw[alpha,2032]") == pytest.approx(100 * 365 * W_2032, rel=1e-9)
    assert grid.cost(f"{GRID}.nonfirm_mw[alpha,2032]") == 0.0
    assert grid.cost(f"{GRID}.billed_mw[alpha,2032,4]") == pytest.approx(1_000 * W_2032, rel=1e-9)


def test_a_connection_has_the_cost_of_capital_the_scenario_gives_it(world: Any) -> None:
    made = world({GRID: {"cost_of_capital_real": 0.5, "economic_life_years": 2.0}})
    # 0.5 / (1 - 1/2.25) = 0.9 and upkeep of 2 %, in 2030 and 2031
    expected = 250_000 * (0.9 + 0.02) * W_2030
    assert made.cost(f"{GRID}.new_step_mw[alpha,2030,1]") == pytest.approx(expected, rel=1e-9)


def test_a_coincident_peak_charge_falls_on_the_systems_summer_peak_and_not_on_billed_demand(world: Any) -> None:
    made = world([GRID], zone={"transmission_charge_on_coincident_peak": 1.0})
    assert made.cost(f"{GRID}.billed_mw[alpha,2032,4]") == 0.0
    # of the three hours only hour 2, in July, is among the forty: 60 USD/MWh x 2,920 h and 12 x 1,000 USD/MW
    assert made.cost(f"{GRID}.import_mw[alpha,2032,1,1]") == pytest.approx(40 * 2920 * W_2032, rel=1e-9)
    assert made.cost(f"{GRID}.import_mw[alpha,2032,1,2]") == pytest.approx((60 * 2920 + 12_000) * W_2032, rel=1e-9)


def test_export_earns_the_price_less_wheeling_up_to_the_contract(world: Any) -> None:
    made = world([GRID], site={"grid": {"export": True}}, zone={"export_discount_usd_per_mwh": 30.0})
    export = f"{GRID}.export_mw[alpha,2032,2]"
    made.row(f"{GRID}.export_at_most_contract[alpha,2032,2]").is_(
        {export: 1.0, f"{GRID}.contract_mw[alpha,2032]": -1.0}, upper=0.0
    )
    assert made.cost(export) == pytest.approx(-30 * 2920 * W_2032, rel=1e-9)  # 60 - 30
    assert made.cost(f"{GRID}.export_mw[alpha,2032,0]") == 0.0  # 20 - 30: never paid for taking power
    assert made.row("power_balance.supply_meets_load[alpha,2032,2]").entries[export] == -1.0
    assert not [name for name in world([GRID]).columns if "export_mw" in name]


def test_only_firm_megawatts_count_at_the_peak(grid: Any) -> None:
    energised, firm = "idle_load.energised_mw[alpha,2032]", f"{GRID}.firm_mw[alpha,2032]"
    grid.row("firm_supply.firm_carries_the_peak[alpha,2032]").is_({energised: 1.1, firm: -1.0}, upper=0.0)
    grid.row("unit_loss.survivors_carry_the_peak[alpha,2032]").is_({energised: 1.0, firm: -1.0}, upper=0.0)


def test_a_given_contract_is_held_and_a_largest_one_not_passed(world: Any) -> None:
    given = world({GRID: {"capacity_mw": {2030: 45.0}}})
    assert given.bounds(f"{GRID}.contract_mw[alpha,2030]") == (45.0, 45.0)
    assert given.bounds(f"{GRID}.firm_mw[alpha,2030]") == (0.0, 45.0)  # agreed, so no queue
    limited = world({GRID: {"capacity_max_mw": 80.0}}, site={"grid": {"connection_max_mw": 70.0}})
    assert limited.bounds(f"{GRID}.contract_mw[alpha,2032]") == (0.0, 70.0)
    assert limited.bounds(f"{GRID}.step_mw[alpha,2032,1]") == (0.0, 60.0)
    assert limited.bounds(f"{GRID}.step_mw[alpha,2032,2]") == (0.0, 70.0)
    assert limited.bounds(f"{GRID}.billed_mw[alpha,2032,3]") == (0.0, 140.0)


def test_a_campus_on_the_grid_alone_pays_steps_contract_and_billed_demand(world: Any) -> None:
    made = world([GRID], years=(2032,), site={"load_ramp_mw": {2032: 100.0}})
    # firm contract 1.1 x 100 = 110 MW: 60 in step 1, 50 in step 2
    assert made.value(f"{GRID}.firm_mw[alpha,2032]") == pytest.approx(110.0, rel=1e-6)
    assert made.value(f"{GRID}.step_mw[alpha,2032,2]") == pytest.approx(50.0, rel=1e-6)
    # July is billed its peak of 100 MW, every other month the floor of 0.85 x 110 = 93.5 MW
    assert made.value(f"{GRID}.billed_mw[alpha,2032,1]") == pytest.approx(93.5, rel=1e-6)
    assert made.value(f"{GRID}.billed_mw[alpha,2032,7]") == pytest.approx(100.0, rel=1e-6)
    reinforcement = (60 * 250_000 + 50 * 450_000) * YEARLY
    # 50 MW at 20; 60 at 40 and 15 at 60; 60 at 60 and 40 at 90
    energy = 2920 * (50 * 20 + 60 * 40 + 15 * 60 + 60 * 60 + 40 * 90)
    charges = 110 * 36_500 + (11 * 93.5 + 100) * 1_000
    weight = 1.1**-1 + 1.1**-3 + 1.1**-5
    assert made.solution.objective_usd == pytest.approx((reinforcement + energy + charges) * weight, rel=1e-6)


def test_a_nonfirm_connection_saves_fuel_where_it_is_open(world: Any) -> None:
    made = world(
        {GRID: {}, "gas_engine": {"capacity_mw": 110.0}}, years=(2030,), zone={"reinforcement_usd_per_kw": 100.0}
    )
    # In hour 0 the grid costs 20 and the engine 45.68 USD/MWh: 25.68 x 2,920 = 74,986 USD a year and MW saved.
    # A MW costs (50,000 + 100,000) x 0.413632 = 62,045 and in demand 1,000 x (1 + 11 x 0.85) = 10,350.
    # In hour 1 (40 USD/MWh) the connection is closed, in hour 2 it costs 60 against 38.
    assert made.value(f"{GRID}.nonfirm_mw[alpha,2030]") == pytest.approx(50.0, rel=1e-6)
    imports = [made.value(f"{GRID}.import_mw[alpha,2030,1,{hour}]") for hour in range(3)]
    assert imports == pytest.approx([50.0, 0.0, 0.0], abs=1e-6)
    weight = 1.1**-1 + 1.1**-3 + 1.1**-5
    grid = 50 * (150_000 * YEARLY + 10_350) + 2920 * 50 * 20
    engine = 110 * (960_000 * (YEARLY - 0.02) + 30_000) + 2920 * (75 * 45.68 + 100 * 38)
    assert made.solution.objective_usd == pytest.approx((grid + engine) * weight, rel=1e-6)
