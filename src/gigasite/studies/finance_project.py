"""From a run to the project that finances it: what is spent, sold and paid in every calendar year.

    spending[t]  = share[k] * overnight * price level[t],          k the year of construction that t is
    operation[t] = (cost of supply - capital)[y(t)] * price level[t]
    energy[t]    = MWh served[y(t)],                               y(t) the modelled year that stands for t

Plants are the project's own; connections, trunks and lines are paid every year as the plan pays them, their capital as
an annuity. Plants that die within the span of a modelled year are renewed for what is left of it, at the part of their
cost that the plan pays for those years. An all-in cost is taken apart, so that spending, interest and fees come to it
if nothing is late; a delay adds interest. An investment credit comes in the first year of a plant. Nothing is left at
the end.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from gigasite.finance.all_in import without_its_financing
from gigasite.finance.annuity import capital_recovery_factor
from gigasite.finance.cash_flow import ProjectTerms
from gigasite.finance.construction import MONTHS_PER_YEAR, spending_by_year
from gigasite.finance.debt import service_of_one_usd
from gigasite.finance.discounting import calendar_years
from gigasite.finance.funding import Phase
from gigasite.finance.tranches import Tranche
from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.finance_spec import FinanceSpec
from gigasite.inputs.finance_terms import Terms
from gigasite.results.cash_flow import price_level
from gigasite.results.run import Run
from gigasite.run.crosscheck.reopened import reopened_system
from gigasite.studies.finance_credits import investment_credits_usd, production_credits_usd
from gigasite.studies.finance_what_if import AS_IT_IS, WhatIf
from gigasite.system.context import Context
from gigasite.system.system import System

CAPITAL = "capital"
FIRST_PRICE_LEVEL = 2004
"""First year of the published deflator."""


@dataclass(frozen=True)
class Project:
    """A run as something to be financed.

    Attributes:
        run: the run.
        context: the inputs it was made from.
        finance: terms of the section `finance:`, or what holds without one.
        terms: what its cash follows from.
        level: USD of a year that buy what one USD of 2024 bought, by calendar year.
        all_in: technologies whose cost held its financing and was taken apart.
        asked: what is asked of the run beside what its scenario says.
    """

    run: Run
    context: Context
    finance: Terms
    terms: ProjectTerms
    level: dict[int, float]
    all_in: tuple[str, ...]
    asked: WhatIf = AS_IT_IS


def project_of(run: Run, asked: WhatIf = AS_IT_IS) -> Project:
    """The project of a run.

    Args:
        run: a written run.
        asked: what is asked of it beside what the scenario says.

    Raises:
        InputError: figures have changed since, the run is of an older version, or nothing is built or sold.
    """
    system = reopened_system(run)
    context = system.context
    spec = context.scenario.finance or FinanceSpec()
    if asked.block is not None:
        spec = spec.model_copy(update={"block": asked.block, "tranches": None} | _without_tranches(spec))
    finance = Terms(spec, context.tables)
    modelled = _modelled_years(context, finance)
    first, last = _operation(run, modelled, spec)
    years = tuple(range(first, last + 1))
    level = {year: price_level(context, year) for year in range(FIRST_PRICE_LEVEL, last + 1)}
    credited = investment_credits_usd(run, system)
    phases, all_in = [], dict[str, None]()
    for phase, technology, whole in _phases(run, system, finance, level, last, asked):
        credit = credited.get(phase.name, 0.0) * sum(phase.spending_usd.values())
        phases.append(replace(phase, investment_credit_usd=credit))
        if whole:
            all_in[technology] = None
    if not phases:
        raise InputError(Problem(f"{run.path} builds no plant, so there is nothing to finance", given=run.scenario))
    terms = ProjectTerms(
        phases=with_grant(phases, spec.grant_usd),
        years=years,
        energy_mwh=_by_year(_sums(run.load.groupby("year")["served_mwh"].sum()), years, modelled),
        operating_usd=_operating(run, years, modelled, level),
        price_level=[level[year] for year in years],
        price_terms=finance.price_terms,
        tax_rate=finance.tax_rate,
        credits_usd=production_credits_usd(run, system, years, modelled, level),
        reserve_months=spec.reserve_months,
        allowed_loss_share=finance.loss_limit,
    )
    return Project(run, context, finance, terms, level, tuple(all_in), asked)


def _without_tranches(spec: FinanceSpec) -> dict[str, Any]:
    """What is said by site and technology, but who pays."""
    nobody = {"block": None, "tranches": None}
    return {
        part: {name: terms.model_copy(update=nobody) for name, terms in getattr(spec, part).items()}
        for part in ("sites", "technologies")
    }


def _modelled_years(context: Context, finance: Terms) -> dict[int, int]:
    """The modelled year that stands for each calendar year; the last one for all after the horizon."""
    time = context.time
    spans = calendar_years(time.years, time.final_span_years)
    found = {year: span[0] for span in spans for year in span}
    until = time.years[0] + (finance.spec.operating_years or 0)
    return found | dict.fromkeys(range(max(found) + 1, until), time.years[-1])


def _operation(run: Run, modelled: dict[int, int], spec: FinanceSpec) -> tuple[int, int]:
    """First and last calendar year of operation: from the first energy served."""
    served = run.load.groupby("year")["served_mwh"].sum()
    starts = [year for year in modelled if served.get(modelled[year], 0.0) > 0]
    if not starts:
        raise InputError(Problem(f"{run.path} serves no energy, so there is nothing to sell", given=run.scenario))
    last = max(modelled) if spec.operating_years is None else starts[0] + spec.operating_years - 1
    return starts[0], min(last, max(modelled))


def _phases(
    run: Run, system: System, finance: Terms, level: dict[int, float], last: int, asked: WhatIf
) -> Iterator[tuple[Phase, str, bool]]:
    """Every plant by site, technology and year, renewed ones after it; whether its cost is an all-in one."""
    context = system.context
    if "investment" not in run.table_names:
        message = f"{run.path} was written before runs told what their plants cost"
        raise InputError(Problem(message, given=run.scenario, remedy="solve the scenario again"))
    owned = run.costs.loc[run.costs["component"] == CAPITAL, ["site", "technology"]].drop_duplicates()
    plants = run.table("investment").merge(owned, on=["site", "technology"])
    for row in plants.to_dict(orient="records"):
        site, technology, start = row["site"], row["technology"], int(row["vintage"])
        if start > last:
            continue
        kind = (context.machine_class(site, technology), context.cost_case(site, technology))
        profile, all_in = context.spending_of(technology, *kind)
        late = finance.delay_months(site, technology) + asked.delay_months
        for usd, begins in ((row["overnight_usd"], start), *_renewed(context, row, last)):
            cost = usd * asked.overrun_factor
            phase = Phase(
                name=f"{technology} {site} {begins}" + ("" if begins == start else f", renewed {start}"),
                start_year=begins,
                spending_usd=_nominal(_spread(cost, profile, begins, 0.0), level),
                tranches=tuple(_within(each, last - begins + 1) for each in finance.tranches(site, technology)),
                depreciation_shares=finance.depreciation(technology),
            )
            inside = _share_inside(phase) if all_in else 1.0
            spent = _nominal(_spread(cost * inside, profile, begins, late), level)
            yield replace(phase, spending_usd=spent), technology, all_in


def _share_inside(phase: Phase) -> float:
    """Part of an all-in cost that is spent on building, had nothing been late; the rest is interest and fees."""
    loans = (tranche for tranche in phase.tranches if tranche.is_debt)
    service = {loan.name: service_of_one_usd(loan.repayment, loan.rate, loan.tenor_years or 1) for loan in loans}
    inside = without_its_financing(phase, service).spending_usd
    return sum(inside.values()) / sum(phase.spending_usd.values())


def _spread(usd: float, profile: list[float], start: int, delay_months: float) -> dict[int, float]:
    """What is spent by year, so much earlier as the start is late; parts of a year between the years beside it."""
    years, part = divmod(delay_months / MONTHS_PER_YEAR, 1.0)
    found: defaultdict[int, float] = defaultdict(float)
    for share, delay in ((1.0 - part, int(years)), (part, int(years) + 1)):
        for year, spent in spending_by_year(share * usd, profile, start_year=start, delay_years=delay).items():
            if spent:
                found[year] += spent
    return dict(sorted(found.items()))


def _nominal(real: dict[int, float], level: dict[int, float]) -> dict[int, float]:
    first = min(real)
    if first < FIRST_PRICE_LEVEL:
        message = "a plant that is so late would have been begun before prices are known"
        allowed = f"a first year of building from {FIRST_PRICE_LEVEL} on"
        raise InputError(Problem(message, given=str(first), allowed=allowed, remedy="shorten the delay"))
    return {year: usd * level[year] for year, usd in real.items()}


def _within(tranche: Tranche, years: int) -> Tranche:
    """A tranche whose tenor ends with operation; a tenor of its own that is too long was refused with the scenario."""
    return replace(tranche, tenor_years=min(tranche.tenor_years, years)) if tranche.tenor_years else tranche


def _renewed(context: Context, row: dict[Any, Any], last: int) -> Iterator[tuple[float, int]]:
    """What renews a plant that dies within a span, and when: the part of its cost that the plan pays for the rest.

    renewed = overnight * crf(k, L) / crf(k, m),   m years from the end of its life to the end of the span
    """
    site, technology, vintage = row["site"], row["technology"], int(row["vintage"])
    life = context.economic_life_years(site, technology)
    rate = context.cost_of_capital(site, technology)
    end = vintage + math.ceil(life)
    for span in calendar_years(context.time.years, context.time.final_span_years):
        until = max(span[-1], last) if span[0] == context.time.years[-1] else span[-1]
        if span[0] < end <= min(until, last):
            left = until - end + 1
            part = capital_recovery_factor(rate, life) / capital_recovery_factor(rate, left)
            yield float(row["overnight_usd"]) * part, end


def _sums(series: pd.Series) -> dict[int, float]:
    return {int(year): float(value) for year, value in series.items()}  # type: ignore[call-overload]


def _by_year(values: dict[int, float], years: tuple[int, ...], modelled: dict[int, int]) -> list[float]:
    return [float(values.get(modelled[year], 0.0)) for year in years]


def _operating(
    run: Run, years: tuple[int, ...], modelled: dict[int, int], level: dict[int, float]
) -> dict[str, list[float]]:
    """Cost of operation by component, in the money of each year."""
    costs = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS) & (run.costs["component"] != CAPITAL)]
    sums = costs.groupby(["component", "year"], sort=False)["cost_usd_per_year"].sum()
    names = [name for name in SUPPLY_COMPONENTS if name in sums.index.get_level_values("component")]
    money = np.array([level[year] for year in years])
    return {name: (np.array(_by_year(_sums(sums[name]), years, modelled)) * money).tolist() for name in names}


def with_grant(phases: Sequence[Phase], grant_usd: float) -> tuple[Phase, ...]:
    """The aid, shared over the plants that start first by what they cost.

    Raises:
        InputError: it is more than they cost.
    """
    first = min(phase.start_year for phase in phases)
    spent = sum(sum(phase.spending_usd.values()) for phase in phases if phase.start_year == first)
    if grant_usd > spent:
        message = f"the aid is more than the plants of {first} cost, to which it goes"
        allowed = f"{spent:,.0f} USD or less"
        raise InputError(Problem(message, key="finance.grant_usd", given=f"{grant_usd:,.0f} USD", allowed=allowed))
    return tuple(
        replace(phase, grant_usd=phase.grant_usd + grant_usd * sum(phase.spending_usd.values()) / spent)
        if phase.start_year == first and grant_usd
        else phase
        for phase in phases
    )
