"""Firm gas of a site, shared out among its plants: which of their capacity has fuel, whatever else is out.

    sum over plants of gas rate[s, y] * running[s, y, ...] <= contract[s, y] + firm liquid[s, y]
    sum over plants that burn no distillate of the same     <= contract[s, y]

| symbol      | name                                                      | unit           | dimensions      |
|-------------|-----------------------------------------------------------|----------------|-----------------|
| running     | capacity that is given fuel at the peak                   | MW             | site, year, ... |
| gas rate    | heat rate * firm rating, `firm_gas_mmbtu_per_h_per_mw`    | MMBtu/h per MW | site, year      |
| contract    | firm transport (`gas_transport`)                          | MMBtu/h        | site, year      |
| firm liquid | distillate that counts at the peak (`dual_fuel`)          | MMBtu/h        | site, year      |

The two rows are exact: distillate goes to those who can burn it, and the contract covers all the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gigasite.formulation.builder import Builder
from gigasite.formulation.gas_burn import GAS_ONLY
from gigasite.formulation.hubs import Term
from gigasite.system.quantity import Array


@dataclass(frozen=True)
class GasPlant:
    """A technology that burns pipeline gas and counts at the peak.

    Attributes:
        gas: gas its capacity calls for, a term of `firm_gas`.
        firm: megawatts it counts for, a term of `firm_capacity`.
    """

    gas: Term
    firm: Term


def gas_plants(builder: Builder) -> dict[str, GasPlant]:
    """Every technology that burns pipeline gas and counts at the peak."""
    firm = counting(builder)
    burning = (term for term in builder.hubs.firm_gas if term.coefficient_values.max(initial=0.0) > 0)
    return {term.feature: GasPlant(term, firm[term.feature]) for term in burning if term.feature in firm}


def counting(builder: Builder) -> dict[str, Term]:
    """Terms of the firm capacity by technology, without what is taken off it for want of fuel."""
    return {term.feature: term for term in builder.hubs.firm_capacity if term.coefficient_values.max(initial=0.0) > 0}


def of(term: Term, variable: Any, name: str, dims: tuple[str, ...]) -> Term:
    """A term with another variable in place of its own."""
    return replace(term, variable=variable, variable_name=name, variable_dims=dims)


def most(builder: Builder, term: Term) -> Array:
    """Upper limit of a term's variable."""
    upper: Array = builder.maker.variable_record(term.variable).upper
    return upper


def limit_to_firm_gas(builder: Builder, block: Any, name: str, burning: Mapping[str, Term], at: Any) -> None:
    """Rows that keep what some capacities call for within the firm gas of their site.

    Args:
        builder: the model.
        block: block of the feature.
        name: what the rows are called.
        burning: gas called for by technology, with the variable of what runs; all over the same sets.
        at: 1 where gas is under contract, else 0, by site.
    """
    hubs, sets = builder.hubs, builder.sets
    dims = next(iter(burning.values())).variable_dims
    liquid = [term for term in hubs.firm_gas if term.coefficient_values.min(initial=0.0) < 0]
    only = {technology: term for technology, term in burning.items() if technology in GAS_ONLY}

    def within(terms: Mapping[str, Term], beside: list[Term]) -> Any:
        def rule(_: Any, *labels: Any) -> Any:
            index = dict(zip(dims, labels, strict=True))
            site_year = {"site": index["site"], "year": index["year"]}
            called = 0.0 - hubs.firm_transport.total(site_year, sets)
            for term in terms.values():
                called += term.expression(index, sets)
            for term in beside:
                called += at[index["site"]] * term.expression(site_year, sets)
            return called <= 0

        return rule

    builder.constraint(block, f"{name}_at_most_firm_gas", dims, within(burning, liquid))
    if only and liquid:
        builder.constraint(block, f"{name}_without_distillate_at_most_contract", dims, within(only, []))
