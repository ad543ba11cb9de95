"""A grid contract as it is sold: given blocks, ratchet, coincident demand, ramp, contribution; worked by hand.

One site, three hours (two of January, one of July), prices 20, 40, 60 USD/MWh; see `conftest`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
W_ALONE = 1.1**-1 + 1.1**-3 + 1.1**-5
"""Weight of one modelled year that stands for three."""

YEARLY = 0.21 / (1 - 1.21**-4) + 0.02
GRID = "grid_connection"
CLAUSES = ("metered_mw", "metered_peak_mw", "coincident_mw", "ramp", "ratchet", "contribution", "minimum")


def at(world: Any, grid: dict[str, Any], *, ramp: dict[int, float] | None = None, **more: Any) -> Any:
    return world([GRID], site={"grid": grid, **({"load_ramp_mw": ramp} if ramp else {})}, **more)


# -- nothing asked for -------------------------------------------------------------------------------------------------


def test_a_contract_without_clauses_has_no_rows_and_no_columns_for_them(world: Any) -> None:
    made = world([GRID])
    names = [name for name in (*made.rows, *made.columns) if name.startswith(GRID)]
    assert not [name for name in names if any(clause in name for clause in CLAUSES)]
    assert f"{GRID}.metered_at_most_billed[alpha,2030,0]" in made.rows


# -- floor and ratchet -------------------------------------------------------------------------------------------------


def test_a_site_may_have_a_floor_of_its_own(world: Any) -> None:
    made = at(world, {"demand_floor_share": 0.6})
    made.row(f"{GRID}.billed_at_least_floor[alpha,2032,7]").is_(
        {f"{GRID}.contract_mw[alpha,2032]": 0.6, f"{GRID}.billed_mw[alpha,2032,7]": -1.0}, upper=0.0
    )


def test_a_ratchet_bills_a_share_of_the_highest_metered_month_in_every_month(world: Any) -> None:
    made = at(world, {"demand_ratchet_share": 0.8}).changed(GRID, peak_ratio=[[1.0, 1.25, 1.0]])
    metered = f"{GRID}.metered_mw[alpha,2030,1]"
    made.row(f"{GRID}.metered_at_most_billed[alpha,2030,1]").is_(
        {f"{GRID}.import_mw[alpha,2030,1,1]": 1.25, f"{GRID}.import_mw[alpha,2030,2,1]": 1.25, metered: -1.0}, upper=0.0
    )
    made.row(f"{GRID}.billed_at_least_metered[alpha,2030,1]").is_(
        {metered: 1.0, f"{GRID}.billed_mw[alpha,2030,1]": -1.0}, upper=0.0
    )
    made.row(f"{GRID}.metered_at_most_peak[alpha,2030,1]").is_(
        {metered: 1.0, f"{GRID}.metered_peak_mw[alpha,2030]": -1.0}, upper=0.0
    )
    for month in (1, 2, 12):
        made.row(f"{GRID}.billed_at_least_ratchet[alpha,2030,{month}]").is_(
            {f"{GRID}.metered_peak_mw[alpha,2030]": 0.8, f"{GRID}.billed_mw[alpha,2030,{month}]": -1.0}, upper=0.0
        )


def test_billed_demand_with_a_ratchet(world: Any) -> None:
    # All load from the grid: 75 MW in January, 100 in July, none metered in the ten months without an hour.
    made = at(
        world,
        {"demand_floor_share": 0.5, "demand_ratchet_share": 0.8},
        years=(2032,),
        load=(0.5, 0.75, 1.0),
    )
    billed = [made.value(f"{GRID}.billed_mw[alpha,2032,{month}]") for month in (1, 2, 7, 12)]
    # July its own 200 MW is above what is energised: the contract of 150 MW carries 136.36 MW at a margin of 10 %
    peak = 150 / 1.1
    # January meters 0.75 of it and is billed 0.8 of July; February and December have no hour and are billed 0.8 too
    assert billed == pytest.approx([0.8 * peak, 0.8 * peak, peak, 0.8 * peak], rel=1e-6)
    floor_only = at(world, {"demand_floor_share": 0.5}, years=(2032,), load=(0.5, 0.75, 1.0))
    told = [floor_only.value(f"{GRID}.billed_mw[alpha,2032,{month}]") for month in (1, 2, 7)]
    assert told == pytest.approx([0.75 * peak, 0.5 * 150, peak], rel=1e-6)
    more = 11 * 0.8 * peak - (0.75 * peak + 10 * 75)
    cost = made.solution.objective_usd - floor_only.solution.objective_usd
    assert cost == pytest.approx(more * 1_000 * W_ALONE, rel=1e-6)


# -- given contracts ---------------------------------------------------------------------------------------------------


def test_a_given_contract_is_firm_and_nonfirm_as_signed_whatever_the_queue(world: Any) -> None:
    block = {"from_year": 2029, "to_year": 2031, "firm_mw": 30.0, "nonfirm_mw": 20.0}
    made = at(world, {"contracts": [block]})
    assert made.bounds(f"{GRID}.contract_mw[alpha,2030]") == (50.0, 50.0)
    assert made.bounds(f"{GRID}.firm_mw[alpha,2030]") == (0.0, 30.0)  # the zone has no firm connection before 2032
    assert made.bounds(f"{GRID}.nonfirm_mw[alpha,2030]") == (0.0, 20.0)
    assert made.bounds(f"{GRID}.contract_mw[alpha,2032]") == (0.0, 600.0)  # free again
    assert made.value(f"{GRID}.firm_mw[alpha,2030]") == pytest.approx(30.0)
    assert made.value(f"{GRID}.nonfirm_mw[alpha,2030]") == pytest.approx(20.0)


def test_the_floor_of_a_given_contract_holds_in_its_years(world: Any) -> None:
    block = {"from_year": 2030, "to_year": 2030, "nonfirm_mw": 40.0, "floor_mw": 30.0}
    made = at(world, {"contracts": [block], "demand_floor_share": 0.9})
    floor = made.data(GRID)["demand_charge_floor"].values
    assert floor[0].tolist() == pytest.approx([0.75, 0.9])
    for month in (2, 12):  # no hour of these months is modelled: only the floor bills
        assert made.value(f"{GRID}.billed_mw[alpha,2030,{month}]") == pytest.approx(30.0, rel=1e-6)


# -- ramp --------------------------------------------------------------------------------------------------------------


def test_a_contract_rises_no_faster_than_its_ramp(world: Any) -> None:
    made = at(world, {"contract_ramp_mw_per_year": 25.0})
    # non-firm from 2030, so one year's rise in 2030 and two more by 2032
    made.row(f"{GRID}.contract_rises_within_ramp[alpha,2030]").is_({f"{GRID}.contract_mw[alpha,2030]": 1.0}, upper=25.0)
    made.row(f"{GRID}.contract_rises_within_ramp[alpha,2032]").is_(
        {f"{GRID}.contract_mw[alpha,2032]": 1.0, f"{GRID}.contract_mw[alpha,2030]": -1.0}, upper=50.0
    )


def test_a_ramp_counts_from_the_year_in_which_the_connection_can_open(world: Any) -> None:
    opened = {"queue_year_firm": 2027, "queue_year_nonfirm": 2028, "contract_ramp_mw_per_year": 25.0}
    made = at(world, opened)
    assert made.row(f"{GRID}.contract_rises_within_ramp[alpha,2030]").upper == 100.0  # 2027 to 2030
    late = at(world, {"queue_year_firm": 2032, "queue_year_nonfirm": 2032, "contract_ramp_mw_per_year": 25.0})
    assert late.row(f"{GRID}.contract_rises_within_ramp[alpha,2032]").upper == 25.0
    assert late.row(f"{GRID}.contract_rises_within_ramp[alpha,2030]").upper == 0.0


def test_a_given_contract_is_signed_with_its_own_rise_and_the_ramp_goes_on_from_it(world: Any) -> None:
    block = {"from_year": 2030, "to_year": 2031, "nonfirm_mw": 60.0}
    made = at(world, {"contracts": [block], "contract_ramp_mw_per_year": 10.0})
    assert f"{GRID}.contract_rises_within_ramp[alpha,2030]" not in made.rows
    made.row(f"{GRID}.contract_rises_within_ramp[alpha,2032]").is_(
        {f"{GRID}.contract_mw[alpha,2032]": 1.0, f"{GRID}.contract_mw[alpha,2030]": -1.0}, upper=10.0
    )  # the block ends in 2031: one year's rise


def test_a_ramp_holds_back_what_the_grid_alone_can_carry(world: Any) -> None:
    made = at(
        world,
        {"queue_year_firm": 2030, "contract_ramp_mw_per_year": 44.0},
        load=(1.0, 1.0, 1.0),
    )
    energised = [made.value(f"idle_load.energised_mw[alpha,{year}]") for year in (2030, 2032)]
    assert energised == pytest.approx([44 / 1.1, 3 * 44 / 1.1], rel=1e-6)


# -- coincident peaks --------------------------------------------------------------------------------------------------


def test_four_coincident_peaks_fall_in_summer_and_twelve_in_every_month(world: Any) -> None:
    four = at(world, {"transmission_charge": "4cp"})
    twelve = at(world, {"transmission_charge": "12cp"})
    charged: dict[str, list[float]] = {}
    for name, made in (("4cp", four), ("12cp", twelve)):
        assert made.cost(f"{GRID}.billed_mw[alpha,2032,4]") == 0.0
        energy = [price * 2920 * W_2032 for price in (20, 40, 60)]
        costs = [made.cost(f"{GRID}.import_mw[alpha,2032,1,{hour}]") for hour in range(3)]
        charged[name] = [(cost - each) / (12_000 * W_2032) for cost, each in zip(costs, energy, strict=True)]
    assert charged["4cp"] == pytest.approx([0.0, 0.0, 1.0], abs=1e-9)  # July alone is summer
    # half for each month that is modelled; the ten highest hours of January are its first ten at 1:00
    assert charged["12cp"] == pytest.approx([0.0, 0.5, 0.5], abs=1e-9)


def test_a_site_may_choose_billed_demand_where_its_zone_takes_the_coincident_peak(world: Any) -> None:
    made = at(world, {"transmission_charge": "billed_demand"}, zone={"transmission_charge_on_coincident_peak": 1.0})
    assert made.cost(f"{GRID}.billed_mw[alpha,2032,4]") == pytest.approx(1_000 * W_2032, rel=1e-9)
    assert made.cost(f"{GRID}.import_mw[alpha,2032,1,2]") == pytest.approx(60 * 2920 * W_2032, rel=1e-9)


def test_a_minimum_at_the_coincident_peaks_makes_their_demand_a_quantity_of_its_own(world: Any) -> None:
    made = at(world, {"transmission_charge": "12cp", "minimum_billing_demand_share": 0.5})
    coincident = f"{GRID}.coincident_mw[alpha,2032]"
    made.row(f"{GRID}.coincident_covers_candidate_hours[alpha,2032]").is_(
        {
            f"{GRID}.import_mw[alpha,2032,{step},{hour}]": weight
            for step in (1, 2)
            for hour, weight in ((1, 0.5), (2, 0.5))
        }
        | {coincident: -1.0},
        upper=0.0,
    )
    made.row(f"{GRID}.coincident_at_least_minimum[alpha,2032]").is_(
        {f"{GRID}.contract_mw[alpha,2032]": 0.5, coincident: -1.0}, upper=0.0
    )
    assert made.cost(coincident) == pytest.approx(12_000 * W_2032, rel=1e-9)
    assert made.cost(f"{GRID}.import_mw[alpha,2032,1,2]") == pytest.approx(60 * 2920 * W_2032, rel=1e-9)


@pytest.mark.parametrize(("share", "charged"), [(0.5, 87.5), (0.9, 99.0)])
def test_the_coincident_peak_is_charged_at_what_is_taken_or_at_the_minimum(
    share: float, charged: float, world: Any
) -> None:
    # Of 100 MW the peak of January sees 75 and that of July 100, 87.5 in the mean. The contract is 110 MW, firm for the
    # reserve, of which 0.5 is below and 0.9 above that.
    made = at(
        world,
        {"transmission_charge": "12cp", "minimum_billing_demand_share": share},
        years=(2032,),
        ramp={2032: 100.0},
    )
    assert made.value(f"{GRID}.contract_mw[alpha,2032]") == pytest.approx(110.0, rel=1e-6)
    assert made.value(f"{GRID}.coincident_mw[alpha,2032]") == pytest.approx(charged, rel=1e-6)


# -- contribution and prices -------------------------------------------------------------------------------------------


def test_a_contribution_is_paid_once_as_the_connection_opens(world: Any) -> None:
    made, plain = at(world, {"contribution_usd_per_kw": 40.0}), world([GRID])
    for year, discount in ((2030, 1.0), (2032, 1.21**-2)):  # 2030 is the base year
        for step in (1, 2):
            column = f"{GRID}.new_step_mw[alpha,{year},{step}]"
            assert made.cost(column) - plain.cost(column) == pytest.approx(40_000 * discount, rel=1e-9)
    assert made.cost(f"{GRID}.new_step_mw[alpha,2030,1]") == pytest.approx(
        250_000 * YEARLY * (W_2030 + W_2032) + 40_000, rel=1e-9
    )


def test_a_contribution_counts_in_the_capital_budget(world: Any) -> None:
    made = world([GRID], site={"grid": {"contribution_usd_per_kw": 40.0}, "capital_budget_usd": 1e9})
    row = made.row("capital_budget.spent_within_site_budget[alpha]").entries
    assert row[f"{GRID}.new_step_mw[alpha,2030,2]"] == pytest.approx((450_000 + 40_000) * 1e-6, rel=1e-9)


def test_at_prices_below_zero_steps_do_not_get_cheaper_and_nobody_earns_by_turning_power_round(world: Any) -> None:
    prices = {"alpha": {"hourly": {"price": np.array([-20.0, 2.0, 60.0])}}}
    made = world(
        [GRID],
        site={"grid": {"export": True}},
        places=prices,
        zone={"export_discount_usd_per_mwh": 5.0, "wheeling_usd_per_mwh": 3.0},
    )
    per_mwh = 2920 * W_2032

    def of(column: str) -> float:
        return made.cost(f"{GRID}.{column}") / per_mwh

    bought = [[of(f"import_mw[alpha,2032,{step},{hour}]") for hour in range(3)] for step in (1, 2)]
    assert bought == [pytest.approx([-20.0, 2.0, 60.0]), pytest.approx([-20.0, 3.0, 90.0])]
    sold = [-of(f"export_mw[alpha,2032,{hour}]") for hour in range(3)]
    assert sold == pytest.approx([-23.0, -1.0, 55.0])  # price less wheeling of 3, and less the discount of 5
