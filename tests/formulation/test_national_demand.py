"""National account: existing fleet, campuses and shortfall against a trajectory; worked by hand.

Trajectory 2 and 4 TWh; existing fleet 0.5 + 0.25 TWh; a campus MW takes (0.5 + 0.75 + 1) x 2,920 h = 6,570 MWh.
"""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
NATIONAL = {"trajectory": "growing", "include_rest_of_state": False}


def test_existing_fleet_campuses_and_shortfall_reach_the_trajectory(world: Any) -> None:
    made = world([], national=NATIONAL)
    for year, trajectory_gwh in ((2030, 2000.0), (2032, 4000.0)):
        # what goes unserved is taken off again: 2,920 hours stand behind a step, so 2.92 GWh per MW
        unserved = {f"idle_load.unserved_mw[alpha,{year},{hour}]": 2.92 for hour in range(3)}
        made.row(f"national_demand.served_meets_trajectory[{year}]").is_(
            {
                f"idle_load.energised_mw[alpha,{year}]": -6.57,
                f"national_demand.shortfall_gwh[{year}]": -1.0,
                **unserved,
            },
            upper=-(trajectory_gwh - 750.0),
        )


def test_what_falls_short_is_priced(world: Any) -> None:
    made = world([], national=NATIONAL)
    # 700 USD/MWh x 1,000 MWh/GWh
    assert made.cost("national_demand.shortfall_gwh[2032]") == pytest.approx(700_000 * W_2032, rel=1e-9)
    dear = world([], national={**NATIONAL, "shortfall_price_usd_per_mwh": 50.0})
    assert dear.cost("national_demand.shortfall_gwh[2030]") == pytest.approx(50_000 * W_2030, rel=1e-9)


def test_a_site_may_stand_outside_the_account(world: Any) -> None:
    made = world([], national=NATIONAL, places={"alpha": {"counts_in_national": False}})
    made.row("national_demand.served_meets_trajectory[2030]").is_(
        {"national_demand.shortfall_gwh[2030]": -1.0}, upper=-1250.0
    )


def test_the_scenario_may_say_what_the_existing_fleet_takes(world: Any) -> None:
    made = world([], national={**NATIONAL, "existing_fleet_twh": {2030: 1.0, 2032: 1.5}})
    assert made.row("national_demand.served_meets_trajectory[2030]").upper == pytest.approx(-1000.0)
    assert made.row("national_demand.served_meets_trajectory[2032]").upper == pytest.approx(-2500.0)


def test_without_an_account_there_is_no_row(world: Any) -> None:
    assert not [name for name in world([]).rows if name.startswith("national_demand")]


def test_the_shortfall_is_what_the_campuses_leave(world: Any) -> None:
    made = world(["gas_engine"], national=NATIONAL)
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(100.0, rel=1e-6)
    # 2,000 - 750 - 100 x 6.57 = 593 GWh; 4,000 - 750 - 200 x 6.57 = 1,936 GWh
    assert made.value("national_demand.shortfall_gwh[2030]") == pytest.approx(593.0, rel=1e-6)
    assert made.value("national_demand.shortfall_gwh[2032]") == pytest.approx(1936.0, rel=1e-6)


def test_the_price_of_the_shortfall_energises_what_would_wait_otherwise(world: Any) -> None:
    cheap_waiting = {"alpha": {"idle_value_usd_per_mw_year": 0.0}}
    alone = world(["gas_engine"], places=cheap_waiting)
    assert alone.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(0.0, abs=1e-6)
    # 6,570 MWh at 700 USD/MWh = 4.6 million USD a MW and year, against some 0.7 million for supply
    counted = world(["gas_engine"], places=cheap_waiting, national=NATIONAL)
    assert counted.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(100.0, rel=1e-6)


def test_a_planner_may_bring_a_trajectory_that_is_straight_between_two_years(world: Any) -> None:
    made = world([], national={"trajectory_twh": {2028: 1.0, 2031: 4.0, 2034: 7.0}, "include_rest_of_state": False})
    # 1 + 2/3 x 3 = 3 TWh in 2030, 4 + 1/3 x 3 = 5 TWh in 2032; the existing fleet takes 0.75 TWh
    assert made.row("national_demand.served_meets_trajectory[2030]").upper == pytest.approx(-2250.0)
    assert made.row("national_demand.served_meets_trajectory[2032]").upper == pytest.approx(-4250.0)
    flat = world([], national={"trajectory_twh": 2.0, "include_rest_of_state": False})
    assert flat.row("national_demand.served_meets_trajectory[2032]").upper == pytest.approx(-1250.0)
