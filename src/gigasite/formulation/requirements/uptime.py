"""Uptime: what a replay of outages found missing is added, turn by turn, until the replay agrees.

    sum over technologies of credit[s, y, turn] * firm[s, y] >= need[s, y, turn] * energised[s, y]

| symbol    | name                                                  | unit      | dimensions       |
|-----------|-------------------------------------------------------|-----------|------------------|
| firm      | rating at design temperature * firm credit * capacity | MW        | site, year       |
| credit    | `credit_<technology>`                                 | MW per MW | site, year, turn |
| need      | `need_mw_per_mw`                                      | MW per MW | site, year, turn |
| energised | `energised_mw`                                        | MW        | site, year       |

The arrays come from `run.uptime`: the plan of a turn is replayed, and where it falls short of the uptime asked for, it
is told how many megawatts more would have kept it (`uptime_margin_mw`), counted in the hours that went unserved:

    need = (sum over technologies of credit * firm[plan] + 1.05 * uptime margin) / energised[plan]

The credit is what one firm megawatt more would have given in those hours: machines less their planned and forced
outage, a circuit not at all while it is down, a battery as long as it lasts. So the row asks for what helps, and not
for more of what failed. Rows of earlier turns stay, which keeps a plan that failed from coming back. Edge rules: a turn
that has not been, and a site and year that has kept its uptime, ask for nothing; whoever energises less needs less, so
the rows can always be met by waiting. Cost is not proven least: another way to the same uptime may be cheaper.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from pydantic import Field

from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import Requirement
from gigasite.inputs.scenario import RequirementSpec
from gigasite.inputs.uptime_checks import FEWEST_OUTAGE_YEARS, LEAST_UPTIME, MOST_OUTAGE_YEARS
from gigasite.system.context import Context
from gigasite.system.quantity import FeatureData, Quantity

NAME = "uptime"
TURN = "uptime_turn"
MOST_TURNS = 6
"""Turns in which a plan may be tightened."""

SITE_YEAR_TURN = ("site", "year", TURN)


class Spec(RequirementSpec):
    """Options of uptime."""

    uptime: Annotated[float, Field(json_schema_extra={"minimum": LEAST_UPTIME, "exclusiveMaximum": 1})] | None = None
    """Share of the hours of a year in which all energised load is served, found by replaying outages [-]: 0.9999."""

    uptime_outage_years: (
        Annotated[int, Field(json_schema_extra={"minimum": FEWEST_OUTAGE_YEARS, "maximum": MOST_OUTAGE_YEARS})] | None
    ) = None
    """Outage years to replay; left out: as many as the uptime takes to be shown, 1,000 at least [years]."""


def prepare(context: Context) -> FeatureData:
    """Rows that ask for nothing yet; no arrays where no uptime is asked for."""
    if context.scenario.requirements.uptime is None:
        return {}
    shape = (len(context.places), len(context.years), MOST_TURNS)
    names = {name for place in context.places for name in place.settings.technologies}
    if context.scenario.lines:
        names.add("line")
    credit = {f"credit_{name}": Quantity(np.ones(shape), SITE_YEAR_TURN, "MW per MW") for name in sorted(names)}
    return {**credit, "need_mw_per_mw": Quantity(np.zeros(shape), SITE_YEAR_TURN, "MW per MW")}


def build(builder: Builder, data: FeatureData) -> None:
    """One row per site, year and turn over the firm capacity sum; nothing where no uptime is asked for."""
    if not data:
        return
    builder.add_set(TURN, list(range(1, MOST_TURNS + 1)))
    block = builder.block(NAME, data)
    hubs, sets, energised = builder.hubs, builder.sets, builder.energised_mw

    def credited_carries_the_need(b: Any, site: Any, year: Any, turn: Any) -> Any:
        index = {"site": site, "year": year}
        left = b.need_mw_per_mw[site, year, turn] * energised[site, year]
        for term in hubs.firm_capacity:
            credit, firm = getattr(b, f"credit_{term.feature}", None), term.expression(index, sets)
            left -= firm if credit is None else credit[site, year, turn] * firm  # None: what has no firm gas
        return left <= 0

    builder.constraint(block, "credited_carries_the_need", SITE_YEAR_TURN, credited_carries_the_need)


REQUIREMENT = Requirement(NAME, "Uptime", 125, Spec, prepare, build)
