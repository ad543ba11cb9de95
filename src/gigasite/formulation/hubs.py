"""The shared sums a feature adds itself to: power, firm capacity, fuel, emissions, water, capital, cost.

Features never read each other. A technology adds its variables to hubs; a requirement writes rows on the sums. So a new
technology enters the power balance, the reserve, the emissions and the cost without a line elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gigasite.system.quantity import Array


@dataclass(frozen=True)
class Term:
    """One feature's part of a shared sum: coefficient times variable.

    Attributes:
        feature: the technology or requirement it comes from.
        series: what it is called in tables.
        variable: a Pyomo variable.
        variable_name: full name of the variable, as in the compiled model.
        variable_dims: sets of the variable, by name.
        coefficient: a Pyomo parameter, or a number.
        coefficient_dims: sets of the coefficient; empty for a number.
        coefficient_values: the numbers behind the coefficient.
    """

    feature: str
    series: str
    variable: Any
    variable_name: str
    variable_dims: tuple[str, ...]
    coefficient: Any
    coefficient_dims: tuple[str, ...]
    coefficient_values: Array

    def expression(self, index: Mapping[str, Any], sets: Mapping[str, Any]) -> Any:
        """Coefficient times variable at an index; sets of the variable that the index does not name are summed over."""
        missing = next((dim for dim in self.variable_dims if dim not in index), None)
        if missing is not None:
            return sum(self.expression({**index, missing: label}, sets) for label in sets[missing])
        variable = self.variable[tuple(index[dim] for dim in self.variable_dims)]
        if not self.coefficient_dims:
            return float(self.coefficient_values) * variable
        return self.coefficient[tuple(index[dim] for dim in self.coefficient_dims)] * variable

    def spread(self) -> Array:
        """The coefficient laid over the sets of the variable, so that the two can be multiplied."""
        lengths = dict(zip(self.coefficient_dims, self.coefficient_values.shape, strict=True))
        return self.coefficient_values.reshape([lengths.get(dim, 1) for dim in self.variable_dims])


@dataclass
class Hub:
    """A shared sum.

    Attributes:
        name: what is added up.
        dims: sets it is written for.
        unit: unit of every term.
        meaning: one line for the documentation.
    """

    name: str
    dims: tuple[str, ...]
    unit: str
    meaning: str
    terms: list[Term] = field(default_factory=list)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def total(self, index: Mapping[str, Any], sets: Mapping[str, Any]) -> Any:
        """The sum of all terms at an index; 0 where nothing was added."""
        total: Any = 0.0
        for term in self.terms:  # no sum(): Pyomo takes that word over while it traces a rule
            total += term.expression(index, sets)
        return total


@dataclass(frozen=True)
class CostTerm:
    """A cost: present value per unit of a variable.

    Attributes:
        technology: what the cost is for.
        component: kind of cost, such as `fuel`.
        variable_name: full name of the variable.
        variable: a Pyomo variable.
        variable_dims: sets of the variable.
        coefficient: USD of present value per unit of the variable.
        dims: sets of the coefficient: those of the variable in their order, and `year`, the year it is accounted to.
        confidence: weakest confidence of the inputs behind it.
    """

    technology: str
    component: str
    variable_name: str
    variable: Any
    variable_dims: tuple[str, ...]
    coefficient: Array
    dims: tuple[str, ...]
    confidence: str


SUPPLY_COMPONENTS = (
    "capital",
    "fixed_om",
    "variable_om",
    "fuel",
    "co2",
    "grid_connection",
    "grid_contribution",
    "grid_energy",
    "grid_capacity",
    "grid_demand_charge",
    "export_revenue",
    "pipeline",
    "line",
    "wheeling",
    "rental",
    "load_shedding",
    "load_shifting",
)
"""Components inside the cost of supply, and so inside the levelised cost."""

OTHER_COMPONENTS = ("idle_load", "unserved_energy", "national_shortfall", "tax_credit", "over_limit")
"""Components the optimisation weighs but the levelised cost leaves out."""


@dataclass
class Hubs:
    """Every shared sum of a model, and its costs."""

    power: Hub = field(
        default_factory=lambda: Hub("power", ("site", "year", "hour"), "MW", "supply positive, use negative")
    )
    load: Hub = field(default_factory=lambda: Hub("load", ("site", "year", "hour"), "MW", "load at the meter"))
    not_served: Hub = field(
        default_factory=lambda: Hub("not_served", ("site", "year", "hour"), "MW", "energised load shed or unserved")
    )
    firm_capacity: Hub = field(
        default_factory=lambda: Hub(
            "firm_capacity", ("site", "year"), "MW", "capacity that counts at the peak, at the design temperature"
        )
    )
    secure_transfer: Hub = field(
        default_factory=lambda: Hub(
            "secure_transfer", ("site", "year"), "MW", "what a line brings once the supply's own machines are lost"
        )
    )
    peak_reduction: Hub = field(
        default_factory=lambda: Hub(
            "peak_reduction", ("site", "year"), "MW", "load that need not be carried at the peak"
        )
    )
    available: Hub = field(
        default_factory=lambda: Hub(
            "available", ("site", "year", "hour"), "MW", "what stands on site could give, running or not"
        )
    )
    stored_energy: Hub = field(
        default_factory=lambda: Hub(
            "stored_energy", ("site", "year", "hour"), "MWh", "what stores and tanks could still give after a step"
        )
    )
    storable: Hub = field(
        default_factory=lambda: Hub("storable", ("site", "year"), "MWh", "what stores give when they begin full")
    )
    standby: Hub = field(
        default_factory=lambda: Hub(
            "standby", ("site", "year"), "MW", "capacity that may run in an emergency only, at the design temperature"
        )
    )
    gas: Hub = field(default_factory=lambda: Hub("gas", ("site", "year", "hour"), "MMBtu/h", "pipeline gas burnt"))
    firm_gas: Hub = field(
        default_factory=lambda: Hub("firm_gas", ("site", "year"), "MMBtu/h", "pipeline gas firm capacity calls for")
    )
    firm_transport: Hub = field(
        default_factory=lambda: Hub("firm_transport", ("site", "year"), "MMBtu/h", "pipeline gas under firm contract")
    )
    co2: Hub = field(default_factory=lambda: Hub("co2", ("site", "year", "hour"), "t/h", "carbon dioxide emitted"))
    nox: Hub = field(default_factory=lambda: Hub("nox", ("site", "year", "hour"), "t/h", "nitrogen oxides emitted"))
    water: Hub = field(default_factory=lambda: Hub("water", ("site", "year", "hour"), "m3/h", "water consumed"))
    water_withdrawn: Hub = field(
        default_factory=lambda: Hub("water_withdrawn", ("site", "year", "hour"), "m3/h", "water withdrawn")
    )
    land: Hub = field(default_factory=lambda: Hub("land", ("site", "year"), "m2", "land under the plants"))
    built: Hub = field(default_factory=lambda: Hub("built", ("site", "vintage"), "MW", "new capacity"))
    vintages: Hub = field(
        default_factory=lambda: Hub("vintages", ("site", "vintage", "year"), "MW", "capacity in operation by vintage")
    )
    capacity: Hub = field(default_factory=lambda: Hub("capacity", ("site", "year"), "MW", "capacity in operation"))
    units: Hub = field(
        default_factory=lambda: Hub(
            "units", ("site", "year"), "machines", "whole machines in operation, where asked for"
        )
    )
    capital: Hub = field(
        default_factory=lambda: Hub("capital", ("site", "vintage"), "USD", "overnight cost of new capacity, 2024 USD")
    )
    announced_capital: Hub = field(
        default_factory=lambda: Hub(
            "announced_capital", ("site", "vintage"), "USD", "cost of new capacity in the money of its announcement"
        )
    )
    costs: list[CostTerm] = field(default_factory=list)
