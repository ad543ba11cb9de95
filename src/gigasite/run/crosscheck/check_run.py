"""Rebuild a run in PyPSA and judge whether it agrees."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib.metadata import version

from gigasite.foundation.errors import InputError, Problem
from gigasite.results.books import Books
from gigasite.results.run import Run
from gigasite.run.crosscheck.answer import ALL_SITES, Compared, CrossCheck
from gigasite.run.crosscheck.dispatch import dispatched
from gigasite.run.crosscheck.draft import Draft
from gigasite.run.crosscheck.expressed import added_rows, left_out
from gigasite.run.crosscheck.pypsa_network import require_pypsa
from gigasite.run.crosscheck.reopened import last_year_system, reopened_system
from gigasite.run.crosscheck.sizing import our_answer, sized
from gigasite.system.time_axis import RESOLUTIONS_H

TOLERANCE = 1e-4
"""Share of a year's cost by which both sides may differ."""

SAME_CAPACITY = 1e-3
"""Share by which capacities may differ before it is remarked."""

TABLES = ("costs", "capacity", "load", "grid", "contract", "billed_demand", "lines")

Progress = Callable[[str, "float | None"], None]


def crosscheck_run(run: Run, *, resolution_h: int = 24, progress: Progress | None = None) -> CrossCheck:
    """Rebuild a run in PyPSA: dispatch of its plan over all its steps, and the sizing of its last year alone.

    Args:
        run: a written run; nothing is written to it.
        resolution_h: hours in a step of the sizing.
        progress: told each stage as it begins, with None, and as it ends, with its seconds.

    Raises:
        InputError: PyPSA is not installed, the resolution is not one, or the run's figures have changed.
        SolverFailure: a solve ended without an optimum.
    """
    _refuse_resolution(resolution_h)
    require_pypsa()
    seconds: dict[str, float] = {}
    stages = _Stages(seconds, progress)
    with stages("read the run again"):
        system = reopened_system(run)
        books = Books(system, {name: run.table(name) for name in TABLES})
    compared: list[Compared] = []
    drafts: list[Draft] = []
    with stages("dispatch in PyPSA"):
        for draft, rows in dispatched(books):
            drafts.append(draft)
            compared += rows
    with stages("size the last year"):
        solved = our_answer(last_year_system(run, resolution_h))
    with stages("size the last year in PyPSA"):
        both = sized(solved)
    open_usd = float(run.manifest["gap"]) * abs(float(run.manifest["objective_usd"]))
    weights = dict(zip(system.years, system.context.time.year_weight, strict=True))
    faults = list(_faults(compared, lambda year: open_usd / float(weights[year])))
    faults += _faults(both.compared[:1], lambda _: solved.solution.gap * abs(both.compared[0].gigasite))
    return CrossCheck(
        run=str(run.path),
        compared=(*compared, *both.compared),
        faults=tuple(faults),
        remarks=tuple(_remarks(both.compared)),
        added_rows=added_rows([*drafts, both.draft]),
        left_out=left_out(system),
        seconds=seconds,
        tolerance=TOLERANCE,
        sizing_resolution_h=resolution_h,
        versions={name: version(name) for name in ("pypsa", "linopy")},
    )


class _Stages:
    """Tells stages and keeps their seconds."""

    def __init__(self, seconds: dict[str, float], progress: Progress | None) -> None:
        self._seconds, self._progress = seconds, progress

    def __call__(self, name: str) -> _Stage:
        return _Stage(name, self._seconds, self._progress)


class _Stage:
    """One stage under way."""

    def __init__(self, name: str, seconds: dict[str, float], progress: Progress | None) -> None:
        self._name, self._seconds, self._progress, self._begun = name, seconds, progress, 0.0

    def __enter__(self) -> None:
        self._begun = time.perf_counter()
        if self._progress is not None:
            self._progress(self._name, None)

    def __exit__(self, *_: object) -> None:
        spent = time.perf_counter() - self._begun
        self._seconds[self._name] = spent
        if self._progress is not None:
            self._progress(self._name, spent)


def _refuse_resolution(resolution_h: int) -> None:
    if resolution_h not in RESOLUTIONS_H:
        allowed = ", ".join(str(hours) for hours in RESOLUTIONS_H)
        raise InputError(Problem("no such resolution of the sizing", given=str(resolution_h), allowed=f"{allowed} h"))


def _faults(compared: list[Compared], open_usd: Callable[[int], float]) -> Iterator[str]:
    """Years whose cost differs by more than the tolerance, and more than the run's own gap leaves open."""
    for one in compared:
        if one.site != ALL_SITES:
            continue
        size = one.size or max(abs(one.gigasite), abs(one.pypsa))
        allowed = TOLERANCE * size
        cheaper = max(0.0, -one.difference - open_usd(one.year))  # a plan within its gap may be beaten by as much
        if max(one.difference, cheaper) > allowed or one.difference != one.difference:
            yield (
                f"{one.question} of {one.year}: PyPSA finds {one.pypsa:,.0f} {one.unit}, the run {one.gigasite:,.0f}: "
                f"{one.difference:+,.0f}, or {one.share:+.2e} of it, where {TOLERANCE:.0e} is allowed"
            )


def _remarks(sizing: list[Compared]) -> Iterator[str]:
    """Capacities that differ at one cost are another plan of the same cost."""
    differing = [one for one in sizing[1:] if abs(one.share) > SAME_CAPACITY]
    if differing:
        names = ", ".join(f"{one.site}: {one.quantity}" for one in differing)
        yield f"sizing: capacities differ at the same cost, so there is more than one cheapest plan ({names})"
