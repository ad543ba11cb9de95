"""The same programme written straight into numpy arrays, row by row as gigasite writes it, and given to HiGHS.

The least any route can take: every array is made once, at its final size, and filled in place.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from same_lp import Array, Case


class Arrays:
    """Columns numbered as they are asked for, rows kept as pieces until their sizes are known."""

    def __init__(self) -> None:
        self.columns = 0
        self.bounds: list[tuple[slice, Any, Any, Any]] = []
        self.pieces: list[tuple[tuple[int, ...], list[tuple[Any, Any]], float, Any]] = []

    def add(self, shape: tuple[int, ...], upper: Any, cost: Any = 0.0, lower: Any = 0.0) -> Array:
        """Columns of a shape, with their numbers."""
        first, self.columns = self.columns, self.columns + int(np.prod(shape))
        self.bounds.append((slice(first, self.columns), lower, upper, cost))
        return np.arange(first, self.columns, dtype=np.int32).reshape(shape)

    def rows(self, shape: tuple[int, ...], entries: list[tuple[Any, Any]], upper: Any = 0.0, *, equal: bool) -> None:
        """Rows of a shape; each entry is a pair of column numbers and coefficients that broadcast to it."""
        self.pieces.append((shape, entries, upper if equal else -np.inf, upper))

    def made(self) -> dict[str, Array]:
        """The arrays of the programme."""
        counts = [int(np.prod(shape)) for shape, *_ in self.pieces]
        widths = [len(entries) for _, entries, *_ in self.pieces]
        rows = sum(counts)
        nonzeros = sum(count * width for count, width in zip(counts, widths, strict=True))
        indices, values = np.empty(nonzeros, np.int32), np.empty(nonzeros)
        row_lower, row_upper, starts = np.empty(rows), np.empty(rows), np.zeros(rows + 1, np.int32)
        np.cumsum(np.repeat(widths, counts), out=starts[1:])
        place = row = 0
        for (shape, entries, low, high), count in zip(self.pieces, counts, strict=True):
            size = count * len(entries)
            table_c = indices[place : place + size].reshape(*shape, len(entries))
            table_v = values[place : place + size].reshape(*shape, len(entries))
            for number, (column, value) in enumerate(entries):
                table_c[..., number], table_v[..., number] = column, value
            row_lower[row : row + count].reshape(shape)[...] = low
            row_upper[row : row + count].reshape(shape)[...] = high
            place, row = place + size, row + count
        return {**self._columns(), "row_lower": row_lower, "row_upper": row_upper} | {
            "starts": starts, "indices": indices, "values": values,
        }  # fmt: skip

    def _columns(self) -> dict[str, Array]:
        cost, lower, upper = (np.empty(self.columns) for _ in range(3))
        for part, low, high, price in self.bounds:
            for array, given in ((lower, low), (upper, high), (cost, price)):
                array[part] = given.ravel() if isinstance(given, np.ndarray) else given
        return {"cost": cost, "lower": lower, "upper": upper}


def build(case: Case) -> Any:
    """The programme in a HiGHS object."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    hand_over(arrays(case), highs)
    return highs


def hand_over(made: dict[str, Array], highs: Any) -> None:
    rowwise, minimise = 2, 1
    columns, rows, entries = len(made["cost"]), len(made["row_lower"]), len(made["values"])
    names = ("cost", "lower", "upper", "row_lower", "row_upper", "starts", "indices", "values")
    whole = np.zeros(columns, np.int32)
    highs.passModel(
        columns, rows, entries, rowwise, minimise, 0.0, *(made[name] for name in names), whole
    )  # fmt: skip


def arrays(case: Case) -> dict[str, Array]:
    """Every column and row of the programme."""
    to = Arrays()
    sites, hours = case["load"].shape
    over, each = (sites, hours), (sites,)
    energised, waiting = to.add(each, case["ramp"]), to.add(each, case["ramp"], case["idle_usd"])
    unserved = to.add(over, case["ramp"][:, None] * case["load"], case["unserved_usd"])
    to.rows(each, [(energised, 1.0), (waiting, 1.0)], case["ramp"], equal=True)
    to.rows(over, [(unserved, 1.0), (energised[:, None], -case["load"])], equal=False)
    outputs, capacities = [], []
    for p in range(len(case["plant"])):
        capacity = _capacity(to, case, "plant", p)
        available = case["available"][p]
        output = to.add(over, available * case["plant_max"][p][:, None], case["running_usd"][p])
        to.rows(over, [(output, 1.0), (capacity[:, None], -available)], equal=False)
        outputs.append(output)
        capacities.append(capacity)
    charge, discharge, battery_firm = _battery(to, case)
    imports, grid_firm = _grid(to, case)
    supply = [(output, 1.0) for output in outputs]
    supply += [(imports[:, k], 1.0) for k in range(imports.shape[1])]
    supply += [(discharge, 1.0), (charge, -1.0), (unserved, 1.0), (energised[:, None], -case["load"])]
    to.rows(over, supply, equal=True)
    firm = [(battery_firm, -1.0), (grid_firm, -1.0)]
    reserve = [(capacity, -case["firm"][p]) for p, capacity in enumerate(capacities)]
    survivors = [(capacity, -case["firm"][p] * case["surviving"][p]) for p, capacity in enumerate(capacities)]
    to.rows(each, [(energised, case["one_and_margin"]), *reserve, *firm], equal=False)
    to.rows(each, [(energised, 1.0), *survivors, *firm], equal=False)
    return to.made()


