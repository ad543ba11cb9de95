"""From the price of one run to that of another, term by term, beside the prices that were published.

    price[2] - price[1] = sum over terms j of (term_j[2] - term_j[1])                     exactly, at the same return
    published = price + public owner + aid + credits + rest                               exactly, run by run

Terms are those of `finance.price_parts`: worth of each payment at the return the owners ask, over the worth of what is
sold. What stands between the price and the published one is found step by step, each on top of those before it: an
owner who pays no tax and has all his money at one rate; aid as a grant; credits as they were published. The rest is
what none of it explains. Published prices are brought to 2024 money where their year is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from gigasite.finance.price import price_for_return
from gigasite.foundation.errors import InputError, Problem
from gigasite.results.run import Run
from gigasite.studies.finance_project import Project, with_grant
from gigasite.studies.finance_tables import grouped
from gigasite.studies.finance_what_if import AS_IT_IS, WhatIf
from gigasite.studies.financing import FinanceStudy, finance_study, without_loans

PRICE, PUBLIC_OWNER, AID, CREDITS = "price", "public_owner", "aid_inside", "credits_inside"
REST, PUBLISHED, PUBLISHED_THEN = "rest", "published", "published_in_its_own_money"
BELOW_THE_PRICE = (PRICE, PUBLIC_OWNER, AID, CREDITS, REST, PUBLISHED, PUBLISHED_THEN)
SMALL_USD_PER_MWH = 5e-7


@dataclass(frozen=True)
class FinanceBridge:
    """Two runs' prices, term by term.

    Attributes:
        studies: both runs' money.
        target: the return that the owners ask.
        table: one row per term, then the price, then what was published and what is left; USD/MWh.
        cost_ratio: what building costs in the second run over the first, in real money.
        price_ratio: the second price over the first.
        published_ratio: the second published price over the first, each in its own money; None where one is missing.
    """

    studies: tuple[FinanceStudy, FinanceStudy]
    target: float
    table: pd.DataFrame
    cost_ratio: float
    price_ratio: float
    published_ratio: float | None


def finance_bridge(
    runs: Sequence[Run], *, returns: Sequence[float] | None = None, what_if: WhatIf = AS_IT_IS
) -> FinanceBridge:
    """Set the prices of two runs side by side.

    Args:
        runs: two runs.
        returns: what the owners ask; the last counts; those of the second scenario where not given.
        what_if: another block of tranches, an overrun, a delay, of both.

    Raises:
        InputError: not two runs, prices of different kinds, or a run that cannot be financed.
    """
    if len(runs) != 2:  # noqa: PLR2004
        raise InputError(Problem("a bridge joins two runs", given=str(len(runs)), allowed="2"))
    second = finance_study(runs[1], returns=returns, what_if=what_if)
    target = tuple(second.price_of_return)[-1]
    first = finance_study(runs[0], returns=[target], what_if=what_if)
    if first.project.terms.price_terms != second.project.terms.price_terms:
        message = "the prices of these runs are agreed to move in different ways, so they cannot be set side by side"
        raise InputError(Problem(message, key="finance.price", remedy="give both scenarios the same `price:`"))
    studies = (first, second)
    columns = [_column(study, target) for study in studies]
    found = list(dict.fromkeys(name for column in columns for name in column))
    names = [name for name in found if name not in BELOW_THE_PRICE] + [
        name for name in BELOW_THE_PRICE if name in found
    ]
    table = pd.DataFrame(
        {
            "term": names,
            "first_usd_per_mwh": [columns[0].get(name) for name in names],
            "second_usd_per_mwh": [columns[1].get(name) for name in names],
        }
    ).astype({"first_usd_per_mwh": "float64", "second_usd_per_mwh": "float64"})
    table["change_usd_per_mwh"] = table["second_usd_per_mwh"] - table["first_usd_per_mwh"]
    table["price_money"] = second.price_money
    published = [_published(study) for study in studies]
    return FinanceBridge(
        studies=studies,
        target=target,
        table=table,
        cost_ratio=_built_usd(second.project) / _built_usd(first.project),
        price_ratio=second.price_of_return[target] / first.price_of_return[target],
        published_ratio=None if None in published else published[1] / published[0],  # type: ignore[operator]
    )


def _column(study: FinanceStudy, target: float) -> dict[str, float]:
    """Terms of one run, its price, and what was published."""
    price = study.price_of_return[target]
    column = {str(name): float(usd) for name, usd in grouped(study.parts[target]).items()}
    column = {name: usd for name, usd in column.items() if abs(usd) > SMALL_USD_PER_MWH} | {PRICE: price}
    said = study.project.context.scenario.published
    if said is None:
        return column
    terms, now = study.project.terms, price
    real, credit = float(said.price_usd_per_mwh), said.credit_usd_per_mwh
    if said.money_year is not None:
        deflator = study.project.context.money.deflator
        real, credit = (deflator.to_2024(usd, said.money_year) for usd in (real, credit))
    if said.public_owner_rate is not None:
        terms, target = replace(without_loans(terms), tax_rate=0.0), said.public_owner_rate
        column[PUBLIC_OWNER] = price_for_return(terms, target) - now
        now += column[PUBLIC_OWNER]
    if said.aid_usd:
        terms = replace(terms, phases=with_grant(terms.phases, said.aid_usd))
        column[AID] = price_for_return(terms, target) - now
        now += column[AID]
    if credit:
        column[CREDITS] = -credit
        now -= credit
    return column | {REST: real - now, PUBLISHED: real, PUBLISHED_THEN: float(said.price_usd_per_mwh)}


def _published(study: FinanceStudy) -> float | None:
    said = study.project.context.scenario.published
    return None if said is None else float(said.price_usd_per_mwh)


def _built_usd(project: Project) -> float:
    """What the plants cost, 2024 money."""
    technologies = {phase.name.split(" ")[0] for phase in project.terms.phases}
    table = project.run.table("investment")
    return float(table.loc[table["technology"].isin(technologies), "overnight_usd"].sum())
