"""Checks that do not trust the prepared arrays: plain bounds, and money weights from the scenario's settings.

Every other check takes prices, ratings and weights as they were prepared for the model. These ask whether what was
prepared can be right at all, by formulas of their own. Whether it follows from the figures of `inputs/` is what
`tests/second_way` asks, from the CSV files.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from gigasite.results.books import Books
from gigasite.results.check import Check, Labels, Values, largest, worst_of
from gigasite.results.check_capacity import TAILS

SHARES = ("availability", "firm_rating", "forced_outage_rate", "nonfirm_availability", "delivered_share")
"""Arrays that are a share of something, whatever feature has them."""

ROUNDING = 1e-9
"""What arithmetic may lose, as a share: nothing here has passed a solver or a table."""

GRID = "grid_connection"


def preparation_checks(books: Books) -> Iterator[Check]:
    """Every check of what was prepared."""
    yield shares_are_shares(books)
    yield load_per_mw_within_one(books)
    yield year_weights_follow(books)
    yield annuities_pay_back(books)


def shares_are_shares(books: Books) -> Check:
    """Availabilities, ratings, outage rates and shares delivered: between nought and one."""
    parts = []
    for key in SHARES:
        for name in books.with_data(key):
            values = books.data(name)[key].values
            labels = Labels({axis: range(1, size + 1) for axis, size in zip("abc", values.shape, strict=False)})
            parts.append(
                largest(
                    "shares_are_shares",
                    _outside_share(values),
                    ROUNDING,
                    labels,
                    unit="of one",
                    holds="",
                    broken=f"{key} of {name} is no share: it leaves the range from 0 to 1",
                )
            )
    return worst_of("shares_are_shares", parts, holds="Availabilities, ratings and shares lie between 0 and 1.")


def _outside_share(values: Values) -> Values:
    found: Values = np.maximum(values - 1.0, -values)
    return found


def load_per_mw_within_one(books: Books) -> Check:
    """Load of an energised megawatt: what is energised is the peak at the meter, so no hour passes it."""
    per_mw = books.data("idle_load")["load_mw_per_mw"].values
    return largest(
        "load_per_mw_within_one",
        _outside_share(per_mw),
        ROUNDING,
        Labels({"site": books.sites, "step": range(books.shape[2])}),
        unit="MW per MW",
        holds="No hour asks for more than what is energised.",
        broken="Load per energised megawatt leaves the range from 0 to 1",
    )


def weights_from_settings(books: Books) -> Values:
    """Present value of a dollar in every calendar year that a modelled year stands for, as a geometric series.

        W = q^(a + 1/2 - b) * (1 - q^n) / (1 - q)        q = 1 / (1 + r)

    | symbol | name                                            | unit | dimensions |
    |--------|-------------------------------------------------|------|------------|
    | a      | first calendar year of the span                 | year | year       |
    | n      | calendar years of the span                      | 1    | year       |
    | b      | `horizon.base_year`                             | year |            |
    | r      | real discount rate, of `money:` or `finance` | 1    |            |
    """
    scenario = books.system.context.scenario
    horizon, said = scenario.horizon, scenario.money.discount_rate_real
    rate = books.system.context.finance("discount_rate", "real").value if said is None else float(said)
    ends = [*horizon.years, horizon.years[-1] + horizon.final_span_years]
    kept = 1.0 / (1.0 + rate)
    found = []
    for first, end in pairwise(ends):
        span = end - first
        series = float(span) if rate == 0 else (1.0 - kept**span) / (1.0 - kept)
        found.append(kept ** (first + 0.5 - horizon.base_year) * series)
    return np.array(found)


def year_weights_follow(books: Books) -> Check:
    """The weight of every modelled year: what rate, base year and spans of the scenario say."""
    expected = weights_from_settings(books)
    return largest(
        "year_weights_follow",
        np.abs(books.system.context.time.year_weight - expected),
        ROUNDING * expected,
        Labels({"year": books.years}),
        unit="years",
        holds="Every modelled year weighs what rate, base year and spans say.",
        broken="The weight of a modelled year differs from rate, base year and spans",
    )


def annuities_pay_back(books: Books) -> Check:
    """The annuity of every vintage: at least its overnight cost, recovered over its life at its cost of capital.

        annuity[s, v, y] >= overnight[s, v] * k / (1 - (1 + k)^-L) * W[y]        for v <= y < v + L

    Interest during construction only adds to it.
    """
    parts = []
    for tail, _, _ in TAILS:
        for name in books.with_data(f"alive_{tail}"):
            overnight, paid = (books.data(name)[f"{key}_usd_per_{tail}"].values for key in ("overnight", "annuity"))
            parts.append(_paid_back(books, name, overnight[:, :, None], paid[:, :, None]))
    if GRID in books.system.features:
        data = books.data(GRID)
        paid = data["reinforcement_annuity_usd_per_mw"].values
        parts.append(_paid_back(books, GRID, data["overnight_usd_per_mw"].values, paid))
    return worst_of("annuities_pay_back", parts, holds="Every annuity pays back its overnight cost.")


def _paid_back(books: Books, name: str, overnight: Values, paid: Values) -> Check:
    """One technology: overnight cost by site, vintage and step, and annuity by year besides."""
    least = overnight[..., None] * _recovery(books, name)[:, :, None, :]
    labels = Labels(
        {"site": books.sites, "vintage": books.years, "step": range(1, paid.shape[2] + 1), "year": books.years}
    )
    return largest(
        "annuities_pay_back",
        least - paid,
        ROUNDING * least,
        labels,
        unit="USD",
        holds="",
        broken=f"The annuity of {name} does not pay back its overnight cost: it falls short",
    )


def _recovery(books: Books, name: str) -> Values:
    """Annuity of one dollar by site, vintage and year, present value; zero where a site lacks the technology."""
    context, weights = books.system.context, weights_from_settings(books)
    years = np.array(books.years)
    found = np.zeros((len(books.sites), len(years), len(years)))
    for s, site in enumerate(books.sites):
        if context.options(site, name) is None:
            continue
        life, capital = context.economic_life_years(site, name), context.cost_of_capital(site, name)
        a_year = 1.0 / life if capital == 0 else capital / (1.0 - (1.0 + capital) ** -life)
        age = years[None, :] - years[:, None]
        found[s] = np.where((age >= 0) & (age < life), a_year * weights, 0.0)
    return found
