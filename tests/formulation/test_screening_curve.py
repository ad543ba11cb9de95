"""The textbook: two plants and unserved energy over a load-duration curve.

A plant with fixed cost F and running cost e costs F + e t for t hours a year. The lower envelope says which serves
a slice of load that is there for t hours:

    base    F = 120,000 USD/MW-year   e = 31.76 USD/MWh
    peaker  F =  60,000 USD/MW-year   e = 54.60 USD/MWh
    nobody  F =       0               e = 200.00 USD/MWh

    base and peaker cross at (120,000 - 60,000) / (54.60 - 31.76) = 2,626.97 h
    peaker and nobody   at   60,000 / (200 - 54.60)               =   412.65 h
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.system.time_axis import TimeAxis

STEP_H = 365.0  # 24 steps of one day stand for the year
CROSSOVER_BASE_H = 60_000 / 22.84
CROSSOVER_UNSERVED_H = 60_000 / 145.4


@pytest.fixture
def screened(world: Any) -> Any:
    # Load in falling order 1, 31/32, 30/32 ... 9/32; through the day in some other order.
    duration = 1 - np.arange(24) / 32
    day = np.random.default_rng(7).permutation(duration)
    figures = {
        # 1,000 / 10 years + 20 = 120 USD/kW-year at a rate of zero; 2 + 6 x 4.96 USD/MWh. The one day is a January day.
        ("combined_cycle", "economic_life_years"): 10,
        ("combined_cycle", "rating_loss_per_k"): 0.0,
        ("combined_cycle", "forced_outage_rate"): 0.0,
        ("combined_cycle", "planned_outage_rate_month_1"): 0.0,
        # 500 / 10 + 10 = 60 USD/kW-year; 5 + 10 x 4.96 USD/MWh
        ("gas_turbine", "economic_life_years"): 10,
        ("gas_turbine", "rating_loss_per_k"): 0.0,
        ("gas_turbine", "forced_outage_rate"): 0.0,
        ("gas_turbine", "planned_outage_rate"): 0.0,
        # so much credit that the reserve never binds: this is about energy alone
        ("gas_turbine", "firm_credit"): 10.0,
    }
    return world(
        ["combined_cycle", "gas_turbine"],
        figures=figures,
        years=(2030,),
        rate=0.0,
        span=1,
        time=TimeAxis((2030,), 2030, 1, 0.0, resolution_h=1, days=1),
        site={"load_ramp_mw": {2030: 100.0}},
        places={
            "alpha": {
                "load_mw_per_mw": np.tile(day, 365),
                "temperature_c": np.full(8760, 15.0),
                "properties": {},
                "unserved_cost_usd_per_mwh": 200.0,
                "idle_value_usd_per_mw_year": 1e8,
            }
        },
    )


def test_capacities_are_those_of_the_screening_curve(screened: Any) -> None:
    # A slice below the n-th highest load is there for n x 365 h.
    # 8 x 365 = 2,920 h > 2,626.97 > 7 x 365: base serves up to the 8th highest load, 1 - 7/32.
    # 2 x 365 = 730 h > 412.65 > 365: the peaker up to the 2nd highest, 1 - 1/32.
    assert 7 * STEP_H < CROSSOVER_BASE_H < 8 * STEP_H
    assert STEP_H < CROSSOVER_UNSERVED_H < 2 * STEP_H
    assert screened.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(100.0, rel=1e-6)
    assert screened.value("combined_cycle.capacity_mw[alpha,2030]") == pytest.approx(78.125, rel=1e-6)
    assert screened.value("gas_turbine.capacity_mw[alpha,2030]") == pytest.approx(18.75, rel=1e-6)
    unserved = screened.solution.values("idle_load.unserved_mw")[0, 0]
    assert unserved.max() == pytest.approx(3.125, rel=1e-6)
    assert unserved.sum() == pytest.approx(3.125, rel=1e-6)


def test_cost_is_the_area_under_the_lower_envelope(screened: Any) -> None:
    # Slices of 100/32 = 3.125 MW: the n-th from the top is there for n steps; the bottom one, 9 x 3.125 MW, for 24.
    envelope = [min(120_000 + 31.76 * n * STEP_H, 60_000 + 54.6 * n * STEP_H, 200 * n * STEP_H) for n in range(1, 25)]
    cost = sum(3.125 * usd for usd in envelope[:-1]) + 28.125 * envelope[-1]
    assert screened.solution.objective_usd == pytest.approx(cost, rel=1e-6)
