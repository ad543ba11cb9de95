"""Several futures as one problem: what is decided before they part is one column for all of them.

    minimise    sum over f of p[f] * (c[f] . x[f] + constant[f])
    subject to  rows of every future f over its own columns, and over the common ones
                x[f] = x[g]  for every common column: it is the same column, so the row need not be written

| symbol | name | unit | dimensions |
|---|---|---|---|
| p | `probability` | 1 | future |
| c | `column_cost` of a future's own problem | USD per column unit | its columns |

A common column costs the mean of what it costs in each future, and keeps within the bounds of all. A row over common
columns alone that says the same in every future is kept once. Common columns and rows keep their names; every other one
has the label of its future first, as a set `future` of one member: 'gas_turbine.output_mw[low,piketon,2030,17]'.

Prices come back in the money of one future: of a row of its own, what one more unit would save if that future comes.

    dual of a future = dual / p[f] for its own rows,   dual for a row that is kept once
                       sum over f of the duals of rows of one name over common columns alone (those of lost machines)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gigasite.foundation.errors import InfeasibleScenario, Problem
from gigasite.solve.compiled import Array, CompiledLP, Group, Numbering, full_name
from gigasite.solve.fan_rows import full_numbers, rows_kept_once, shift_to
from gigasite.solve.solution import Solution

FUTURE = "future"
"""Set of one member that stands first in the labels of what belongs to one future."""

MOST_TOLD = 5


@dataclass(frozen=True)
class Part:
    """One future's own problem.

    Attributes:
        name: the future.
        probability: how likely it is.
        lp: its problem, as if it were the only one.
        common: which of its columns are common, over the full numbering.
    """

    name: str
    probability: float
    lp: CompiledLP
    common: Array


@dataclass(frozen=True)
class Slice:
    """Where the columns and rows of one future stand in the problem of all.

    Attributes:
        part: the future's own problem.
        columns: number in the whole of each of its kept columns.
        rows: the same of its kept rows.
        own_columns, own_rows: which of them no other future has.
        told_alike: its rows over common columns alone that every future has, and their numbers in the whole in each,
            shape (future, row). They hold for one plan, so their prices are added up: how a solver splits them over
            the futures says nothing.
    """

    part: Part
    columns: Array
    rows: Array
    own_columns: Array
    own_rows: Array
    told_alike: tuple[Array, Array]

    def solution(self, whole: Solution) -> Solution:
        """The solution as this future sees it: its own cost, and prices in its own money.

        Its gap is that of the whole, since no future is proven alone.
        """
        lp, share = self.part.lp, self.part.probability
        values = whole.column_values[self.columns]
        cost = float(lp.column_cost @ values) + lp.objective_constant
        prices = whole.row_duals[self.rows] / np.where(self.own_rows, share, 1.0)
        mine, alike = self.told_alike
        prices[mine] = np.where(self.own_rows[mine], whole.row_duals[alike].sum(axis=0), whole.row_duals[alike[0]])
        return replace(
            whole,
            lp=lp,
            column_values=values,
            row_duals=prices,
            reduced_costs=whole.reduced_costs[self.columns] / np.where(self.own_columns, share, 1.0),
            objective_usd=cost,
            bound_usd=cost - whole.gap * max(abs(cost), 1.0),
            basis=None,
            at_shared_prices=None,
        )


@dataclass(frozen=True)
class Merged:
    """The problem of all futures, and each future's place in it."""

    lp: CompiledLP
    slices: tuple[Slice, ...]


def common_columns(lp: CompiledLP, committed: Mapping[str, Array], undivided: Sequence[int]) -> Array:
    """Which columns are common, over the full numbering.

    Args:
        lp: a future's own problem.
        committed: of each variable that binds for later, where it is decided before the futures part, over its sets.
        undivided: modelled years in which nothing differs: all that is decided for them is common.
    """
    found = np.zeros(lp.column_numbering.full_count, dtype=bool)
    for group in lp.columns:
        mine = found[group.full].reshape(group.shape)
        mine |= np.isin(years_of(group), undivided)
        if group.name in committed:
            mine |= committed[group.name]
    return found


