"""Checks after every solve, on the tables of the run and the arrays prepared from its inputs.

Nothing here looks at the model, its shared sums, the compiled problem or the solver: a fault in any of them shows.
HiGHS has been seen to call a point optimal that violates its constraints. Tolerances stand in `check`.

Most checks take prices, ratings and weights from the same prepared arrays (`System`) as the model, so a fault made
while preparing them shows only in `check_preparation`, which asks whether they can be right at all. Whether they follow
from the figures of `inputs/` is tested in `tests/second_way`: it recomputes the preparation of shipped scenarios from
the CSV files and compares the costs. It runs with the tests, not after a solve.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import pandas as pd

from gigasite.results.books import Books
from gigasite.results.check_account import account_checks
from gigasite.results.check_bridge import bridge_checks
from gigasite.results.check_capacity import capacity_checks
from gigasite.results.check_credits import credit_checks
from gigasite.results.check_firmness import firmness_checks
from gigasite.results.check_flexibility import flexibility_checks
from gigasite.results.check_gas import gas_checks
from gigasite.results.check_grid import grid_checks
from gigasite.results.check_money import money_checks
from gigasite.results.check_national import national_checks
from gigasite.results.check_operation import operation_checks
from gigasite.results.check_permits import permit_checks
from gigasite.results.check_preparation import preparation_checks
from gigasite.results.check_reliability import reliability_checks
from gigasite.results.check_requirements import requirement_checks
from gigasite.results.check_uptime import uptime_checks
from gigasite.results.check_waiting import waiting_checks
from gigasite.system.system import System

COLUMNS = ("check", "passed", "value", "limit", "unit", "where", "sentence")


def run_checks(system: System, tables: Mapping[str, Any], *, objective_usd: float, gap: float) -> pd.DataFrame:
    """Recompute what a plan has to satisfy.

    Args:
        system: the scenario's settings and prepared arrays, those the plan was made from.
        tables: every table of the run.
        objective_usd: what the solver says the plan costs, present value.
        gap: certified gap of the plan.

    Returns:
        One row per check: whether it passed, the largest violation, how much is allowed, where it is, and a sentence.
    """
    books = Books(system, tables)
    found = chain(
        preparation_checks(books),
        operation_checks(books),
        firmness_checks(books),
        reliability_checks(books),
        capacity_checks(books),
        grid_checks(books),
        account_checks(books),
        national_checks(books),
        requirement_checks(books),
        permit_checks(books),
        waiting_checks(books),
        gas_checks(books),
        bridge_checks(books),
        credit_checks(books),
        flexibility_checks(books),
        uptime_checks(books),
        money_checks(books, objective_usd=objective_usd, gap=gap),
    )
    rows = [(c.name, c.passed, c.value, c.limit, c.unit, c.where, c.sentence) for c in found]
    return pd.DataFrame(rows, columns=list(COLUMNS))
