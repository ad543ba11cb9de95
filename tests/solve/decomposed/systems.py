"""Small systems with everything that crosses blocks, made from random figures, and how tests take them apart.

A system has sites, years, months and a few steps in each month. Plants, sun, a store, a grid contract with a monthly
peak and a line are built and run; a cap, a minimum take, a clean share, ramps and a fuel account add hours up over the
year or tie one step to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pe
from scipy.sparse import csr_array

from gigasite.formulation.modelling import Maker, new_model
from gigasite.solve.compiled import Array, CompiledLP
from gigasite.solve.compiler import Compiler
from gigasite.solve.decomposed import method
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.level import Carried, Level
from gigasite.solve.decomposed.progress import Limits, Progress
from gigasite.solve.plain import compile_model
from gigasite.solve.solver import new_highs

KINDS = ("store", "ramp", "cap", "take", "clean", "peak", "line", "fuel")
"""What a system may have beside plants, sun and load that waits."""

HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True)
class Small:
    """A system as arrays, in MW and USD, the month of each of its steps, and what compiles it in parts."""

    lp: CompiledLP
    month: Array
    compiler: Any = None


def choose_way(monkeypatch: Any, *, from_within: bool) -> None:
    """Have plans come from within after a single level step, or never, whatever the size of a problem."""
    monkeypatch.setattr(method, "CENTRED_FROM", 1 if from_within else 10**9)
    monkeypatch.setattr(method, "STEPS_TRIED", 1)
    monkeypatch.setattr(method, "FAR", -1.0)


def small(  # noqa: PLR0912, PLR0915 - reads from top to bottom as the model it is
    seed: int = 0,
    kinds: tuple[str, ...] = KINDS,
    *,
    sites: int = 2,
    years: tuple[int, ...] = (2030, 2033),
    months: tuple[int, ...] = (1, 2, 3),
    steps: int = 2,
    whole: bool = False,
    gas_capex: float | None = None,
) -> Small:
    """A small system.

    Args:
        seed: of its figures; those of a site and month do not depend on the number of steps.
        kinds: what it has, of `KINDS`.
        sites: number of sites; a line needs two.
        years: modelled years.
        months: months that have steps.
        steps: steps in each month.
        whole: whether plants come in whole machines of 100 MW.
        gas_capex: yearly cost of a plant, USD per MW, in place of a random one.
    """
    chance = np.random.default_rng(seed)
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    n, hours = len(months), len(months) * steps
    month = np.repeat(np.array(months), steps)
    site = make.set(model, "site", [f"s{i}" for i in range(sites)])
    year = make.set(model, "year", years)
    one_month = make.set(model, "month", range(1, 13))
    hour = make.set(model, "hour", range(hours))
    syh, sy = (site, year, hour), (site, year)
    step_h = HOURS_PER_YEAR / hours
    step_gwh = step_h / 1e3  # sums over the year count in GWh, so that their figures are of the size of those in MW
    shape = (sites, len(years), hours)

    def over_steps(low: float, high: float) -> Array:
        """By site, year and month, with a ripple over the steps."""
        base = chance.uniform(low, high, (sites, len(years), n))
        rippled: Array = np.repeat(base, steps, axis=2) * (1.0 + 0.2 * np.sin(np.arange(hours) * 2.1))
        return rippled

    load, sunny = over_steps(100.0, 400.0), over_steps(0.1, 0.8)
    fuel_usd, grid_usd = over_steps(20.0, 60.0) * step_h, over_steps(15.0, 90.0) * step_h
    capex = {name: chance.uniform(4e4, 2e5, (sites, len(years))) for name in ("plant", "sun", "store", "line")}
    if gas_capex is not None:
        capex["plant"][:] = gas_capex
    terms: list[tuple[Any, Any]] = []

    def priced(variable: Any, cost: Any) -> Any:
        terms.append((variable, cost))
        return variable

    model.plant = plant = pe.Block(concrete=True)
    if whole:
        priced(make.var(plant, "units", sy, upper=12.0, unit="machines", integer=True), 100.0 * capex["plant"])
        make.var(plant, "capacity_mw", sy, upper=1200.0)
        make.constraint(plant, "in_machines", sy, lambda b, s, y: b.capacity_mw[s, y] == 100.0 * b.units[s, y])
    else:
        priced(make.var(plant, "capacity_mw", sy, upper=1200.0), capex["plant"])
    priced(make.var(plant, "output_mw", syh, upper=1200.0), fuel_usd)
    make.constraint(plant, "within", syh, lambda b, s, y, h: b.output_mw[s, y, h] <= b.capacity_mw[s, y])
    model.sun = sun = pe.Block(concrete=True)
    priced(make.var(sun, "capacity_mw", sy, upper=1500.0), capex["sun"])
    make.param(sun, "share", sunny, syh)
    make.var(sun, "output_mw", syh, upper=1500.0)
    make.constraint(
        sun, "within", syh, lambda b, s, y, h: b.output_mw[s, y, h] <= b.share[s, y, h] * b.capacity_mw[s, y]
    )
    make.param(model, "load_mw", load, syh)
    priced(make.var(model, "waiting_mw", syh, upper=load), np.full(shape, 800.0 * step_h))
    make.param(model, "before", (np.arange(hours) - 1) % hours, (hour,))
    supply: list[Any] = [lambda s, y, h: plant.output_mw[s, y, h] + sun.output_mw[s, y, h] + model.waiting_mw[s, y, h]]
    if "store" in kinds:
        model.store = store = pe.Block(concrete=True)
        priced(make.var(store, "capacity_mw", sy, upper=800.0), 0.3 * capex["store"])
        for name in ("charge_mw", "discharge_mw"):
            priced(make.var(store, name, syh, upper=800.0), np.full(shape, 0.1 * step_h))
        make.var(store, "stored", syh, upper=6000.0)
        for name in ("charge_mw", "discharge_mw"):
            make.constraint(
                store,
                f"{name}_within",
                syh,
                lambda b, s, y, h, name=name: getattr(b, name)[s, y, h] <= b.capacity_mw[s, y],
            )
        make.constraint(store, "stored_within", syh, lambda b, s, y, h: b.stored[s, y, h] <= 6.0 * b.capacity_mw[s, y])
        make.constraint(
            store,
            "carries_over",
            syh,
            lambda b, s, y, h: (
                b.stored[s, y, h]
                == 0.98 * b.stored[s, y, model.before[h]] + 0.9 * b.charge_mw[s, y, h] - b.discharge_mw[s, y, h]
            ),
        )
        supply.append(lambda s, y, h: store.discharge_mw[s, y, h] - store.charge_mw[s, y, h])
    if "ramp" in kinds:
        make.constraint(
            plant,
            "rises_at_most",
            syh,
            lambda b, s, y, h: b.output_mw[s, y, h] - b.output_mw[s, y, model.before[h]] <= 0.15 * b.capacity_mw[s, y],
        )
        make.constraint(
            plant,
            "falls_at_most",
            syh,
            lambda b, s, y, h: b.output_mw[s, y, model.before[h]] - b.output_mw[s, y, h] <= 0.15 * b.capacity_mw[s, y],
        )
    if {"take", "peak"} & set(kinds):
        model.grid = grid = pe.Block(concrete=True)
        priced(make.var(grid, "contract_mw", sy, upper=300.0), np.full((sites, len(years)), 2e4))
        priced(make.var(grid, "import_mw", syh, upper=300.0), grid_usd)
        make.constraint(grid, "within", syh, lambda b, s, y, h: b.import_mw[s, y, h] <= b.contract_mw[s, y])
        supply.append(lambda s, y, h: grid.import_mw[s, y, h])
        if "peak" in kinds:
            present = np.isin(np.arange(1, 13), months)
            priced(
                make.var(grid, "peak_mw", (*sy, one_month), upper=np.broadcast_to(300.0 * present, (*shape[:2], 12))),
                np.full((*shape[:2], 12), 4e3),
            )
            make.param(model, "month_of", month, (hour,))
            make.constraint(
                grid,
                "below_the_peak",
                syh,
                lambda b, s, y, h: b.import_mw[s, y, h] <= b.peak_mw[s, y, model.month_of[h]],
            )
        if "take" in kinds:
            make.constraint(
                grid,
                "takes_at_least",
                sy,
                lambda b, s, y: (
                    sum(step_gwh * b.import_mw[s, y, h] for h in b.model().hour)
                    >= 0.5e-3 * HOURS_PER_YEAR * b.contract_mw[s, y]
                ),
            )
    if "cap" in kinds:
        priced(make.var(model, "over_cap_gwh", (), upper=1e4), 3e6)
        cap = 0.3 * step_gwh * float(load.sum())
        make.constraint(
            model,
            "cap",
            (),
            lambda m: (
                sum(sum(sum(step_gwh * m.plant.output_mw[s, y, h] for h in m.hour) for y in m.year) for s in m.site)
                - m.over_cap_gwh
                <= cap
            ),
        )
    if "clean" in kinds:
        asked = make.param(model, "clean_gwh", 0.2 * step_gwh * load.sum(axis=(0, 2)), (year,))
        priced(make.var(model, "dirty_gwh", (year,), upper=1e4), np.full(len(years), 5e5))
        make.constraint(
            model,
            "clean",
            (year,),
            lambda m, y: (
                sum(sum(step_gwh * m.sun.output_mw[s, y, h] for h in m.hour) for s in m.site) + m.dirty_gwh[y]
                >= asked[y]
            ),
        )
    if "fuel" in kinds:
        priced(make.var(plant, "fuel", sy, upper=1e5), np.full((sites, len(years)), 3e3))
        make.constraint(
            plant,
            "burns",
            sy,
            lambda b, s, y: b.fuel[s, y] == sum(7.0 * step_gwh * b.output_mw[s, y, h] for h in b.model().hour),
        )
    if "line" in kinds:
        model.wire = wire = pe.Block(concrete=True)
        ends = make.set(wire, "line", ["there", "back"])
        make.param(wire, "gains", np.array([[-1.0, 0.95], [0.95, -1.0]] + [[0.0, 0.0]] * (sites - 2)), (site, ends))
        priced(make.var(wire, "capacity_mw", (year,), upper=300.0), capex["line"][0])
        priced(make.var(wire, "flow_mw", (ends, year, hour), upper=300.0), np.full((2, *shape[1:]), 0.1 * step_h))
        make.constraint(wire, "within", (ends, year, hour), lambda b, e, y, h: b.flow_mw[e, y, h] <= b.capacity_mw[y])
        supply.append(lambda s, y, h: sum(wire.gains[s, e] * wire.flow_mw[e, y, h] for e in ends))
    make.constraint(
        model,
        "balance",
        syh,
        lambda m, s, y, h: sum(part(s, y, h) for part in supply) == m.load_mw[s, y, h],
    )
    make.objective(model, terms, constant=1e6)
    return Small(compile_model(model, make), month, Compiler(model, make, large_rows=0))


def dense(matrix: Any) -> Array:
    return np.asarray(matrix.toarray())


def whole_matrix(lp: CompiledLP) -> Array:
    return dense(csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape))


# -- solving -----------------------------------------------------------------------------------------------------------


def level_of(system: Small, *, processes: int | None = 1, slack_price: float = 30.0) -> Level:
    return Level(lambda: system.lp, system.month, processes=processes, slack_price=slack_price)


def solved(level: Level, limits: Limits | None = None, carried: Carried | None = None) -> Progress:
    """Improve from what is carried, with slack made dearer while the cheapest plan uses any."""
    limits = limits or Limits(gap=1e-7)
    progress = level.improve(level.begin(carried or Carried()), limits)
    for _ in range(5):
        if progress.stopped != "slack":
            break
        level.charge_more_for_slack(10.0)
        progress = level.improve(progress.best, limits)
    return progress


def true_cost(block: Block, x: Array) -> float:
    """theta(x), with every affine bound as a row of its own; infinite where the block has no answer."""
    from highspy import HighsModelStatus as Status

    rows, width = block.shape
    slacks = len(block.slack_rows)
    entering = np.zeros((rows, slacks))
    entering[block.slack_rows, np.arange(slacks)] = block.slack_signs
    parts = [np.hstack([dense(block.matrix), entering])]
    taken = dense(block.row_planning) @ x
    lower, upper = [block.row_lower - taken], [block.row_upper - taken]
    for bounds, is_upper in ((block.upper_bounds, True), (block.lower_bounds, False)):
        held = np.zeros((len(bounds.column), width + slacks))
        held[np.arange(len(bounds.column)), bounds.column] = 1.0
        side = bounds.constant + dense(bounds.matrix) @ x
        parts.append(held)
        lower.append(np.full(len(side), -np.inf) if is_upper else side)
        upper.append(side if is_upper else np.full(len(side), np.inf))
    matrix = csr_array(np.vstack(parts))
    highs = new_highs()
    for option in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        highs.setOptionValue(option, 1e-10)
    highs.setOptionValue("threads", 1)
    highs.passModel(
        width + slacks, matrix.shape[0], matrix.nnz, 2, 1, 0.0,
        np.r_[block.cost, block.slack_cost], np.r_[block.lower, np.zeros(slacks)],
        np.r_[block.upper, np.full(slacks, np.inf)], np.concatenate(lower), np.concatenate(upper),
        matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
        np.zeros(width + slacks, dtype=np.int32),
    )  # fmt: skip
    highs.run()
    status = highs.getModelStatus()
    if status in (Status.kInfeasible, Status.kUnboundedOrInfeasible):
        return float("inf")
    assert status == Status.kOptimal
    return float(highs.getInfo().objective_function_value)
