"""Carbon dioxide: a price on every tonne, and a cap on a year's tonnes of all sites together.

    sum over s, h of co2[s, y, h] * step hours <= cap[y] + over cap[y]

Going over the cap is priced so high that it never pays; a plan that still does cannot meet the cap and is reported as
infeasible, with the tonnes it lacks.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Term
from gigasite.formulation.registry import Requirement
from gigasite.inputs.quantities import NonNegativeSeries
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "emissions"
OVER_CAP_USD_PER_T = 20_000.0
"""Price of a tonne over the cap: some hundred times any carbon price, so that only impossibility makes it pay."""


class Spec(RequirementSpec):
    """Options on carbon dioxide."""

    co2_price_usd_per_t: NonNegativeSeries | None = None
    """Price of a tonne of carbon dioxide by year, 2024 USD/t; left out: none."""

    co2_cap_t_per_year: NonNegativeSeries | None = None
    """Largest emission of all sites together by year, t; left out: no cap."""


def prepare(context: Context) -> FeatureData:
    """Price and cap by year."""
    options, time = context.scenario.requirements, context.time
    price, cap = options.co2_price_usd_per_t, options.co2_cap_t_per_year
    data = {
        "co2_price_usd_per_t": Quantity(
            np.array([0.0 if price is None else price.at(year) for year in time.years]), ("year",), "USD/t"
        )
    }
    if cap is not None:
        data["cap_t"] = Quantity(np.array([cap.at(year) for year in time.years]), ("year",), "t")
        data["over_cap_usd_per_t"] = Quantity(OVER_CAP_USD_PER_T * time.year_weight, ("year",), "USD/t")
    return data


def build(builder: Builder, data: FeatureData) -> None:
    """The price on every term of the carbon sum, and the cap where there is one."""
    block = builder.block(NAME, data)
    time = builder.system.context.time
    price = data["co2_price_usd_per_t"].values * time.year_weight * time.step_hours
    if price.any():
        for term in builder.hubs.co2:
            builder.cost(term.feature, "co2", term.variable, _priced(term, price, builder))
    if "cap_t" in data:
        _add_cap(builder, block, data)


def _priced(term: Term, price: np.ndarray[Any, Any], builder: Builder) -> Quantity:
    """Tonnes per unit of the variable times the price, spread over the variable's sets."""
    lengths = {dim: len(builder.sets[dim]) for dim in term.variable_dims}

    def spread(values: np.ndarray[Any, Any], dims: tuple[str, ...]) -> np.ndarray[Any, Any]:
        shape = [lengths[dim] if dim in dims else 1 for dim in term.variable_dims]
        return values.reshape(shape)

    cost = spread(term.coefficient_values, term.coefficient_dims) * spread(price, ("year",))
    return Quantity(np.broadcast_to(cost, tuple(lengths.values())), term.variable_dims, "USD")


def _add_cap(builder: Builder, block: Any, data: FeatureData) -> None:
    sets, hubs = builder.sets, builder.hubs
    step = builder.system.context.time.step_hours
    most = 10.0 * float(data["cap_t"].values.max()) + 1e9
    over = builder.variable(block, "over_cap_t", ("year",), upper=most, unit="t")

    def emitted_at_most_cap(b: Any, year: Any) -> Any:
        emitted = sum(
            step * hubs.co2.total({"site": site, "year": year, "hour": hour}, sets)
            for site in sets["site"]
            for hour in sets["hour"]
        )
        return emitted - b.over_cap_t[year] <= b.cap_t[year]

    builder.constraint(block, "emitted_at_most_cap", ("year",), emitted_at_most_cap)
    builder.cost(NAME, "over_limit", over, data["over_cap_usd_per_t"])
    builder.forbid(over, "carbon dioxide over the cap", "raise co2_cap_t_per_year, or allow cleaner technologies")


REQUIREMENT = Requirement(NAME, "Carbon dioxide", 130, Spec, prepare, build)