def _capacity(to: Arrays, case: Case, kind: str, number: int | None = None) -> Array:
    def of(key: str) -> Array:
        return case[f"{kind}_{key}"] if number is None else case[f"{kind}_{key}"][number]

    shape = of("max").shape
    built = to.add(shape, of("built_max"), of("annuity"))
    vintage = to.add(shape, of("built_max"))
    capacity = to.add(shape, of("max"), of("fixed"), of("min"))
    to.rows(shape, [(vintage, 1.0), (built, -1.0)], equal=False)
    to.rows(shape, [(capacity, 1.0), (vintage, -1.0)], equal=True)
    return capacity


def _battery(to: Arrays, case: Case) -> tuple[Array, Array, Array]:
    over, each = case["load"].shape, case["ramp"].shape
    power, energy = _capacity(to, case, "power"), _capacity(to, case, "energy")
    charge = to.add(over, np.repeat(case["power_max"], over[1]))
    discharge = to.add(over, np.repeat(case["power_max"], over[1]))
    stored = to.add(over, np.repeat(case["energy_max"], over[1]))
    firm = to.add(each, case["power_max"])
    width, efficiency = float(case["step_h"]), case["efficiency"][:, None]
    before = np.roll(stored, 1, axis=1)
    to.rows(
        over,
        [
            (stored, 1.0),
            (before, -case["kept"][:, None]),
            (charge, -width * efficiency),
            (discharge, width / efficiency),
        ],
        equal=True,
    )
    for series, limit in ((charge, power), (discharge, power), (stored, energy)):
        to.rows(over, [(series, 1.0), (limit[:, None], -1.0)], equal=False)
    to.rows(each, [(firm, 1.0), (power, -1.0)], equal=False)
    to.rows(each, [(firm, case["firm_hours"]), (energy, -1.0)], equal=False)
    return charge, discharge, firm


def _grid(to: Arrays, case: Case) -> tuple[Array, Array]:
    sites, hours = case["load"].shape
    over, each, steps = (sites, hours), (sites,), case["step_max"].shape[1]
    new = to.add((sites, steps), case["step_max"], case["new_step_usd"])
    step = to.add((sites, steps), case["step_max"])
    firm = to.add(each, case["firm_max"], case["firm_usd"])
    nonfirm = to.add(each, case["nonfirm_max"])
    contract = to.add(each, case["contract_max"], 0.0, case["contract_min"])
    billed = to.add((sites, 12), np.repeat(case["billed_max"], 12), case["billed_usd"])
    imports = to.add((sites, steps, hours), np.repeat(case["step_max"].ravel(), hours), case["import_usd"])
    to.rows(each, [(contract, 1.0), (firm, -1.0), (nonfirm, -1.0)], equal=True)
    to.rows(each, [(contract, 1.0), *((step[:, k], -1.0) for k in range(steps))], equal=True)
    to.rows((sites, steps), [(step, 1.0), (new, -1.0)], equal=False)
    for members, width in zip(case["in_zone"], case["width"], strict=True):
        to.rows((steps,), [(step[s], 1.0) for s in np.flatnonzero(members)], width, equal=False)
    for members, headroom in zip(case["in_region"], case["headroom"], strict=True):
        to.rows((1,), [(contract[s], 1.0) for s in np.flatnonzero(members)], headroom, equal=False)
    to.rows((sites, 12), [(contract[:, None], case["billed_floor"][:, None]), (billed, -1.0)], equal=False)
    to.rows((sites, steps, hours), [(imports, 1.0), (step[..., None], -1.0)], equal=False)
    metered = [(imports[:, k], case["peak_ratio"]) for k in range(steps)]
    to.rows(
        over,
        [*metered, (firm[:, None], -1.0), (nonfirm[:, None], -case["nonfirm_available"])],
        equal=False,
    )
    to.rows(over, [*metered, (billed[:, case["month"]], -1.0)], equal=False)
    return imports, firm
