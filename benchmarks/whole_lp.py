"""HiGHS on the whole problem, all hours at once: the reference of every decomposed solve.

    python benchmarks/whole_lp.py [--quick] [--limit 300] [--all]

One and four sites over 8,760 hours (`scenarios/one-site.yaml`, `scenarios/four-sites.yaml`), compiled once by gigasite,
in GW and millions of dollars as gigasite hands them to HiGHS. Simplex, IPX and HiPO, each in its own process with a
limit; interior points without crossover, which is the faster way to a cost (`--all`: with crossover too). Each
algorithm gets twice the best time so far at most, since only the best is the reference (`--all`: the full limit).

PyPSA end to end on one site: network, model, HiPO or what `--pypsa-solver` names, and its answer read into tables.
Its figures come prepared; its imports are apart. An answer counts only if HiGHS calls it optimal and its cost is within
1e-4 of the best found.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from pathlib import Path
from typing import Any

from harness import SCENARIOS, Row, fresh, peak_mb, ratio, show, timed, write_csv

ALGORITHMS = {
    "hipo": {"solver": "hipo", "run_crossover": "off"},
    "ipx": {"solver": "ipx", "run_crossover": "off"},
    "simplex": {"solver": "simplex"},
}
WITH_CROSSOVER = {"hipo, crossover": {"solver": "hipo"}, "ipx, crossover": {"solver": "ipx"}}
CASES = {1: "one-site", 4: "four-sites"}
GRACE_S = 120.0
"""HiGHS looks at its clock now and then only; after so much more its process is ended."""

SAME_COST = 1e-4
RESULT = Path(__file__).with_suffix(".csv")


def solve(scenario: str, options: dict[str, str], limit_s: float) -> Row:
    """Compile a scenario and run HiGHS on all of it; building is timed apart."""
    import route_gigasite

    system = route_gigasite.read(scenario)
    highs = route_gigasite.new_highs()

    def built() -> Any:
        scaled = route_gigasite.compiled(system).scaled()
        route_gigasite.hand_over(scaled.lp, highs)
        return scaled

    build_s, scaled = timed(built)
    for name, value in {**options, "time_limit": limit_s}.items():
        highs.setOptionValue(name, value)
    seconds, _ = timed(highs.run)
    info = highs.getInfo()
    return {
        "build_s": build_s,
        "seconds": seconds,
        "status": highs.modelStatusToString(highs.getModelStatus()),
        "objective_usd": scaled.objective(info.objective_function_value),
        "iterations": int(max(info.simplex_iteration_count, 0) + max(info.ipm_iteration_count, 0)),
        "peak_mb": peak_mb(),
        "rows": highs.getNumRow(),
        "columns": highs.getNumCol(),
        "nonzeros": highs.getNumNz(),
    }


def prepare(scenario: str, case: str) -> Row:
    """Write the figures of a scenario for PyPSA."""
    import route_gigasite
    import same_lp

    same_lp.write(route_gigasite.read(scenario), Path(case))
    return {}


def pypsa_end_to_end(case: str, options: dict[str, str], limit_s: float) -> Row:
    """PyPSA from prepared figures to its tables of capacities and hours."""
    import_s, route = timed(lambda: __import__("route_pypsa"))
    import_s += timed(route.optimise_next_to_nothing)[0]  # it imports more when first used
    import same_lp

    figures = same_lp.read(case)
    network_s, network = timed(lambda: route.network(figures))

    def optimised() -> Any:
        return network.optimize(
            solver_name="highs",
            io_api="direct",
            extra_functionality=lambda n, _: route.add_rows(n, figures),
            include_objective_constant=False,
            log_to_console=False,
            time_limit=limit_s,
            **options,
        )

    optimise_s, (_, status) = timed(optimised)
    model = network.model
    return {
        "build_s": network_s,
        "seconds": network_s + optimise_s,
        "imports_s": import_s,
        "status": status.replace("_", " ").capitalize(),
        "objective_usd": float(model.objective.value),
        "peak_mb": peak_mb(),
        "rows": int(model.ncons),
        "columns": int(model.nvars),
    }


def by_highs(sites: int, limit_s: float, algorithms: dict[str, dict[str, str]], *, every: bool) -> list[Row]:
    """Every algorithm on one number of sites."""
    rows: list[Row] = []
    scenario = str(SCENARIOS / f"{CASES[sites]}.yaml")
    for name, options in algorithms.items():
        best = min((row["seconds"] for row in rows if row.get("status") == "Optimal"), default=limit_s)
        most = limit_s if every else min(limit_s, 2 * best)
        found = fresh("whole_lp:solve", longest_s=most + GRACE_S, scenario=scenario, options=options, limit_s=most)
        print(
            f"  {sites} site(s), {name}: {found.get('failed') or found['status']}, {found.get('seconds', most):.1f} s"
        )
        rows.append({"sites": sites, "solver": f"HiGHS {name}", "limit_s": most, **found})
    return rows


def by_pypsa(options: dict[str, str], limit_s: float) -> Row:
    """PyPSA on one site."""
    with tempfile.TemporaryDirectory() as folder:
        case = str(Path(folder) / "case.npz")
        found = fresh("whole_lp:prepare", scenario=str(SCENARIOS / "one-site.yaml"), case=case)
        if "failed" not in found:
            found = fresh(
                "whole_lp:pypsa_end_to_end", longest_s=limit_s + GRACE_S, case=case, options=options, limit_s=limit_s
            )
    print(
        f"  1 site, PyPSA end to end: {found.get('failed') or found['status']}, {found.get('seconds', limit_s):.1f} s"
    )
    return {"sites": 1, "solver": f"PyPSA, {options['solver']}", "limit_s": limit_s, **found}


def judged(rows: list[Row]) -> list[Row]:
    """Each row with its cost against the best optimal one, whether it is an answer, and its time against the best."""
    for sites in {row["sites"] for row in rows}:
        here = [row for row in rows if row["sites"] == sites and "failed" not in row]
        optimal = [row for row in here if row["status"] == "Optimal"]
        if not optimal:
            continue
        cost = min(row["objective_usd"] for row in optimal)
        for row in here:
            row["cost_over_best"] = row["objective_usd"] / cost - 1
            row["answer"] = row in optimal and abs(row["cost_over_best"]) <= SAME_COST
        best = min(row["seconds"] for row in here if row["answer"] and "PyPSA" not in row["solver"])
        for row in here:
            row["times_best_of_highs"] = ratio(row["seconds"], best)
    return rows


def measured_before() -> list[Row]:
    """Rows of HiGHS in the written table, numbers as numbers."""
    with RESULT.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "PyPSA" not in row["solver"]]
    return [{key: _read(text) for key, text in row.items() if text} for row in rows]


def _read(text: str) -> Any:
    if text in ("True", "False"):
        return text == "True"
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--quick", action="store_true", help="one site, HiPO and PyPSA, nothing written")
    arguments.add_argument("--all", action="store_true", help="crossover too, and the full limit for each")
    arguments.add_argument("--limit", type=float, default=300.0, help="seconds for each solve")
    arguments.add_argument("--pypsa-solver", choices=("hipo", "ipx", "simplex"), default="hipo")
    arguments.add_argument("--pypsa-only", action="store_true", help="what HiGHS took stays as it was measured")
    given = arguments.parse_args()
    algorithms = {**ALGORITHMS, **(WITH_CROSSOVER if given.all else {})}
    if given.quick:
        algorithms = {"hipo": ALGORITHMS["hipo"]}
    cases = [sites for sites in CASES if sites == 1 or not given.quick]
    rows = (
        measured_before()
        if given.pypsa_only
        else [row for sites in cases for row in by_highs(sites, given.limit, algorithms, every=given.all)]
    )
    rows.append(by_pypsa(ALGORITHMS[given.pypsa_solver], given.limit))
    columns = {
        "solver": "solver",
        "sites": "sites",
        "seconds": "s",
        "build_s": "build s",
        "status": "status",
        "objective_usd": "cost USD",
        "cost_over_best": "over best",
        "times_best_of_highs": "x best",
        "iterations": "iterations",
        "peak_mb": "peak MB",
        "failed": "failed",
    }
    show("HiGHS on the whole problem, 8,760 hours", judged(rows), columns)
    if not given.quick:
        write_csv(RESULT, rows)


if __name__ == "__main__":
    main()
