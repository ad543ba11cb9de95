"""Fleets of machines, and how much of them is out in the unit-loss case: pure functions.

k machines of n are out, with k the smallest number for which P(outages <= k) reaches a probability, binomial in n and
the forced outage rate; or a given number of the largest machines of all fleets. A machine that is begun counts as
whole.

Source: the reliability of k-out-of-n systems of identical units, for instance Billinton and Allan, Reliability
    Evaluation of Power Systems, 2nd edition, 1996, chapter 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

UNIT_TOLERANCE = 1e-6
"""A fleet this little above a whole number of machines counts as that number."""


@dataclass(frozen=True)
class Fleet:
    """Machines of one technology at one site in one year.

    Attributes:
        capacity_mw: ISO capacity.
        unit_mw: size of one machine.
        forced_outage_rate: share of the time a machine is out unplanned.
        firm_rating: rating at the design temperature times firm credit.
    """

    capacity_mw: float
    unit_mw: float
    forced_outage_rate: float
    firm_rating: float

    @property
    def firm_mw(self) -> float:
        """Firm capacity with every machine running."""
        return self.capacity_mw * self.firm_rating

    @property
    def units(self) -> int:
        """Number of machines."""
        return machines(self.capacity_mw, self.unit_mw)


def lost_units(units: int, forced_outage_rate: float, probability: float) -> int:
    """Smallest k with P(outages <= k) >= probability, outages binomial in `units` and `forced_outage_rate`.

    >>> lost_units(170, 0.05, 0.9999)
    21
    """
    if units <= 0:
        return 0
    from scipy.special import bdtr  # heavy, and not needed to read a scenario

    at_most = bdtr(np.arange(units + 1), units, forced_outage_rate)
    return int(np.argmax(at_most >= probability))


@cache
def loss_steps(most: int, forced_outage_rate: float, probability: float) -> tuple[int, ...]:
    """Sizes of a fleet at which one machine more is lost, up to `most` machines: lost_units is how many are reached.

    One machine more never takes more than one more with it, so the steps rise.

    >>> steps = loss_steps(200, 0.05, 0.9999)
    >>> steps[:4], sum(size <= 170 for size in steps)
    ((1, 2, 3, 7), 21)
    """
    from scipy.special import bdtr  # heavy, and not needed to read a scenario

    steps: list[int] = []
    for units in range(1, most + 1):
        if bdtr(len(steps), units, forced_outage_rate) < probability:
            steps.append(units)
    return tuple(steps)


def machines(capacity_mw: float, unit_size_mw: float) -> int:
    """Number of machines in a fleet; one that is begun counts as whole."""
    return int(np.ceil(capacity_mw / unit_size_mw - UNIT_TOLERANCE))


def lost_mw(fleets: Mapping[str, Fleet], rule: str | int, probability: float) -> dict[str, float]:
    """ISO megawatts of each technology that are out in the unit-loss case.

    Args:
        fleets: machines of one site in one year by technology.
        rule: `binomial`, or how many of the largest machines are out.
        probability: see `lost_units`.
    """
    if rule == "binomial":
        return {
            name: min(fleet.capacity_mw, lost_units(fleet.units, fleet.forced_outage_rate, probability) * fleet.unit_mw)
            for name, fleet in fleets.items()
        }
    lost, left = dict.fromkeys(fleets, 0.0), int(rule)
    for name in sorted(fleets, key=lambda n: -fleets[n].unit_mw * fleets[n].firm_rating):
        out = min(left, fleets[name].units)
        lost[name] = min(fleets[name].capacity_mw, out * fleets[name].unit_mw)
        left -= out
    return lost


def reference_capacity_mw(peak_mw: float, fleet: Fleet, rule: str | int, probability: float) -> float:
    """Fleet of one technology that would carry a peak alone with its lost machines out."""
    per_unit = fleet.unit_mw * fleet.firm_rating
    if per_unit <= 0 or peak_mw <= 0:
        return fleet.unit_mw
    units = int(np.ceil(peak_mw / per_unit))
    for _ in range(200):
        lost = lost_units(units, fleet.forced_outage_rate, probability) if rule == "binomial" else int(rule)
        short = peak_mw - (units - lost) * per_unit
        if short <= 0:
            break
        units += int(np.ceil(short / per_unit))
    return units * fleet.unit_mw


def marginal_survival(fleet: Fleet, rule: str | int, probability: float) -> float:
    """Share of one more machine that adds to the survivors of a fleet.

        d(n - k) / dn = 1 - q - z / 2 * sqrt(q (1 - q) / n)        k(n) = q n + z sqrt(n q (1 - q))

    with q the forced outage rate and z the normal quantile of the probability; 1 where the number lost is given.
    Survivors are convex in n, so the straight line with this slope through a fleet lies below them everywhere.
    """
    if rule != "binomial":
        return 1.0
    from scipy.special import ndtri  # heavy, and not needed to read a scenario

    rate = fleet.forced_outage_rate
    spread = 0.5 * float(ndtri(probability)) * np.sqrt(rate * (1.0 - rate) / max(fleet.units, 1))
    return float(np.clip(1.0 - rate - spread, 0.0, 1.0))