def years_of(group: Group) -> Array:
    """Modelled year of every index, that of its vintage where it has no year; -1 for neither; broadcasts over it."""
    dim = next((dim for dim in ("year", "vintage") if dim in group.dims), None)
    if dim is None:
        return np.full((1,) * len(group.dims), -1)
    axis = group.dims.index(dim)
    return np.array(group.labels[axis]).reshape([-1 if a == axis else 1 for a in range(len(group.dims))])


def merge(parts: Sequence[Part], *, apart: Collection[str] = ()) -> Merged:
    """One problem out of those of all futures.

    Args:
        parts: each future's own problem.
        apart: features whose rows are kept for each future even where they are equal: those that change with the plan,
            so that the same rows are there in every pass.

    Raises:
        InfeasibleScenario: a common column has bounds that exclude each other.
    """
    first = parts[0].lp
    shared = [_common_numbers(first, part) for part in parts]
    common = np.unique(np.concatenate(shared))
    maps, own, width = [], [], len(common)
    for part, numbers in zip(parts, shared, strict=True):
        mine = _kept_common(part)
        columns = np.empty(part.lp.shape[1], dtype=np.int64)
        columns[mine] = np.searchsorted(common, numbers)
        columns[~mine] = width + np.arange(int((~mine).sum()))
        width += int((~mine).sum())
        maps.append(columns)
        own.append(~mine)
    once, placed, places = rows_kept_once([part.lp for part in parts], maps, len(common), apart)
    alike = np.stack([rows[mine] for rows, mine in zip(placed, places, strict=True)])
    slices = tuple(
        Slice(part, columns, rows, alone, rows >= len(once), (mine, alike))
        for part, columns, alone, rows, mine in zip(parts, maps, own, placed, places, strict=True)
    )
    return Merged(_assembled(slices, common, once, width), slices)


def _kept_common(part: Part) -> Array:
    return part.lp.column_numbering.take(part.common)


def _common_numbers(first: CompiledLP, part: Part) -> Array:
    """Full number, in the first future's numbering, of every kept common column of a future."""
    kept = full_numbers(part.lp.column_numbering)[_kept_common(part)]
    return kept + shift_to(first.columns, part.lp.columns, part.lp.column_numbering.full_count, required=kept)[kept]


# -- the whole ---------------------------------------------------------------------------------------------------------


def _assembled(slices: Sequence[Slice], common: Array, once: Array, width: int) -> CompiledLP:
    first = slices[0].part.lp
    cost, lower, upper = np.zeros(width), np.full(width, -np.inf), np.full(width, np.inf)
    integrality = np.zeros(width, dtype=first.integrality.dtype)
    for one in slices:
        lp = one.part.lp
        cost[one.columns] += one.part.probability * lp.column_cost
        low, high = np.full(width, -np.inf), np.full(width, np.inf)
        low[: len(common)] = high[: len(common)] = 0.0  # a common column that a future lacks is zero there
        low[one.columns], high[one.columns] = lp.column_lower, lp.column_upper
        np.maximum(lower, low, out=lower)
        np.minimum(upper, high, out=upper)
        integrality[one.columns] = lp.integrality
    columns = _sections(slices, "columns", common, first.column_numbering.full_count)
    rows = _sections(slices, "rows", once, first.row_numbering.full_count)
    _refuse_contradictions(columns[0], columns[1], lower, upper, slices)
    taken = [_taken(slices[0], ~slices[0].own_rows), *(_taken(one, one.own_rows) for one in slices)]
    values, indices = (np.concatenate([part[k] for part in taken]) for k in (0, 1))
    lengths = np.concatenate([part[2] for part in taken])
    starts = np.zeros(len(lengths) + 1, dtype=np.int32 if len(values) < np.iinfo(np.int32).max else np.int64)
    np.cumsum(lengths, out=starts[1:])
    return CompiledLP(
        column_cost=cost,
        column_lower=lower,
        column_upper=upper,
        row_lower=np.concatenate([part[3] for part in taken]),
        row_upper=np.concatenate([part[4] for part in taken]),
        row_starts=starts,
        column_indices=indices.astype(np.int32 if width < np.iinfo(np.int32).max else np.int64),
        values=values,
        objective_constant=float(sum(one.part.probability * one.part.lp.objective_constant for one in slices)),
        integrality=integrality,
        columns=columns[0],
        rows=rows[0],
        column_numbering=columns[1],
        row_numbering=rows[1],
    )


