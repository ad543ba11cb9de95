"""The same programme by gigasite: declared on an assembled system, compiled from its traced rules, given to HiGHS."""

from __future__ import annotations

from typing import Any

import highspy  # noqa: F401  what new_highs loads counts as an import

import gigasite.system.assemble  # noqa: F401
from gigasite.formulation.build import build_model
from gigasite.run.solve_run import assemble_file
from gigasite.solve.compiled import CompiledLP, hand_over
from gigasite.solve.plain import compile_model
from gigasite.solve.solver import new_highs
from gigasite.system.system import System


def read(scenario: str) -> System:
    """The assembled system of a scenario."""
    return assemble_file(scenario)[1]


def compiled(system: System) -> CompiledLP:
    """The arrays of a system's model."""
    builder = build_model(system, traced=True)
    return compile_model(builder.model, builder.maker)


def build(system: System) -> Any:
    """The programme in a HiGHS object."""
    highs = new_highs()
    hand_over(compiled(system), highs)
    return highs
