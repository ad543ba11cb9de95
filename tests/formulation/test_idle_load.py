"""Energised, waiting and unserved load: one site and three hours worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9


def test_energised_and_waiting_load_make_up_the_ramp(world: Any) -> None:
    made = world([])
    for year, ramp in ((2030, 100.0), (2032, 200.0)):
        made.row(f"idle_load.energised_and_waiting_are_the_ramp[alpha,{year}]").is_(
            {f"idle_load.energised_mw[alpha,{year}]": 1.0, f"idle_load.waiting_mw[alpha,{year}]": 1.0},
            lower=ramp,
            upper=ramp,
        )


def test_no_more_goes_unserved_than_is_asked_for(world: Any) -> None:
    made = world([])
    for hour, load in enumerate((0.5, 0.75, 1.0)):
        unserved = f"idle_load.unserved_mw[alpha,2032,{hour}]"
        made.row(f"idle_load.unserved_at_most_load[alpha,2032,{hour}]").is_(
            {unserved: 1.0, "idle_load.energised_mw[alpha,2032]": -load}, upper=0.0
        )
        assert made.bounds(unserved) == pytest.approx((0.0, 200.0 * load))


def test_waiting_and_unserved_load_have_their_prices(world: Any) -> None:
    made = world([])
    assert made.cost("idle_load.waiting_mw[alpha,2030]") == pytest.approx(1e6 * W_2030, rel=1e-9)
    assert made.cost("idle_load.unserved_mw[alpha,2032,1]") == pytest.approx(10_000 * 2920 * W_2032, rel=1e-9)
    assert made.cost("idle_load.energised_mw[alpha,2032]") == 0.0


def test_without_supply_everything_waits(world: Any) -> None:
    made = world([])
    assert made.value("idle_load.waiting_mw[alpha,2030]") == pytest.approx(100.0, rel=1e-6)
    # 1 million USD a year for 100 and 200 MW
    assert made.solution.objective_usd == pytest.approx(1e8 * W_2030 + 2e8 * W_2032, rel=1e-6)


def test_before_the_ramp_begins_nothing_is_asked(world: Any) -> None:
    made = world([], site={"load_ramp_mw": {2032: 80.0}})
    assert "idle_load.energised_mw[alpha,2030]" not in made.columns
    assert made.bounds("idle_load.energised_mw[alpha,2032]") == (0.0, 80.0)


def test_unserved_energy_is_dearer_than_waiting_so_nothing_is_energised_to_be_shed(world: Any) -> None:
    # 90 of 100 MW are there: 10 MW wait for 1 million USD each, though unserved they would be missing in one hour only
    made = world(
        {"gas_engine": {"capacity_mw": 100.0}},
        figures={("gas_engine", "forced_outage_rate"): 0.1},
        years=(2030,),
        requirements={"reserve_margin": 0.0},
    )
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(90.0, rel=1e-6)
    assert made.value("idle_load.unserved_mw[alpha,2030,2]") == pytest.approx(0.0, abs=1e-6)


def test_what_runs_is_not_switched_off(world: Any) -> None:
    made = world([])
    # the ramp rises from 100 to 200 MW, so nothing of it falls
    made.row("idle_load.energised_stays_energised[alpha,2032]").is_(
        {"idle_load.energised_mw[alpha,2030]": 1.0, "idle_load.energised_mw[alpha,2032]": -1.0}, upper=0.0
    )


def test_a_ramp_that_falls_lets_go_of_what_it_no_longer_wants(world: Any) -> None:
    made = world([], site={"load_ramp_mw": {2030: 100, 2032: 60}})
    made.row("idle_load.energised_stays_energised[alpha,2032]").is_(
        {"idle_load.energised_mw[alpha,2030]": 1.0, "idle_load.energised_mw[alpha,2032]": -1.0}, upper=40.0
    )
