"""Lead times: the first month in which new capacity can run.

    first month = order month + delivery + construction,   not before the class is on the market

| symbol       | name                                     | unit   | where it stands                                  |
|--------------|------------------------------------------|--------|--------------------------------------------------|
| order month  | `order_month`                            | month  | option; left out: January of `horizon.base_year` |
| delivery     | `delivery_months`, order to delivery     | months | option, else `technologies.csv`                  |
| construction | `construction_months`, delivery to power | months | option, else `technologies.csv`                  |
| on market    | `earliest_year` of `technologies.csv`    | year   | only for what nobody sells yet                   |

Construction counts the site works that are left when the machines arrive: what is built while they are awaited is
inside the delivery. For reactors and wires, which do not come as machines, delivery runs to the start of the site
works. The option `earliest_year` stands above all of it.

A modelled year counts from January, or from the `start_month` of its site. So the first year is the first one whose
start is not before the first month: with power from July 2027 it is 2028, or 2027 where 2027 starts in July.

Months are counted from January of the year 0: 2028-04 is 12 * 2028 + 3.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from gigasite.foundation.units import MONTHS_PER_YEAR
from gigasite.inputs.scenario import TechnologySpec
from gigasite.inputs.tables import Tables

MONTH_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])$"
PARAMETERS = ("delivery_months", "construction_months")
QUARTER_MONTHS = 3


def month_number(written: str) -> int:
    """A written month as a number.

    >>> month_number("2028-04") - month_number("2026-01")
    27
    """
    if not re.match(MONTH_PATTERN, written):
        raise ValueError(f"{written!r} is no month like 2026-07")
    year, month = written.split("-")
    return MONTHS_PER_YEAR * int(year) + int(month) - 1


def month_in_words(number: int) -> str:
    """A numbered month as a planner writes it.

    >>> month_in_words(month_number("2028-04") + 9)
    '2029-01'
    """
    return f"{number // MONTHS_PER_YEAR}-{number % MONTHS_PER_YEAR + 1:02d}"


def quarter_in_words(number: int) -> str:
    """The quarter of a numbered month.

    >>> quarter_in_words(month_number("2028-04"))
    '2028-Q2'
    """
    return f"{number // MONTHS_PER_YEAR}-Q{number % MONTHS_PER_YEAR // QUARTER_MONTHS + 1}"


def first_month(tables: Tables, options: TechnologySpec | None, keys: Mapping[str, str], base_year: int) -> int | None:
    """First month in which new capacity of a class can run; None where neither scenario nor inputs/ say.

    Args:
        tables: cited figures.
        options: what the scenario says of the technology at a site, if anything.
        keys: technology, machine_class and cost_case, as in `technologies.csv`.
        base_year: whose January is the order month where the scenario names none.
    """
    if options is not None and options.earliest_year is not None:
        return MONTHS_PER_YEAR * options.earliest_year
    on_market = _figure(tables, keys, "earliest_year")
    market = None if on_market is None else MONTHS_PER_YEAR * round(on_market)
    written = [getattr(options, key, None) for key in PARAMETERS]
    months = [
        given if given is not None else _figure(tables, keys, key)
        for given, key in zip(written, PARAMETERS, strict=True)
    ]
    ordered = getattr(options, "order_month", None)
    if ordered is None and all(each is None for each in months):
        return market
    order = MONTHS_PER_YEAR * base_year if ordered is None else month_number(ordered)
    ready = order + math.ceil(sum(each or 0.0 for each in months))
    return ready if market is None else max(ready, market)


def lead_months(tables: Tables, options: TechnologySpec | None, keys: Mapping[str, str]) -> int:
    """Months from the order of a class to its first power; 0 where neither scenario nor inputs/ say."""
    written = [getattr(options, key, None) for key in PARAMETERS]
    months = [
        given if given is not None else _figure(tables, keys, key)
        for given, key in zip(written, PARAMETERS, strict=True)
    ]
    return math.ceil(sum(each or 0.0 for each in months))


def first_year(month: int, start_months: Mapping[int, int]) -> int:
    """First year whose start is not before a month.

    Args:
        month: number of the first month.
        start_months: month (1 to 12) from which a year counts, for years that do not count from January.

    >>> first_year(month_number("2027-07"), {}), first_year(month_number("2027-07"), {2027: 7})
    (2028, 2027)
    """
    year, within = divmod(month, MONTHS_PER_YEAR)
    return year if start_months.get(year, 1) > within else year + 1


def _figure(tables: Tables, keys: Mapping[str, str], parameter: str) -> float | None:
    found = tables.figure("technologies", year=None, default=math.nan, parameter=parameter, **keys)
    value = found.value
    return None if math.isnan(value) else value
