"""The workbench features are built on: blocks, parameters, variables and rows with named sets, and the shared sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyomo.environ import Block

from gigasite.formulation.hubs import OTHER_COMPONENTS, SUPPLY_COMPONENTS, CostTerm, Hub, Hubs, Term
from gigasite.formulation.modelling import Maker
from gigasite.system.quantity import Array, FeatureData, Quantity
from gigasite.system.system import System


@dataclass(frozen=True)
class Forbidden:
    """A priced slack that must be zero in an answer.

    Attributes:
        variable_name: full name of the variable.
        dims: its sets.
        what: what it stands for, in a planner's words.
        remedy: what to change.
    """

    variable_name: str
    dims: tuple[str, ...]
    what: str
    remedy: str


class Builder:
    """Declares Pyomo components by the names of their sets.

    Attributes:
        system: the scenario's arrays.
        model: the Pyomo model under construction.
        sets: index sets by name, such as `sets["site"]`.
        hubs: the shared sums.
        maker: what declares components on the model.
    """

    def __init__(self, system: System, maker: Maker) -> None:
        self.system = system
        self.model: Any = maker.model
        self.model.sets = Block(concrete=True)
        self.hubs = Hubs()
        self.sets: dict[str, Any] = {}
        self.recorded_hourly: list[str] = []
        self.forbidden: list[Forbidden] = []
        self.maker = maker
        self._dims: dict[int, tuple[str, ...]] = {}
        self._names: dict[int, str] = {}
        self._values: dict[int, Array] = {}
        self._features: dict[str, str] = {}

    def add_set(self, name: str, members: list[str] | list[int]) -> None:
        """Declare an index set on the model, under `sets`, where no feature's block can take its name."""
        self.sets[name] = self.maker.set(self.model.sets, name, members)

    def block(self, name: str, data: FeatureData) -> Any:
        """A Pyomo block for a feature, with its arrays as parameters."""
        setattr(self.model, name, Block(concrete=True))
        block = getattr(self.model, name)
        for key, quantity in data.items():
            self.parameter(block, key, quantity)
        return block

    def parameter(self, block: Any, name: str, quantity: Quantity) -> Any:
        """An array as a Pyomo parameter."""
        component = self.maker.param(block, name, quantity.values, self._sets_of(quantity.dims), unit=quantity.unit)
        self._dims[id(component)] = quantity.dims
        self._values[id(component)] = quantity.values
        return component

    def variable(
        self,
        block: Any,
        name: str,
        dims: tuple[str, ...],
        *,
        upper: Array | float,
        lower: Array | float = 0.0,
        unit: str,
        integer: bool = False,
    ) -> Any:
        """A bounded variable; where both bounds are zero it does not exist in the solved problem.

        Args:
            block: block of the feature.
            name: name with its unit.
            dims: sets it runs over, by name.
            upper: finite upper bound, a number or an array over `dims`.
            lower: finite lower bound.
            unit: unit in words.
            integer: whether it takes whole numbers only.

        Raises:
            ValueError: a bound that is not finite: unbounded variables hide mistakes and leave no certified bound.
        """
        for bound in (upper, lower):
            if not np.isfinite(bound).all():
                raise ValueError(f"{block.name}.{name} has a bound that is not finite")
        component = self.maker.var(
            block, name, self._sets_of(dims), upper=upper, lower=lower, unit=unit, integer=integer
        )
        self._dims[id(component)] = dims
        self._names[id(component)] = f"{block.name}.{name}"
        return component

    def constraint(self, block: Any, name: str, dims: tuple[str, ...], rule: Callable[..., Any]) -> Any:
        """Rows for every member of the product of sets; the equation stands in the docstring of `rule`."""
        return self.maker.constraint(block, name, self._sets_of(dims), rule)

    def add(self, hub: Hub, variable: Any, coefficient: Any = 1.0, *, feature: str = "", series: str = "") -> None:
        """Add coefficient times variable to a shared sum.

        Args:
            hub: the sum.
            variable: a variable made here; sets that the hub does not have are summed over.
            coefficient: a parameter made here, or a number.
            feature: whose part it is; the name of the variable's block where not given.
            series: its name in tables; the variable's name where not given.
        """
        name = self._names[id(variable)]
        block, _, short = name.partition(".")
        dims = self._dims.get(id(coefficient), ())
        values = self._values[id(coefficient)] if dims else np.asarray(float(self._number(coefficient)))
        hub.terms.append(
            Term(feature or block, series or short, variable, name, self._dims[id(variable)], coefficient, dims, values)
        )

    def cost(self, technology: str, component: str, variable: Any, coefficient: Quantity) -> None:
        """Add a cost: present value in USD per unit of a variable, by the year it is accounted to.

        Args:
            technology: what the cost is for.
            component: kind of cost, one of `SUPPLY_COMPONENTS` or `OTHER_COMPONENTS`.
            variable: a variable made here.
            coefficient: its dims are those of the variable in their order, and `year` if the variable has none.

        Raises:
            ValueError: an unknown component, or dims that do not fit the variable.
        """
        if component not in (*SUPPLY_COMPONENTS, *OTHER_COMPONENTS):
            raise ValueError(f"unknown cost component {component!r}")
        dims = self._dims[id(variable)]
        if coefficient.dims not in (dims, (*dims, "year")):
            raise ValueError(f"cost of {self._names[id(variable)]} has dims {coefficient.dims}, the variable {dims}")
        self.hubs.costs.append(
            CostTerm(
                technology,
                component,
                self._names[id(variable)],
                variable,
                dims,
                coefficient.values,
                coefficient.dims,
                coefficient.confidence,
            )
        )

    def forbid(self, slack: Any, what: str, remedy: str) -> None:
        """Mark a priced slack: a plan that uses it is no answer, and the planner is told what and what to do."""
        self.forbidden.append(Forbidden(self._names[id(slack)], self._dims[id(slack)], what, remedy))

    def record_hourly(self, variable: Any) -> None:
        """Show a variable over (site, year, hour) in the hourly table though it is no part of the power balance."""
        self.recorded_hourly.append(self._names[id(variable)])

    @property
    def energised_mw(self) -> Any:
        """Facility megawatts energised, over (site, year); made by the idle-load requirement before any technology."""
        return self.model.idle_load.energised_mw

    @property
    def load_mw_per_mw(self) -> Any:
        """Load per energised megawatt, over (site, hour); for the load of an hour see `load_at`."""
        return self.model.idle_load.load_mw_per_mw

    def load_at(self, site: Any, year: Any, hour: Any) -> Any:
        """Load at the meter of energised facilities in an hour, for a rule; minds years that begin within the year."""
        return self.hubs.load.total({"site": site, "year": year, "hour": hour}, self.sets)

    def load_max_mw(self) -> Array:
        """Largest load that could occur: wanted megawatts times load per megawatt, shape (site, year, hour)."""
        shape = self.system.features["idle_load"]["load_mw_per_mw"].values
        return self.system.ramp_mw[:, :, None] * shape[:, None, :]

    def objective(self) -> None:
        """Minimise the present value of every cost."""
        totals: dict[str, tuple[Any, Array]] = {}
        for term in self.hubs.costs:
            axes = tuple(i for i, dim in enumerate(term.dims) if dim not in term.variable_dims)
            coefficient = term.coefficient.sum(axis=axes)
            _, before = totals.get(term.variable_name, (None, np.zeros(())))
            totals[term.variable_name] = (term.variable, before + coefficient)
        self.maker.objective(self.model, list(totals.values()))

    def _sets_of(self, dims: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(self.sets[dim] for dim in dims)

    def _number(self, coefficient: Any) -> float:
        values = self._values.get(id(coefficient))
        return float(coefficient) if values is None else float(values)
