"""Which vintage has which tax credit: dates of construction and of service, from `tax_credits.csv`.

    begun[v]  = v - construction years
    kept[v]   = share_kept[year of begun[v]] * in time[v]
    in time[v] = 1  if  begun[v] <= construction_begins_by  or  v <= in_service_by,  else 0

| symbol    | name                                                        | unit  |
|-----------|-------------------------------------------------------------|-------|
| begun     | construction is taken to begin so long before January of v  | year  |
| kept      | share of the credit that is left, 1 without a row           | 1     |
| in time   | only where a technology has the two dates: wind and solar   | 0, 1  |

Construction is taken to go on without a stop, so the rules for how long it may take are kept.
"""

from __future__ import annotations

from math import floor

import numpy as np

from gigasite.inputs.tables import Figure
from gigasite.system.context import Context
from gigasite.system.quantity import Array

CREDITS = ("48e", "45y", "45u", "45q")
TABLE = "tax_credits"
_NONE = -1.0


def names_of(asked: bool | tuple[str, ...]) -> tuple[str, ...]:
    """Credits that a scenario asks for.

    >>> names_of(True), names_of(False), names_of(("45y",))
    (('48e', '45y', '45u', '45q'), (), ('45y',))
    """
    if isinstance(asked, bool):
        return CREDITS if asked else ()
    return tuple(asked)


def credit_figure(
    context: Context, site: str, credit: str, technology: str, parameter: str, year: int | None = None
) -> Figure | None:
    """A figure of a credit for a technology as a site uses it; None where it has none."""
    found = context.tables.figure(
        TABLE,
        year=year,
        default=_NONE,
        credit=credit,
        technology=technology,
        machine_class=context.machine_class(site, technology),
        parameter=parameter,
    )
    return None if found.value == _NONE else found


def kept_share(context: Context, site: str, credit: str, technology: str) -> Array:
    """Share of a credit that each vintage keeps, shape (vintage,)."""
    building = context.figure(site, technology, "construction_years", default=0.0).value
    last_begin, last_service = (
        credit_figure(context, site, credit, technology, key) for key in ("construction_begins_by", "in_service_by")
    )
    kept = np.zeros(len(context.years))
    for v, vintage in enumerate(context.years):
        begun = vintage - building
        share = credit_figure(context, site, credit, technology, "share_kept", floor(begun))
        dated = last_begin is not None and last_service is not None
        late = dated and begun > last_begin.value and vintage > last_service.value  # type: ignore[union-attr]
        kept[v] = 0.0 if late else 1.0 if share is None else share.value
    return kept


def credit_ends(context: Context, site: str, credit: str, technology: str, vintage: int) -> float:
    """First calendar year without the credit: so many years from the start of a vintage, or after its last year."""
    span, last = (credit_figure(context, site, credit, technology, key) for key in ("credit_years", "last_year"))
    of_vintage = float("inf") if span is None else vintage + span.value
    return of_vintage if last is None else min(of_vintage, last.value + 1.0)
