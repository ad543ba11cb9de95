"""Whether the terms of `finance:` hold together: shares, tenors, rates, covers, currencies; told where they stand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date

from gigasite.finance.cash_flow import BUSINESS, GUARANTOR, RESERVE
from gigasite.finance.tranches import DEBT_KINDS, EQUITY_KINDS, LEAST_NEXI_COVER, NEXI_LOAN
from gigasite.foundation.errors import Problem, did_you_mean
from gigasite.inputs.capacity_checks import default_of
from gigasite.inputs.finance_spec import FinanceSpec, FinanceTerms, PriceSpec, TrancheSpec
from gigasite.inputs.finance_terms import BLOCKS, Terms, exchange_rates
from gigasite.inputs.scenario import Scenario, technology_options
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

_FINANCE: KeyPath = ("finance",)
_SHARES_MAY_MISS = 1e-9
_PARTIES = (*BUSINESS, GUARANTOR, RESERVE)
"""Names of a cash flow that no tranche may take."""


def finance_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every fault of the section; nothing where a scenario has none."""
    spec = scenario.finance
    if spec is None:
        return
    faults = [*_names(scenario, source, spec), *_price(source, spec), *_returns(source, spec)]
    for path, terms in _said(spec):
        faults.extend(_who_pays(source, path, terms, spec))
    if tables is not None and tables.has("exchange_rates"):
        faults.extend(_exchange(source, spec, tables))
    yield from faults
    if tables is not None and not faults and _whole(source, spec):
        yield from _tenors(scenario, source, spec, tables)
        yield from _worth(scenario, source, Terms(spec, tables))
        yield from _cover(scenario, source, Terms(spec, tables))


def _said(spec: FinanceSpec) -> Iterator[tuple[KeyPath, FinanceSpec | FinanceTerms]]:
    """Every place where tranches may be written, with its path."""
    yield _FINANCE, spec
    for part in ("sites", "technologies"):
        for name, terms in getattr(spec, part).items():
            yield (*_FINANCE, part, name), terms


def _unread(source: SourceMap, path: KeyPath, terms: FinanceSpec | FinanceTerms) -> bool:
    """Whether a tranche is written that could not be read: that has been told."""
    at = (*path, "tranches")
    written = {key[len(at)] for key in source.origins if key[: len(at)] == at and len(key) > len(at)}
    return bool(written - set(terms.tranches or {}))


def _whole(source: SourceMap, spec: FinanceSpec) -> bool:
    """Whether every tranche has what it needs; one that could not be read, or its tenor, has been told."""
    return not any(
        _unread(source, path, terms)
        or any(each.tenor_years is None and each.kind in DEBT_KINDS for each in (terms.tranches or {}).values())
        for path, terms in _said(spec)
    )


def _names(scenario: Scenario, source: SourceMap, spec: FinanceSpec) -> Iterator[Problem]:
    used = dict.fromkeys(name for site in scenario.sites.values() for name in site.technologies)
    for part, what, known in (("sites", "site", list(scenario.sites)), ("technologies", "technology", list(used))):
        for name in getattr(spec, part):
            path: KeyPath = (*_FINANCE, part, name)
            if name not in known:
                message = f"no such {what} is in the scenario, so these terms would move nothing"
                near = did_you_mean(name, known)
                yield Problem(message, source.key_origin_of(path), dotted(path), name, ", ".join(known), near)


def _price(source: SourceMap, spec: FinanceSpec) -> Iterator[Problem]:
    """Refuse terms of a price that its kind does not have."""
    for key, kind in (("indexed_share", "indexed"), ("margin_share", "cost_plus")):
        path: KeyPath = (*_FINANCE, "price", key)
        usual = PriceSpec.model_fields[key].default  # which the settings of a run spell out
        if spec.price.kind != kind and getattr(spec.price, key) != usual and path in source.origins:
            message = f"{key} is for `kind: {kind}`; a price that is {spec.price.kind} does not have it"
            yield Problem(message, source.key_origin_of(path), dotted(path), remedy="take it out, or change the kind")


def _returns(source: SourceMap, spec: FinanceSpec) -> Iterator[Problem]:
    for index, rate in enumerate(spec.target_equity_returns):
        path: KeyPath = (*_FINANCE, "target_equity_returns", index)
        if rate < 0 and not spec.allow_negative_rate:
            yield _negative(source, path, rate)
        if rate in spec.target_equity_returns[:index]:
            yield Problem("this return is sought twice", source.origin_of(path), dotted(path), f"{rate:g}")


