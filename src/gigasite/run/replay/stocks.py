"""What a plan has at a site in a year, ready to be replayed: from the run's tables and the figures of its scenario.

Capacities, contract and energised load come from the tables; ratings, outage rates, repair times and hourly shapes from
the figures, always at 8,760 hours, whatever steps the plan was made on. The grid connection is one circuit: firm
megawatts in all hours, non-firm ones where the grid is not short. Solar, wind and batteries are hundreds of small
blocks, whose outage is an average. A line is as reliable as a grid circuit. Machines with figures of it fail more often
in the cold; load that a year adds from its start month on is not there before. Load that gives way to the grid stops
whenever its connection is curtailed; load that could be moved to other hours stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from gigasite.formulation.fleets import UNIT_TOLERANCE
from gigasite.formulation.requirements.cold_snap import RATES_AT_C
from gigasite.foundation.units import DAYS_PER_YEAR, HOURS_PER_YEAR, MONTHS_PER_YEAR
from gigasite.results.books import Books
from gigasite.results.check_firmness import gives_way_mw
from gigasite.run.replay.planned import machines_in_planned_outage
from gigasite.run.replay.stock import BACKUP, BATTERY, GRID, SHED, SMALL_MW, Feeder, Machines, Stock, Store
from gigasite.system.chronology import month_of_hour
from gigasite.system.context import Context
from gigasite.system.flexible_connection import connection_of
from gigasite.system.grid import hourly_grid
from gigasite.system.hourly import capacity_factor

Array = npt.NDArray[np.float64]
FLEXIBLE = "flexible_connection"

ROUNDING = 1e-9
MONTH_OF_HOUR = month_of_hour()
MONTHS = range(1, MONTHS_PER_YEAR + 1)


@dataclass(frozen=True)
class Stocks:
    """The stock of every site and year of a plan.

    Attributes:
        books: the plan's tables and inputs.
        context: the scenario's inputs at 8,760 hours.
    """

    books: Books
    context: Context
    _open_hours: dict[str, Array] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, books: Books) -> Stocks:
        """The stocks of a plan."""
        context = books.system.context
        hours = replace(context.time, resolution_h=1, days=DAYS_PER_YEAR)
        return cls(books, replace(context, time=hours))

    def at(self, site: str, year: int) -> Stock:
        """What a site has in a year."""
        s, y = self.books.sites.index(site), self.books.years.index(year)
        place = self.context.place(site)
        energised = self.books.planned("load", "energised_mw")[s]
        started = place.settings.start_month.get(year, 1) <= MONTH_OF_HOUR
        before = float(energised[y - 1]) if y else 0.0
        wanted = np.where(started, float(energised[y]), before) * place.load_mw_per_mw
        load = wanted - self._given_way(s, y, wanted)
        fleets = [fleet for name in self._machine_technologies() for fleet in self._fleets(name, s, y)]
        shed_share, shed_hours = self._shedding(s)
        return Stock(
            site=site,
            energised_mw=float(energised[y]),
            load_mw=load,
            machines=(*(fleet for fleet in fleets if fleet.technology != BACKUP), *self._circuit(s, y)),
            standby=tuple(fleet for fleet in fleets if fleet.technology == BACKUP),
            steady_mw=self._weather_mw(s, y),
            store=self._store(s, y),
            shed_mw=np.minimum(shed_share * wanted, load),
            shed_mwh=shed_share * shed_hours * float(energised[y]),
            feeders=self._feeders(site, y),
        )

    def _machine_technologies(self) -> list[str]:
        return self.books.with_data("forced_outage_rate")

    def _fleets(self, technology: str, s: int, y: int) -> list[Machines]:
        """Whole machines of a technology, and the one that is begun."""
        capacity = float(self.books.capacity(technology)[s, y])
        if capacity < SMALL_MW:
            return []
        size = float(self.books.data(technology)["unit_size_mw"].values[s])
        whole = int(capacity / size + UNIT_TOLERANCE)
        begun = capacity - whole * size
        fleets = [self._machines(technology, s, whole, size)] if whole else []
        if begun > max(UNIT_TOLERANCE * size, SMALL_MW):
            fleets.append(replace(self._machines(technology, s, 1, begun), name=f"{technology}, begun"))
        return fleets

    def _machines(self, technology: str, s: int, number: int, size_mw: float) -> Machines:
        site = self.books.sites[s]
        hours = self.books.data(technology).get("run_hours_max")
        usual = float(self.books.data(technology)["forced_outage_rate"].values[s])
        odds = _odds(self.outage_rate(site, technology)) / _odds(usual) if 0 < usual < 1 else np.ones(1)
        return Machines(
            name=technology,
            technology=technology,
            number=number,
            machine_mw=size_mw * self.rating(site, technology),
            outage_rate=usual,
            repair_h=self.repair_h(site, technology),
            planned=machines_in_planned_outage(number, self.planned_rate(site, technology)),
            energy_mwh=float("inf") if hours is None else float(hours.values[s]) * number * size_mw,
            outage_rise=odds if float(odds.max()) - 1.0 > ROUNDING else None,
        )

    def outage_rate(self, site: str, technology: str) -> Array:
        """Share of the time a machine is down unplanned at the temperature of every hour, shape (hour,).

        The forced outage rate, or where it is higher the rate in the cold, as in the `cold_snap` requirement.
        """
        usual = self.context.figure(site, technology, "forced_outage_rate", default=0.0).value
        by_temperature = [
            self.context.figure(site, technology, key, default=usual).value for key in RATES_AT_C.values()
        ]
        cold = np.interp(self.context.place(site).temperature_c, list(RATES_AT_C), by_temperature)
        return np.maximum(usual, cold)

    def rating(self, site: str, technology: str) -> Array:
        """Share of the ISO rating in the temperature of every hour, shape (hour,)."""
        return self.context.temperature_rating(site, technology, self.context.place(site).temperature_c)

    def planned_rate(self, site: str, technology: str) -> Array:
        """Planned outage rate of every month, shape (12,)."""
        yearly = self.context.figure(site, technology, "planned_outage_rate", default=0.0).value
        return np.array(
            [
                self.context.figure(site, technology, f"planned_outage_rate_month_{month}", default=yearly).value
                for month in MONTHS
            ]
        )

    def repair_h(self, site: str, technology: str) -> float:
        """Mean time to repair, hours."""
        return self.context.figure(site, technology, "mean_time_to_repair_h").value

    def longest_repair_h(self, site: str, year: int) -> float:
        """The longest mean repair of what a site has, hours; one hour where nothing fails."""
        stock = self.at(site, year)
        return max([each.repair_h for each in stock.machines if each.outage_rate > 0], default=1.0)

    def _circuit(self, s: int, y: int) -> tuple[Machines, ...]:
        """The grid connection as one machine."""
        if GRID not in self.books.system.features:
            return ()
        firm = float(self.books.planned("contract", "firm_contract_mw")[s, y])
        nonfirm = float(self.books.planned("contract", "nonfirm_contract_mw")[s, y])
        if firm + nonfirm < SMALL_MW:
            return ()
        site = self.books.sites[s]
        if site not in self._open_hours:
            opened = hourly_grid(self.context, GRID)["nonfirm_availability"].values
            self._open_hours.update(zip(self.books.sites, opened, strict=True))
        return (self._one_circuit(site, firm + nonfirm * self._open_hours[site]),)

    def _one_circuit(self, site: str, mw: Array, name: str = GRID) -> Machines:
        rate = self.circuit_outage_rate(site)
        repair = self.repair_h(site, GRID)
        return Machines(name, GRID, 1, mw, rate, repair, np.zeros(HOURS_PER_YEAR, dtype=np.int64))

    def circuit_outage_rate(self, site: str) -> float:
        """Share of the time a grid circuit is down unplanned [-]."""
        return self.context.figure(site, GRID, "forced_outage_rate").value

    def _weather_mw(self, s: int, y: int) -> Array:
        """Solar and wind."""
        total = np.zeros(HOURS_PER_YEAR)
        machines = self._machine_technologies()
        for name in self.books.with_data("availability"):
            capacity = float(self.books.capacity(name)[s, y])
            if name not in machines and capacity > SMALL_MW:
                place = self.context.places[s]
                total += capacity * capacity_factor(self.context.tables, place, name, self.context.seed)
        return total

    def _store(self, s: int, y: int) -> Store | None:
        """The battery, less the mean share of its blocks that is out."""
        power = float(self.books.capacity(BATTERY)[s, y])
        energy = float(self.books.capacity(BATTERY, "energy_capacity_mwh")[s, y])
        if min(power, energy) < SMALL_MW:
            return None
        site = self.books.sites[s]
        kept = 1.0 - self.context.figure(site, BATTERY, "self_discharge_per_hour", default=0.0).value
        there = 1.0 - self.context.figure(site, BATTERY, "forced_outage_rate", default=0.0).value
        one_way = float(self.books.data(BATTERY)["efficiency_one_way"].values[s])
        return Store(power * there, energy * there, one_way, kept)

    def _shedding(self, s: int) -> tuple[float, float]:
        """Share of the load that may be shed, and hours a year."""
        data = self.books.data(SHED)
        if "shed_share" not in data:
            return 0.0, 0.0
        return float(data["shed_share"].values[s]), float(data["shed_hours_per_year"].values[s])

    def _given_way(self, s: int, y: int, load: Array) -> Array:
        """Load that stops, by contract, while the grid curtails a flexible connection."""
        asked = connection_of(self.context.places[s])
        if asked is None or not self.books.data(FLEXIBLE):
            return np.zeros_like(load)
        curtailed = 1.0 - hourly_grid(self.context, GRID)["nonfirm_availability"].values[s]
        given: Array = np.minimum(curtailed * gives_way_mw(self.books)[s, y], asked.load_share * load * (curtailed > 0))
        return given

    def _feeders(self, site: str, y: int) -> tuple[Feeder, ...]:
        """Lines that lead to a site and have capacity."""
        if not self.context.scenario.lines:
            return ()
        capacity = self.books.by_line("total_mw")[:, y]
        delivered = self.books.data("line")["delivered_share"].values
        starts = self.books.data("line")["starts_at"].values
        leaving = starts @ (starts.T @ capacity)  # capacity of all lines that start where a line does
        found = []
        for number, (name, line) in enumerate(self.context.scenario.lines.items()):
            if line.to_site == site and capacity[number] > SMALL_MW:
                mw = np.full(HOURS_PER_YEAR, float(capacity[number]))
                circuit = self._one_circuit(site, mw, f"line {name}")
                share = float(capacity[number] / leaving[number])
                found.append(Feeder(line.from_site, share, circuit, float(delivered[number])))
        return tuple(found)


def _odds(rate: Array | float) -> Array:
    """Time down over time up."""
    return np.asarray(rate / (1.0 - np.asarray(rate)), dtype=float)
