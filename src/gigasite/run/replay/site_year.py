"""One site in one year, replayed: outage years in batches, each with random streams of its own.

A stream belongs to a seed, a site, a year, a batch of outage years and a kind of machine, so that a plan with one more
kind of machine meets the same outages in the others, and the first outage years stay the same when more are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
import numpy.typing as npt

from gigasite.foundation.units import HOURS_PER_YEAR
from gigasite.run.replay.balance import after_limited, after_store
from gigasite.run.replay.outages import Outages, number_down, sampled_outages
from gigasite.run.replay.planned import hours_in_service
from gigasite.run.replay.stock import GRID, Feeder, Machines, Stock
from gigasite.run.replay.stocks import Stocks

Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BATCH_YEARS = 250
"""Outage years at once: some 20 MB for each array over years and hours."""

SMALL_SHARE, SMALL_MW = 1e-6, 1e-3
"""Load that is missed by less than this counts as served: it is rounding of the solver."""


@dataclass(frozen=True)
class Shortage:
    """Hours of outage years in which load goes unserved.

    Attributes:
        years: number of outage years.
        year: outage year of each such hour.
        hour: its hour of the year.
        unserved_mw: load unserved in it.
        circuit_up: whether the grid circuit was up in it; up where there is none.
    """

    years: int
    year: IntArray
    hour: IntArray
    unserved_mw: Array
    circuit_up: Array

    @property
    def hours_by_year(self) -> Array:
        """Hours with unserved load in every outage year."""
        return np.bincount(self.year, minlength=self.years).astype(float)

    @property
    def mwh_by_year(self) -> Array:
        """Energy unserved in every outage year."""
        return np.bincount(self.year, weights=self.unserved_mw, minlength=self.years).astype(float)

    @property
    def begins(self) -> npt.NDArray[np.bool_]:
        """Whether an hour is the first of an event; a new year begins a new event."""
        if not len(self.hour):
            return np.zeros(0, dtype=bool)
        follows = (np.diff(self.hour) == 1) & (np.diff(self.year) == 0)
        begins: npt.NDArray[np.bool_] = np.r_[True, ~follows]
        return begins

    @property
    def events_by_year(self) -> Array:
        """Events in every outage year."""
        return np.bincount(self.year[self.begins], minlength=self.years).astype(float)

    @property
    def hour_of_event(self) -> IntArray:
        """Hours since the event of an hour began, from 0."""
        begins = np.flatnonzero(self.begins)
        lengths = np.diff(np.r_[begins, len(self.hour)])
        return np.arange(len(self.hour)) - np.repeat(begins, lengths)

    @property
    def longest_h(self) -> int:
        """Hours of the longest event."""
        return int(self.hour_of_event.max(initial=-1)) + 1


@dataclass
class _Batch:
    """Outage years under way.

    Attributes:
        seed: what every stream begins with.
        year: modelled year.
        number: of the batch.
        years: outage years in it.
        spare_mw: what sites that were replayed have left, shape (outage year, hour) each.
    """

    seed: int
    year: int
    number: int
    years: int
    spare_mw: dict[str, Array] = field(default_factory=dict)

    def stream(self, site: str, machines: str) -> np.random.Generator:
        """The random stream of some machines at a site."""
        key = (crc32(site.encode()), self.year, self.number, crc32(machines.encode()))
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))


def replay_site(stocks: Stocks, site: str, year: int, *, years: int, seed: int) -> Shortage:
    """Replay a site in a year.

    Args:
        stocks: what the plan has.
        site: the site.
        year: modelled year.
        years: number of outage years.
        seed: seed of every stream.
    """
    chain = [stocks.at(name, year) for name in _upstream(stocks, site)]
    parts = []
    for number, first in enumerate(range(0, years, BATCH_YEARS)):
        batch = _Batch(seed, year, number, BATCH_YEARS)
        for stock in chain:
            found = _replay_batch(stock, batch)
        parts.append(_shortage(*found, chain[-1], first, min(BATCH_YEARS, years - first)))
    columns = zip(*((part.year, part.hour, part.unserved_mw, part.circuit_up) for part in parts), strict=True)
    year_of, hour, unserved, circuit = (np.concatenate(column) for column in columns)
    return Shortage(years, year_of, hour, unserved, circuit)


def _upstream(stocks: Stocks, site: str) -> list[str]:
    """Sites that lines lead from, before those they lead to; the site itself comes last."""
    found: list[str] = []

    def visit(name: str, waiting: tuple[str, ...]) -> None:
        for line in stocks.context.scenario.lines.values():
            if line.to_site == name and line.from_site not in (*found, *waiting):
                visit(line.from_site, (*waiting, name))
        found.append(name)

    visit(site, (site,))
    return found


def _replay_batch(stock: Stock, batch: _Batch) -> tuple[Array, Array]:
    """Load unserved, and whether the grid circuit is up, shape (outage year, hour) each."""
    supply = np.broadcast_to(stock.steady_mw, (batch.years, HOURS_PER_YEAR)).copy()
    circuit_up: Array = np.ones((1, 1))
    for machines in stock.machines:
        up = machines_up(machines, batch.stream(stock.site, machines.name), batch.years)
        supply += up * machines.machine_mw
        if machines.technology == GRID:
            circuit_up = up.astype(float)
    for feeder in stock.feeders:
        supply += _fed(feeder, stock.site, batch)
    margin = supply - stock.load_mw
    batch.spare_mw[stock.site] = np.maximum(margin, 0.0)
    short = bool((margin < 0).any())
    deficit = np.maximum(-margin, 0.0)
    if short:
        if stock.store is not None:
            deficit = after_store(margin, stock.store)
        for machines in stock.standby:
            up = machines_up(machines, batch.stream(stock.site, machines.name), batch.years)
            deficit = after_limited(deficit, up * machines.machine_mw, machines.energy_mwh)
        if stock.shed_mwh > 0:
            deficit = after_limited(deficit, stock.shed_mw, stock.shed_mwh)
    return deficit, np.broadcast_to(circuit_up, deficit.shape)


def _fed(feeder: Feeder, site: str, batch: _Batch) -> Array:
    """What a line brings of the spare capacity at its other end, shape (outage year, hour)."""
    up = machines_up(feeder.circuit, batch.stream(site, feeder.circuit.name), batch.years)
    spare = feeder.share_of_spare * batch.spare_mw.get(feeder.from_site, np.zeros((1, 1)))
    brought: Array = feeder.delivered_share * np.minimum(spare, up * feeder.circuit.machine_mw)
    return brought


def machines_up(machines: Machines, rng: np.random.Generator, years: int) -> npt.NDArray[np.int32]:
    """Machines that are up and not in planned outage, shape (year, hour).

    Planned outage takes machines in the order of their numbers. Those it never reaches count with all their outages,
    the others with what lies in the hours in which they serve.
    """
    outages = sampled_outages(
        rng,
        machines=machines.number,
        years=years,
        outage_rate=machines.outage_rate,
        repair_h=machines.repair_h,
        rise=machines.outage_rise,
    )
    most = int(machines.planned.max(initial=0))
    parts = [outages.of_machines(most, machines.number)]
    for machine in range(most):
        own = outages.of_machines(machine, machine + 1)
        parts += [own.within(*stretch) for stretch in hours_in_service(machine, machines.planned)]
    serving = (machines.number - machines.planned).astype(np.int32)
    return serving - number_down(Outages.joined(parts), years)


def _shortage(deficit: Array, circuit_up: Array, stock: Stock, first: int, years: int) -> Shortage:
    """The hours of the first years of a batch in which load goes unserved, years counted from the first of all."""
    deficit = deficit[:years]
    year, hour = np.nonzero(deficit > SMALL_SHARE * stock.load_mw + SMALL_MW)
    return Shortage(years, year + first, hour, deficit[year, hour], circuit_up[year, hour])
