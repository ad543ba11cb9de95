"""A problem cut part by part: the blocks, the bound and the answer of the same problem cut as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.systems import KINDS, Small, level_of, small, solved, whole_matrix
from tests.solve.test_year_part import WITHIN_A_YEAR

from gigasite.foundation.errors import SolverFailure
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.compiler import Compiler
from gigasite.solve.decomposed.answer import solution_of
from gigasite.solve.decomposed.level import Level
from gigasite.solve.shared_prices import paid_by_shared_rows
from gigasite.solve.solution import violations_of
from gigasite.solve.whole import _bound

EVERY_KIND = (WITHIN_A_YEAR, ("store", "clean"), ("ramp", "fuel"), ("take", "peak"), ("store", "line"))
YEARS = (2030, 2033, 2040)


def in_parts(system: Small) -> Level:
    return Level(system.compiler, system.month, processes=1, slack_price=30.0)


@pytest.mark.parametrize("kinds", EVERY_KIND, ids="+".join)
def test_the_blocks_are_those_of_the_whole(kinds: Any) -> None:
    system = small(2, kinds, years=YEARS)
    whole, parts = level_of(system), in_parts(system)
    assert (len(whole.parts), len(parts.parts)) == (1, 3)
    assert whole.rows == parts.rows
    assert sorted(whole.names) == sorted(parts.names)
    known = {block.name: block for block in whole.blocks}
    place = {name: number for number, name in enumerate(whole.names)}
    there = np.array([place[name] for name in parts.names])
    for block in parts.blocks:
        other = known.pop(block.name)
        for name in ("cost", "lower", "upper", "row_lower", "row_upper", "slack_rows", "slack_signs", "slack_cost"):
            np.testing.assert_array_equal(getattr(block, name), getattr(other, name), err_msg=name)
        np.testing.assert_array_equal(block.matrix.toarray(), other.matrix.toarray())
        order = np.argsort(there[block.planning])
        np.testing.assert_array_equal(there[block.planning][order], other.planning)
        np.testing.assert_array_equal(block.row_planning.toarray()[:, order], other.row_planning.toarray())
        np.testing.assert_array_equal(block.upper_bounds.constant, other.upper_bounds.constant)
        assert [s.name for s in block.segments] == [s.name for s in other.segments]
    assert not known
    for name in ("cost", "lower", "upper", "whole"):
        np.testing.assert_array_equal(getattr(parts.arrays, name), getattr(whole.arrays, name)[there], err_msg=name)


@pytest.mark.parametrize("whole_machines", [False, True], ids=["linear", "whole machines"])
@pytest.mark.parametrize("kinds", EVERY_KIND, ids="+".join)
def test_the_answer_costs_and_proves_what_that_of_the_whole_does(kinds: Any, whole_machines: bool) -> None:
    system = small(3, kinds, years=YEARS, whole=whole_machines)
    of_whole, of_parts = level_of(system), in_parts(system)
    one, other = solved(of_whole), solved(of_parts)
    mine = solution_of(of_parts, other, seconds=0.0, status="optimal")
    whole = solution_of(of_whole, one, seconds=0.0, status="optimal")
    lp = system.lp
    assert mine.objective_usd == pytest.approx(whole.objective_usd, rel=1e-6)
    assert mine.objective_usd == pytest.approx(lp.column_cost @ mine.column_values + lp.objective_constant, rel=1e-12)
    assert max(violations_of(lp, mine.column_values / 1.0).row, 0.0) <= 1e-4
    assert mine.bound_usd <= min(mine.objective_usd, whole.objective_usd) * (1 + 1e-9)
    assert mine.conditional == whole.conditional == whole_machines
    if not whole_machines:
        assert mine.bound_usd == pytest.approx(min(other.lower * 1e6, _bound(lp, mine.row_duals)), rel=1e-12)
    left = lp.column_cost - whole_matrix(lp).T @ mine.row_duals
    np.testing.assert_allclose(mine.reduced_costs, left, rtol=1e-9, atol=1e-6 * np.abs(lp.column_cost).max())
    shared = lp.column_cost - paid_by_shared_rows(lp, mine.row_duals)
    assert mine.at_shared_prices is not None
    np.testing.assert_allclose(mine.at_shared_prices, shared, rtol=1e-9, atol=1e-6 * np.abs(lp.column_cost).max())


def test_names_and_sides_of_the_whole_are_put_together_again_and_values_lie_within_its_bounds() -> None:
    system = small(0, WITHIN_A_YEAR, years=YEARS)
    level = in_parts(system)
    found = solution_of(level, solved(level), seconds=0.0, status="optimal")
    lp = found.lp
    for mine, theirs in ((lp.columns, system.lp.columns), (lp.rows, system.lp.rows)):
        assert [(g.name, g.dims, g.labels, g.offset) for g in mine] == [
            (g.name, g.dims, g.labels, g.offset) for g in theirs
        ]
    for name in ("row_lower", "row_upper"):
        np.testing.assert_array_equal(getattr(lp, name), getattr(system.lp, name), err_msg=name)
    assert (system.lp.column_lower <= found.column_values).all()
    assert (found.column_values <= system.lp.column_upper).all()
    for mine, theirs in (
        (lp.column_numbering, system.lp.column_numbering),
        (lp.row_numbering, system.lp.row_numbering),
    ):
        assert (mine.full_count, mine.count) == (theirs.full_count, theirs.count)
        np.testing.assert_array_equal(mine.take(np.arange(mine.full_count)), theirs.take(np.arange(mine.full_count)))


def test_what_another_solve_left_begins_parts_as_it_begins_the_whole() -> None:
    system = small(4, ("store", "clean"), years=YEARS)
    whole = level_of(system)
    left = whole.leave(solved(whole))
    parts = in_parts(system)
    again = solved(parts, carried=left)
    assert len(again.rounds) <= 3
    assert parts.leave(again).plan.keys() == left.plan.keys()


def test_a_sum_over_years_is_cut_from_the_whole() -> None:
    level = in_parts(small(0, KINDS))
    assert [part.part for part in level.parts] == [None]


@dataclass(frozen=True)
class Changed(Compiler):
    """Gives one part with its row sides moved."""

    year: int = 0
    by: float = 0.0

    def __call__(self, part: Any = None) -> CompiledLP:
        lp = super().__call__(part)
        here = part is not None and part.label == self.year
        moved = lp.row_upper + self.by * np.array([lp.row_name(row).startswith("plant.") for row in range(lp.shape[0])])
        return replace(lp, row_upper=moved) if here else lp


def changed(system: Small, year: int, by: float) -> Changed:
    return Changed(system.compiler.model, system.compiler.maker, 0, year, by)


@pytest.mark.parametrize("year", YEARS)
def test_hours_that_violate_a_row_of_any_part_are_refused(year: int) -> None:
    system = small(0, ("ramp",), years=YEARS)
    level = in_parts(system)
    progress = solved(level)
    level.compiled = changed(system, year, -100.0)
    with pytest.raises(SolverFailure, match=rf"violate plant\.\w+\[s\d,{year}"):
        solution_of(level, progress, seconds=0.0, status="optimal")


def test_planning_rows_are_taken_anew_from_every_part() -> None:
    system = small(0, ("store",), years=YEARS)
    level = in_parts(system)
    solved(level)
    dearer = replace(system.compiler)
    assert level.takes_planning_rows_of(dearer)
    assert level.compiled is dearer
    assert len(level.master.cuts) > 0
    assert not level.takes_planning_rows_of(small(0, ("store", "fuel"), years=YEARS).compiler)
    assert level.compiled is dearer
