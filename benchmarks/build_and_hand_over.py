"""How much the modelling language costs: declared, traced and handed over, against the same arrays written by hand.

    python benchmarks/build_and_hand_over.py

One linear programme, twice: seven technologies, a battery and unserved energy at one or more sites over 8,760 hours.
First as numpy arrays filled by hand and given to HiGHS, then as gigasite declarations, compiled and given to HiGHS.
Both must have the same entries. Prints the ratio of the times (medians) and the peak memory of each route in a process
of its own, and writes both to `benchmarks/build_and_hand_over.csv`.
"""

from __future__ import annotations

import argparse
import csv
import gc
import platform
import resource
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import highspy
import numpy as np
from pyomo.environ import Block

from gigasite.formulation.modelling import Maker, new_model
from gigasite.solve.compiled import CompiledLP, hand_over
from gigasite.solve.trace import compile_traced

HOURS = 8760
PLANTS = ("combined_cycle", "gas_turbine", "gas_engine", "small_modular_reactor", "grid", "solar", "wind")
CHARGE_EFFICIENCY = 0.93
KEPT_EACH_HOUR = 0.9999
UNSERVED_USD_PER_MWH = 10_000.0
RESULT = Path(__file__).with_suffix(".csv")
Array = np.ndarray[Any, Any]


def case(sites: int, seed: int = 1) -> dict[str, Array]:
    """Made-up figures of the right size; only their shape matters here."""
    chance = np.random.default_rng(seed)
    hour = np.arange(HOURS)
    sun = np.clip(np.sin(2 * np.pi * (hour % 24 - 6) / 24), 0, None)
    plants = len(PLANTS)
    availability = chance.uniform(0.85, 1.0, (sites, plants, HOURS))
    availability[:, 5] = np.maximum(sun * chance.uniform(0.6, 1.0, (sites, HOURS)), 1e-3)
    availability[:, 6] = chance.uniform(0.05, 0.9, (sites, HOURS))
    running = np.array([38.0, 58.0, 52.0, 11.0, 40.0, 0.5, 1.0])[None, :, None] * chance.uniform(
        0.8, 1.2, (sites, 1, HOURS)
    )
    capital = np.array([100.0, 70, 82, 560, 62, 52, 105, 12, 13]) * 1e3 * chance.uniform(0.9, 1.1, (sites, 1))
    return {
        "load": chance.uniform(1.0, 1.25, (sites, HOURS)),
        "availability": availability,
        "running": np.ascontiguousarray(running),
        "capital": capital,
        "largest": np.full((sites, plants + 2), 5000.0),
        "demand": np.array(500.0 * sites + 500.0),
        "most_load": np.full(sites, 1000.0),
        "most": np.full((sites, HOURS), 8000.0),
    }


