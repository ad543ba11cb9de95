"""Load that may be moved: one site and three or four hours worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.system.time_axis import TimeAxis

SHIFT = "shiftable_load"
W_2030 = 1.1**-1 + 1.1**-3
W_ONLY = 1.1**-1 + 1.1**-3 + 1.1**-5


class FourHours(TimeAxis):
    """Four hours, each for 2,190 of the year: two windows of two."""

    @property
    def hours(self) -> int:
        return 4

    @property
    def month(self) -> np.ndarray:
        return np.array([1, 1, 7, 7])

    def steps(self, hourly: np.ndarray) -> np.ndarray:
        return hourly if hourly.shape[-1] == 4 else hourly[..., :4]

    def peaks(self, hourly: np.ndarray) -> np.ndarray:
        return self.steps(hourly)


def four(world: Any, options: dict[str, Any] | None = None, **said: Any) -> Any:
    """100 MW of load of 0.9, 0.5, 0.6 and 1.0, 25 C."""
    place = {"temperature_c": np.full(4, 25.0), "hourly": {}} | said.pop("place", {})
    technologies = {SHIFT: options or {}, **said.pop("others", {"gas_engine": {}})}
    return world(
        technologies,
        load=(0.9, 0.5, 0.6, 1.0),
        years=(2030,),
        time=FourHours((2030,), 2030, 3, 0.21),
        places={"alpha": place},
        **said,
    )


def test_work_moved_is_carried_inside_its_window_only(world: Any) -> None:
    made = world([SHIFT])
    down, up, moved = (f"{SHIFT}.{name}[alpha,2030,{{}}]" for name in ("shifted_down_mw", "shifted_up_mw", "moved_mwh"))
    # hours 0 and 1 are a window: what is moved by the end of hour 0 is a column, by the end of hour 1 it is nothing
    made.row(f"{SHIFT}.moved_follows[alpha,2030,0]").is_(
        {moved.format(0): 1.0, down.format(0): -1.0, up.format(0): 0.8}, lower=0.0, upper=0.0
    )
    made.row(f"{SHIFT}.moved_follows[alpha,2030,1]").is_(
        {moved.format(0): -1.0, down.format(1): -1.0, up.format(1): 0.8}, lower=0.0, upper=0.0
    )
    assert moved.format(1) not in made.columns
    assert moved.format(2) not in made.columns  # the rest of the year is a window of one hour: nothing moves
    # 2 h x 0.2 x 100 MW either way
    assert made.bounds(moved.format(0)) == pytest.approx((-40.0, 40.0))


def test_no_more_moves_than_its_share_and_no_hour_takes_more_than_is_left(world: Any) -> None:
    made, energised = world([SHIFT]), "idle_load.energised_mw[alpha,2030]"
    for hour, load in enumerate((0.5, 0.75)):
        made.row(f"{SHIFT}.shifted_down_at_most_share[alpha,2030,{hour}]").is_(
            {f"{SHIFT}.shifted_down_mw[alpha,2030,{hour}]": 1.0, energised: -0.2 * load}, upper=0.0
        )
        made.row(f"{SHIFT}.shifted_up_at_most_room[alpha,2030,{hour}]").is_(
            {f"{SHIFT}.shifted_up_mw[alpha,2030,{hour}]": 1.0, energised: -(1.0 - load)}, upper=0.0
        )
    assert f"{SHIFT}.shifted_up_mw[alpha,2030,2]" not in made.columns  # 1.0 of 1.0 MW is taken


def test_the_room_is_what_full_use_of_the_it_leaves(world: Any) -> None:
    made = world([SHIFT], places={"alpha": {"utilisation_mean": 0.8}})
    # 0.5 / 0.8 - 0.5 = 0.125; 0.75 / 0.8 - 0.75 = 0.1875; 1.0: the meter allows no more
    room = made.data(SHIFT)["room_per_load"].values[0] * (0.5, 0.75, 1.0)
    assert room.tolist() == pytest.approx([0.125, 0.1875, 0.0], rel=1e-9)


def test_moving_gives_and_takes_power_and_is_no_shed_load(world: Any) -> None:
    made = world([SHIFT])
    entries = made.row("power_balance.supply_meets_load[alpha,2030,0]").entries
    assert entries[f"{SHIFT}.shifted_down_mw[alpha,2030,0]"] == 1.0
    assert entries[f"{SHIFT}.shifted_up_mw[alpha,2030,0]"] == -1.0
    assert [term.feature for term in made.builder.hubs.not_served] == ["idle_load"]
    energised = "idle_load.energised_mw[alpha,2030]"
    made.row("firm_supply.firm_carries_the_peak[alpha,2030]").is_({energised: 1.1}, upper=0.0)  # no peak relief
    assert made.cost(f"{SHIFT}.shifted_down_mw[alpha,2030,1]") == pytest.approx(10 * 2920 * W_2030, rel=1e-9)


def test_a_window_moves_the_tip_of_its_load_and_makes_it_good(world: Any) -> None:
    """Grid of 40 then 20 USD/MWh: 0.2 x 90 = 18 MW of hour 0 go to hour 1, at 1.25 for one."""
    made = world(
        {SHIFT: {"shift_price_usd_per_mwh": 2.0}, "grid_connection": {"capacity_mw": 160}},
        load=(0.9, 0.5, 1.0),
        years=(2030,),
        places={"alpha": {"hourly": {"price": np.array([40.0, 20.0, 20.0])}}},
        zone={"capacity_price_usd_per_mw_day": 0.0, "transmission_charge_usd_per_mw_month": 0.0,
              "nonfirm_curtailed_share": 0.0, "headroom_mw": 900.0},
        requirements={"reserve_margin": 0.0},
    )  # fmt: skip
    # a megawatt-hour saved at 40 (or 60 in the second step of the grid) costs 2 and 1.25 x 20 (or 30)
    down = [made.value(f"{SHIFT}.shifted_down_mw[alpha,2030,{hour}]") for hour in range(3)]
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(100.0, rel=1e-6)
    assert down == pytest.approx([18.0, 0.0, 0.0], abs=1e-6)
    assert made.value(f"{SHIFT}.shifted_up_mw[alpha,2030,1]") == pytest.approx(22.5, rel=1e-6)
    assert made.value(f"{SHIFT}.moved_mwh[alpha,2030,0]") == pytest.approx(18.0, rel=1e-6)


def test_work_may_be_done_before_its_time_inside_a_window(world: Any) -> None:
    """The dear hour is the last: 0.2 x 100 = 20 MW of it run in the hour before, which has room for 40."""
    grid = {"capacity_price_usd_per_mw_day": 0.0, "transmission_charge_usd_per_mw_month": 0.0, "headroom_mw": 900.0}
    made = four(
        world,
        {"shift_price_usd_per_mwh": 0.0, "shift_rebound": 0.0},
        others={"grid_connection": {"capacity_mw": 160}},
        place={"hourly": {"price": np.array([30.0, 30.0, 10.0, 50.0])}},
        zone={**grid, "nonfirm_curtailed_share": 0.0},
        requirements={"reserve_margin": 0.0},
    )
    moved = [made.value(f"{SHIFT}.moved_mwh[alpha,2030,{hour}]") for hour in (0, 2)]
    assert moved[1] == pytest.approx(-20.0, rel=1e-6)
    imported = [
        sum(made.value(f"grid_connection.import_mw[alpha,2030,{step},{hour}]") for step in (1, 2)) for hour in range(4)
    ]
    assert imported[2:] == pytest.approx([80.0, 80.0], rel=1e-6)
    assert sum(imported[:2]) == pytest.approx(140.0, rel=1e-6)


def test_a_step_longer_than_the_window_moves_nothing(world: Any) -> None:
    made = four(world, {"shift_window_h": 2}, place={})
    assert f"{SHIFT}.moved_mwh[alpha,2030,0]" in made.columns
    coarse = TimeAxis((2030,), 2030, 3, 0.21, resolution_h=6, days=2)
    place = {"temperature_c": np.full(8760, 20.0), "load_mw_per_mw": np.full(8760, 0.8), "hourly": {}}
    for window, some in ((4, False), (12, True)):
        made = world({SHIFT: {"shift_window_h": window}}, years=(2030,), time=coarse, places={"alpha": place})
        assert any(name.startswith(f"{SHIFT}.moved_mwh") for name in made.columns) is some
    carries = made.data(SHIFT)["carries"].values[0]
    assert carries.tolist() == [0.0, 1.0] * 4  # two steps of six hours to a window, and none across midnight


def test_a_scenario_without_it_has_none_of_its_rows(world: Any) -> None:
    made = world(["gas_engine"])
    assert not [name for name in made.rows | made.columns if name.startswith(SHIFT)]
