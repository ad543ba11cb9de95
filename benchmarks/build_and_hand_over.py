"""Building one linear programme and handing it to HiGHS, four ways: raw arrays, gigasite, linopy, PyPSA.

    python benchmarks/build_and_hand_over.py [--quick] [--repeats 5]

The programme is that of `scenarios/one-site.yaml` and `scenarios/four-sites.yaml`: every hour of a year, ten
technologies (`same_lp` says what each route holds). Nothing is solved, except on 24-hour means to prove that all four
mean the same: raw arrays and gigasite must have the same entries, and all four the same optimum to 1e-6, at the prices
of the scenario and with gas four times as dear.

Every build has a process of its own. Imports, the preparation of figures and one small build come first and are timed
apart; what is timed starts from prepared figures in memory (raw arrays, linopy, PyPSA: one array for each quantity;
gigasite: its assembled `System`, from which it still adds up its costs) and ends when HiGHS has the programme. Memory
is the peak of the process while it does so, whole and above what it held before.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from harness import SCENARIOS, Row, fresh, median_rows, now_mb, peak_mb, ratio, reset_peak, show, timed, write_csv

ROUTES = {"raw": "raw arrays", "gigasite": "gigasite", "linopy": "linopy", "pypsa": "PyPSA"}
CASES = {1: "one-site", 4: "four-sites"}
COARSE = {
    "coarse": "horizon: {resolution_h: 24}\n",
    "dear-gas": "horizon: {resolution_h: 24}\nfuel: {price_multiplier: 4}\n",
}
AGREE = 1e-6
RESULT = Path(__file__).with_suffix(".csv")


def draw_cases(scenario: str, folder: str) -> Row:
    """Write the figures of a scenario, of its 24-hour means, and of these with dear gas."""
    import route_gigasite
    import same_lp

    full = SCENARIOS / f"{scenario}.yaml"
    written = {"full": full}
    for name, differs in COARSE.items():
        written[name] = Path(folder) / f"{name}.yaml"
        written[name].write_text(f"extends: {full}\nname: {name}\n{differs}", encoding="utf-8")
    for name, path in written.items():
        same_lp.write(route_gigasite.read(str(path)), Path(folder) / f"{name}.npz")
    return {name: str(path) for name, path in written.items()}


def measure(route: str, full: str, small: str) -> Row:
    """Build and hand over once, in this process, after a small one."""
    started, module = timed(lambda: importlib.import_module(f"route_{route}"))
    data = _figures(module, full)
    first = _seconds_of_building(module, small)
    reset_peak()
    before = now_mb()
    seconds, highs = timed(lambda: module.build(data))
    peak = peak_mb()
    return {
        "seconds": seconds,
        "peak_mb": peak,
        "before_mb": before,
        "added_mb": peak - before,
        "imports_s": started + first,
        "rows": highs.getNumRow(),
        "columns": highs.getNumCol(),
        "nonzeros": highs.getNumNz(),
    }


def _seconds_of_building(module: Any, path: str) -> float:
    figures = _figures(module, path)
    return timed(lambda: module.build(figures))[0]


def _figures(module: Any, path: str) -> Any:
    """What a route starts from: gigasite its assembled system, the others a case."""
    if hasattr(module, "read"):
        return module.read(path)
    import same_lp

    return same_lp.read(path)


def optimum(route: str, path: str) -> Row:
    """Build, hand over and solve."""
    module = importlib.import_module(f"route_{route}")
    highs = module.build(_figures(module, path))
    highs.setOptionValue("output_flag", False)
    highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    return {"objective_usd": highs.getInfo().objective_function_value, "status": status}


def same_entries(scenario: str, case: str) -> Row:
    """Whether raw arrays and gigasite have the same entries, costs and bounds, whatever their order."""
    import numpy as np
    import route_gigasite
    import route_raw
    import same_lp

    lp, raw = route_gigasite.compiled(route_gigasite.read(scenario)), route_raw.arrays(same_lp.read(case))
    there = (raw["upper"] != 0) | (raw["lower"] != 0)  # gigasite drops a column whose bounds are zero
    counted = there[raw["indices"]] & (raw["values"] != 0)
    row_of = np.repeat(np.arange(len(raw["row_lower"])), np.diff(raw["starts"]))
    pairs = (
        (lp.values[lp.values != 0], raw["values"][counted]),
        (lp.column_cost, raw["cost"][there]),
        (lp.column_upper, raw["upper"][there]),
    )
    same = lp.shape == (len(np.unique(row_of[counted])), int(there.sum()))
    same = same and all(len(mine) == len(theirs) for mine, theirs in pairs)
    return {
        "same": bool(
            same and all(np.allclose(np.sort(np.abs(a)), np.sort(np.abs(b)), rtol=1e-12, atol=0) for a, b in pairs)
        )
    }


def prove_same(files: Row, folder: Path) -> str:
    """Raise unless the four routes mean the same; a line about how closely they agree."""
    if not fresh("build_and_hand_over:same_entries", scenario=files["full"], case=str(folder / "full.npz")).get("same"):
        sys.exit("raw arrays and gigasite do not have the same entries")
    told = []
    for name in COARSE:
        found = {}
        for route, called in ROUTES.items():
            answer = fresh("build_and_hand_over:optimum", route=route, path=_start(route, files, folder, name))
            if answer.get("status") != "Optimal":
                sys.exit(f"{called} on {name}: {answer}")
            found[route] = answer["objective_usd"]
        apart = max(abs(each / found["raw"] - 1) for each in found.values())
        if apart > AGREE:
            sys.exit(f"the optima of {name} differ by {apart:.1e}: {found}")
        told.append(f"{name} {found['raw'] / 1e9:.6f} bn USD, apart by {apart:.0e}")
    return "; ".join(told)


def _start(route: str, files: Row, folder: Path, name: str) -> str:
    return files[name] if route == "gigasite" else str(folder / f"{name}.npz")


def compare(sites: int, repeats: int) -> list[Row]:
    """Every route on one number of sites, round by round, so that a slow moment hits all of them."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        files = fresh("build_and_hand_over:draw_cases", scenario=CASES[sites], folder=made)
        if "failed" in files:
            sys.exit(files["failed"])
        print(f"{CASES[sites]}: same entries (raw arrays, gigasite); same optimum: {prove_same(files, folder)}")
        runs: dict[str, list[Row]] = {route: [] for route in ROUTES}
        for _ in range(repeats):
            for route, found in runs.items():
                full, small = (_start(route, files, folder, name) for name in ("full", "coarse"))
                found.append(fresh("build_and_hand_over:measure", route=route, full=full, small=small))
    medians = {route: median_rows(found) for route, found in runs.items()}
    ours = medians["gigasite"]
    return [
        {
            "sites": sites,
            "route": ROUTES[route],
            **found,
            "times_raw": ratio(found.get("seconds"), medians["raw"].get("seconds")),
            "times_gigasite": ratio(found.get("seconds"), ours.get("seconds")),
            "memory_times_gigasite": ratio(found.get("peak_mb"), ours.get("peak_mb")),
            "added_times_gigasite": ratio(found.get("added_mb"), ours.get("added_mb")),
            "repeats": repeats,
        }
        for route, found in medians.items()
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--quick", action="store_true", help="one site, one repetition, nothing written")
    arguments.add_argument("--repeats", type=int, default=5)
    given = arguments.parse_args()
    repeats = 1 if given.quick else given.repeats
    rows = [row for sites in CASES if sites == 1 or not given.quick for row in compare(sites, repeats)]
    columns = {
        "route": "route",
        "sites": "sites",
        "rows": "rows",
        "columns": "columns",
        "nonzeros": "non-zeros",
        "seconds": "s",
        "times_raw": "x raw",
        "times_gigasite": "x gigasite",
        "peak_mb": "peak MB",
        "memory_times_gigasite": "x gigasite",
        "added_mb": "added MB",
        "added_times_gigasite": "x gigasite",
        "imports_s": "imports s",
        "failed": "failed",
    }
    if not any("failed" in row for row in rows):
        del columns["failed"]
    show("Building and handing over, 8,760 hours", rows, columns)
    if not given.quick:
        write_csv(RESULT, rows)


if __name__ == "__main__":
    main()
