"""The whole problem as one linear or mixed-integer programme, solved by HiGHS.

Every status is read and every answer is checked against the arrays: HiGHS has been seen to call a point optimal that
violates its constraints. What is not an answer raises.

With whole machines it is solved twice: first for the numbers of machines and the bound, to a gap; then as a linear
programme with those numbers held, which gives the plan to the last digit and its prices. So the prices are those of
this number of machines.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gigasite.foundation.errors import InfeasibleScenario, LimitReached, SolverFailure
from gigasite.solve.compiled import CompiledLP, ScaledLP, hand_over
from gigasite.solve.solution import Solution, violations_of
from gigasite.solve.solver import new_highs, run

logger = logging.getLogger(__name__)

ACCEPTED_VIOLATION = 1e-5
"""Largest violation of a bound or row in an accepted answer: 1e-5 GW is 10 kW."""

NOT_WHOLE = 1e-4
"""Share of a machine by which an answer of HiGHS may miss a whole number before it is rounded."""

GAP_KEPT = 0.95
"""Share of the gap that is asked of HiGHS: the plan is priced anew, and its cost may move in the last digit."""

SHARE_FOR_PRICES = 0.1
"""Share of the time limit that is left for the prices, however late the numbers of machines were found."""

MIXED = "mip"
NO_PLAN_YET = "the time limit was reached before HiGHS had a plan; give it more time (solve: time_limit_s)"


@dataclass(frozen=True)
class SolverOptions:
    """What a scenario may say about the solve.

    Attributes:
        time_limit_s: longest time, seconds; none where not given.
        threads: threads of HiGHS; its own choice where not given.
        algorithms: algorithms to try, in order, until one gives an answer that holds.
        log: takes each line HiGHS writes.
        start: solution of a problem of the same shape, whose basis the simplex starts from, or whose plan with whole
            machines the search starts from.
        gap: with whole machines, how far the plan may be from the best one, as a share of its cost.
    """

    time_limit_s: float | None = None
    threads: int | None = None
    algorithms: tuple[str, ...] = ("simplex", "ipx")
    log: Callable[[str], None] | None = None
    start: Solution | None = None
    gap: float = 1e-4


def solve_whole(lp: CompiledLP, options: SolverOptions | None = None) -> Solution:
    """Solve a compiled problem.

    Args:
        lp: the problem in MW and USD.
        options: limits and algorithms.

    Raises:
        InfeasibleScenario: no plan satisfies it.
        LimitReached: the time limit came before any plan.
        SolverFailure: HiGHS gave no answer that holds, by any algorithm.
    """
    options = options or SolverOptions()
    return _solve_mixed(lp, options) if bool(lp.integrality.any()) else _solve_linear(lp, options)


def _solve_linear(lp: CompiledLP, options: SolverOptions) -> Solution:
    scaled = lp.scaled()
    failures: list[str] = []
    for algorithm in options.algorithms:
        outcome = _attempt(scaled, lp, algorithm, options)
        if isinstance(outcome, Solution):
            return outcome
        failures.append(f"{algorithm}: {outcome}")
        logger.warning("HiGHS gave no usable answer by %s: %s", algorithm, outcome)
    raise SolverFailure("HiGHS gave no answer that holds (" + "; ".join(failures) + ")")


def _attempt(scaled: ScaledLP, lp: CompiledLP, algorithm: str, options: SolverOptions) -> Solution | str:
    """One run of HiGHS: an answer, or why it is none."""
    from highspy import HighsModelStatus as Status

    with _highs(scaled.lp, algorithm, options) as highs:
        started = time.perf_counter()
        status = _run(highs)
        seconds = time.perf_counter() - started
        if status in _ended_with_a_plan():
            return _read(highs, scaled, lp, algorithm, seconds, optimal=status == Status.kOptimal)
        return f"status {highs.modelStatusToString(status)}"


def _run(highs: Any) -> Any:
    """Run HiGHS and return its status.

    Raises:
        InfeasibleScenario: no plan satisfies the problem.
    """
    from highspy import HighsModelStatus as Status

    status = run(highs)
    if status == Status.kUnboundedOrInfeasible:
        highs.setOptionValue("presolve", "off")
        status = run(highs)
    if status == Status.kInfeasible:
        raise InfeasibleScenario("no plan satisfies the scenario")
    return status


def _ended_with_a_plan() -> tuple[Any, ...]:
    from highspy import HighsModelStatus as Status

    return (Status.kOptimal, Status.kTimeLimit, Status.kIterationLimit, Status.kInterrupt)


def _solve_mixed(lp: CompiledLP, options: SolverOptions) -> Solution:
    """Whole machines first, then the plan and its prices with their numbers held."""
    started = time.perf_counter()
    found = _whole_numbers(lp, options)
    limit = options.time_limit_s
    spent = time.perf_counter() - started
    left = None if limit is None else max(limit - spent, SHARE_FOR_PRICES * limit)
    try:
        priced = _solve_linear(_with_held(lp, found), replace(options, time_limit_s=left, start=None))
    except InfeasibleScenario as fault:
        raise SolverFailure("HiGHS gave numbers of machines with which no plan holds") from fault
    except LimitReached:
        priced = found  # a plan without prices
    if priced.status != "optimal":
        priced = found
    return replace(
        priced,
        lp=lp,
        bound_usd=min(found.bound_usd, priced.objective_usd),
        status=found.status,
        algorithm=MIXED if priced is found else f"{MIXED}, {priced.algorithm}",
        solve_seconds=time.perf_counter() - started,
        iterations=found.iterations + (0 if priced is found else priced.iterations),
        basis=None,
        conditional=True,
    )


def _whole_numbers(lp: CompiledLP, options: SolverOptions) -> Solution:
    """The plan of the mixed-integer programme, with its bound and without prices."""
    from highspy import HighsModelStatus as Status

    scaled = lp.scaled()
    with _highs(scaled.lp, "choose", options) as highs:
        highs.setOptionValue("mip_rel_gap", GAP_KEPT * options.gap)
        _start_from(highs, scaled, options.start)
        started = time.perf_counter()
        status = _run(highs)
        seconds = time.perf_counter() - started
        if status not in _ended_with_a_plan():
            raise SolverFailure(f"HiGHS gave no answer that holds (mip: status {highs.modelStatusToString(status)})")
        optimal = status == Status.kOptimal
        found = _read(highs, scaled, lp, MIXED, seconds, optimal=optimal)
        bound = scaled.objective(float(highs.getInfo().mip_dual_bound))
    if isinstance(found, str):
        raise SolverFailure(f"HiGHS gave no answer that holds (mip: {found})")
    machines = found.column_values[lp.integrality != 0]
    if np.abs(machines - np.round(machines)).max(initial=0.0) > NOT_WHOLE:
        if optimal:
            raise SolverFailure("HiGHS gave no answer that holds (mip: machines that are not whole)")
        raise LimitReached(NO_PLAN_YET)
    return replace(found, bound_usd=min(bound, found.objective_usd))


def _start_from(highs: Any, scaled: ScaledLP, start: Solution | None) -> None:
    """Give HiGHS a plan with whole machines; it is checked there, and left aside if it does not hold."""
    import highspy

    if start is None or start.lp.shape != scaled.lp.shape:
        return
    given = highspy.HighsSolution()
    given.col_value = (start.column_values / scaled.column_factor).tolist()
    given.value_valid = True
    highs.setSolution(given)


def _with_held(lp: CompiledLP, found: Solution) -> CompiledLP:
    """The linear programme that is left when the numbers of machines are held."""
    whole = lp.integrality != 0
    numbers = np.round(found.column_values)
    return replace(
        lp,
        column_lower=np.where(whole, numbers, lp.column_lower),
        column_upper=np.where(whole, numbers, lp.column_upper),
        integrality=np.zeros_like(lp.integrality),
    )


@contextmanager
def _highs(lp: CompiledLP, algorithm: str, options: SolverOptions) -> Iterator[Any]:
    import highspy

    highs = new_highs()
    highs.setOptionValue("solver", algorithm)
    if options.time_limit_s is not None:
        highs.setOptionValue("time_limit", float(options.time_limit_s))
    if options.threads is not None:
        highs.setOptionValue("threads", int(options.threads))
    log = options.log
    if log is not None:
        highs.setOptionValue("output_flag", True)
        highs.setOptionValue("log_to_console", False)
        highs.cbLogging.subscribe(lambda event: log(event.message))
    if hand_over(lp, highs) == highspy.HighsStatus.kError:
        raise SolverFailure("HiGHS refused the arrays of the problem")
    start = options.start
    if start is not None and start.basis is not None and start.lp.shape == lp.shape and algorithm == "simplex":
        highs.setBasis(start.basis)
    with _interruptible(highs):
        yield highs
    highs.clear()


@contextmanager
def _interruptible(highs: Any) -> Iterator[None]:
    """Let Ctrl-C stop HiGHS at its next iteration: left alone, Python hears of it only when HiGHS returns."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[bool] = []

    def stop(event: Any) -> None:
        if came:
            event.interrupt()

    before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    highs.cbSimplexInterrupt += stop
    highs.cbIpmInterrupt += stop
    highs.cbMipInterrupt += stop
    try:
        yield
    except LimitReached:
        if not came:
            raise
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _read(
    highs: Any, scaled: ScaledLP, lp: CompiledLP, algorithm: str, seconds: float, *, optimal: bool
) -> Solution | str:
    answer, info = highs.getSolution(), highs.getInfo()
    if not answer.value_valid:
        if optimal:
            return "called optimal without values"
        raise LimitReached(NO_PLAN_YET)
    values = np.asarray(answer.col_value, dtype=float)
    broken = violations_of(scaled.lp, values)
    if max(broken.column, broken.row) > ACCEPTED_VIOLATION:
        if optimal:
            worst = max(broken.row, broken.column)
            return f"called optimal, but {broken.worst_row or 'a bound'} is violated by {worst:.1e}"
        raise LimitReached(NO_PLAN_YET)
    objective = scaled.objective(float(scaled.lp.column_cost @ values) + scaled.lp.objective_constant)
    duals = scaled.row_duals(answer.row_dual) if answer.dual_valid else np.zeros(lp.shape[0])
    reduced = scaled.reduced_costs(answer.col_dual) if answer.dual_valid else np.zeros(lp.shape[1])
    return Solution(
        lp=lp,
        column_values=scaled.values(values),
        row_duals=duals,
        reduced_costs=reduced,
        objective_usd=objective,
        bound_usd=_bound(lp, duals) if optimal and algorithm != MIXED else -np.inf,
        status="optimal" if optimal else "limit",
        method="whole",
        algorithm=algorithm,
        solve_seconds=seconds,
        basis=highs.getBasis() if algorithm == "simplex" else None,
        iterations=int(max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)),
    )


def _bound(lp: CompiledLP, duals: np.ndarray[Any, Any]) -> float:
    """Cost that no plan undercuts, from the prices alone: every bound and row at the side its price points to.

    bound = constant + sum_i max side of y_i * b_i + sum_j best side of d_j * x_j
    """
    from scipy.sparse import csr_array

    matrix = csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape)
    prices = np.where((duals > 0) & np.isinf(lp.row_lower), 0.0, duals)
    prices = np.where((prices < 0) & np.isinf(lp.row_upper), 0.0, prices)
    slack_cost = lp.column_cost - matrix.T @ prices
    sides = np.where(prices > 0, lp.row_lower, np.where(prices < 0, lp.row_upper, 0.0))
    bounds = np.where(slack_cost > 0, lp.column_lower, np.where(slack_cost < 0, lp.column_upper, 0.0))
    return float(lp.objective_constant + prices @ sides + slack_cost @ bounds)
