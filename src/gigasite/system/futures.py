"""Several futures of one scenario: a system each, and up to when they are one.

    known_in    the modelled year at whose beginning it is known which future has come

What is decided before is decided once. A year before `known_in` is undivided where no array of any feature differs in
it or in an earlier year: then nobody can tell the futures apart, and everything that is decided for it is common, down
to the hour. In a year before `known_in` that does differ (a trajectory that parts earlier, a fuel price), what has to
be bound beforehand is common (`formulation.commitments`), and operation follows what is seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gigasite.foundation.errors import InputError, Problem
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity
from gigasite.system.system import System


@dataclass(frozen=True)
class Future:
    """One of several futures.

    Attributes:
        name: what the scenario calls it.
        probability: how likely it is; those of all futures add up to 1.
        system: its arrays.
    """

    name: str
    probability: float
    system: System


@dataclass(frozen=True)
class Fan:
    """The futures of a scenario, with the same sites, years and technologies.

    Attributes:
        futures: in the order of the scenario.
        known_in: modelled year from whose beginning the future is known.
        by_order: whether capacity binds from its order on, and not only from its start.
    """

    futures: tuple[Future, ...]
    known_in: int
    by_order: bool = False

    @property
    def context(self) -> Context:
        """Inputs of the first future, for what is the same in all: time, places."""
        return self.futures[0].system.context

    @property
    def sites(self) -> tuple[str, ...]:
        """Site ids, in order."""
        return self.futures[0].system.sites

    @property
    def features(self) -> Mapping[str, Mapping[str, FeatureData]]:
        """Arrays by feature name, then by future."""
        names = self.futures[0].system.features
        return {name: {one.name: one.system.features[name] for one in self.futures} for name in names}

    def with_feature(self, name: str, changed: Mapping[str, FeatureData]) -> Fan:
        """The same futures with some arrays of one feature replaced, by future."""
        return replace(
            self,
            futures=tuple(
                replace(one, system=one.system.with_feature(name, changed[one.name])) if changed.get(one.name) else one
                for one in self.futures
            ),
        )

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Modelled years."""
        return self.context.time.years

    def undivided_years(self, plan_dependent: Collection[str]) -> tuple[int, ...]:
        """Modelled years before `known_in` in which no future can be told from another.

        Args:
            plan_dependent: features whose arrays are taken at a plan, and so say nothing of the inputs.
        """
        parted = np.zeros(len(self.years), dtype=bool)
        first, *others = (one.system for one in self.futures)
        for other in others:
            if set(first.features) != set(other.features):
                return ()
            for name, data in first.features.items():
                if name not in plan_dependent:
                    parted |= _differs(data, other.features[name], len(self.years))
        whole = (np.array(self.years) < self.known_in) & ~np.logical_or.accumulate(parted)
        return tuple(year for year, kept in zip(self.years, whole, strict=True) if kept)


def _differs(one: FeatureData, other: FeatureData, years: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Modelled years in which the arrays of a feature differ; all where what differs has no year."""
    if set(one) != set(other):
        return np.ones(years, dtype=bool)
    found = np.zeros(years, dtype=bool)
    for name, quantity in one.items():
        found |= _parted(quantity, other[name], years)
    return found


def _parted(one: Quantity, other: Quantity, years: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if one.values is other.values:
        return np.zeros(years, dtype=bool)
    if one.dims != other.dims or one.values.shape != other.values.shape:
        return np.ones(years, dtype=bool)
    differs = np.asarray(one.values != other.values)
    dim = next((dim for dim in ("year", "vintage") if dim in one.dims), None)
    if dim is None:
        return np.full(years, bool(differs.any()))
    axis = one.dims.index(dim)
    return np.asarray(differs.any(axis=tuple(a for a in range(differs.ndim) if a != axis)))


def refuse_unlike(fan: Fan) -> None:
    """Refuse futures that are not about the same things.

    Raises:
        InputError: sites, zones, years or features differ.
    """
    first = fan.futures[0]
    problems = []
    for other in fan.futures[1:]:
        for what, mine, its in (
            ("sites", first.system.sites, other.system.sites),
            ("grid zones", first.system.context.zones, other.system.context.zones),
            ("years", first.system.years, other.system.years),
            ("technologies", tuple(first.system.features), tuple(other.system.features)),
        ):
            if mine != its:
                message = f"the futures {first.name} and {other.name} have different {what}"
                unlike = ", ".join(str(one) for one in sorted({*mine} ^ {*its})) or "another order"
                remedy = "futures differ in loads, prices and limits, not in what may be built"
                problems.append(Problem(message, key=f"futures.cases.{other.name}", given=unlike, remedy=remedy))
    if problems:
        raise InputError(problems)
