"""What binds for later: capacity, contracts and rentals, which have to be decided before it is known what they are for.

    decided[v] = v                                   what starts in year v, by its start
    decided[v] = v - lead time of the class          by its order, where `inputs/` or the scenario say how long it takes

A technology commits itself by what it adds to the shared sums: what is built (`built`, `capital`), its vintages, the
capacity that stands (`capacity`, `units`). So a grid contract, a rented machine and a gas trunk are commitments too,
and a load that is energised, energy that falls short or power that flows are not: they follow what is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.hubs import Term
from gigasite.foundation.units import MONTHS_PER_YEAR
from gigasite.system.quantity import Array

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def committed(builder: Builder, known_in: int, *, by_order: bool) -> dict[str, Mask]:
    """Of every variable that binds, which indices are decided before a year begins.

    Args:
        builder: the model's shared sums.
        known_in: that year.
        by_order: whether new capacity is decided when it is ordered, and not only when it starts.

    Returns:
        Masks by the full name of the variable, each over all its sets or ready to be spread over them.
    """
    found: dict[str, Mask] = {}
    for term, is_new in _terms(builder):
        mask: Mask = np.asarray(_year_of(builder, term) < known_in)
        if is_new and by_order:
            mask = mask | np.asarray(_order_month(builder, term) < MONTHS_PER_YEAR * known_in)
        found[term.variable_name] = mask | found[term.variable_name] if term.variable_name in found else mask
    return found


def ordered(builder: Builder) -> tuple[str, ...]:
    """Full names of the variables that say what is ordered: new capacity, and what has none, such as contracts."""
    hubs = builder.hubs
    built = {term.feature for term in hubs.vintages}
    contracts = [term for term in hubs.capacity if term.feature not in built]
    return tuple(dict.fromkeys(term.variable_name for term in (*hubs.built, *hubs.capital, *contracts)))


def _terms(builder: Builder) -> Iterator[tuple[Term, bool]]:
    """Every part of a shared sum that binds, and whether it is new capacity, ordered once."""
    hubs = builder.hubs
    for hub, is_new in (
        (hubs.built, True),
        (hubs.capital, True),
        (hubs.vintages, False),
        (hubs.capacity, False),
        (hubs.units, False),
    ):
        for term in hub:
            yield term, is_new


def _year_of(builder: Builder, term: Term) -> Array:
    """Modelled year of every index: its `year`, or its `vintage` where it has none."""
    dim = "year" if "year" in term.variable_dims else "vintage"
    return _along(term, dim, np.array(builder.system.years))


def _order_month(builder: Builder, term: Term) -> Array:
    """Number of the month in which a vintage is ordered; that of its start where nobody says how long it takes."""
    context, years = builder.system.context, builder.system.years
    if "site" not in term.variable_dims:
        return MONTHS_PER_YEAR * _along(term, "vintage", np.array(years))
    starts = [[MONTHS_PER_YEAR * y + p.settings.start_month.get(y, 1) - 1 for y in years] for p in context.places]
    lead = [context.lead_months(place.name, term.feature) for place in context.places]
    ordered = np.array(starts) - np.array(lead)[:, None]
    lengths = dict(zip(("site", "vintage"), ordered.shape, strict=True))
    return np.asarray(ordered.reshape([lengths.get(dim, 1) for dim in term.variable_dims]))


def _along(term: Term, dim: str, values: Array) -> Array:
    """Values of one set laid along its axis of a variable."""
    return np.asarray(values).reshape([-1 if d == dim else 1 for d in term.variable_dims])
