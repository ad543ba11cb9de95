"""Minimum take: a grid contract is paid for up to a share of what it could carry; worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_ALONE = 1.1**-1 + 1.1**-3 + 1.1**-5
STEP = 2920.0


def test_import_or_payment_reaches_the_share_of_the_contract(world: Any) -> None:
    made = world(["grid_connection"], requirements={"minimum_take_share": 0.6})
    made.row("minimum_take.taken_or_paid_for[alpha,2032]").is_(
        {
            **{f"grid_connection.import_mw[alpha,2032,{k},{hour}]": STEP for k in (1, 2) for hour in range(3)},
            "grid_connection.firm_mw[alpha,2032]": -5256.0,  # 0.6 x 8,760 h
            "grid_connection.nonfirm_mw[alpha,2032]": -5256.0,
            "minimum_take.short_mwh[alpha,2032]": 1.0,
        },
        lower=0.0,
    )


def test_what_is_not_taken_costs_the_mean_price_of_the_first_step(world: Any) -> None:
    made = world(["grid_connection"], requirements={"minimum_take_share": 0.6})
    # hours cost 20, 40 and 60 USD/MWh, each for a third of the year
    assert made.cost("minimum_take.short_mwh[alpha,2030]") == pytest.approx(40 * W_2030, rel=1e-9)
    low, high = made.bounds("minimum_take.short_mwh[alpha,2030]")
    largest = made.bounds("grid_connection.nonfirm_mw[alpha,2030]")[1]  # firm from 2032
    assert (low, high) == pytest.approx((0.0, 5256.0 * largest), rel=1e-9)


@pytest.mark.parametrize("said", [{}, {"minimum_take_share": 0.0}])
def test_without_a_share_nothing_is_there(world: Any, said: dict[str, Any]) -> None:
    made = world(["grid_connection"], requirements=said)
    assert not [name for name in made.rows | made.columns if name.startswith("minimum_take")]


def test_without_a_grid_connection_nothing_is_there(world: Any) -> None:
    made = world(["gas_engine"], requirements={"minimum_take_share": 0.6})
    assert not [name for name in made.rows | made.columns if name.startswith("minimum_take")]


def test_a_site_without_a_connection_has_no_row(world: Any) -> None:
    made = world(
        sites={
            "alpha": {"load_ramp_mw": {2030: 100.0}, "technologies": ["grid_connection"]},
            "bravo": {"load_ramp_mw": {2030: 100.0}, "technologies": ["gas_engine"]},
        },
        requirements={"minimum_take_share": 0.6},
    )
    assert {name for name in made.rows if name.startswith("minimum_take")} == {
        "minimum_take.taken_or_paid_for[alpha,2030]",
        "minimum_take.taken_or_paid_for[alpha,2032]",
    }


def test_a_contract_that_stands_still_is_paid_for(world: Any) -> None:
    # the reactor gives a MWh for 9.5 USD, the grid for 20 and more: nothing is imported, 50 MW are paid for
    plants = {"grid_connection": {"capacity_mw": 50.0}, "large_reactor": {"capacity_mw": 150.0}}
    never_curtailed = {"nonfirm_curtailed_share": 0.0}
    free = world(plants, years=(2030,), zone=never_curtailed)
    bound = world(plants, years=(2030,), zone=never_curtailed, requirements={"minimum_take_share": 0.4})
    assert free.value("grid_connection.import_mw[alpha,2030,1,0]") == pytest.approx(0.0, abs=1e-6)
    # 0.4 x 8,760 x 50 = 175,200 MWh. Not taken they cost 40 USD each; taken 20 in the first hour, 40 in the second and
    # 60 in the third, less 9.5 that the reactor saves. So 50 MW in the first hour, the other 10 in the second, no more.
    taken = [bound.value(f"grid_connection.import_mw[alpha,2030,1,{hour}]") for hour in range(3)]
    assert taken == pytest.approx([50.0, 10.0, 0.0], abs=1e-6)
    assert bound.value("minimum_take.short_mwh[alpha,2030]") == pytest.approx(0.0, abs=1e-6)
    peak = 1000 * (50 - 0.85 * 50)  # January bills what it meters, every other month the floor
    dearer = (STEP * (50 * (20 - 9.5) + 10 * (40 - 9.5)) + peak) * W_ALONE
    assert bound.solution.objective_usd - free.solution.objective_usd == pytest.approx(dearer, rel=1e-6)


def test_what_cannot_be_taken_is_paid_for(world: Any) -> None:
    # 100 MW of load take 657,000 MWh at most, and 150 MW at 0.8 ask for 1,051,200
    plants = {"grid_connection": {"capacity_mw": 150.0}}
    made = world(plants, years=(2032,), zone={"nonfirm_curtailed_share": 0.0}, requirements={"minimum_take_share": 0.8})
    energised = made.value("idle_load.energised_mw[alpha,2032]")
    assert energised == pytest.approx(150 / 1.1, rel=1e-6)  # reserve margin
    expected = 0.8 * 8760 * 150 - 6570 * energised
    assert made.value("minimum_take.short_mwh[alpha,2032]") == pytest.approx(expected, rel=1e-6)