def _negative(source: SourceMap, path: KeyPath, rate: float) -> Problem:
    message = "this rate is below zero"
    remedy = "write `allow_negative_rate: true` below `finance:` if it is meant"
    return Problem(message, source.origin_of(path), dotted(path), f"{rate:g} a year", "0 or more", remedy)


def _who_pays(
    source: SourceMap, path: KeyPath, terms: FinanceSpec | FinanceTerms, spec: FinanceSpec
) -> Iterator[Problem]:
    if terms.block is not None:
        at = (*path, "block")
        if terms.block not in BLOCKS:
            near = did_you_mean(terms.block, BLOCKS) or "or write `tranches:` of its own"
            message = "there is no such block of tranches"
            yield Problem(message, source.origin_of(at), dotted(at), terms.block, ", ".join(BLOCKS), near)
        if terms.tranches is not None:
            message = "a block and tranches are both given"
            yield Problem(message, source.key_origin_of(at), dotted(at), terms.block, remedy="keep one of them")
    if terms.tranches is None:
        return
    at = (*path, "tranches")
    if not _unread(source, path, terms):
        yield from _shares(source, at, terms.tranches)
    for name, tranche in terms.tranches.items():
        yield from _tranche(source, (*at, name), tranche, allowed=spec.allow_negative_rate)


def _shares(source: SourceMap, at: KeyPath, tranches: Mapping[str, TrancheSpec]) -> Iterator[Problem]:
    total = math.fsum(tranche.share for tranche in tranches.values())
    if abs(total - 1.0) > _SHARES_MAY_MISS:
        word = "over" if total > 1 else "under"
        message = f"the shares of the tranches come to {word} 100 %"
        each = " + ".join(f"{tranche.share:g}" for tranche in tranches.values()) or "none"
        remedy = "raise one of them" if total < 1 else "lower one of them"
        yield Problem(message, source.key_origin_of(at), dotted(at), f"{each} = {total:g}", "1 in all", remedy)
    if not any(t.share > 0 and t.kind in EQUITY_KINDS for t in tranches.values()):
        message = "nobody owns the project: no tranche of equity has a share"
        allowed = f"a tranche of kind {' or '.join(EQUITY_KINDS)} with a share above 0"
        yield Problem(message, source.key_origin_of(at), dotted(at), allowed=allowed, remedy="add one")


def _tranche(source: SourceMap, path: KeyPath, tranche: TrancheSpec, *, allowed: bool) -> Iterator[Problem]:
    if path[-1] in _PARTIES:
        message = "tables of cash call another party so, and the two would run together"
        remedy = "name the tranche otherwise"
        yield Problem(message, source.key_origin_of(path), dotted(path), str(path[-1]), remedy=remedy)
    if tranche.rate < 0 and not allowed:
        yield _negative(source, (*path, "rate"), tranche.rate)
    at: KeyPath = (*path, "tenor_years")
    if tranche.kind in DEBT_KINDS and tranche.tenor_years is None and at not in source.origins:
        message = f"a {tranche.kind} is paid back, but no tenor is given"
        yield Problem(message, source.key_origin_of(path), dotted(at), allowed="years", remedy="write `tenor_years:`")
    if tranche.kind == NEXI_LOAN and tranche.guarantee_share < LEAST_NEXI_COVER:
        at = (*path, "guarantee_share")
        where = source.origin_of(at) if at in source.origins else source.key_origin_of(path)
        message = "NEXI covers at least 90 % of a loan"
        yield Problem(message, where, dotted(at), f"{tranche.guarantee_share:g}", f"{LEAST_NEXI_COVER:g} to 1")
    if tranche.guarantee_fee > 0 and tranche.guarantee_share == 0:
        at = (*path, "guarantee_fee")
        remedy = "write `guarantee_share:` beside it, or take it out"
        yield Problem("a fee is paid for no cover", source.key_origin_of(at), dotted(at), remedy=remedy)
    if tranche.kind in EQUITY_KINDS:
        for key in ("tenor_years", "guarantee_share", "guarantee_fee", "upfront_fee", "repayment"):
            at = (*path, key)
            if at in source.origins and getattr(tranche, key) != TrancheSpec.model_fields[key].default:
                message = f"{key} is of a loan; a {tranche.kind} does not have it"
                yield Problem(message, source.key_origin_of(at), dotted(at), remedy="take it out")


