"""Why a scenario has no plan, and the least change that would give it one, in a planner's words."""

from __future__ import annotations

from gigasite.foundation.errors import InfeasibleScenario, Problem
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.relaxation import Shortage, least_change
from gigasite.system.system import System

MOST_SHOWN = 8

ASKED = {
    "capital_budget.spent_within_site_budget": (
        "the capital budget of the site", "million USD", "raise capital_budget_usd at the site by that much"
    ),
    "capital_budget.spent_within_budget": (
        "the capital budget of all sites", "million USD", "raise requirements.capital_budget_usd by that much"
    ),
    "capacity_floor.capacity_at_least_floor": (
        "the capacity floor", "MW", "lower capacity_floor_mw by that much, or allow more of its technologies"
    ),
    "firm_supply.firm_carries_the_peak": (
        "the reserve over the peak", "MW", "lower reserve_margin, or allow more firm supply"
    ),
    "unit_loss.survivors_carry_the_peak": (
        "the peak with the largest machines out", "MW", "lower units_lost, or allow more firm supply"
    ),
    "grid_connection.zone_step_at_most_width": (
        "the step of added load in the grid zone", "MW", "ask for a smaller connection, or another zone"
    ),
    "grid_connection.region_at_most_headroom": (
        "the headroom of the grid region", "MW", "ask for smaller connections, or another region"
    ),
    "grid_connection.contract_rises_within_ramp": (
        "the ramp of the grid contract", "MW", "raise contract_ramp_mw_per_year at the site, or ask for less, later"
    ),
    "flexible_connection.nonfirm_within_headroom": (
        "the headroom of a flexible connection", "MW", "raise curtailed_share or headroom_share, or ask for less"
    ),
    "fuel_lateral.gas_at_most_trunk": ("the gas trunk", "MMBtu/h", "allow a trunk (gas: trunk), or burn less gas"),
    "national_demand.served_meets_trajectory": ("the national account", "GWh", "check the trajectory"),
}  # fmt: skip
"""Rows a scenario asks for: what they are, their unit, and what to change."""


def explained(lp: CompiledLP, system: System) -> InfeasibleScenario:
    """The error for a scenario without a plan: which of the things it asks for have to give, and by how much."""
    shortages = least_change(lp, _asked)
    if not shortages:
        return InfeasibleScenario([Problem("no plan satisfies the scenario, whichever of its requirements gives way")])
    head = Problem(
        "no plan satisfies the scenario as it stands",
        remedy="the smallest change that gives it one follows; each line is one requirement that has to give",
    )
    return InfeasibleScenario([head, *(_told(shortage, _floors(system)) for shortage in shortages[:MOST_SHOWN])])


def _asked(name: str) -> bool:
    """Whether a scenario asked for it: a requirement, a slot, or a capacity given or held up from below."""
    return name in ASKED or name.startswith("build_slots.") or name.endswith((".capacity_mw", ".contract_mw"))


def _floors(system: System) -> list[str]:
    """Whose each capacity floor is, in the order of the floors."""
    return [
        f"{place.name}: {' + '.join(floor.technologies)}"
        for place in system.context.places
        for floor in place.settings.capacity_floor_mw
    ]


def _told(shortage: Shortage, floors: list[str]) -> Problem:
    where = shortage.label.partition("[")[2].rstrip("]").replace(",", ", ")
    if shortage.component.startswith("capacity_floor."):
        number, _, year = where.partition(", ")
        where = f"{floors[int(number) - 1]}, {year}"
    if shortage.component in ASKED:
        what, unit, remedy = ASKED[shortage.component]
    elif shortage.component.startswith("build_slots."):
        pool = shortage.component.rpartition("within_slots__")[2].replace("__", ", ")
        what, unit, remedy = f"the build slots of {pool}", "MW", "ask for less, later, or switch build_slots off"
    else:
        technology = shortage.component.partition(".")[0]
        what, unit = f"the capacity of {technology} that the scenario gives or asks for at least", "MW"
        remedy = f"lower capacity_mw or capacity_min_mw of {technology} by that much"
    return Problem(f"{what} cannot be met ({where})", given=f"short by {shortage.missing:,.6g} {unit}", remedy=remedy)
