"""gigasite from YAML to written tables, against HiGHS on the whole problem, PyPSA, and itself.

    python benchmarks/decomposed.py [--quick] [--only next-scenario ...] [--list]

Every solve has a process of its own, with imports apart; only the sweep shares one, since its point is what the first
scenario leaves for the next. References of HiGHS and PyPSA are those of `whole_lp.csv`, which `make bench` writes just
before. `--quick` takes 24-hour means and one site, to see that everything runs; its ratios mean nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from harness import FOLDER, Row, ratio, show, write_csv
from solving import Bench

SWEEP = 20
MIB_PER_GIB = 1024
RESULT = Path(__file__).with_suffix(".csv")
WHOLE = FOLDER / "whole_lp.csv"
FINE_GAP, WHOLE_UNITS_GAP = {"gap": 1e-6}, {"gap": 1e-3}
"""What `solve:` says where the gap is not the usual 1e-4."""


@dataclass(frozen=True)
class Target:
    """A measure of the table, and what it should come to.

    Attributes:
        name: short name, for `--only`.
        what: in words.
        bound: the number to keep.
        least: whether the bound is the least; otherwise it is the most.
        measure: gives the number and what it was made from.
        sites: largest number of sites it needs; `--quick` leaves out more than one.
    """

    name: str
    what: str
    bound: float
    least: bool
    measure: Callable[[Bench], Row]
    sites: int = 1

    def row(self, bench: Bench) -> Row:
        """The measure as a line of the table."""
        found = self.measure(bench)
        value = found.get("value")
        met = "" if value is None else "yes" if (value >= self.bound) == self.least or value == self.bound else "no"
        sign = "at least" if self.least else "at most"
        return {"name": self.name, "measure": self.what, "target": f"{sign} {self.bound:g}", "met": met, **found}


def compared(ours: Row, reference: Row | None, *, inverse: bool = False) -> Row:
    """Ours against a reference: `value` is ours over the reference, or with `inverse` the reference over ours."""
    failed = ours.get("failed") or (reference or {}).get("failed")
    if failed or reference is None:
        return {"ours_s": ours.get("seconds"), "note": failed or "no reference: run whole_lp.py first"}
    mine, theirs = ours["seconds"], float(reference["seconds"])
    return {
        "ours_s": mine,
        "reference_s": theirs,
        "value": ratio(theirs, mine) if inverse else ratio(mine, theirs),
        "gap": ours["gap"],
        "method": ours["method"],
        "peak_mb": ours["peak_mb"],
        "checks_passed": ours["checks_passed"],
        "stage_seconds": json.dumps(ours["stage_seconds"]),
    }


def of_whole(sites: int, program: str) -> Row | None:
    """The fastest answer of HiGHS or PyPSA on the whole problem, from `whole_lp.csv`."""
    if not WHOLE.exists():
        return None
    with WHOLE.open(encoding="utf-8", newline="") as file:
        answers = [row for row in csv.DictReader(file) if row.get("answer") == "True"]
    here = [row for row in answers if row["solver"].startswith(program) and int(row["sites"]) == sites]
    return min(here, key=lambda row: float(row["seconds"]), default=None)


def against_whole(bench: Bench, scenario: str, sites: int, program: str) -> Row:
    """Ours against another program on the same problem; the costs must agree within both gaps."""
    ours, theirs = bench.one(scenario), of_whole(sites, program)
    row = compared(ours, theirs, inverse=True)
    if theirs is not None and "failed" not in ours and not bench.quick:
        row["cost_over_reference"] = ours["objective_usd"] / float(theirs["objective_usd"]) - 1
    return row


def finer_gap(bench: Bench, scenario: str) -> Row:
    """A gap of 1e-6 against one of 1e-4."""
    return compared(bench.one(scenario, solve=FINE_GAP), bench.one(scenario))


def next_scenario(bench: Bench) -> Row:
    """The mean of the scenarios after the first, in one process, against the first."""
    found = bench.several([bench.variant("one-site", k, **sweep_change(k)) for k in range(1, SWEEP + 1)])
    if "failed" in found:
        return {"note": found["failed"]}
    first, *rest = found["answers"]
    mean = {**max(rest, key=lambda each: each["gap"]), "seconds": sum(each["seconds"] for each in rest) / len(rest)}
    return compared({**mean, "peak_mb": found["peak_mb"]}, first)


def sweep_change(number: int) -> dict[str, Any]:
    """Fuel, demand and a capital cost of one scenario of the sweep; the first is the scenario itself."""
    if number == 1:
        return {}
    share = (number - 1) / (SWEEP - 1)
    return {
        "fuel": {"price_multiplier": round(0.7 + 0.9 * (share * 7 % 1), 3)},
        "sites": {"piketon": {"load_ramp_mw": {"2035": round(10_000 * (0.9 + 0.2 * (share * 3 % 1)))}}},
        "technologies": {"solar": {"capex_usd_per_kw": round(1_200 - 700 * share)}},
    }


def with_rows(bench: Bench, scenario: str, without: str) -> Row:
    """A scenario against the one without its rows."""
    return compared(bench.one(scenario), bench.one(without))


def seconds_of(bench: Bench, scenario: str) -> Row:
    """Seconds by themselves."""
    ours = bench.one(scenario)
    return {**compared(ours, {"seconds": 1.0}), "reference_s": None}


def memory_gib(bench: Bench, scenario: str) -> Row:
    """Memory of all processes together at its largest."""
    ours = bench.one(scenario)
    row = compared(ours, {"seconds": 1.0})
    return {**row, "reference_s": None} | ({} if "failed" in ours else {"value": ours["peak_mb"] / MIB_PER_GIB})


def whole_units(bench: Bench) -> Row:
    """Portsmouth in whole machines against the linear one."""
    ours = bench.one("portsmouth-whole", solve=WHOLE_UNITS_GAP)
    return compared(ours, bench.one("portsmouth-hours"))


ROW_KINDS = {
    "co2": "carbon cap",
    "clean": "clean share",
    "ramp": "ramps",
}
TARGETS = (
    Target(
        "pypsa", "1 site, YAML to tables: times faster than PyPSA with HiGHS", 25, True,
        partial(against_whole, scenario="one-site", sites=1, program="PyPSA"),
    ),
    Target(
        "whole-1", "1 site: times faster than HiGHS on the whole problem", 1, True,
        partial(against_whole, scenario="one-site", sites=1, program="HiGHS"),
    ),
    Target(
        "whole-4", "4 sites: times faster than HiGHS on the whole problem", 30, True,
        partial(against_whole, scenario="four-sites", sites=4, program="HiGHS"), sites=4,
    ),
    Target("gap-1", "1 site: gap 1e-6 against 1e-4", 2, False, partial(finer_gap, scenario="one-site")),
    Target("gap-4", "4 sites: gap 1e-6 against 1e-4", 2, False, partial(finer_gap, scenario="four-sites"), sites=4),
    Target("next-scenario", f"next scenario of a sweep of {SWEEP} against the first", 0.5, False, next_scenario),
    Target(
        "scaling", "100 site-years against 10", 12, False,
        partial(with_rows, scenario="hundred-site-years", without="ten-site-years"), sites=20,
    ),
    Target(
        "memory", "100 site-years: GiB in all processes", 3, False,
        partial(memory_gib, scenario="hundred-site-years"), sites=20,
    ),
    *(
        Target(
            name, f"1 site: {what} against none", 3, False,
            partial(with_rows, scenario=f"one-site-{name}", without="one-site"),
        )
        for name, what in ROW_KINDS.items()
    ),
    Target(
        "peaks", "1 site: billed monthly peaks against none", 3, False,
        partial(with_rows, scenario="one-site", without="one-site-no-peaks"),
    ),
    Target(
        "co2-4", "4 sites: shared carbon cap against none", 3, False,
        partial(with_rows, scenario="four-sites-co2", without="four-sites"), sites=4,
    ),
    Target(
        "together-1", "1 site: all yearly rows together, s", 10, False,
        partial(seconds_of, scenario="one-site-together"),
    ),
    Target(
        "together-4", "4 sites: all yearly rows together, s", 60, False,
        partial(seconds_of, scenario="four-sites-together"), sites=4,
    ),
    Target("whole-units", "portsmouth: whole units (1e-3) against linear", 5, False, whole_units),
    Target(
        "portsmouth", "portsmouth: six years, all hours, s", 60, False,
        partial(seconds_of, scenario="portsmouth-hours"),
    ),
)  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--quick", action="store_true", help="24-hour means, one site, nothing written")
    arguments.add_argument("--only", nargs="+", choices=[target.name for target in TARGETS], help="nothing written")
    arguments.add_argument("--list", action="store_true", help="the measures, not measured")
    given = arguments.parse_args()
    if given.list:
        for target in TARGETS:
            print(f"{target.name:<15}{target.what} ({'at least' if target.least else 'at most'} {target.bound:g})")
        return
    chosen = [target for target in TARGETS if given.only is None or target.name in given.only]
    if given.quick:
        chosen = [target for target in chosen if target.sites == 1]
    with tempfile.TemporaryDirectory() as made:
        bench = Bench(Path(made), given.quick)
        rows = [target.row(bench) for target in chosen]
    columns = {
        "measure": "measure",
        "value": "value",
        "target": "target",
        "met": "met",
        "ours_s": "ours s",
        "reference_s": "reference s",
        "gap": "gap",
        "method": "method",
        "peak_mb": "peak MB",
        "note": "note",
    }
    if not any(row.get("note") for row in rows):
        del columns["note"]
    show("gigasite, YAML to written tables", rows, columns)
    if not given.quick and given.only is None:
        write_csv(RESULT, rows)


if __name__ == "__main__":
    main()
