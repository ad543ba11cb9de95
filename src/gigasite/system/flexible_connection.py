"""A connection that gives way: how much of it a region can carry at a share of curtailment, and when it stops.

    headroom(share) = headroom at 0.5 % * factor(share)

The published study states the added load that 22 balancing areas can carry if it is curtailed by 0.25, 0.5 and 1 % of
its energy: 76, 98 and 126 GW. By region it is at hand for 0.5 % only, so every region follows the sum: an estimate.
Between the shares the line is straight, from nothing at no curtailment on.

The study curtails in part and more often; here the grid takes the whole connection in the hours of highest system load,
as many as hold the same energy: the fewest hours, each at its worst.
"""

from __future__ import annotations

import numpy as np

from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.inputs.grid_spec import FlexibleConnection
from gigasite.system.context import Context
from gigasite.system.place import Place
from gigasite.system.quantity import Array

STATED_SHARE = 0.005
"""Curtailment at which `headroom_mw` of a region is stated."""

FACTORS = {0.0025: "headroom_factor_quarter_percent", 0.01: "headroom_factor_one_percent"}
"""Items of `finance.csv`: headroom at other shares against that at `STATED_SHARE`."""


def connection_of(place: Place) -> FlexibleConnection | None:
    """The flexible connection that a site asks for."""
    asked: FlexibleConnection | None = place.settings.grid.flexible_connection
    return asked


def headroom_factor(context: Context, share: float) -> float:
    """Headroom at a share of curtailment against that at 0.5 %."""
    known = {0.0: 0.0, STATED_SHARE: 1.0}
    known |= {at: context.finance("grid", item).value for at, item in FACTORS.items()}
    shares = sorted(known)
    return float(np.interp(share, shares, [known[at] for at in shares]))


def widening(context: Context, region: str) -> float:
    """By how much the headroom of a region grows with the flexible connection in it that gives way the most."""
    asked = [connection_of(place) for place in context.places if place.region == region]
    factors = [headroom_factor(context, one.curtailed_share) for one in asked if one is not None]
    return max([1.0, *factors])


def open_share(system_load: Array, curtailed_share: float) -> Array:
    """What of a flexible connection is open in every hour: nothing in the hours of highest system load.

        sum over h of (1 - open[h]) = curtailed share * 8,760

    The last of those hours is curtailed in part, so that the share is exact.

    Args:
        system_load: of which the order of hours counts, shape (8760,).
        curtailed_share: share of the energy of the connection that may be curtailed.

    Returns:
        Between 0 and 1, shape (8760,).
    """
    hours = curtailed_share * HOURS_PER_YEAR
    taken = np.clip(hours - np.arange(HOURS_PER_YEAR), 0.0, 1.0)
    opened = np.ones(HOURS_PER_YEAR)
    opened[np.argsort(-system_load, kind="stable")] -= taken
    return opened
