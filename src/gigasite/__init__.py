"""gigasite: power and siting for gigawatt data centres, planned with an open linear model.

    import gigasite

    run = gigasite.solve("portsmouth")
    run.costs
    run.plot.capacity()

Importing it loads no large library; each is loaded by the first call that needs it.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gigasite.api import (
    build,
    check,
    compare,
    crosscheck,
    draw_map,
    finance,
    finance_bridge,
    flexibility,
    load,
    new_memory,
    partnership,
    programmes,
    register,
    replay,
    report,
    runs,
    save_figure,
    scenarios,
    schema,
    screen,
    solve,
    workbook,
)
from gigasite.foundation.errors import GigasiteError, InfeasibleScenario, InputError, LimitReached, SolverFailure

if TYPE_CHECKING:
    from gigasite.report.run_with_charts import RunWithCharts as Run

    __version__: str

__all__ = [
    "GigasiteError",
    "InfeasibleScenario",
    "InputError",
    "LimitReached",
    "Run",
    "SolverFailure",
    "__version__",
    "build",
    "check",
    "compare",
    "crosscheck",
    "draw_map",
    "finance",
    "finance_bridge",
    "flexibility",
    "load",
    "new_memory",
    "partnership",
    "programmes",
    "register",
    "replay",
    "report",
    "runs",
    "save_figure",
    "scenarios",
    "schema",
    "screen",
    "solve",
    "workbook",
]


def __getattr__(name: str) -> Any:
    """Load what is costly to load when it is asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("gigasite")
    if name == "Run":
        from gigasite.report.run_with_charts import RunWithCharts

        return RunWithCharts
    raise AttributeError(f"module 'gigasite' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps `gigasite.solve` the verb: importing the layer of that name would put the layer in its place."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
