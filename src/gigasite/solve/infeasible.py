"""Which requirements have to give, and by how much, where no plan satisfies them all."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from gigasite.foundation.errors import Problem, SolverFailure
from gigasite.solve.compiled import CompiledLP, hand_over

MOST_SHOWN = 6
SMALLEST_SHOWN = 1e-6
MW_PER_GW = 1e3


def least_change(lp: CompiledLP) -> list[Problem]:
    """The smallest sum of changes to rows that makes a problem feasible, as problems a planner can read.

    Every row gets a slack of cost one, bounds stay: what a scenario asks for gives way, what is physical does not.

    Args:
        lp: the problem in the solver's units.
    """
    import highspy

    highs: Any = cast(Any, highspy).Highs()
    highs.setOptionValue("output_flag", False)
    if hand_over(lp, highs) == highspy.HighsStatus.kError:
        raise SolverFailure("HiGHS refused the arrays of the problem")
    status = highs.feasibilityRelaxation(-1.0, -1.0, 1.0)
    if status == highspy.HighsStatus.kError:
        return [Problem(message="no plan satisfies the scenario, and HiGHS could not say why")]
    activity = np.asarray(highs.getSolution().row_value)
    missing = np.maximum(lp.row_lower - activity, activity - lp.row_upper)
    order = np.argsort(-missing)[:MOST_SHOWN]
    found = [
        Problem(
            message=f"{lp.row_name(int(row))} cannot be met",
            given=f"short by {missing[row] * MW_PER_GW:,.6g} in its own unit",
            remedy="loosen this requirement by that much, or allow more supply where it binds",
        )
        for row in order
        if missing[row] > SMALLEST_SHOWN
    ]
    return found or [
        Problem(message="no plan satisfies the scenario, but only by a hair: check limits that contradict")
    ]
