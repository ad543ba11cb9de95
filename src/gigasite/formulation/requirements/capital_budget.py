"""Capital budget: the overnight cost of everything new stays within what there is to spend.

    sum over v, technologies of overnight[s, v] * built[s, v] <= budget[s]          a site's own budget
    the same over all sites <= budget                                               a budget for the whole

Overnight cost is in 2024 dollars; an all-in headline cost counts as it is, financing included.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.inputs.quantities import Positive
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "capital_budget"
UNLIMITED_USD = 1e13
"""Stands for no budget: some hundred times the largest programme announced."""


class Spec(RequirementSpec):
    """Options of the capital budget."""

    capital_budget_usd: Positive | None = None
    """Largest overnight cost of all sites together, 2024 USD; a site's own budget stands at the site."""


def prepare(context: Context) -> FeatureData:
    """Budgets of the sites, and of all of them, where the scenario sets one."""
    data: dict[str, Quantity] = {}
    of_sites = [place.settings for place in context.places]
    if any(settings.capital_budget_usd is not None for settings in of_sites):
        budgets = [
            UNLIMITED_USD
            if settings.capital_budget_usd is None
            else context.money.deflator.to_2024(settings.capital_budget_usd, settings.capital_budget_money_year)
            for settings in of_sites
        ]
        data["site_budget_usd"] = Quantity(np.array(budgets), ("site",), "USD")
    whole = context.scenario.requirements.capital_budget_usd
    if whole is not None:
        data["budget_usd"] = Quantity(np.asarray(float(whole)), (), "USD")
    return data


def build(builder: Builder, data: FeatureData) -> None:
    """A row per site with a budget and one for the whole, over the capital sum; written in million USD."""
    block = builder.block(NAME, data)
    hubs, sets = builder.hubs, builder.sets
    million = 1e-6

    def spent(site: Any) -> Any:
        return sum(hubs.capital.total({"site": site, "vintage": of}, sets) * million for of in sets["vintage"])

    def spent_within_site_budget(b: Any, site: Any) -> Any:
        return spent(site) <= b.site_budget_usd[site] * million

    def spent_within_budget(b: Any) -> Any:
        return sum(spent(site) for site in sets["site"]) <= b.budget_usd * million

    if "site_budget_usd" in data:
        builder.constraint(block, "spent_within_site_budget", ("site",), spent_within_site_budget)
    if "budget_usd" in data:
        builder.constraint(block, "spent_within_budget", (), spent_within_budget)


REQUIREMENT = Requirement(NAME, "Capital budget", 150, Spec, prepare, build)
