"""What PyPSA cannot say by itself, by name: rows added to its model, and what is left out of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gigasite.run.crosscheck.draft import Draft
from gigasite.system.system import System

KNOWN = {
    "backup_generator",
    "battery",
    "bridge_power",
    "build_slots",
    "capacity_floor",
    "capital_budget",
    "clean_share",
    "combined_cycle",
    "emissions",
    "firm_supply",
    "flexible_load",
    "fuel_cell",
    "fuel_lateral",
    "gas_engine",
    "gas_turbine",
    "grid_connection",
    "idle_load",
    "large_reactor",
    "lead_times",
    "line",
    "minimum_take",
    "national_demand",
    "national_limits",
    "permits",
    "power_balance",
    "ramping",
    "small_modular_reactor",
    "solar",
    "unit_loss",
    "whole_campus",
    "wind",
}
"""Features whose whole effect stands in `supply`, `grid`, `yearly_rows` and `planning_rows`."""


def added_rows(drafts: Iterable[Draft]) -> tuple[str, ...]:
    """What the rows stand for that were added to PyPSA's model, each once."""
    return tuple(dict.fromkeys(row.what for draft in drafts for row in draft.rows))


def left_out(system: System) -> tuple[str, ...]:
    """What a comparison does without."""
    return tuple(_left_out(system))


def _left_out(system: System) -> Iterator[str]:
    yield "unit loss as a function of the plan: PyPSA gets the straight line that our plan settled on"
    if len(system.years) > 1:
        yield "sizing: vintages over several years, early retirement, and what is paid beyond the last year"
        yield "sizing: load that stays energised from year to year"
        yield "dispatch: the planning of the years before; capacities come from the run"
    if any("whole_unit_mw" in data for data in system.features.values()):
        yield "sizing: whole machines; both sides may build any number of megawatts"
    if "existing_mmbtu_per_h" in system.features["fuel_lateral"]:
        yield "fuel_lateral: a pipe that lies already, which PyPSA does not get"
    if "growth_mw" in system.features.get("national_limits", {}):
        yield "national_limits: growth from one modelled year to the next, which PyPSA does not get"
    if system.features.get("whole_campus"):
        yield "sizing: campuses that open as a whole; PyPSA may energise any share"
    for name, data in system.features.items():
        if name not in KNOWN and data:
            yield f"{name}: the cross-check does not know it"
