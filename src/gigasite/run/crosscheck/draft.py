"""A network as a list of parts and rows, before PyPSA is asked to build it.

A part has a capacity that is either known or to be chosen. A row is what PyPSA has no attribute for; it is added to
PyPSA's own model through linopy, over capacities and hourly power:

    sum of coefficient * capacity + sum of coefficient * power   (each step, or summed over the steps)   <= or == limit
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gigasite.system.quantity import Array

Kind = Literal["Generator", "Link", "Store"]
Key = tuple[Kind, str]
"""A part: its PyPSA component and its name."""

Number = float | Array


@dataclass(frozen=True)
class Capacity:
    """Megawatts (megawatt-hours of a store, MMBtu/h of a trunk) that stand, or what they may be and cost.

    Attributes:
        fixed: what stands; None where it is to be chosen.
        least: lower bound of what may be chosen.
        most: upper bound.
        usd_per_year: cost of one in a calendar year.
    """

    fixed: float | None = None
    least: float = 0.0
    most: float = float("inf")
    usd_per_year: float = 0.0

    @property
    def is_nothing(self) -> bool:
        """Whether there is none and can be none."""
        return (self.most if self.fixed is None else self.fixed) <= 0.0


@dataclass(frozen=True)
class Part:
    """One component of the network.

    Attributes:
        kind: PyPSA component.
        name: its name.
        site: where its cost belongs.
        capacity: known or to be chosen.
        costs: USD per MWh of its power by component of cost, one number or one per step.
        attributes: what else PyPSA is told.
    """

    kind: Kind
    name: str
    site: str
    capacity: Capacity
    costs: Mapping[str, Number] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What rows call it by."""
        return self.kind, self.name


@dataclass(frozen=True)
class Row:
    """One row added to PyPSA's model.

    Attributes:
        name: name in the model.
        what: what it stands for, in words.
        sense: `<=` or `==`.
        limit: right side.
        capacity: coefficients of capacities.
        power: coefficients of hourly power, per megawatt in a step.
        each_step: one row per step, or one over the sum of all steps.
    """

    name: str
    what: str
    sense: Literal["<=", "=="]
    limit: float
    capacity: Mapping[Key, float] = field(default_factory=dict)
    power: Mapping[Key, Number] = field(default_factory=dict)
    each_step: bool = False


@dataclass
class Draft:
    """The parts of one year of all sites.

    Attributes:
        steps: steps in the year.
        step_hours: hours of a year that a step stands for.
        width_h: hours that a store feels pass in a step.
        buses: nodes, one per site and more for its grid and battery.
        loads: hourly load by site.
        parts: by kind and name.
        rows: rows that PyPSA has no attribute for.
        emissions_t_per_mwh: carbon dioxide by generator.
        co2_cap_t: largest emission of the year; None where there is no cap.
    """

    steps: int
    step_hours: float
    width_h: float
    buses: list[str] = field(default_factory=list)
    loads: dict[str, Array] = field(default_factory=dict)
    parts: dict[Key, Part] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    emissions_t_per_mwh: dict[str, float] = field(default_factory=dict)
    co2_cap_t: float | None = None
    _known: dict[Key, float] = field(default_factory=dict)

    def bus(self, name: str) -> str:
        """Add a node."""
        self.buses.append(name)
        return name

    def add(self, part: Part) -> Key:
        """Add a part; what has no capacity and can have none is only remembered."""
        if part.capacity.fixed is not None or part.capacity.is_nothing:
            self._known[part.key] = part.capacity.fixed or 0.0
        if not part.capacity.is_nothing:
            self.parts[part.key] = part
        return part.key

    def quantity(self, name: str, site: str, capacity: Capacity) -> Key:
        """Add something that is only decided once: a generator that never runs, at any node."""
        part = Part("Generator", name, site, capacity, attributes={"bus": self.buses[0], "p_max_pu": 0.0})
        if capacity.fixed is not None:
            self._known[part.key] = capacity.fixed
            return part.key
        return self.add(part)

    def know(self, key: Key, fixed: float) -> None:
        """Remember a capacity that rows may name and no part carries."""
        self._known[key] = fixed

    def known(self, key: Key) -> float | None:
        """Capacity of a part that is not to be chosen."""
        return self._known.get(key)

    def row(self, row: Row) -> None:
        """Add a row."""
        self.rows.append(row)
