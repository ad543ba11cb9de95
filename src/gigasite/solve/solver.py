"""A HiGHS object, its runs, and a quiet end for the threads behind it.

HiGHS keeps one set of threads per process, made for the number the first run asked for; a run that asks for another
number is refused. So the threads are let go whenever the number changes, and before a process forks.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable
from functools import cache
from typing import Any, cast

FEASIBLE_GW = 1e-9
"""Primal tolerance of the parts of a decomposed problem: slack is dear, and what a part misses is paid at its price."""

ROWWISE, MINIMISE = 2, 1
"""How HiGHS is told the order of a matrix and the sense of an objective."""

_threads_of_last_run: int | None = None


def new_highs() -> Any:
    """A HiGHS object that writes nothing to the terminal."""
    import highspy

    _join_threads_at_exit()
    highs: Any = cast(Any, highspy).Highs()
    highs.setOptionValue("output_flag", False)
    return highs


def run(highs: Any) -> Any:
    """Run a HiGHS object and return the status of its model; what is not an answer is for the caller to refuse."""
    global _threads_of_last_run  # noqa: PLW0603 - the threads are one set per process, and so is what is known of them
    _, threads = highs.getOptionValue("threads")
    if _threads_of_last_run not in (None, threads):
        let_threads_go()
    _threads_of_last_run = threads
    highs.run()
    return highs.getModelStatus()


def run_to_optimum(highs: Any) -> Any:
    """Run, where there is no optimum once more from nothing, then without presolve, and return the status.

    At tolerances as fine as ours presolve takes a plant of a tenth of a watt for a contradiction (HiGHS 1.15): what it
    calls infeasible is so only if the problem as it stands is.
    """
    import highspy

    status = run(highs)
    for presolve in ("choose", "off"):
        if status == highspy.HighsModelStatus.kOptimal:
            break
        highs.setOptionValue("presolve", presolve)
        highs.clearSolver()
        status = run(highs)
    highs.setOptionValue("presolve", "choose")
    return status


def stop_mip_where(highs: Any, interrupted: Callable[[], bool]) -> None:
    """Let a mixed-integer run end where the user wishes to stop.

    A wish that comes as an exception ends the run too, and is asked for again after it: HiGHS cannot pass one on.
    """

    def ask(event: Any) -> None:
        try:
            wished = interrupted()
        except KeyboardInterrupt:
            wished = True
        if wished:
            event.interrupt()

    highs.cbMipInterrupt += ask


def let_threads_go() -> None:
    """End the threads of HiGHS, after which a run may ask for any number of them, and a process may fork."""
    global _threads_of_last_run  # noqa: PLW0603
    if _threads_of_last_run is not None:
        import highspy

        cast(Any, highspy).Highs.resetGlobalScheduler(True)
        _threads_of_last_run = None


@cache
def _join_threads_at_exit() -> None:
    """Left running, the threads now and then abort the process at its very end."""
    atexit.register(let_threads_go)
