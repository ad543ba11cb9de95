"""Parts of a problem, one for each modelled year, hold together what the whole holds, entry by entry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.systems import KINDS, small

from gigasite.formulation.modelling import Maker, new_model
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.compiler import Compiler
from gigasite.solve.year_part import NotInParts, YearPart, parts_of_model

WITHIN_A_YEAR = tuple(kind for kind in KINDS if kind != "cap")


def rows_by_name(lp: CompiledLP) -> dict[str, tuple[dict[str, float], float, float]]:
    names = [lp.column_name(column) for column in range(lp.shape[1])]
    found = {}
    for row in range(lp.shape[0]):
        entries = slice(lp.row_starts[row], lp.row_starts[row + 1])
        held = zip(lp.column_indices[entries], lp.values[entries], strict=True)
        found[lp.row_name(row)] = (
            {names[column]: value for column, value in held},
            lp.row_lower[row],
            lp.row_upper[row],
        )
    return found


def columns_by_name(lp: CompiledLP) -> dict[str, tuple[float, ...]]:
    data = zip(lp.column_cost, lp.column_lower, lp.column_upper, lp.integrality, strict=True)
    return {lp.column_name(column): tuple(map(float, each)) for column, each in enumerate(data)}


@pytest.mark.parametrize("kinds", [WITHIN_A_YEAR, ("store",), ("clean", "fuel"), ("peak", "line")], ids="+".join)
def test_every_row_and_column_of_the_whole_is_in_the_parts_and_the_same_there(kinds: Any) -> None:
    system = small(1, kinds, sites=3, years=(2030, 2033, 2040))
    parts = [system.compiler(part) for part in system.compiler.parts]
    assert len(parts) == 3
    of_parts: dict[str, Any] = {}
    for lp in parts:
        rows = rows_by_name(lp)
        assert not rows.keys() & of_parts.keys(), "a row stands in two parts"
        of_parts |= rows
    assert of_parts == rows_by_name(system.lp)
    columns = [columns_by_name(lp) for lp in parts]
    whole = columns_by_name(system.lp)
    assert {name for part in columns for name in part} == whole.keys()
    assert all(whole[name] == data for part in columns for name, data in part.items())
    twice = columns[0].keys() & columns[1].keys()
    assert twice
    assert not any("output_mw" in name for name in twice), "only planning stands in every part"
    assert {lp.objective_constant for lp in parts} == {1e6}


def test_a_row_over_the_operation_of_several_years_has_no_part_it_belongs_to() -> None:
    system = small(0, ("cap",))
    with pytest.raises(NotInParts, match=r"'cap' holds 'plant\.output_mw' of another year"):
        system.compiler(system.compiler.parts[0])


def test_a_small_problem_and_one_of_a_single_year_are_not_parted() -> None:
    system = small(0, ("store",))
    rows = sum(group.size for group in system.lp.rows)
    assert parts_of_model(system.compiler.maker, rows) != (None,)
    assert parts_of_model(system.compiler.maker, rows + 1) == (None,)
    assert small(0, ("store",), years=(2030,)).compiler.parts == (None,)


def two_years(times: float, *, over_years: bool = True) -> Compiler:
    """Output of the year before counts so many times in a row; without years, output is the same in both."""
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    year, hour = make.set(model, "year", (2030, 2035)), make.set(model, "hour", range(4))
    output = make.var(model, "output_mw", (year, hour) if over_years else (hour,), upper=9.0)
    make.param(model, "before", np.array([2030, 2030]), (year,))
    make.param(model, "times", np.array([0.0, times]), (year,))
    capacity = make.var(model, "capacity_mw", (year,), upper=9.0)

    def rule(m: Any, y: Any, h: Any) -> Any:
        if not over_years:
            return m.output_mw[h] <= m.capacity_mw[y]
        return m.output_mw[y, h] + m.times[y] * m.output_mw[m.before[y], h] <= m.capacity_mw[y]

    make.constraint(model, "within", (year, hour), rule)
    make.objective(model, [(capacity, 1.0), (output, 1.0)])
    return Compiler(model, make, large_rows=0)


def test_operation_of_another_year_is_refused_unless_its_coefficient_is_nothing() -> None:
    with pytest.raises(NotInParts):
        two_years(2.0)(YearPart(2035, first=False))
    lp = two_years(0.0)(YearPart(2035, first=False))
    assert rows_by_name(lp)["within[2035,3]"] == ({"output_mw[2035,3]": 1.0, "capacity_mw[2035]": -1.0}, -np.inf, 0.0)


def test_operation_without_a_year_belongs_to_no_part() -> None:
    assert two_years(0.0, over_years=False).parts == (None,)