def _taken(one: Slice, which: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Values, columns in the whole, lengths and sides of some rows of a future."""
    lp = one.part.lp
    rows = np.flatnonzero(which)
    lengths = np.diff(lp.row_starts)
    entries = np.repeat(which, lengths)
    return (
        lp.values[entries],
        one.columns[lp.column_indices[entries]],
        lengths[rows],
        lp.row_lower[rows],
        lp.row_upper[rows],
    )


def _sections(slices: Sequence[Slice], kind: str, common: Array, first_count: int) -> tuple[tuple[Any, ...], Numbering]:
    """Groups and numbering: first what is common under its own name, then each future's under that of the future."""
    lp = slices[0].part.lp
    groups: list[Group] = list(lp.columns if kind == "columns" else lp.rows)
    kept, base = [np.asarray(common, dtype=np.int64)], first_count
    for one in slices:
        lp, name = one.part.lp, one.part.name
        mine = lp.columns if kind == "columns" else lp.rows
        numbering = lp.column_numbering if kind == "columns" else lp.row_numbering
        own = one.own_columns if kind == "columns" else one.own_rows
        groups += [
            replace(g, dims=(FUTURE, *g.dims), labels=((name,), *g.labels), offset=base + g.offset) for g in mine
        ]
        kept.append(base + full_numbers(numbering)[own])
        base += numbering.full_count
    numbers = np.concatenate(kept)
    return tuple(groups), Numbering(base, numbers.astype(np.int32 if base <= np.iinfo(np.int32).max else np.int64))


def _refuse_contradictions(
    groups: Sequence[Group], numbering: Numbering, lower: Array, upper: Array, slices: Sequence[Slice]
) -> None:
    """Refuse bounds of common columns that exclude each other: what the futures give, or ask for, in common years."""
    broken = np.flatnonzero(lower > upper)
    if not len(broken):
        return
    problems = []
    for column in broken[:MOST_TOLD]:
        told = [
            f"{one.part.name}: {one.part.lp.column_lower[place]:,.6g} to {one.part.lp.column_upper[place]:,.6g}"
            for one in slices
            for place in np.flatnonzero(one.columns == column)
        ]
        name = full_name(groups, numbering.full_number(int(column)))
        problems.append(
            Problem(
                f"{name} is decided before the futures part, but they leave no value for it",
                given="; ".join(told),
                remedy="ask for the same capacity in every future before `known_in`, or move `known_in` earlier",
            )
        )
    raise InfeasibleScenario(problems)


def values_in(lp: CompiledLP, future: str, name: str, x: Array) -> Array:
    """Values of a variable as one future sees it, shaped like its sets: what is common, and what is its own."""
    found: Array | None = None
    for group in lp.columns:
        if group.name != name:
            continue
        if group.dims[:1] == (FUTURE,):
            if group.labels[0][0] != future:
                continue
            part = lp.column_numbering.within(group.full, x).reshape(group.shape[1:])
        else:
            part = lp.column_numbering.within(group.full, x).reshape(group.shape)
        found = part if found is None else found + part
    if found is None:
        raise KeyError(f"no future has the variable '{name}'.")
    return found


def held_to(lp: CompiledLP, plan: Mapping[str, Array]) -> CompiledLP:
    """The problem with common columns held to the values of a plan, as far as their bounds allow.

    Args:
        lp: the problem of all futures.
        plan: values by the name of the variable, over its sets.
    """
    lower, upper = lp.column_lower.copy(), lp.column_upper.copy()
    for group in lp.columns:
        if group.name in plan and FUTURE not in group.dims:
            first, last = lp.column_numbering.places_of(group.full)
            inside = full_numbers(lp.column_numbering)[first:last] - group.offset
            held = np.clip(plan[group.name].ravel()[inside], lower[first:last], upper[first:last])
            lower[first:last] = upper[first:last] = held
    return replace(lp, column_lower=lower, column_upper=upper)
