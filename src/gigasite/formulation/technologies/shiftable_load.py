"""IT load that may be moved to other hours of the same window: work done later or earlier, and all of it done.

    moved[h] = carries[h] * moved[h before] + w * (down[h] - up[h] / (1 + rebound))    0 at the end of every window
    down[h] <= share * load[h]
    up[h]   <= room[h] / load per MW[h] * load[h]

| symbol  | name                                                 | unit | dimensions       |
|---------|------------------------------------------------------|------|------------------|
| down    | `shifted_down_mw`, load that gives way               | MW   | site, year, hour |
| up      | `shifted_up_mw`, load that makes good                | MW   | site, year, hour |
| moved   | `moved_mwh`, work put off; negative: done before time| MWh  | site, year, hour |
| share   | `shift_share`                                        | 1    | site             |
| rebound | `shift_rebound`, energy that moving adds             | 1    | site             |
| room    | what the IT could take at full use, less its load    | MW per MW | site, hour  |
| carries | 0 in the first step of a window, else 1              | 1    | site, hour       |
| w       | hours of a step                                      | h    |                  |

Windows are blocks of `shift_window_h` hours, one after the other from midnight, and each gives back all that it took:
nothing crosses a day. A window that slides with the work would allow more; this is the safe side. A megawatt-hour moved
down pays `shift_price_usd_per_mwh`. What is moved is served, only at another hour: load, served energy and peak stay as
they are, and energy that moving adds is a loss, not energy served.

The load after shifting stays within full use of the IT, and so within the energised megawatts, which are the peak that
reserve and unit loss carry: shifting neither lifts that peak nor lowers it, since nobody knows that the hours of the
window can spare the power. Import and its billed demand it lowers by itself, in the hourly balance.

Edge rules: a step of several hours counts with the least room of its hours, and a window holds whole steps only; where
a step is longer than the window nothing moves. A year that is not a whole number of windows ends with a shorter one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Technology
from gigasite.inputs.quantities import Fraction, NonNegative
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import Context
from gigasite.system.place import Place
from gigasite.system.quantity import Array, FeatureData, Quantity

NAME = "shiftable_load"
HOURLY = ("site", "year", "hour")


class Spec(TechnologySpec):
    """Options of load that may be moved; what is left out comes from inputs/."""

    shift_share: Fraction | None = None
    """Share of the load that may be moved to other hours [-]."""

    shift_window_h: Literal[2, 3, 4, 6, 8, 12, 24] | None = None
    """Length of the blocks of the day within which it is made good [h]."""

    shift_price_usd_per_mwh: NonNegative | None = None
    """What a megawatt-hour moved costs, 2024 USD."""

    shift_rebound: Fraction | None = None
    """Energy that moving adds, as a share of what is moved [-]."""


def prepare(context: Context) -> FeatureData:
    """Share, window, price and rebound, from the scenario or `technologies.csv`, and the room for more load."""

    def option(parameter: str) -> Callable[[str], float]:
        return lambda site: context.chosen_usd(site, NAME, parameter)

    time = context.time
    window = context.by_site(NAME, option("shift_window_h"), "h")
    price = context.by_site(NAME, option("shift_price_usd_per_mwh"), "USD/MWh").values
    rebound = context.by_site(NAME, option("shift_rebound"), "1").values
    steps = np.maximum(1, window.values // time.resolution_h).astype(int)
    position = np.arange(time.hours)
    room = np.array([room_per_load(context, place) for place in context.places])
    usd = price[:, None, None] * (time.year_weight * time.step_hours)[None, :, None] * np.ones(time.hours)
    return {
        "shift_share": context.by_site(NAME, option("shift_share"), "1"),
        "shift_window_h": window,
        "work_done_per_mw": Quantity(1.0 / (1.0 + rebound), ("site",), "1"),
        "carries": Quantity((position % steps[:, None] != 0).astype(float), ("site", "hour"), "1"),
        "room_per_load": Quantity(room, ("site", "hour"), "MW per MW"),
        "shift_usd_per_mw_step": Quantity(usd, HOURLY, "USD/MW"),
    }


def room_per_load(context: Context, place: Place) -> Array:
    """Megawatts of load that could be added to each megawatt of load, shape (hour,).

    The IT takes load / mean utilisation at full use; with an hourly file of the planner's own, all that is energised.
    """
    time, load = context.time, place.load_mw_per_mw
    full = np.ones_like(load) if place.utilisation_mean is None else np.minimum(1.0, load / place.utilisation_mean)
    least = np.maximum(0.0, -time.peaks(load - full))
    mean = time.steps(load)
    return np.asarray(np.divide(least, mean, out=np.zeros_like(mean), where=mean > 0))


def build(builder: Builder, data: FeatureData) -> None:
    """Load moved down and up, the work between, and its price."""
    block = builder.block(NAME, data)
    share, load = data["shift_share"].values[:, None, None], builder.load_max_mw()
    longest = data["shift_window_h"].values[:, None, None]
    ends = np.roll(data["carries"].values, -1, axis=-1)  # the step before a first one is a last one
    held = ends[:, None, :] * longest * share * load.max(axis=-1, keepdims=True)
    room = data["room_per_load"].values[:, None, :] * load * (share > 0)
    down = builder.variable(block, "shifted_down_mw", HOURLY, upper=share * load, unit="MW")
    up = builder.variable(block, "shifted_up_mw", HOURLY, upper=room, unit="MW")
    builder.variable(block, "moved_mwh", HOURLY, lower=-held, upper=held, unit="MWh")
    _add_rows(builder, block)
    builder.add(builder.hubs.power, down)
    builder.add(builder.hubs.power, up, -1.0)
    builder.cost(NAME, "load_shifting", down, data["shift_usd_per_mw_step"])
    builder.record_hourly(block.moved_mwh)


def _add_rows(builder: Builder, block: Any) -> None:
    width = float(builder.system.context.time.resolution_h)
    previous = builder.model.calendar.previous_hour

    def moved_follows(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return (
            b.moved_mwh[site, year, hour]
            - b.carries[site, hour] * b.moved_mwh[site, year, previous[hour]]
            - width * b.shifted_down_mw[site, year, hour]
            + width * b.work_done_per_mw[site] * b.shifted_up_mw[site, year, hour]
            == 0
        )

    def shifted_down_at_most_share(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.shifted_down_mw[site, year, hour] - b.shift_share[site] * builder.load_at(site, year, hour) <= 0

    def shifted_up_at_most_room(b: Any, site: Any, year: Any, hour: Any) -> Any:
        return b.shifted_up_mw[site, year, hour] - b.room_per_load[site, hour] * builder.load_at(site, year, hour) <= 0

    for rule in (moved_follows, shifted_down_at_most_share, shifted_up_at_most_room):
        builder.constraint(block, rule.__name__, HOURLY, rule)


TECHNOLOGY = Technology(NAME, "Shiftable load", "#c168bf", 125, Spec, prepare, build)