def _exchange(source: SourceMap, spec: FinanceSpec, tables: Tables) -> Iterator[Problem]:
    at, day = (*_FINANCE, "exchange_date"), spec.exchange_date
    if spec.currency == "USD":
        if day is not None:
            message = "no other currency is asked for"
            yield Problem(message, source.key_origin_of(at), dotted(at), day, remedy="write `currency: JPY` beside it")
        return
    rates = exchange_rates(tables, spec.currency)
    first = min(rates.per_usd)
    allowed = f"a day from {first} on; rates are of {', '.join(str(known) for known in rates.per_usd)}"
    path: KeyPath = (*_FINANCE, "currency")
    if day is None:
        message = f"an exchange rate is missing: no day is given for {spec.currency}"
        yield Problem(message, source.origin_of(path), dotted(at), allowed=allowed, remedy="write `exchange_date:`")
        return
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        yield Problem("there is no such day", source.origin_of(at), dotted(at), day, allowed)
        return
    if asked < first:
        message = f"an exchange rate is missing: {spec.currency} is not known so early"
        remedy = "name a later day, or bring `inputs/exchange_rates.csv` beside the scenario"
        yield Problem(message, source.origin_of(at), dotted(at), day, allowed, remedy)


def _tenors(scenario: Scenario, source: SourceMap, spec: FinanceSpec, tables: Tables) -> Iterator[Problem]:
    """Refuse a loan that outlives a plant it pays for, or operation as a whole."""
    runs = spec.operating_years or scenario.horizon.final_span_years
    word = "operation ends" if spec.operating_years else "the horizon ends"
    for path, terms in _said(spec):
        lives = {} if terms.tranches is None else _lives(scenario, path, tables)
        for name, tranche in (terms.tranches or {}).items():
            at = (*path, "tranches", name, "tenor_years")
            tenor = tranche.tenor_years or 0
            short = {plant: life for plant, life in lives.items() if tenor > life}
            if short:
                plant = min(short, key=lambda each: short[each])
                message = f"this loan is paid back after the life of {plant}"
                allowed = f"{short[plant]:g} years or less"
                yield Problem(message, source.origin_of(at), dotted(at), f"{tenor} years", allowed)
            elif tenor > runs:
                message = f"this loan is paid back after {word}, for plants of the last modelled year"
                remedy = "shorten it, or raise `operating_years` or `horizon.final_span_years`"
                yield Problem(message, source.origin_of(at), dotted(at), f"{tenor} years", f"{runs} or less", remedy)


def _lives(scenario: Scenario, path: KeyPath, tables: Tables) -> dict[str, float]:
    """Years in which the plants that a set of tranches pays for are paid off, by technology and site."""
    found = {}
    for site, spec in scenario.sites.items():
        for name in spec.technologies:
            other = len(path) > 1 and path[-1] not in (site, name)
            options = technology_options(scenario, site, name)
            if other or not options.is_built:
                continue
            kind = options.machine_class or default_of(tables, name, "machine_class") or ""
            case = options.cost_case or default_of(tables, name, "cost_case") or ""
            life, paid = (
                tables.figure(
                    "technologies",
                    technology=name,
                    machine_class=kind,
                    cost_case=case,
                    parameter=parameter,
                    default=math.inf,
                ).value
                for parameter in ("lifetime_years", "economic_life_years")
            )
            found[f"{name} at {site}"] = min(life, options.economic_life_years or paid)
    return found


def _cover(scenario: Scenario, source: SourceMap, terms: Terms) -> Iterator[Problem]:
    """Refuse a cover of debt service where nothing is lent."""
    plants = [(site, name) for site, spec in scenario.sites.items() for name in spec.technologies]
    lent = (each.share for plant in plants for each in terms.tranches(*plant) if each.is_debt)
    path: KeyPath = (*_FINANCE, "target_dscr")
    if terms.spec.target_dscr is not None and not any(share > 0 for share in lent):
        message, remedy = "nothing is lent, so there is no debt service to cover", "take it out, or add a loan"
        yield Problem(message, source.key_origin_of(path), dotted(path), f"{terms.spec.target_dscr:g}", None, remedy)


def _worth(scenario: Scenario, source: SourceMap, terms: Terms) -> Iterator[Problem]:
    """Refuse a cost of capital that prices swallow: no annuity is left of it."""
    for site, spec in scenario.sites.items():
        for name in spec.technologies:
            real = terms.cost_of_capital_real(site, name)
            if real < 0:
                message = f"after tax and inflation the cost of capital of {name} at {site} is below zero"
                remedy = "raise the rates or the share of equity, or write `cost_of_capital_real:` of the technology"
                yield Problem(message, source.key_origin_of(_FINANCE), "finance", f"{real:.4f}", "0 or more", remedy)
                return
