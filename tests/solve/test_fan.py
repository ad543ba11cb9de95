"""Futures merged into one problem: the extensive form, a case by hand, prices, names, and both ways of solving."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyomo.environ as pe
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import block_diag, csr_array, vstack
from tests.solve.decomposed.systems import Small, level_of, small, solved

from gigasite.formulation.modelling import Maker, new_model
from gigasite.foundation.errors import InfeasibleScenario
from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.decomposed.answer import solution_of
from gigasite.solve.fan import Merged, Part, common_columns, merge, values_in, years_of
from gigasite.solve.plain import compile_model
from gigasite.solve.solver import new_highs
from gigasite.solve.whole import solve_whole

BOUGHT = ("plant.capacity_mw", "sun.capacity_mw", "store.capacity_mw", "grid.contract_mw", "wire.capacity_mw")
KINDS = ("store", "cap", "take", "peak", "line")
KNOWN_IN = 2033


def part(name: str, probability: float, lp: CompiledLP, undivided: Sequence[int] = ()) -> Part:
    """A future of which everything that is bought before 2033 is common."""
    groups = {group.name: group for group in lp.columns}
    bought = {name: years_of(groups[name]) < KNOWN_IN for name in BOUGHT if name in groups}
    return Part(name, probability, lp, common_columns(lp, bought, undivided))


def unlike(seeds: Sequence[int], shares: Sequence[float], kinds: tuple[str, ...] = KINDS) -> list[Part]:
    """Futures in which every figure differs."""
    return [part(f"f{s}", p, small(s, kinds).lp, ()) for s, p in zip(seeds, shares, strict=True)]


def later_unlike(factors: Sequence[float], shares: Sequence[float], kinds: tuple[str, ...] = KINDS) -> list[Part]:
    """Futures that differ in the load of 2033 alone, so that 2030 is undivided."""
    base = small(1, kinds).lp
    return [part(f"f{f:g}", p, with_load(base, f), [2030]) for f, p in zip(factors, shares, strict=True)]


def with_load(lp: CompiledLP, factor: float) -> CompiledLP:
    """The same problem with another load in 2033."""
    row_factor = np.ones(lp.row_numbering.full_count)
    column_factor = np.ones(lp.column_numbering.full_count)
    (balance,) = (group for group in lp.rows if group.name == "balance")
    (waiting,) = (group for group in lp.columns if group.name == "waiting_mw")
    row_factor[balance.full].reshape(balance.shape)[:, 1] = factor
    column_factor[waiting.full].reshape(waiting.shape)[:, 1] = factor
    rows, columns = lp.row_numbering.take(row_factor), lp.column_numbering.take(column_factor)
    return replace(
        lp, row_lower=lp.row_lower * rows, row_upper=lp.row_upper * rows, column_upper=lp.column_upper * columns
    )


def matrix_of(lp: CompiledLP) -> csr_array:
    return csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape)


def extensive_cost(parts: Sequence[Part]) -> float:
    """Every future in full, side by side, with a row of its own for every column that has to be the same."""
    lps = [one.lp for one in parts]
    firsts = np.cumsum([0, *(lp.shape[1] for lp in lps)])
    rows = [block_diag([matrix_of(lp) for lp in lps], format="csr")]
    lower = [np.concatenate([lp.row_lower for lp in lps])]
    upper = [np.concatenate([lp.row_upper for lp in lps])]
    named = [
        {lp.column_name(c): c for c in range(lp.shape[1]) if keep[c]}
        for lp, keep in zip(lps, map(kept, parts), strict=True)
    ]
    for number, names in enumerate(named[1:], start=1):
        same = sorted(named[0].keys() & names.keys())
        tie = np.zeros((len(same), firsts[-1]))
        tie[np.arange(len(same)), [named[0][name] for name in same]] = 1.0
        tie[np.arange(len(same)), [firsts[number] + names[name] for name in same]] = -1.0
        rows.append(csr_array(tie))
        lower.append(np.zeros(len(same)))
        upper.append(np.zeros(len(same)))
    whole = csr_array(vstack(rows, format="csr"))
    highs = new_highs()
    highs.passModel(
        whole.shape[1], whole.shape[0], whole.nnz, 2, 1, 0.0,
        np.concatenate([one.probability * one.lp.column_cost for one in parts]) / 1e6,
        np.concatenate([lp.column_lower for lp in lps]), np.concatenate([lp.column_upper for lp in lps]),
        np.concatenate(lower), np.concatenate(upper), whole.indptr.astype(np.int32), whole.indices.astype(np.int32),
        whole.data, np.zeros(whole.shape[1], dtype=np.int32),
    )  # fmt: skip
    highs.run()
    fixed = sum(one.probability * one.lp.objective_constant for one in parts)
    return float(highs.getInfo().objective_function_value) * 1e6 + fixed


def kept(one: Part) -> Array:
    return np.asarray(one.lp.column_numbering.take(one.common))


# -- the same as writing it out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seeds", [(0, 1), (2, 3, 4), (5, 6)])
def test_unlike_futures_cost_what_their_extensive_form_costs(seeds: tuple[int, ...]) -> None:
    shares = np.arange(1, len(seeds) + 1) / sum(range(1, len(seeds) + 1))
    parts = unlike(seeds, shares.tolist())
    assert solve_whole(merge(parts).lp).objective_usd == pytest.approx(extensive_cost(parts), rel=1e-6)


@pytest.mark.parametrize("factors", [(0.5, 1.0, 1.6), (1.0, 2.0)])
def test_futures_that_part_later_cost_what_their_extensive_form_costs(factors: tuple[float, ...]) -> None:
    parts = later_unlike(factors, [1.0 / len(factors)] * len(factors))
    assert solve_whole(merge(parts).lp).objective_usd == pytest.approx(extensive_cost(parts), rel=1e-6)


@pytest.mark.parametrize("parts", [unlike((0, 1), (0.3, 0.7)), later_unlike((0.5, 1.4), (0.6, 0.4))])
def test_blocks_of_futures_cost_what_the_whole_costs(parts: list[Part]) -> None:
    merged = merge(parts)
    level = level_of(Small(merged.lp, small(0, KINDS).month))
    answer = solution_of(level, solved(level), seconds=0.0, status="optimal")
    assert answer.objective_usd == pytest.approx(solve_whole(merged.lp).objective_usd, rel=1e-6)
    assert answer.bound_usd <= answer.objective_usd * (1 + 1e-9)


def test_every_month_of_every_future_is_a_block_and_undivided_months_are_one_for_all() -> None:
    level = level_of(Small(merge(later_unlike((0.5, 1.4), (0.6, 0.4))).lp, small(0, KINDS).month))
    names = {block.name.rpartition(" ")[0] + " " + block.name[-7:] for block in level.blocks}
    level.close()
    assert sum(name.endswith("2030-01") for name in names) == 1
    assert sorted(name.split()[0] for name in names if name.endswith("2033-01")) == ["f0.5", "f1.4"]


def test_one_future_alone_is_the_ordinary_problem() -> None:
    lp = small(3, KINDS).lp
    merged = merge([part("only", 1.0, lp)])
    ordinary = solve_whole(lp)
    assert solve_whole(merged.lp).objective_usd == pytest.approx(ordinary.objective_usd, rel=1e-9)
    assert merged.lp.shape == lp.shape


# -- by hand -----------------------------------------------------------------------------------------------------------

EARLY_USD, LATE_USD, FUEL_USD, UNSERVED_USD = 100.0, 120.0, 1.0, 1000.0
NOW_MW, LOW_MW, HIGH_MW = 10.0, 10.0, 30.0


def by_hand(late_load_mw: float, early_most_mw: float = 100.0) -> CompiledLP:
    """One site, two years, three hours: a plant built early serves both years, one built late costs a fifth more."""
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    vintage, year, hour = make.set(model, "vintage", (2030, 2035)), make.set(model, "year", (2030, 2035)), None
    hour = make.set(model, "hour", range(3))
    model.plant = plant = pe.Block(concrete=True)
    built = make.var(plant, "built_mw", (vintage,), upper=np.array([early_most_mw, 100.0]))
    output = make.var(plant, "output_mw", (year, hour), upper=100.0)
    unserved = make.var(model, "unserved_mw", (year, hour), upper=100.0)
    make.param(model, "load_mw", np.array([[NOW_MW] * 3, [late_load_mw] * 3]), (year, hour))
    make.param(model, "stands", np.array([[1.0, 0.0], [1.0, 1.0]]), (year, vintage))
    make.constraint(
        plant,
        "within",
        (year, hour),
        lambda b, y, h: b.output_mw[y, h] <= sum(b.model().stands[y, v] * b.built_mw[v] for v in vintage),
    )
    make.constraint(
        model, "balance", (year, hour), lambda m, y, h: plant.output_mw[y, h] + m.unserved_mw[y, h] == m.load_mw[y, h]
    )
    make.objective(model, [(built, np.array([EARLY_USD, LATE_USD])), (output, FUEL_USD), (unserved, UNSERVED_USD)])
    return compile_model(model, make)


def fan_by_hand(high: float) -> Merged:
    parts = []
    for name, share, load in (("low", 1.0 - high, LOW_MW), ("high", high, HIGH_MW)):
        lp = by_hand(load)
        early = {"plant.built_mw": np.array([True, False])}
        parts.append(Part(name, share, lp, common_columns(lp, early, (2030,))))
    return merge(parts)


def fuel(late_mw: float) -> float:
    return FUEL_USD * 3 * (NOW_MW + late_mw)


@pytest.mark.parametrize(
    ("high", "early_mw", "late_mw"),
    [
        (0.5, 10.0, 20.0),  # a MW early costs 100, half a MW late 60: wait
        (0.9, 30.0, 0.0),  # nine tenths of a MW late cost 108: build early
    ],
)
def test_the_plan_worked_out_on_paper(high: float, early_mw: float, late_mw: float) -> None:
    merged = fan_by_hand(high)
    found = solve_whole(merged.lp)
    expected = early_mw * EARLY_USD + high * late_mw * LATE_USD + (1 - high) * fuel(LOW_MW) + high * fuel(HIGH_MW)
    assert found.objective_usd == pytest.approx(expected, rel=1e-9)
    assert values_in(merged.lp, "low", "plant.built_mw", found.column_values) == pytest.approx([early_mw, 0.0])
    assert values_in(merged.lp, "high", "plant.built_mw", found.column_values) == pytest.approx([early_mw, late_mw])
    known = (1 - high) * (LOW_MW * EARLY_USD + fuel(LOW_MW)) + high * (HIGH_MW * EARLY_USD + fuel(HIGH_MW))
    alone = sum(p * solve_whole(by_hand(mw)).objective_usd for p, mw in ((1 - high, LOW_MW), (high, HIGH_MW)))
    assert alone == pytest.approx(known, rel=1e-9)
    assert found.objective_usd - alone == pytest.approx(200.0, rel=1e-9)


def test_a_future_sees_its_own_cost_and_prices_in_its_own_money() -> None:
    merged = fan_by_hand(0.5)
    whole = solve_whole(merged.lp)
    low, high = (one.solution(whole) for one in merged.slices)
    assert low.objective_usd == pytest.approx(10 * EARLY_USD + fuel(LOW_MW))
    assert high.objective_usd == pytest.approx(10 * EARLY_USD + 20 * LATE_USD + fuel(HIGH_MW))
    # one more MW in 2035 takes a MW late and its fuel, if the high future comes
    assert high.duals("balance")[1].sum() == pytest.approx(LATE_USD + 3 * FUEL_USD)
    assert whole.objective_usd == pytest.approx(0.5 * low.objective_usd + 0.5 * high.objective_usd)


# -- prices, rows and names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [unlike((0, 1), (0.3, 0.7)), later_unlike((0.5, 1.4), (0.6, 0.4))])
def test_reduced_costs_of_a_future_follow_from_its_prices(parts: list[Part]) -> None:
    merged = merge(parts)
    whole = solve_whole(merged.lp)
    common = np.zeros(merged.lp.shape[1])
    for one in merged.slices:
        seen, lp = one.solution(whole), one.part.lp
        left = lp.column_cost - matrix_of(lp).T @ seen.row_duals
        own = one.own_columns
        assert left[own] == pytest.approx(seen.reduced_costs[own], rel=1e-6, abs=1.0)
        common[one.columns[~own]] += one.part.probability * left[~own]
    shared = merged.slices[0].columns[~merged.slices[0].own_columns]
    assert common[shared] == pytest.approx(whole.reduced_costs[shared], rel=1e-6, abs=1.0)


def test_rows_of_an_undivided_year_are_kept_once() -> None:
    parts = later_unlike((0.5, 1.4), (0.6, 0.4))
    merged = merge(parts)
    once = int((~merged.slices[0].own_rows).sum())
    (balance,) = (group for group in parts[0].lp.rows if group.name == "balance")
    assert once >= balance.size // 2
    assert merged.lp.shape[0] == sum(one.lp.shape[0] for one in parts) - once
    names = [merged.lp.row_name(row) for row in range(merged.lp.shape[0])]
    assert len(set(names)) == len(names)
    assert "balance[s0,2030,0]" in names
    assert "balance[f0.5,s0,2033,0]" in names


def test_rows_that_change_with_the_plan_are_kept_for_each_future() -> None:
    parts = later_unlike((0.5, 1.4), (0.6, 0.4))
    names = {merge(parts, apart=["grid"]).lp.row_name(row) for row in range(merge(parts, apart=["grid"]).lp.shape[0])}
    assert "grid.within[f0.5,s0,2030,0]" in names
    assert "grid.within[s0,2030,0]" not in names


def test_a_common_row_whose_figures_differ_is_kept_for_each_future() -> None:
    parts = later_unlike((0.5, 1.4), (0.6, 0.4))
    lp = replace(parts[1].lp, values=parts[1].lp.values.copy())
    row = next(r for r in range(lp.shape[0]) if lp.row_name(r) == "plant.within[s0,2030,0]")
    lp.values[lp.row_starts[row]] *= 1.5
    parts[1] = replace(parts[1], lp=lp)
    names = {merge(parts).lp.row_name(r) for r in range(merge(parts).lp.shape[0])}
    assert {"plant.within[f0.5,s0,2030,0]", "plant.within[f1.4,s0,2030,0]"} <= names
    assert "plant.within[s0,2030,0]" not in names


def test_what_one_future_cannot_have_early_no_future_builds_early() -> None:
    early = {"plant.built_mw": np.array([True, False])}
    lps = (by_hand(LOW_MW), by_hand(HIGH_MW, early_most_mw=0.0))
    parts = [Part(n, 0.5, lp, common_columns(lp, early, ())) for n, lp in zip(("low", "high"), lps, strict=True)]
    merged = merge(parts)
    found = solve_whole(merged.lp)
    assert values_in(merged.lp, "low", "plant.built_mw", found.column_values) == pytest.approx([0.0, LOW_MW])
    assert found.objective_usd == pytest.approx(cost_without_early(), rel=1e-9)


def cost_without_early() -> float:
    """Cost where nothing is built early: ten megawatts for three hours unserved in 2030, the rest built late."""
    late = LATE_USD * (LOW_MW + HIGH_MW) / 2 + 3 * FUEL_USD * (LOW_MW + HIGH_MW) / 2
    return 3 * NOW_MW * UNSERVED_USD + late


def test_every_column_has_a_name_of_its_own() -> None:
    merged = merge(unlike((0, 1), (0.3, 0.7)))
    names = [merged.lp.column_name(column) for column in range(merged.lp.shape[1])]
    assert len(set(names)) == len(names)
    assert "plant.capacity_mw[s0,2030]" in names
    assert "plant.capacity_mw[f1,s0,2033]" in names


def test_bounds_of_common_columns_that_exclude_each_other_are_told_by_name() -> None:
    one, other = (by_hand(LOW_MW), by_hand(HIGH_MW))
    column = next(c for c in range(one.shape[1]) if one.column_name(c) == "plant.built_mw[2030]")
    one.column_upper[column], other.column_lower[column] = 5.0, 8.0
    early = {"plant.built_mw": np.array([True, False])}
    parts = [Part(n, 0.5, lp, common_columns(lp, early, ())) for n, lp in (("low", one), ("high", other))]
    with pytest.raises(InfeasibleScenario) as told:
        merge(parts)
    (problem,) = told.value.problems
    assert problem.message.startswith("plant.built_mw[2030] is decided before the futures part")
    assert problem.given == "low: 0 to 5; high: 8 to 100"


# -- whatever the figures ----------------------------------------------------------------------------------------------


@settings(max_examples=12)
@given(
    seeds=st.lists(st.integers(0, 400), min_size=2, max_size=3, unique=True),
    weights=st.lists(st.integers(1, 9), min_size=3, max_size=3),
)
def test_expected_cost_lies_between_knowing_and_the_worst_common_plan(seeds: list[int], weights: list[int]) -> None:
    shares = np.array(weights[: len(seeds)], dtype=float) / sum(weights[: len(seeds)])
    parts = unlike(seeds, shares.tolist(), ("store",))
    merged = merge(parts)
    together = solve_whole(merged.lp)
    alone = [solve_whole(one.lp) for one in parts]
    knowing = sum(p * one.objective_usd for p, one in zip(shares, alone, strict=True))
    common = ~merged.slices[0].own_columns
    followed = []
    for plan, one in zip(alone, merged.slices, strict=True):
        fixed = merged.lp.column_lower.copy(), merged.lp.column_upper.copy()
        for bound in fixed:
            bound[one.columns[common]] = plan.column_values[common]
        followed.append(solve_whole(replace(merged.lp, column_lower=fixed[0], column_upper=fixed[1])).objective_usd)
    slack = 1e-7 * abs(together.objective_usd)
    assert knowing <= together.objective_usd + slack
    assert together.objective_usd <= min(followed) + slack
