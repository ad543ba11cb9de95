"""A solved scenario in memory: its arrays, its shared sums and its plan, read through one door."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gigasite.finance.discounting import calendar_years
from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Hub, Term
from gigasite.solve.solution import Solution
from gigasite.system.quantity import Array, Quantity
from gigasite.system.system import System

LETTERS = "abcdefghijklmnop"
DUST = 1e-6
"""Values of the plan below this, in MW, are rounding of the solver: a watt."""


@dataclass(frozen=True)
class Outcome:
    """A plan with everything needed to make tables of it.

    Attributes:
        system: the scenario's arrays.
        builder: the model's shared sums and cost terms.
        solution: values and prices.
    """

    system: System
    builder: Builder
    solution: Solution
    _cache: dict[str, Array] = field(default_factory=dict, repr=False, compare=False)

    @property
    def sites(self) -> tuple[str, ...]:
        """Site ids, in order."""
        return self.system.sites

    @property
    def years(self) -> tuple[int, ...]:
        """Modelled years."""
        return self.system.years

    @property
    def year_weight(self) -> Array:
        """W_y: present value of one dollar in every calendar year a modelled year stands for."""
        return self.system.context.time.year_weight

    @cached_property
    def span_years(self) -> Array:
        """Number of calendar years each modelled year stands for."""
        time = self.system.context.time
        return np.array([len(span) for span in calendar_years(time.years, time.final_span_years)], dtype=float)

    @property
    def step_hours(self) -> float:
        """Hours of a year one step stands for."""
        return self.system.context.time.step_hours

    @cached_property
    def variable_names(self) -> frozenset[str]:
        """Every variable of the model."""
        return frozenset(group.name for group in self.solution.lp.columns)

    @cached_property
    def constraint_names(self) -> frozenset[str]:
        """Every constraint of the model."""
        return frozenset(group.name for group in self.solution.lp.rows)

    def values(self, name: str) -> Array:
        """Values of a variable over its sets, within its bounds and without the solver's dust."""
        if name not in self._cache:
            lp = self.solution.lp
            raw = self.solution.values(name)
            if len(lp.column_lower):  # a solution without them lies within
                raw = np.clip(raw, lp.values_of(name, lp.column_lower), lp.values_of(name, lp.column_upper))
            self._cache[name] = np.where(np.abs(raw) < DUST, 0.0, raw)
        return self._cache[name]

    def duals(self, name: str) -> Array | None:
        """Shadow prices of a constraint over its sets, or None where the model has no such rows."""
        return self.solution.duals(name) if name in self.constraint_names else None

    def weighted(
        self,
        name: str,
        dims: tuple[str, ...],
        coefficient: Array,
        coefficient_dims: tuple[str, ...],
        keep: tuple[str, ...],
    ) -> Array:
        """Coefficient times variable, summed over every set that is not kept."""
        letter = {dim: LETTERS[i] for i, dim in enumerate(dict.fromkeys((*dims, *coefficient_dims)))}
        left, right, out = ("".join(letter[dim] for dim in part) for part in (dims, coefficient_dims, keep))
        found: Array = np.einsum(f"{left},{right}->{out}", self.values(name), coefficient)
        return found

    def term(self, term: Term, keep: tuple[str, ...]) -> Array:
        """One part of a shared sum."""
        return self.weighted(
            term.variable_name, term.variable_dims, term.coefficient_values, term.coefficient_dims, keep
        )

    def by_feature(self, hub: Hub, keep: tuple[str, ...] = ("site", "year")) -> dict[str, Array]:
        """A shared sum by the technology or requirement it comes from."""
        found: dict[str, Array] = {}
        for term in hub:
            part = self.term(term, keep)
            found[term.feature] = found[term.feature] + part if term.feature in found else part
        return found

    def data(self, feature: str, name: str) -> Quantity | None:
        """An array of a feature, or None where it has none of that name."""
        return self.system.features.get(feature, {}).get(name)

    def at_sites(self, technology: str) -> list[int]:
        """Positions of the sites that may have a technology."""
        if technology == "line":
            lines = self.system.context.scenario.lines.values()
            touched = {name for line in lines for name in (line.from_site, line.to_site)}
            return [i for i, name in enumerate(self.sites) if name in touched]
        marked = self.data(technology, "at_site")
        if marked is not None:  # what a site has without listing it among its technologies
            return [i for i, here in enumerate(marked.values) if here]
        return [i for i, p in enumerate(self.system.context.places) if technology in p.settings.technologies]

    @cached_property
    def load_mw(self) -> Array:
        """Load of energised facilities, shape (site, year, hour)."""
        load = np.zeros((len(self.sites), len(self.years), self.system.context.time.hours))
        for term in self.builder.hubs.load:
            load += self.term(term, ("site", "year", "hour"))
        return load

    @cached_property
    def unserved_mw(self) -> Array:
        """Load that is energised and not served, shape (site, year, hour)."""
        return self.values("idle_load.unserved_mw")

    @cached_property
    def shed_mw(self) -> Array:
        """Load that gives way at a price, shape (site, year, hour)."""
        total = np.zeros_like(self.unserved_mw)
        for term in self.builder.hubs.not_served:
            if term.feature != "idle_load":
                total += self.term(term, ("site", "year", "hour"))
        return total

    @cached_property
    def energised_mean_mw(self) -> Array:
        """Energised facilities, the mean over the months of a modelled year, shape (site, year)."""
        return self._over_the_months("energised")

    @cached_property
    def waiting_mean_mw(self) -> Array:
        """Load that waits, the mean over the months of a modelled year, shape (site, year)."""
        return self._over_the_months("waiting")

    def _over_the_months(self, name: str) -> Array:
        """From its start month on a year counts as planned, before it as the year before."""
        value, share = self.values(f"idle_load.{name}_mw"), self.data("idle_load", "started_share")
        if share is None:
            return value
        return np.asarray(share.values * value + (1.0 - share.values) * self.values(f"idle_load.{name}_before_mw"))

    @cached_property
    def served_mwh(self) -> Array:
        """Energy that facilities got, per calendar year, shape (site, year)."""
        served: Array = (self.load_mw - self.unserved_mw - self.shed_mw).sum(axis=-1) * self.step_hours
        return served
