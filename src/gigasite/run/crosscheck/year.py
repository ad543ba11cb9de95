"""One modelled year of a run: prices per MWh from the prepared inputs, capacities from the tables or to be chosen."""

from __future__ import annotations

from dataclasses import dataclass

from gigasite.results.books import Books
from gigasite.results.check_operation import energised_by_step
from gigasite.run.crosscheck.draft import Capacity
from gigasite.system.quantity import Array, FeatureData
from gigasite.system.system import System

TRUNK = "gas_trunk"


@dataclass(frozen=True)
class Year:
    """What a draft is made from.

    From the tables of the run come capacities, contract, billed demand and energised load; from the prepared inputs
    come availability, load shape, prices, bounds and annuities.

    Attributes:
        system: prepared inputs.
        y: position of the year.
        books: tables of the run; None where capacities are to be chosen.
    """

    system: System
    y: int
    books: Books | None = None

    @property
    def weight(self) -> float:
        """Present value of a dollar in every calendar year that the year stands for."""
        return float(self.system.context.time.year_weight[self.y])

    @property
    def step_hours(self) -> float:
        """Hours of a year that a step stands for."""
        return self.system.context.time.step_hours

    @property
    def sites(self) -> tuple[tuple[int, str], ...]:
        """Positions and names of sites."""
        return tuple(enumerate(self.system.sites))

    def data(self, feature: str) -> FeatureData:
        """Prepared inputs of a feature; none where the scenario does not have it."""
        return self.system.features.get(feature, {})

    def has(self, s: int, technology: str) -> bool:
        """Whether a site may have a technology."""
        return self.system.context.options(self.system.sites[s], technology) is not None

    def plants(self) -> list[str]:
        """Technologies that put out power up to an availability."""
        return [name for name, data in self.system.features.items() if "availability" in data]

    def usd_per_mwh(self, present_value_per_mw_step: Array) -> Array:
        """Price in the year from the present value per MW in a step."""
        found: Array = present_value_per_mw_step / (self.weight * self.step_hours)
        return found

    def usd_per_year(self, present_value: float) -> float:
        """Cost in a calendar year from its present value."""
        return float(present_value) / self.weight

    def capacity(self, s: int, technology: str, tail: str = "mw") -> Capacity:
        """Power of a technology at a site, or the energy of a store."""
        if self.books is not None:
            column = "total_mw" if tail == "mw" else "energy_capacity_mwh"
            return Capacity(float(self.books.capacity(technology, column)[s, self.y]))
        data, y = self.data(technology), self.y
        if "rent_usd_per_mw" in data:
            return self._rented(data, s)
        yearly = data[f"annuity_usd_per_{tail}"].values[s, y, y] + data[f"fixed_om_usd_per_{tail}"].values[s, y]
        return Capacity(
            least=float(data[f"capacity_min_{tail}"].values[s, y]),
            most=float(min(data[f"capacity_max_{tail}"].values[s, y], data[f"built_max_{tail}"].values[s, y])),
            usd_per_year=self.usd_per_year(yearly),
        )

    def _rented(self, data: FeatureData, s: int) -> Capacity:
        """What is brought, rented and removed within the year's own span."""
        prices = ("rent_usd_per_mw", "mobilisation_usd_per_mw", "last_removal_usd_per_mw")
        return Capacity(
            least=float(data["capacity_min_mw"].values[s, self.y]),
            most=float(data["capacity_max_mw"].values[s, self.y]),
            usd_per_year=self.usd_per_year(sum(data[price].values[s, self.y] for price in prices)),
        )

    def trunk(self, s: int) -> Capacity:
        """Gas trunk of a site, MMBtu/h."""
        if self.books is not None:
            return Capacity(float(self.books.capacity(TRUNK, "trunk_mmbtu_per_h")[s, self.y]))
        data, y = self.data("fuel_lateral"), self.y
        yearly = self.usd_per_year(data["annuity_usd_per_mmbtu_per_h"].values[s, y, y])
        return Capacity(most=float("inf") if data["trunk_allowed"].values[s, y] else 0.0, usd_per_year=yearly)

    def load_shape(self, s: int) -> Array:
        """Load of every step per megawatt energised in the year; a plan's year may begin within it."""
        shape: Array = self.data("idle_load")["load_mw_per_mw"].values[s]
        if self.books is None:
            return shape
        energised = energised_by_step(self.books)[s, self.y]
        return shape * energised / energised[-1] if energised[-1] > 0 else shape

    def waiting(self, s: int) -> Capacity:
        """Load that waits."""
        wanted = float(self.system.ramp_mw[s, self.y])
        if self.books is not None:
            return Capacity(wanted - float(self.books.planned("load", "energised_mw")[s, self.y]))
        idle = self.usd_per_year(self.data("idle_load")["idle_usd_per_mw"].values[s, self.y])
        return Capacity(most=wanted, usd_per_year=idle)

    def line(self, position: int) -> Capacity:
        """A line between sites."""
        if self.books is not None:
            return Capacity(float(self.books.by_line("total_mw")[position, self.y]))
        data, y = self.data("line"), self.y
        most = min(data["capacity_max_mw"].values[position, y], data["built_max_mw"].values[position, y])
        yearly = self.usd_per_year(data["annuity_usd_per_mw"].values[position, y, y])
        return Capacity(most=float(most), usd_per_year=yearly)
