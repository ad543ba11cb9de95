"""One row of the table `prices`."""

from __future__ import annotations

from typing import Any


def price_row(
    site: str, year: int, requirement: str, price: float, unit: str, worth: float, sentence: str
) -> dict[str, Any]:
    """A limit with its price.

    Args:
        site: site, region or zone it holds for.
        year: modelled year.
        requirement: name of the limit.
        price: shadow price, in `unit`.
        unit: dollars per what.
        worth: what the whole limit is worth at that price, USD of present value.
        sentence: the price in words.
    """
    return {
        "site": site,
        "year": year,
        "requirement": requirement,
        "shadow_price": price,
        "unit": unit,
        "worth_usd": worth,
        "sentence": sentence,
    }
