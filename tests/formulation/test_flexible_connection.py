"""A connection whose load gives way: one or two sites and three hours worked by hand.

The load of the zone is highest at 1:00 on the 31 days of January, then at 0:00 on those of July. So 0.25 % of the year,
21.9 hours, takes hour 1 of the small world, 0.5 %, 43.8 hours, hours 1 and 2. Headroom: 150 MW at 0.5 %, by 0.8 at
0.25 % and by 1.25 at 1 %.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.system.flexible_connection import open_share

NAME = "flexible_connection"
GRID = "grid_connection"
W_2030 = 1.1**-1 + 1.1**-3
ENERGISED, NONFIRM, GIVES_WAY = (
    "idle_load.energised_mw[alpha,2030]",
    f"{GRID}.nonfirm_mw[alpha,2030]",
    f"{NAME}.gives_way_mw[alpha,2030]",
)


def flexible(world: Any, *, years: tuple[int, ...] = (2030, 2032), **connection: Any) -> Any:
    said = {"curtailed_share": 0.0025} | connection
    return world([GRID], years=years, site={"grid": {"flexible_connection": said}})


def test_the_grid_takes_the_hours_of_highest_load_and_the_last_in_part() -> None:
    load = np.zeros(8760)
    load[[5, 100, 7000]] = 3.0, 1.0, 2.0
    opened = open_share(load, 2.25 / 8760)
    assert opened[[5, 7000, 100]] == pytest.approx([0.0, 0.0, 0.75])
    assert (1.0 - opened).sum() == pytest.approx(2.25, rel=1e-12)


@pytest.mark.parametrize(
    ("share", "opened"), [(0.0025, [1.0, 0.0, 1.0]), (0.005, [1.0, 0.0, 0.0]), (0.01, [0.0, 0.0, 0.0])]
)
def test_a_larger_share_closes_more_hours(world: Any, share: float, opened: list[float]) -> None:
    made = flexible(world, curtailed_share=share)
    assert made.data(GRID)["nonfirm_availability"].values[0].tolist() == opened
    assert made.data(NAME)["curtailed"].values[0].tolist() == [1.0 - one for one in opened]


@pytest.mark.parametrize(
    ("share", "headroom"),
    [(0.0, 0.0), (0.00125, 60.0), (0.0025, 120.0), (0.005, 150.0), (0.0075, 168.75), (0.01, 187.5)],
)
def test_the_headroom_rises_with_what_may_be_curtailed(world: Any, share: float, headroom: float) -> None:
    made = flexible(world, curtailed_share=share, headroom_share=0.5)
    assert made.data(NAME)["site_headroom_mw"].values.tolist() == pytest.approx([0.5 * headroom], rel=1e-9)
    # all contracts of the region together: never less than what is stated, more where a site gives way more
    assert made.data(GRID)["headroom_mw"].values.tolist() == pytest.approx([max(150.0, headroom)], rel=1e-9)


def test_a_connection_stays_within_its_headroom_and_load_within_the_connection(world: Any) -> None:
    made = flexible(world, headroom_share=0.5, load_share=0.75)
    made.row(f"{NAME}.nonfirm_within_headroom[alpha,2030]").is_({NONFIRM: 1.0}, upper=60.0)
    made.row(f"{NAME}.region_shares_headroom[east,2030]").is_({NONFIRM: 1.25}, upper=150.0)
    made.row(f"{NAME}.gives_way_at_most_connected[alpha,2030]").is_({GIVES_WAY: 1.0, NONFIRM: -1.0}, upper=0.0)
    made.row(f"{NAME}.gives_way_at_most_energised[alpha,2030]").is_({GIVES_WAY: 1.0, ENERGISED: -0.75}, upper=0.0)


def test_sites_share_a_region_by_how_often_they_give_way(world: Any) -> None:
    site = {"load_ramp_mw": {2030: 100.0}, "technologies": [GRID]}
    made = world(
        sites={
            name: {**site, "grid": {"flexible_connection": {"curtailed_share": share}}}
            for name, share in (("alpha", 0.0025), ("beta", 0.01))
        }
    )
    made.row(f"{NAME}.region_shares_headroom[east,2030]").is_(
        {NONFIRM: 1 / 0.8, f"{GRID}.nonfirm_mw[beta,2030]": 1 / 1.25}, upper=150.0
    )


def test_load_gives_way_only_while_the_grid_curtails(world: Any) -> None:
    made = flexible(world, load_share=0.5, shed_price_usd_per_mwh=100.0)
    shed = f"{NAME}.shed_mw[alpha,2030,{{}}]"
    assert [shed.format(hour) in made.columns for hour in range(3)] == [False, True, False]
    made.row(f"{NAME}.shed_at_most_curtailed[alpha,2030,1]").is_({shed.format(1): 1.0, GIVES_WAY: -1.0}, upper=0.0)
    made.row(f"{NAME}.shed_at_most_load[alpha,2030,1]").is_({shed.format(1): 1.0, ENERGISED: -0.5 * 0.75}, upper=0.0)
    made.row(f"{NAME}.lost_at_most_load[alpha,2030,1]").is_(
        {shed.format(1): 1.0, "idle_load.unserved_mw[alpha,2030,1]": 1.0, ENERGISED: -0.75}, upper=0.0
    )
    assert made.cost(shed.format(1)) == pytest.approx(100 * 2920 * W_2030, rel=1e-9)


def test_load_that_gives_way_need_not_be_carried_at_the_peak(world: Any) -> None:
    made = flexible(world)
    made.row("firm_supply.firm_carries_the_peak[alpha,2030]").is_({ENERGISED: 1.1, GIVES_WAY: -1.1}, upper=0.0)
    made.row("unit_loss.survivors_carry_the_peak[alpha,2030]").is_({ENERGISED: 1.0, GIVES_WAY: -1.0}, upper=0.0)


def test_it_is_energised_early_and_gives_way_in_the_hours_of_highest_load(world: Any) -> None:
    made = flexible(world, years=(2030,), shed_price_usd_per_mwh=100.0)
    # The queue for firm megawatts ends in 2032, so that without this nothing runs; now all 100 MW do.
    assert made.value(ENERGISED) == pytest.approx(100.0, rel=1e-6)
    assert made.value(NONFIRM) == pytest.approx(100.0, rel=1e-6)
    assert made.value(f"{NAME}.shed_mw[alpha,2030,1]") == pytest.approx(75.0, rel=1e-6)
    # Three years. By zone step: 60 MW at 200 + 50 USD/kW and the plain price, 40 MW at 400 + 50 and 1.5 times it.
    recovery, weight = 0.21 / (1 - 1.21**-4), 1.1**-1 + 1.1**-3 + 1.1**-5
    works = (60 * 250_000 + 40 * 450_000) * (recovery + 0.02)
    energy = 2920 * (50 * 20 + (60 + 40 * 1.5) * 60)
    demand = made.solution.objective_usd / weight - works - energy - 2920 * 75 * 100
    assert demand == pytest.approx(1000 * (100 + 11 * 85), rel=1e-6)  # 100 MW in July, the floor of 85 % elsewhere


def test_without_it_nothing_runs_before_the_queue_ends(world: Any) -> None:
    made = world([GRID], years=(2030,))
    assert made.value(ENERGISED) == pytest.approx(0.0, abs=1e-6)
    none = flexible(world, years=(2030,), curtailed_share=0.0)
    assert none.value(ENERGISED) == pytest.approx(0.0, abs=1e-6)
    assert none.value(NONFIRM) == pytest.approx(0.0, abs=1e-6)


def test_a_scenario_without_it_has_none_of_its_rows(world: Any) -> None:
    made = world([GRID])
    assert made.data(NAME) == {}
    assert not [name for name in made.rows | made.columns if name.startswith(NAME)]
