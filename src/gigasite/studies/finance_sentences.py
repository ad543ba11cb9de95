"""A run's money in three sentences: the price it needs, what the project takes and gives, what the price is made of."""

from __future__ import annotations

import math

import pandas as pd

from gigasite.results.words import dollars, listed
from gigasite.studies.finance_bridge import PRICE, PUBLISHED, PUBLISHED_THEN, REST, FinanceBridge
from gigasite.studies.finance_what_if import AS_IT_IS
from gigasite.studies.financing import REAL, FinanceStudy

TERM_WORDS = {
    "construction": "building",
    "interest_during_construction": "interest while building",
    "loans": "loans",
    "fees": "fees of loans",
    "reserve": "reserve account",
    "fixed_om": "fixed O&M",
    "variable_om": "variable O&M",
    "co2": "carbon",
    "tax": "tax on income",
    "tax_credit": "tax credits",
    "aid": "aid to building",
    "passed_on": "cost passed on",
    "above_target": "above the return",
    "price": "price",
    "public_owner": "a public owner's money and no tax",
    "aid_inside": "aid in the published price",
    "credits_inside": "credits in the published price",
    "rest": "not explained",
    "published": "published, in the same money",
    "published_in_its_own_money": "published, in its own money",
}
MANY = 4


def term_words(name: str) -> str:
    """A term as a planner says it.

    >>> term_words("loans"), term_words("grid_energy")
    ('loans', 'grid energy')
    """
    return TERM_WORDS.get(name, name.replace("_", " "))


def sentences(study: FinanceStudy) -> list[str]:
    """Three sentences on one run."""
    return [_price(study), _project(study), _parts(study)]


def lcoe_sentence(study: FinanceStudy) -> str:
    """The levelised cost, and the way to it from the plan's cost of supply where both count the same money."""
    figures, terms = study.metrics, study.project.terms
    lcoe, untaxed = study.lcoe_usd_per_mwh, study.lcoe_before_tax_usd_per_mwh
    text = (
        f"LCOE {lcoe:,.2f} USD/MWh at the after-tax cost of capital of {100 * study.wacc:.2f} % nominal, "
        f"{100 * figures['wacc_after_tax_real']:.2f} % real"
    )
    if study.project.asked != AS_IT_IS or study.price_money != REAL or terms.price_terms.indexed_share != 1.0:
        return f"{text}."
    plan = float(study.run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    return (
        f"{text}: the plan's {plan:,.2f}, tax on income {lcoe - untaxed:+,.2f}, and {untaxed - plan:+,.2f} because "
        f"here plants are paid for as they are built and have earned it back by {terms.years[-1]}, while the plan pays "
        "for them in equal parts over their lives, with what risk adds, and leaves out those after the horizon."
    )


def _price(study: FinanceStudy) -> str:
    asked = [f"{price:,.1f} for {100 * target:g} %" for target, price in study.price_of_return.items()]
    money = "in 2024 money, rising with prices" if study.price_money == REAL else "in dollars of every year"
    if study.project.terms.price_terms.kind == "cost_plus":
        money = "for capital alone, fuel and operation passed on"
    cost = float(study.run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    lenders = [
        f"; for cash to cover debt service {cover:g} times in every year, {price:,.1f}"
        for cover, price in study.price_of_cover.items()
    ]
    asked_cover = study.project.finance.spec.target_dscr
    if asked_cover is not None and not lenders:
        lenders = [f"; nothing is lent for this plan, so no price is sought for a cover of {asked_cover:g}"]
    return (
        f"To give its owners their return after tax, power must fetch {listed(asked)} (USD/MWh {money})"
        f"{''.join(lenders)}; the plan's cost of supply, before tax on income, is {cost:,.1f}."
    )


def _project(study: FinanceStudy) -> str:
    figures = study.metrics
    back, funded = figures["equity_payback_year"], dollars(figures["funded_usd_nominal"])
    rate = figures["equity_irr_nominal"]
    earned = "nothing" if math.isnan(rate) else f"{100 * rate:.1f} % a year"
    text = (
        f"At {study.price_usd_per_mwh:,.1f} USD/MWh the project takes {funded} of the day to build, "
        f"{100 * figures['lent_share']:.0f} % of it lent, and returns {earned} to its owners"
    )
    text += ", who never have their money back" if math.isnan(back) else f", who have their money back in {back:.0f}"
    if math.isnan(figures["dscr_min"]):
        return f"{text}."
    years = study.tables["years"].dropna(subset=["dscr"])
    year = int(years["year"].iloc[int(years["dscr"].to_numpy().argmin())])
    least, mean = figures["dscr_min"], figures["dscr_mean"]
    text += f"; cash covers debt service {least:.2f} times in the worst year, {year}, and {mean:.2f} on average"
    short = int((years["dscr"] < 1.0).sum())
    return f"{text}." if short == 0 else f"{text}, and falls short of it in {short} years, which the owners make up."


def _parts(study: FinanceStudy) -> str:
    target = tuple(study.price_of_return)[-1]
    table = study.tables["price_parts"]
    parts = table[table["target_equity_return"] == target].set_index("part")["usd_per_mwh"]
    largest = parts[parts.abs().sort_values(ascending=False).index][:MANY]
    told = [f"{term_words(str(name))} {usd:,.1f}" for name, usd in largest.items()]
    left = float(parts.sum() - largest.sum())
    price = study.price_of_return[target]
    return f"The {price:,.1f} for {100 * target:g} % are made of {listed([*told, f'the rest {left:,.1f}'])}."


def bridge_sentences(bridge: FinanceBridge) -> list[str]:
    """Three sentences on what lies between two runs."""
    first, second = bridge.studies
    table = bridge.table.set_index("term")
    price = table.loc[PRICE]
    before, after = price["first_usd_per_mwh"], price["second_usd_per_mwh"]
    rise = (
        f"From {first.run.scenario} to {second.run.scenario} building gets {bridge.cost_ratio:.2f} times as dear in "
        f"real money, and the price for {100 * bridge.target:g} % goes from {before:,.1f} to {after:,.1f} USD/MWh, "
        f"{bridge.price_ratio:.2f} times."
    )
    told = [rise]
    change = _terms(table)["change_usd_per_mwh"]
    moved = change[change.abs().sort_values(ascending=False).index]
    moved = moved[moved.abs() > 0.05][:MANY]  # noqa: PLR2004 - what rounds to nothing is left out
    parts = [f"{term_words(str(name))} {usd:+,.1f}" for name, usd in moved.items()]
    left = float(change.sum() - moved.sum())
    told.append(f"Of the {price['change_usd_per_mwh']:+,.1f}, {listed([*parts, f'the rest {left:+,.1f}'])}.")
    if PUBLISHED_THEN in table.index and bridge.published_ratio is not None:
        then, rest, real = (table.loc[name] for name in (PUBLISHED_THEN, REST, PUBLISHED))
        sides = ("first_usd_per_mwh", "second_usd_per_mwh")
        (then_1, then_2), (real_1, real_2), (rest_1, rest_2) = (
            [row[side] for side in sides] for row in (then, real, rest)
        )
        told.append(
            f"Published were {then_1:g} and {then_2:g} USD/MWh, {bridge.published_ratio:.2f} times ({real_1:,.1f} and "
            f"{real_2:,.1f} in 2024 money): beside ours with what they count on, {rest_1:+,.1f} and {rest_2:+,.1f} "
            "stay unexplained."
        )
    return told


def _terms(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of a bridge that add up to its price."""
    return table.iloc[: table.index.get_loc(PRICE)].fillna(0.0)
