"""Whether the tax credits that a scenario asks for exist, and whether its sites can have some."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.foundation.errors import Problem, did_you_mean
from gigasite.inputs.scenario import Scenario
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted
from gigasite.inputs.tables import Tables

_CREDITS: KeyPath = ("requirements", "tax_credits")
_SITES: KeyPath = ("requirements", "existing_nuclear_sites")
_RECEIPTS: KeyPath = ("requirements", "existing_nuclear_receipts_usd_per_mwh")
_REACTORS = ("large_reactor", "small_modular_reactor")
_OF_EXISTING = "45u"
_COUNTRY = "US"


def credit_problems(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield every unknown credit, and everything said of existing reactors that has no effect."""
    asked = getattr(scenario.requirements, "tax_credits", False)
    names = () if isinstance(asked, bool) else asked
    if tables is not None and tables.has("tax_credits"):
        yield from _unknown(source, names, tables.values("tax_credits", "credit"))
    if asked and tables is not None:
        yield from _nowhere(scenario, source, tables)
    yield from _existing(scenario, source, bool(asked) and (asked is True or _OF_EXISTING in names))


def credit_notes(scenario: Scenario, source: SourceMap, tables: Tables | None) -> Iterator[Problem]:
    """Yield a hint on sites that have no credit though the scenario counts them."""
    if not getattr(scenario.requirements, "tax_credits", False) or tables is None:
        return
    abroad = _abroad(scenario, tables)
    if abroad and not _all_abroad(scenario, abroad):
        message = f"tax credits are those of the United States: {', '.join(abroad)} {_have(abroad)} none"
        yield Problem(message, source.key_origin_of(_CREDITS), dotted(_CREDITS))


def _nowhere(scenario: Scenario, source: SourceMap, tables: Tables) -> Iterator[Problem]:
    """Refuse credits that no site can have."""
    abroad = _abroad(scenario, tables)
    if _all_abroad(scenario, abroad):
        message = f"tax credits are those of the United States, where none of the sites lies: {', '.join(abroad)}"
        remedy = "take the key out, or write false"
        yield Problem(message, source.key_origin_of(_CREDITS), dotted(_CREDITS), remedy=remedy)


def _abroad(scenario: Scenario, tables: Tables) -> list[str]:
    """Return the sites that lie outside the United States, as the layer of sites has it."""
    return [site for site, spec in scenario.sites.items() if _country(tables, spec.like or site) != _COUNTRY]


def _country(tables: Tables, site: str) -> str:
    return str(tables.site(site).get("country") or _COUNTRY)


def _all_abroad(scenario: Scenario, abroad: list[str]) -> bool:
    rest = scenario.national is not None and scenario.national.include_rest_of_state
    return bool(abroad) and len(abroad) == len(scenario.sites) and not rest


def _have(sites: list[str]) -> str:
    return "has" if len(sites) == 1 else "have"


def _unknown(source: SourceMap, names: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Problem]:
    for index, name in enumerate(names):
        path: KeyPath = (*_CREDITS, index)
        if name not in known:
            remedy = did_you_mean(name.lower(), known) or "write true for all of them"
            message = "this tax credit is not known"
            yield Problem(message, source.origin_of(path), dotted(path), name, ", ".join(known), remedy)
        elif name in names[:index]:
            message = "this tax credit is asked for twice"
            yield Problem(message, source.origin_of(path), dotted(path), name, remedy="once is enough")


def _existing(scenario: Scenario, source: SourceMap, counted: bool) -> Iterator[Problem]:
    sites: tuple[str, ...] = getattr(scenario.requirements, "existing_nuclear_sites", ())
    receipts = getattr(scenario.requirements, "existing_nuclear_receipts_usd_per_mwh", None)
    for path, said in ((_SITES, bool(sites)), (_RECEIPTS, receipts is not None)):
        if said and not counted:
            message = f"{path[-1]} is for the credit 45u, which is not counted"
            remedy = "write `tax_credits: true`, or add 45u to its list, or take this key out"
            yield Problem(message, source.key_origin_of(path), dotted(path), remedy=remedy)
    if receipts is not None and not sites:
        message = "nobody earns these receipts: no site of existing reactors is named"
        remedy = "write `existing_nuclear_sites:` beside it"
        yield Problem(message, source.key_origin_of(_RECEIPTS), dotted(_RECEIPTS), remedy=remedy)
    for index, site in enumerate(sites):
        at: KeyPath = (*_SITES, index)
        if site not in scenario.sites:
            near = did_you_mean(site, scenario.sites)
            message = "this site is not in the scenario"
            yield Problem(message, source.origin_of(at), dotted(at), site, ", ".join(scenario.sites), near)
        elif not any(name in _REACTORS for name in scenario.sites[site].technologies):
            message = f"{site} has no reactor that could have stood before"
            remedy = "list large_reactor there, with `capacity_mw`, `earliest_year` and `capex_usd_per_kw: 0`"
            yield Problem(message, source.origin_of(at), dotted(at), site, remedy=remedy)
