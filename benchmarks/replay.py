"""Replay of unit outages: seconds for 1,000 outage years of one site in one year, on one core.

    python benchmarks/replay.py [--years 1000]

Solving is apart; so is reading the run again. Three plans: Portsmouth with gas machines only, Abilene on the grid with
turbines and engines, and a campus with machines of every kind, a battery, backup sets and load that may be shed, short
of power every year, so that the battery is followed hour by hour. Numpy is held to one thread.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import FOLDER, Row, show, write_csv

from gigasite.results.books import Books
from gigasite.run.replay.estimate import mean_per_year
from gigasite.run.replay.replay_run import TABLES
from gigasite.run.replay.site_year import replay_site
from gigasite.run.replay.stocks import Stocks
from gigasite.run.solve_run import assemble_file, solve_scenario

RESULT = Path(__file__).with_suffix(".csv")
TARGET_S = 10.0
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
SCENARIOS = FOLDER.parent / "scenarios"
EVERYTHING = """
requirements: {units_lost: 0, reserve_margin: 0}
sites:
  piketon:
    load_ramp_mw: {2035: 1200}
    gas: {trunk: false}
    technologies:
      combined_cycle: {capacity_mw: 400}
      gas_turbine: {capacity_mw: 300}
      gas_engine: {capacity_mw: 250}
      small_modular_reactor: {capacity_mw: 77}
      grid_connection: {capacity_mw: 100}
      solar: {capacity_mw: 50}
      battery: {capacity_mw: 50}
      backup_generator: {capacity_mw: 20}
      flexible_load: {shed_share: 0.05, shed_hours_per_year: 50}
"""
CASES = {
    "portsmouth-gas-only": ("portsmouth-gas-only.yaml", "piketon", 2035, ""),
    "abilene": ("abilene.yaml", "abilene", 2030, ""),
    "of-every-kind": ("base.yaml", "piketon", 2035, EVERYTHING),
}


HEADINGS = {
    "case": "plan",
    "machines": "machines",
    "seconds": "s",
    "cpu_seconds": "s of one core",
    "target_s": "target s",
    "met": "met",
    "unserved_hours_per_year": "unserved h/year",
    "low": "at least",
    "high": "at most",
}


def measured(name: str, years: int, folder: Path) -> Row:
    base, site, year, text = CASES[name]
    path = folder / f"{name}.yaml"
    horizon = f"horizon: {{years: [{year}], resolution_h: 24}}"
    path.write_text(f"extends: {SCENARIOS / base}\nname: {name}\n{horizon}\n{text}", encoding="utf-8")
    run = solve_scenario(path, results=folder / "results")
    _, system = assemble_file(path)
    stocks = Stocks.of(Books(system, {table: run.table(table) for table in TABLES}))
    stock = stocks.at(site, year)
    begun, used = time.perf_counter(), time.process_time()
    found = replay_site(stocks, site, year, years=years, seed=1)
    hours = mean_per_year(found.hours_by_year, unseen=1.0)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    return {
        "case": name,
        "machines": sum(machines.number for machines in stock.machines),
        "outage_years": years,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "target_s": TARGET_S,
        "met": "yes" if cpu <= TARGET_S else "no",
        "unserved_hours_per_year": round(hours.mean, 3),
        "low": round(hours.low, 3),
        "high": round(hours.high, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=1_000)
    years = parser.parse_args().years
    if any(os.environ.get(name) != "1" for name in ONE_THREAD):  # numpy reads it when it is imported
        held = dict.fromkeys(ONE_THREAD, "1")
        sys.exit(subprocess.call([sys.executable, *sys.argv], env={**os.environ, **held}))
    with tempfile.TemporaryDirectory() as folder:
        rows = [measured(name, years, Path(folder)) for name in CASES]
    show(f"Replay of {years:,} outage years of one site and year", rows, HEADINGS)
    write_csv(RESULT, rows)


if __name__ == "__main__":
    main()