def by_hand(data: dict[str, Array]) -> dict[str, Array]:
    """The arrays written straight into rows, as one would without any modelling language."""
    sites, plants = len(data["load"]), len(PLANTS)
    hours = np.arange(HOURS, dtype=np.int32)
    planning = plants + 3
    width = planning + (plants + 4) * HOURS
    columns = sites * width
    cost, lower, upper = np.zeros(columns), np.zeros(columns), np.empty(columns)
    per_site = 11 * HOURS + plants * 2 * HOURS + 3 * 2 * HOURS + 4 * HOURS
    indices, values = np.empty(sites * per_site + sites, np.int32), np.empty(sites * per_site + sites)
    lengths = np.concatenate(
        [
            np.tile(np.repeat(np.array([11, 2, 2, 4, 2], np.int32), np.array([1, plants, 2, 1, 1]) * HOURS), sites),
            [sites],
        ]
    )
    rows = len(lengths)
    row_lower, row_upper = np.full(rows, -np.inf), np.zeros(rows)
    place = row = 0

    def fill(entries: list[tuple[Any, Any]], equal: bool) -> None:
        nonlocal place, row
        table_c = indices[place : place + HOURS * len(entries)].reshape(HOURS, -1)
        table_v = values[place : place + HOURS * len(entries)].reshape(HOURS, -1)
        for number, (column, value) in enumerate(entries):
            table_c[:, number] = column
            table_v[:, number] = value
        if equal:
            row_lower[row : row + HOURS] = 0
        place, row = place + HOURS * len(entries), row + HOURS

    for site in range(sites):
        first = site * width
        series = [first + planning + number * HOURS + hours for number in range(plants + 4)]
        charge, discharge, stored, unserved = series[plants:]
        load, power, energy = first + plants + 2, first + plants, first + plants + 1
        cost[first : first + plants + 2] = data["capital"][site]
        upper[first : first + plants + 2] = data["largest"][site]
        upper[load] = data["most_load"][site]
        upper[first + planning : first + width] = np.tile(data["most"][site], plants + 4)
        cost[first + planning : first + planning + plants * HOURS] = data["running"][site].ravel()
        cost[unserved] = UNSERVED_USD_PER_MWH
        balance = [
            *((series[plant], 1.0) for plant in range(plants)),
            (charge, -1.0),
            (discharge, 1.0),
            (unserved, 1.0),
        ]
        fill([*balance, (load, -data["load"][site])], True)
        for plant in range(plants):
            fill([(series[plant], 1.0), (first + plant, -data["availability"][site, plant])], False)
        for series_of, limit in ((charge, power), (discharge, power)):
            fill([(series_of, 1.0), (limit, -1.0)], False)
        before = np.roll(stored, 1)
        fill(
            [
                (stored, 1.0),
                (before, -KEPT_EACH_HOUR),
                (charge, -CHARGE_EFFICIENCY),
                (discharge, 1 / CHARGE_EFFICIENCY),
            ],
            True,
        )
        fill([(stored, 1.0), (energy, -1.0)], False)
    indices[place:] = np.arange(sites) * width + plants + 2
    values[place:] = 1.0
    row_lower[row:] = row_upper[row:] = data["demand"]
    starts = np.zeros(rows + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    return {
        "cost": cost, "lower": lower, "upper": upper, "row_lower": row_lower, "row_upper": row_upper,
        "starts": starts, "indices": indices, "values": values,
    }  # fmt: skip


def hand_over_by_hand(arrays: dict[str, Array], highs: Any) -> None:
    columns, rows, entries = len(arrays["cost"]), len(arrays["row_lower"]), len(arrays["values"])
    highs.passModel(
        columns, rows, entries, 2, 1, 0.0,
        *(arrays[name] for name in ("cost", "lower", "upper", "row_lower", "row_upper", "starts", "indices", "values")),
        np.zeros(columns, np.int32),
    )  # fmt: skip


def declared(data: dict[str, Array]) -> tuple[Any, Maker]:
    """The same programme as a feature would declare it."""
    model = new_model(traced=True)
    make = Maker(model, traced=True)
    make.set(model, "site", [f"site_{number}" for number in range(len(data["load"]))])
    make.set(model, "hour", range(HOURS))
    make.param(model, "load_mw_per_mw", data["load"], (model.site, model.hour))
    make.param(model, "previous", np.roll(np.arange(HOURS), 1), (model.hour,))
    costs: list[tuple[Any, Any]] = []
    _declare_siting(make, model, data)
    for number, name in enumerate(PLANTS):
        costs += _declare_plant(make, model, name, number, data)
    costs += _declare_battery(make, model, data)
    _declare_balance(make, model, data)
    costs.append((model.unserved_mw, UNSERVED_USD_PER_MWH))
    make.objective(model, costs)
    return model, make


def _declare_siting(make: Maker, model: Any, data: dict[str, Array]) -> None:
    make.var(model, "energised_mw", (model.site,), upper=data["most_load"])
    make.param(model, "demand", data["demand"])
    make.constraint(model, "national_demand", (), lambda m: sum(m.energised_mw[site] for site in m.site) == m.demand)


def _declare_plant(make: Maker, model: Any, name: str, number: int, data: dict[str, Array]) -> list[tuple[Any, Any]]:
    site, hour = model.site, model.hour
    setattr(model, name, Block())
    block = getattr(model, name)
    make.param(block, "availability", data["availability"][:, number], (site, hour))
    make.param(block, "running", data["running"][:, number], (site, hour))
    make.var(block, "capacity_mw", (site,), upper=data["largest"][:, number])
    make.var(block, "output_mw", (site, hour), upper=data["most"])
    make.constraint(
        block,
        "output_limit",
        (site, hour),
        lambda b, s, h: b.output_mw[s, h] <= b.availability[s, h] * b.capacity_mw[s],
    )
    return [(block.capacity_mw, data["capital"][:, number]), (block.output_mw, block.running)]


def _declare_battery(make: Maker, model: Any, data: dict[str, Array]) -> list[tuple[Any, Any]]:
    site, hour = model.site, model.hour
    model.battery = block = Block()
    make.var(block, "power_mw", (site,), upper=data["largest"][:, -2])
    make.var(block, "energy_mwh", (site,), upper=data["largest"][:, -1])
    for name in ("charge_mw", "discharge_mw", "stored_mwh"):
        make.var(block, name, (site, hour), upper=data["most"])
    make.constraint(block, "charge_limit", (site, hour), lambda b, s, h: b.charge_mw[s, h] <= b.power_mw[s])
    make.constraint(block, "discharge_limit", (site, hour), lambda b, s, h: b.discharge_mw[s, h] <= b.power_mw[s])
    make.constraint(block, "stored_limit", (site, hour), lambda b, s, h: b.stored_mwh[s, h] <= b.energy_mwh[s])
    make.constraint(
        block,
        "storage",
        (site, hour),
        lambda b, s, h: (
            b.stored_mwh[s, h]
            == KEPT_EACH_HOUR * b.stored_mwh[s, b.model().previous[h]]
            + CHARGE_EFFICIENCY * b.charge_mw[s, h]
            - (1 / CHARGE_EFFICIENCY) * b.discharge_mw[s, h]
        ),
    )
    return [(block.power_mw, data["capital"][:, -2]), (block.energy_mwh, data["capital"][:, -1])]


def _declare_balance(make: Maker, model: Any, data: dict[str, Array]) -> None:
    make.var(model, "unserved_mw", (model.site, model.hour), upper=data["most"])
    make.constraint(
        model,
        "power_balance",
        (model.site, model.hour),
        lambda m, s, h: (
            sum(getattr(m, name).output_mw[s, h] for name in PLANTS)
            - m.battery.charge_mw[s, h]
            + m.battery.discharge_mw[s, h]
            + m.unserved_mw[s, h]
            == m.load_mw_per_mw[s, h] * m.energised_mw[s]
        ),
    )


def quiet_highs() -> Any:
    highs = highspy.Highs()
    highs.silent()
    return highs


def run_by_hand(data: dict[str, Array]) -> Any:
    highs = quiet_highs()
    hand_over_by_hand(by_hand(data), highs)
    return highs


def run_declared(data: dict[str, Array]) -> Any:
    highs = quiet_highs()
    model, make = declared(data)
    hand_over(compile_traced(model, make), highs)
    return highs


ROUTES = {"by_hand": run_by_hand, "declared": run_declared}


def same_programme(data: dict[str, Array]) -> None:
    """Both routes must have the same size, the same entries and the same cost, whatever the order."""
    arrays = by_hand(data)
    lp: CompiledLP = compile_traced(*declared(data))
    assert lp.shape == (len(arrays["row_lower"]), len(arrays["cost"]))
    for mine, theirs in ((lp.values, arrays["values"]), (lp.column_cost, arrays["cost"])):
        assert np.allclose(np.sort(mine), np.sort(theirs), rtol=1e-12)


def seconds(route: str, data: dict[str, Array], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        gc.collect()
        start = time.perf_counter()
        ROUTES[route](data)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peak_mb(route: str, sites: int) -> float:
    """Peak memory of a process that runs one route once."""
    command = [sys.executable, __file__, "--memory-of", route, "--sites", str(sites)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--memory-of", choices=ROUTES)
    arguments.add_argument("--sites", type=int, nargs="+", default=[1, 4])
    arguments.add_argument("--repeats", type=int, default=15)
    given = arguments.parse_args()
    if given.memory_of:
        ROUTES[given.memory_of](case(given.sites[0]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    rows = [measure(sites, given.repeats) for sites in given.sites]
    with RESULT.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def measure(sites: int, repeats: int) -> dict[str, Any]:
    data = case(sites)
    same_programme(data)
    hand, ours = seconds("by_hand", data, repeats), seconds("declared", data, repeats)
    lp = compile_traced(*declared(data))
    memory = {route: peak_mb(route, sites) for route in ROUTES}
    print(
        f"{sites} site-year(s), {lp.nonzeros:,} entries: by hand {hand * 1e3:.1f} ms, {memory['by_hand']:.0f} MB; "
        f"declared {ours * 1e3:.1f} ms, {memory['declared']:.0f} MB; ratio {ours / hand:.2f}"
    )
    return {
        "site_years": sites,
        "rows": lp.shape[0],
        "columns": lp.shape[1],
        "entries": lp.nonzeros,
        "by_hand_s": round(hand, 4),
        "declared_s": round(ours, 4),
        "ratio": round(ours / hand, 2),
        "by_hand_peak_mb": round(memory["by_hand"]),
        "declared_peak_mb": round(memory["declared"]),
        "repeats": repeats,
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "pyomo", "highspy")},
    }


if __name__ == "__main__":
    main()
