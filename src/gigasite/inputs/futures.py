"""Each future of a scenario as a scenario of its own: what it overrides over the rest, every key with its place."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import Problem, did_you_mean
from gigasite.inputs.futures_spec import NAME
from gigasite.inputs.source_map import KeyPath, SourceMap, dotted

if TYPE_CHECKING:
    from gigasite.inputs.scenario import Scenario

SECTION, CASES, PROBABILITY = "futures", "cases", "probability"
ADD_UP_WITHIN = 1e-6
SAME_IN_ALL = {
    "name": "every future is named after the scenario and itself",
    "title": "every future is titled after the scenario and itself",
    "question": "the scenario asks for all of its futures",
    "template": "a future is no file",
    "extends": "a future extends the scenario it stands in",
    "horizon": "all futures have the same years and time steps",
    "money": "costs of all futures are brought to one present value",
    "published": "it is the scenario's own",
    "partnership": "it is the scenario's own",
    "solve": "all futures are solved together",
    "futures": "a future has no futures",
}
"""Keys that a future cannot override, and why."""


def names_of(source: SourceMap) -> tuple[str, ...]:
    """Return the futures that are written as tables under a name that may be used."""
    section = source.data.get(SECTION)
    cases = section.get(CASES) if isinstance(section, dict) else None
    written = cases.items() if isinstance(cases, dict) else ()
    return tuple(str(name) for name, said in written if isinstance(said, dict) and re.fullmatch(NAME, str(name)))


def with_future(source: SourceMap, name: str) -> SourceMap:
    """Return the scenario as one future has it, without `futures:`; every key keeps the place that wrote it.

    Mappings merge, the future wins; null takes away what the scenario says.
    """
    at: KeyPath = (SECTION, CASES, name)
    data = {key: value for key, value in copy.deepcopy(source.data).items() if key != SECTION}
    origins = {path: origin for path, origin in source.origins.items() if path[:1] != (SECTION,)}
    key_origins = {path: origin for path, origin in source.key_origins.items() if path[:1] != (SECTION,)}
    said = {key: value for key, value in source.value_at(at).items() if key not in (PROBABILITY, *SAME_IN_ALL)}

    def lay(over: dict[Any, Any], what: Mapping[Any, Any], path: KeyPath) -> None:
        for key, value in what.items():
            below: KeyPath = (*path, key)
            if isinstance(value, dict) and isinstance(over.get(key), dict):
                lay(over[key], value, below)
                continue
            over.pop(key, None)
            for known in (origins, key_origins):
                for gone in [one for one in known if one[: len(below)] == below]:
                    del known[gone]
            if value is None:
                continue
            over[key] = copy.deepcopy(value)
            for known, written in ((origins, source.origins), (key_origins, source.key_origins)):
                first = (*at, *below)
                known.update({one[len(at) :]: origin for one, origin in written.items() if one[: len(first)] == first})

    lay(data, said, ())
    title = str(data.get("title") or data.get("name", ""))
    data |= {"name": f"{data.get('name', '')}-{name}", "title": f"{title}, {name}"}
    return replace(source, data=data, origins=origins, key_origins=key_origins, problems=())


def as_of_future(problem: Problem, source: SourceMap, name: str) -> Problem:
    """Return the problem of one future: with its whole key where the future wrote it, else with its name."""
    at: KeyPath = (SECTION, CASES, name)
    places = (*source.origins.items(), *source.key_origins.items())
    if problem.key in source.data.get(SECTION, {}).get(CASES, {}).get(name, {}) and problem.allowed:
        keys = [key for key in problem.allowed.split(", ") if key not in SAME_IN_ALL]
        problem = replace(problem, allowed=", ".join(keys))
    if problem.key and problem.origin in {origin for path, origin in places if path[: len(at)] == at}:
        return replace(problem, key=f"{dotted(at)}.{problem.key}")
    return replace(problem, message=f"in the future {name}: {problem.message}")


def futures_problems(scenario: Scenario, source: SourceMap) -> Iterator[Problem]:
    """Yield what is wrong with the section itself: probabilities, the year, keys that cannot differ."""
    futures = scenario.futures
    if futures is None:
        return
    if len(futures.cases) == 1:
        path: KeyPath = (SECTION, CASES)
        remedy = f"write a second one, or take `{SECTION}:` out"
        yield Problem("one future alone is no choice", source.origin_of(path), dotted(path), "1", "2 or more", remedy)
    total = sum(one.probability for one in futures.cases.values())
    if abs(total - 1.0) > ADD_UP_WITHIN:
        told = " + ".join(f"{one.probability:g}" for one in futures.cases.values())
        yield Problem(
            "the probabilities of the futures do not add up to 1",
            source.origin_of((SECTION, CASES)),
            f"{SECTION}.{CASES}",
            f"{told} = {total:.6g}",
            "1",
            "change one of them",
        )
    years = scenario.horizon.years
    if not years[0] < futures.known_in <= years[-1]:
        early = futures.known_in <= years[0]
        said = "so nothing is decided before it is known" if early else "so it would never be known"
        message = f"the modelled years are {years[0]} to {years[-1]}, {said}"
        allowed = f"a year after {years[0]}, up to {years[-1]}" if len(years) > 1 else "two modelled years or more"
        path = (SECTION, "known_in")
        yield Problem(message, source.origin_of(path), dotted(path), str(futures.known_in), allowed)
    if futures.follow is not None and futures.follow not in futures.cases:
        path = (SECTION, "follow")
        near = did_you_mean(futures.follow, futures.cases)
        message, known = "there is no such future to be followed", ", ".join(futures.cases)
        yield Problem(message, source.origin_of(path), dotted(path), futures.follow, known, near)
    if getattr(scenario.requirements, "uptime", None) is not None:
        message = (
            "an uptime is kept by solving and replaying one future after another; futures cannot be solved together"
        )
        remedy = f"take `uptime` out here, and ask for it in a scenario without `{SECTION}:`"
        yield Problem(message, source.key_origin_of(("requirements", "uptime")), "requirements.uptime", remedy=remedy)
    for name, one in futures.cases.items():
        for key in one.overrides:
            if key in SAME_IN_ALL:
                path = (SECTION, CASES, name, key)
                remedy = "write it for the scenario as a whole, or take it out"
                message = f"a future cannot say this: {SAME_IN_ALL[key]}"
                yield Problem(message, source.key_origin_of(path), dotted(path), key, remedy=remedy)


def unlike(scenario: Scenario, future: Scenario, name: str, source: SourceMap) -> Iterator[Problem]:
    """Yield where a future has other sites, technologies or lines than its scenario: what may be built is the same."""
    pairs: list[tuple[str, KeyPath, set[str], set[str]]] = [
        ("sites", ("sites",), set(scenario.sites), set(future.sites)),
        ("lines", ("lines",), set(scenario.lines), set(future.lines)),
    ]
    for site in scenario.sites.keys() & future.sites.keys():
        mine, its = (set(one.sites[site].technologies) for one in (scenario, future))
        pairs.append(("technologies", ("sites", site, "technologies"), mine, its))
    for what, path, mine, its in pairs:
        if mine != its:
            at: KeyPath = (SECTION, CASES, name, *path)
            yield Problem(
                f"this future has other {what} than the scenario",
                source.origin_of(at),
                dotted(at),
                ", ".join(sorted(mine ^ its)),
                ", ".join(sorted(mine)),
                f"give every future the same {what}; a limit of 0 keeps what a future should not have",
            )
