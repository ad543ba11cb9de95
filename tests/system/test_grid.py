"""What the grid offers: prices at their level, hours of curtailment, coincident peaks, steps and charges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.system.grid import hourly_grid, step_figure, zone_figure, zone_limits
from gigasite.system.grid_contract import connection_bounds, demand_terms
from gigasite.system.grid_costs import capacity_price, coincident_basis, coincident_peak_weights, costs
from gigasite.system.hourly import grid_price, system_load

GRID = "grid_connection"


def scenario(resolution_h: int = 1, site: str = "piketon", years: str = "[2030, 2033]", grid: str = "{}") -> str:
    return f"""
        horizon: {{years: {years}, resolution_h: {resolution_h}}}
        sites:
          {site}: {{load_ramp_mw: {{2026: 1000}}, technologies: [grid_connection], grid: {grid}}}
    """


def test_the_mean_of_the_hourly_price_is_the_level(context: Any) -> None:
    made = context(scenario())
    price = grid_price(made.tables, made.places[0], 37.5, made.seed)
    assert price.mean() == pytest.approx(37.5, rel=1e-9)
    assert price.min() >= 0.0
    assert price.std() > 1.0


@pytest.mark.parametrize("resolution_h", [1, 6, 24])
def test_a_megawatt_all_year_pays_the_level_in_every_step_of_load(context: Any, resolution_h: int) -> None:
    made = context(scenario(resolution_h))
    weight = made.time.year_weight
    energy = costs(made, GRID)["energy_usd_per_mw_step"].values[0]
    level = 44.0 * 0.587506977 / 0.602782158  # 44 USD/MWh of 2025, finance.csv
    for step, multiplier in enumerate((1.0, 1.1, 1.25, 1.5)):
        paid = energy[:, step].sum(axis=-1) / (8760 * weight)
        assert paid.tolist() == pytest.approx([level * multiplier] * 2, rel=1e-9)


def test_a_nonfirm_connection_is_closed_in_the_systems_highest_hours(context: Any) -> None:
    made = context(scenario())
    opened = hourly_grid(made, GRID)["nonfirm_availability"].values[0]
    load = system_load(made.tables, made.places[0], made.seed)
    assert (opened == 0).sum() == 44  # 0.5 % of 8,760 = 43.8
    assert load[opened == 0].min() >= load[opened == 1].max()


def test_in_longer_steps_a_nonfirm_connection_is_closed_for_the_same_hours(context: Any) -> None:
    made = context(scenario(6))
    opened = hourly_grid(made, GRID)["nonfirm_availability"].values[0]
    assert ((1 - opened) * 6).sum() == pytest.approx(44.0)


@pytest.mark.parametrize("resolution_h", [1, 6, 24])
def test_coincident_peak_weights_add_up_to_one_and_lie_in_summer(context: Any, resolution_h: int) -> None:
    made = context(scenario(resolution_h, "abilene"))
    weights = coincident_peak_weights(made, made.places[0])
    assert weights.sum() == pytest.approx(1.0, rel=1e-12)
    assert not weights[~np.isin(made.time.month, (6, 7, 8, 9))].any()
    if resolution_h == 1:
        assert sorted(set(weights.tolist())) == pytest.approx([0.0, 1 / 40])  # the mean over forty hours


@pytest.mark.parametrize(("resolution_h", "days"), [(1, 365), (24, 365), (24, 5)])
def test_twelve_coincident_peaks_weigh_every_modelled_month_alike(resolution_h: int, days: int, context: Any) -> None:
    made = context(scenario(resolution_h, "abilene").replace("resolution_h", f"days: {days}, resolution_h"))
    weights = coincident_peak_weights(made, made.places[0], 12)
    months = np.unique(made.time.month)
    by_month = [weights[made.time.month == month].sum() for month in months]
    assert by_month == pytest.approx([1 / len(months)] * len(months), rel=1e-12)
    if resolution_h == 1:
        assert sorted(set(weights.tolist())) == pytest.approx([0.0, 1 / 120])  # ten hours in each of twelve months


def test_how_many_hours_a_coincident_peak_may_fall_in_is_data(context: Any) -> None:
    override = """
        overrides:
          - table: grid_zones
            where: {zone: ercot_west, parameter: coincident_candidate_hours_per_peak}
            value: 5
            reason: the hour is known better
        """
    made = context(scenario(1, "abilene") + override)
    for peaks in (4, 12):
        weights = coincident_peak_weights(made, made.places[0], peaks)
        assert (weights > 0).sum() == 5 * peaks


def test_what_the_transmission_charge_falls_on_follows_the_zone_or_the_site(context: Any) -> None:
    def basis(grid: str) -> tuple[list[float], list[int]]:
        made = context(scenario(24, "abilene", "[2026, 2030]", grid))
        share, peaks = coincident_basis(made, made.places[0])
        return share.tolist(), peaks

    assert basis("{}") == ([1.0, 0.0], [4, 12])  # ERCOT: 4CP to 2026; from 2027 billed demand, or 12CP where chosen
    assert basis("{transmission_charge: 4cp}") == ([1.0, 1.0], [4, 4])
    assert basis("{transmission_charge: 12cp}") == ([1.0, 1.0], [12, 12])
    assert basis("{transmission_charge: billed_demand}")[0] == [0.0, 0.0]


def test_a_zone_that_charges_on_the_coincident_peak_stops_in_the_year_it_says(context: Any) -> None:
    # ERCOT: 1 in 2026, 0 from 2027 on; 70 USD/kW-year = 5,833.33 USD/MW-month
    made = context(scenario(24, "abilene", "[2026, 2030]"))
    found, weight = costs(made, GRID), made.time.year_weight
    charge = made.money.usd_2024(
        made.tables.figure("grid_zones", zone="ercot_west", parameter="transmission_charge_usd_per_mw_month")
    )
    peak = found["coincident_peak_usd_per_mw_step"].values[0, :, 0].sum(axis=-1)
    assert (peak / weight).tolist() == pytest.approx([12 * charge, 0.0], rel=1e-9)
    demand = found["demand_charge_usd_per_mw"].values[0].sum(axis=-1)
    assert (demand / weight).tolist() == pytest.approx([0.0, 12 * charge], rel=1e-9)


def test_pjm_charges_on_billed_demand(context: Any) -> None:
    made = context(scenario(24))
    found = costs(made, GRID)
    assert not found["coincident_peak_usd_per_mw_step"].values.any()
    monthly = found["demand_charge_usd_per_mw"].values[0, 0] / made.time.year_weight[0]
    usd_2024 = 10416.6667 * 0.587506977 / 0.602782158  # 125 USD/kW-year of 2025
    assert monthly.tolist() == pytest.approx([usd_2024] * 12, rel=1e-9)


def test_capacity_is_charged_by_the_year_of_delivery(context: Any) -> None:
    made = context(scenario(24, years="[2026, 2028]"))
    found = costs(made, GRID)["capacity_charge_usd_per_mw"].values[0] / made.time.year_weight
    d_2026 = 0.587506977 / 1.025 / 0.602782158  # after 2025 2.5 % a year
    # January to May belong to the delivery year before: 151 days, in money of their own year; 214 days follow
    d_2025, d_2027 = 0.587506977 / 0.602782158, d_2026 / 1.025
    expected = [151 * 269.92 * d_2025 + 214 * 329.17 * d_2026, 151 * 333.44 * d_2027 + 214 * 325 * d_2026]
    assert found.tolist() == pytest.approx(expected, rel=1e-9)


def test_a_zone_without_a_start_month_has_delivery_years_of_the_calendar(context: Any) -> None:
    made = context(scenario(24))
    in_2024_usd = 217 * 0.587506977 / 0.602782158
    assert capacity_price(made, "miso_lrz7", 2030) == pytest.approx(in_2024_usd, rel=1e-9)
    assert capacity_price(made, "ercot_west", 2030) == 0.0


def test_export_never_earns_more_than_import_costs(context: Any) -> None:
    made = context(scenario(6))
    found = costs(made, GRID)
    earned, paid = -found["export_usd_per_mw_step"].values[0], found["energy_usd_per_mw_step"].values[0, :, 0]
    assert (earned >= 0).all()
    assert (earned <= paid).all()
    wheeling = 5.0 * made.time.year_weight * made.time.step_hours  # 5 USD/MWh of 2024
    served = paid > wheeling[:, None]
    assert (paid - earned)[served] == pytest.approx(np.broadcast_to(wheeling[:, None], paid.shape)[served], rel=1e-9)


def test_steps_and_headroom_are_those_of_zone_and_region(context: Any) -> None:
    made = context(scenario(24))
    limits = zone_limits(made)
    assert limits["step_width_mw"].values.tolist() == [[1000.0, 2000.0, 3000.0, 4000.0]]
    assert limits["headroom_mw"].values.tolist() == [17_800.0]
    assert step_figure(made.tables, "pjm_aep", 3, "price_multiplier") == 1.25  # that of every zone
    assert zone_figure(made.tables, "pjm_aep", "nobody_knows", default=7.0) == 7.0


def test_two_zones_of_a_region_share_its_headroom(context: Any) -> None:
    made = context(
        """
        sites:
          piketon: {load_ramp_mw: {2030: 1000}, technologies: [grid_connection]}
          lancaster: {load_ramp_mw: {2030: 1000}, technologies: [grid_connection]}
          abilene: {load_ramp_mw: {2030: 1000}, technologies: [grid_connection]}
        """
    )
    limits = zone_limits(made)
    assert made.zones == ("pjm_aep", "pjm_ppl", "ercot_west")
    assert made.regions == ("pjm", "ercot")
    assert limits["in_zone"].values.tolist() == np.eye(3).tolist()
    assert limits["in_region"].values.tolist() == [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def test_a_connection_waits_in_the_queue_of_its_zone(context: Any) -> None:
    made = context(scenario(24, years="[2028, 2029, 2032]"))
    bounds = connection_bounds(made, GRID)
    # non-firm from 2029, firm from 2032; at most three times the load of 1,000 MW
    assert bounds["nonfirm_max_mw"].values.tolist() == [[0.0, 3000.0, 3000.0]]
    assert bounds["firm_max_mw"].values.tolist() == [[0.0, 0.0, 3000.0]]
    assert demand_terms(made, GRID)["demand_charge_floor"].values.tolist() == [[0.85, 0.85, 0.85]]
    sooner = context(scenario(24, years="[2028, 2029, 2032]", grid="{queue_year_firm: 2028, connection_max_mw: 700}"))
    assert connection_bounds(sooner, GRID)["firm_max_mw"].values.tolist() == [[700.0, 700.0, 700.0]]


@pytest.mark.parametrize("resolution_h", [1, 24])
def test_the_peak_ratio_turns_a_mean_import_into_its_hourly_peak(context: Any, resolution_h: int) -> None:
    made = context(scenario(resolution_h))
    ratio = hourly_grid(made, GRID)["peak_ratio"].values[0]
    load = made.places[0].load_mw_per_mw
    if resolution_h == 1:
        assert (ratio == 1.0).all()
    else:
        day = load[180 * 24 : 181 * 24]
        assert ratio[180] == pytest.approx(day.max() / day.mean(), rel=1e-12)
