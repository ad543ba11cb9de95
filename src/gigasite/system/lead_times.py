"""What may be built before its lead time has passed: stock ordered already, and samples that find its price.

    early[s, y] = ordered[s, y] + sample           modelled years y before the first year of the class at the site
    early[s, y] = 0                                from the first year on: nothing is limited there

| symbol  | name         | unit | dimensions |
|---------|--------------|------|------------|
| early   | (result)     | MW   | site, year |
| ordered | `ordered_mw` | MW   | site, year |
| sample  | `SAMPLE_MW`  | MW   |            |

A sample is there only where `requirements: price_lead_times` asks for it, in the one modelled year before the first in
which the class may be built. No sample of whole machines: a hundredth of a megawatt is none.
"""

from __future__ import annotations

import numpy as np

from gigasite.inputs.lead_times import first_year, quarter_in_words
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array

SAMPLE_MW = 0.01
"""Capacity that exists a year early to find what one megawatt of it would be worth: ten kilowatts."""


def ordered_mw(context: Context, site: str, technology: str) -> Array:
    """Capacity ordered already and delivered by each modelled year, shape (year,)."""
    options = context.options(site, technology)
    if options is None or options.ordered_mw is None:
        return np.zeros(len(context.years))
    return np.array([options.ordered_mw.at(year) for year in context.years])


def early_mw(context: Context, site: str, technology: str) -> Array:
    """Capacity that may have been built by each modelled year before the lead time has passed, shape (year,)."""
    options, years = context.options(site, technology), np.array(context.years)
    if options is None or options.capacity_mw is not None or not options.is_built:
        return np.zeros(len(years))
    stock = ordered_mw(context, site, technology)
    before = years < context.earliest_year(site, technology)
    sample = np.zeros(len(years))
    if _is_sampled(context, options):
        may = ~before | (stock > 0)
        first = int(np.argmax(may)) if may.any() else len(years)
        sample[max(first - 1, 0)] = SAMPLE_MW if first > 0 else 0.0
    return np.where(before, stock + sample, 0.0)


def _is_sampled(context: Context, options: TechnologySpec) -> bool:
    return bool(context.scenario.requirements.price_lead_times) and options.units != "whole"


def can_be_had(context: Context, site: str, technology: str) -> str:
    """Quarter from which new capacity can run; empty where nobody says."""
    month = context.first_month(site, technology)
    return "" if month is None else quarter_in_words(month)


def first_year_with_stock(context: Context, site: str, technology: str) -> int:
    """First year in which capacity may run: stock on order, or new capacity after its lead time."""
    stock = ordered_mw(context, site, technology)
    early = [year for year, mw in zip(context.years, stock, strict=True) if mw > 0]
    return min([context.earliest_year(site, technology), *early])


__all__ = ["SAMPLE_MW", "can_be_had", "early_mw", "first_year", "first_year_with_stock", "ordered_mw"]
