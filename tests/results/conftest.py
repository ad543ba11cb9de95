"""Small scenarios, solved once for all tests of the results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gigasite.inputs.scenario import resolved
from gigasite.results.checks import run_checks
from gigasite.results.outcome import Outcome
from gigasite.results.run import Run
from gigasite.results.store import read_run, write_run
from gigasite.results.tables import make_tables
from gigasite.run.agreement import solve_in_agreement
from gigasite.run.solve_run import assemble_file
from gigasite.solve.whole import SolverOptions
from gigasite.system.system import System

BASE = Path(__file__).parents[2] / "scenarios" / "base.yaml"

EVERYTHING = """
extends: {base}
name: everything
title: Four sites with one of everything
horizon: {{years: [2032, 2036], days: 4, resolution_h: 6, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2032: 1500, 2036: 2000}}
    technologies:
      combined_cycle: {{}}
      gas_turbine: {{}}
      small_modular_reactor: {{}}
      grid_connection: {{capacity_max_mw: 300}}
      solar: {{capacity_mw: 100}}
      battery: {{capacity_mw: 200}}
      backup_generator: {{capacity_mw: 20, unit_size_mw: 2.5, units: whole}}
      flexible_load: {{shed_share: 0.05, shed_hours_per_year: 400, shed_price_usd_per_mwh: 1}}
    capacity_floor_mw: [{{technologies: [combined_cycle, gas_turbine], mw: {{2036: 900}}}}]
    capital_budget_usd: 9.0e+9
  abilene:
    load_ramp_mw: {{2032: 200}}
    grid: {{export: true}}
    technologies: [grid_connection, gas_turbine]
  field:
    place: {{name: Gas field, state: OH, lat: 39.5, lon: -82.0, grid_zone: pjm_aep,
      census_division: east_north_central, temperature_like_site: piketon}}
    technologies: {{gas_engine: {{capacity_min_mw: 100}}}}
    gas: {{trunk: false}}
  off_grid:
    like: abilene
    load_ramp_mw: {{2032: 10}}
    technologies: {{solar: {{}}, battery: {{unit_size_mw: 0.1}}}}
    count_in_national: false
lines:
  field_to_piketon: {{from_site: field, to_site: piketon, length_km: 60}}
national: {{trajectory: lbnl_low, include_rest_of_state: false, shortfall_price_usd_per_mwh: 1}}
requirements: {{co2_price_usd_per_t: 10, co2_cap_t_per_year: 9.0e+6}}
overrides:
  - table: grid_zones
    where: {{zone: pjm_aep, parameter: energy_price_usd_per_mwh, year: 2026}}
    value: 5
    reason: the grid is used
  - table: grid_zones
    where: {{zone: pjm_aep, parameter: energy_price_usd_per_mwh, year: 2050}}
    value: 5
    reason: the grid is used
"""

UNSERVED = """
extends: {base}
name: unserved
horizon: {{years: [2032], days: 2, resolution_h: 24, final_span_years: 10}}
load: {{unserved_cost_usd_per_mwh: 1}}
sites:
  piketon:
    load_ramp_mw: {{2032: 1000}}
    technologies: {{gas_turbine: {{}}, solar: {{}}}}
"""

WAITING = """
extends: {base}
name: waiting
horizon: {{years: [2028, 2032], days: 2, resolution_h: 24, final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2028: 500, 2032: 1000}}
    gas: {{trunk: false}}
    technologies:
      gas_turbine: {{machine_class: small_frame, cost_case: headline, unit_size_mw: 54.118, capacity_mw: 800}}
"""

ONE_BUDGET = """
extends: {base}
name: one-budget
horizon: {{years: [2032, 2036], days: 2, resolution_h: 24, final_span_years: 10}}
requirements: {{capital_budget_usd: 3.0e+8}}
sites:
  piketon: {{load_ramp_mw: {{2032: 1000}}, technologies: [gas_turbine]}}
  abilene: {{load_ramp_mw: {{2032: 500}}, technologies: [gas_turbine, gas_engine]}}
"""


@dataclass(frozen=True)
class Solved:
    """A solved scenario with its tables, checks and run."""

    outcome: Outcome
    tables: dict[str, Any]
    run: Run

    @property
    def system(self) -> System:
        return self.outcome.system

    def checks(self, system: System | None = None, tables: dict[str, Any] | None = None, **changed: float) -> Any:
        """Checks of these tables, or of others, against this system, or another."""
        solution = self.outcome.solution
        given = {"objective_usd": solution.objective_usd, "gap": solution.gap, **changed}
        return run_checks(system or self.system, tables or self.tables, **given)


def solve(text: str, folder: Path) -> Solved:
    """Solve a scenario written as text."""
    file = folder / "scenario.yaml"
    file.write_text(text.format(base=BASE), encoding="utf-8")
    loaded, system = assemble_file(file)
    solved = solve_in_agreement(system, SolverOptions())
    outcome = Outcome(solved.system, solved.builder, solved.solution)
    tables = make_tables(outcome)
    solution = solved.solution
    tables["checks"] = run_checks(solved.system, tables, objective_usd=solution.objective_usd, gap=solution.gap)
    manifest = {
        "scenario": loaded.scenario.name,
        "title": loaded.scenario.title,
        "status": solution.status,
        "gap": solution.gap,
        "method": solution.method,
        "resolution_h": loaded.scenario.horizon.resolution_h,
        "solve_seconds": solution.solve_seconds,
        "total_seconds": 1.0,
        "checks_passed": bool(tables["checks"]["passed"].all()),
    }
    path = write_run(folder / "results", loaded.scenario.name, tables, manifest, resolved(loaded.scenario))
    return Solved(outcome, tables, read_run(path))


@pytest.fixture(scope="session")
def everything(tmp_path_factory):
    return solve(EVERYTHING, tmp_path_factory.mktemp("everything"))


@pytest.fixture(scope="session")
def unserved(tmp_path_factory):
    return solve(UNSERVED, tmp_path_factory.mktemp("unserved"))


@pytest.fixture(scope="session")
def waiting(tmp_path_factory):
    return solve(WAITING, tmp_path_factory.mktemp("waiting"))


@pytest.fixture(scope="session")
def one_budget(tmp_path_factory):
    return solve(ONE_BUDGET, tmp_path_factory.mktemp("one_budget"))
