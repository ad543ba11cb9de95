"""What may be solved in passes, whole or level by level: one system, or several futures of it together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gigasite.foundation.errors import InfeasibleScenario
from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.solution import Solution
from gigasite.solve.whole import SolverOptions

Changes = Mapping[str, Any]
"""Plan-dependent arrays that change, by feature; falsy where a feature's stay."""


class Plan(NamedTuple):
    """A plan by the names of its columns.

    Attributes:
        lp: the problem, whose names are read only.
        values: value of every kept column, model units; of a level, 0 for operation.
    """

    lp: CompiledLP
    values: Array


@dataclass(frozen=True)
class Kind:
    """How what is solved is built, and how its arrays are taken again at a plan.

    Attributes:
        build: from a system, or a fan of them, to its model and what compiles it: quick, and too large to be kept.
        taken_again: plan-dependent arrays at a plan, given the system, the model, the plan and whether to settle.
        explained: the error for one without a plan, given its arrays and the system.
        whole_start: a plan with whole machines to start from, given arrays, model and options, or None.
    """

    build: Callable[[Any], tuple[Any, Callable[[], CompiledLP]]]
    taken_again: Callable[[Any, Any, Plan, bool], Changes]
    explained: Callable[[CompiledLP, Any], InfeasibleScenario]
    whole_start: Callable[[CompiledLP, Any, SolverOptions], Solution | None]
