"""Forced outages of machines: up and down for exponential times, sampled as intervals, never hour by hour.

    mean time down = repair,    mean time up = repair (1 - q) / q

with q the forced outage rate, so that a machine is down a share q of the time. A year begins in the stationary state: a
machine is down with probability q, and what is left of its repair is again exponential. A machine counts as down in an
hour if it is down when the hour begins, so the mean over hours is q whatever the repair time.

Where outages rise in some hours, machines fail `rise` times as often in them and are repaired as fast as ever. Failures
are drawn as often as in the worst hour, and kept with the probability rise[hour] / largest rise (thinning).

Sources: the two-state model of a unit, Billinton and Allan, Reliability Evaluation of Power Systems, 2nd edition, 1996,
    chapter 9; thinning, Lewis and Shedler, Naval Research Logistics Quarterly 26, 1979.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gigasite.foundation.units import HOURS_PER_YEAR

Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Outages:
    """Intervals in which machines are down, each within one year.

    Attributes:
        machine: which machine, from 0; in rising order.
        year: which outage year, from 0.
        first: first hour down.
        after: first hour up again; 8,760 where the year ends before.
    """

    machine: IntArray
    year: IntArray
    first: IntArray
    after: IntArray

    @classmethod
    def joined(cls, parts: Sequence[Outages]) -> Outages:
        """Several collections as one, in the order of neither."""
        columns = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("machine", "year", "first", "after")
        )
        return cls(*columns)

    def of_machines(self, least: int, below: int) -> Outages:
        """The outages of some machines."""
        first, after = np.searchsorted(self.machine, [least, below]).tolist()
        return self.chosen(slice(first, after))

    def within(self, first: int, after: int) -> Outages:
        """The parts of outages between two hours of the year."""
        cut = Outages(self.machine, self.year, np.maximum(self.first, first), np.minimum(self.after, after))
        return cut.chosen(cut.after > cut.first)

    def chosen(self, which: npt.NDArray[np.bool_] | slice | IntArray) -> Outages:
        """Some of the outages, by a mask or by their places."""
        return Outages(self.machine[which], self.year[which], self.first[which], self.after[which])


def sampled_outages(
    rng: np.random.Generator,
    *,
    machines: int,
    years: int,
    outage_rate: float,
    repair_h: float,
    rise: Array | None = None,
) -> Outages:
    """Outages of some machines of one kind in some years.

    Args:
        rng: where randomness comes from.
        machines: number of machines.
        years: number of outage years.
        outage_rate: q, share of the time a machine is down [-].
        repair_h: mean time to repair [h].
        rise: how often machines fail in an hour as a multiple of the usual, 1 or more, shape (hour,) [-].
    """
    number = machines * years
    if not number or outage_rate <= 0:
        return _intervals([], years)
    if outage_rate >= 1:
        return _intervals([(np.arange(number), np.zeros(number), np.full(number, float(HOURS_PER_YEAR)))], years)
    often = np.ones(HOURS_PER_YEAR) if rise is None else rise
    up_h = repair_h * (1.0 - outage_rate) / outage_rate / float(often.max())
    down = rng.random(number) < often[0] * outage_rate / (1.0 - outage_rate + often[0] * outage_rate)
    clock = np.where(down, 0.0, rng.exponential(up_h, number))
    chains = np.arange(number)
    parts: list[tuple[IntArray, Array, Array]] = []
    while True:
        still = clock < HOURS_PER_YEAR
        chains, clock, down = chains[still], clock[still], down[still]
        if not len(chains):
            return _intervals(parts, years)
        fails = down | _kept(rng, clock, often)
        ends = np.where(fails, clock + rng.exponential(repair_h, len(clock)), clock)
        parts.append((chains[fails], clock[fails], ends[fails]))
        clock = ends + rng.exponential(up_h, len(clock))
        down[:] = False


def _kept(rng: np.random.Generator, clock: Array, often: Array) -> npt.NDArray[np.bool_]:
    """Which of the failures drawn are kept: as many as the hour they fall in has of the worst hour's."""
    most = float(often.max())
    if most == often.min():
        return np.ones(len(clock), dtype=bool)
    kept: npt.NDArray[np.bool_] = rng.random(len(clock)) * most < often[clock.astype(np.int64)]
    return kept


def _intervals(parts: list[tuple[IntArray, Array, Array]], years: int) -> Outages:
    """Chains with their times as machines, years and whole hours; what lies between two hours vanishes."""
    if not parts:
        empty = np.empty(0, dtype=np.int64)
        return Outages(empty, empty, empty, empty)
    chain, begins, ends = (np.concatenate(column) for column in zip(*parts, strict=True))
    first = np.ceil(begins).astype(np.int64)
    after = np.minimum(np.ceil(ends), HOURS_PER_YEAR).astype(np.int64)
    machine, year = np.divmod(chain, years)
    seen = np.flatnonzero(after > first)
    return Outages(machine, year, first, after).chosen(seen[np.argsort(machine[seen], kind="stable")])


def number_down(outages: Outages, years: int) -> npt.NDArray[np.int32]:
    """Machines down in every hour, shape (year, hour)."""
    wide = HOURS_PER_YEAR + 1
    size = years * wide
    change = np.bincount(outages.year * wide + outages.first, minlength=size)
    change -= np.bincount(outages.year * wide + outages.after, minlength=size)
    return np.cumsum(change.reshape(years, wide)[:, :-1], axis=1, dtype=np.int32)
