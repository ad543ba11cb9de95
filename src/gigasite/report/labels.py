"""What a planner reads for the ids of tables: labels and colours of technologies, labels of cost components."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

COMPONENT_LABELS = {
    "capital": "Capital",
    "fixed_om": "Fixed O&M",
    "variable_om": "Variable O&M",
    "fuel": "Fuel",
    "pipeline": "Gas pipeline",
    "line": "Line",
    "wheeling": "Wheeling",
    "rental": "Rental",
    "grid_connection": "Grid connection",
    "grid_contribution": "Grid contribution",
    "grid_energy": "Grid energy",
    "grid_capacity": "Grid capacity",
    "grid_demand_charge": "Demand charge",
    "export_revenue": "Export revenue",
    "load_shedding": "Shed load",
    "load_shifting": "Shifted load",
    "co2": "CO2",
    "idle_load": "Load that waits",
    "unserved_energy": "Unserved energy",
    "national_shortfall": "National shortfall",
    "tax_credit": "Tax credits",
}
OUTSIDE_COLOUR = "#b8b8b8"
"""Colour of what no technology stands for."""


@dataclass(frozen=True)
class Look:
    """How a technology, or a requirement that costs something, appears in tables and charts."""

    name: str
    label: str
    colour: str
    order: int


def looks(names: Iterable[str]) -> list[Look]:
    """Return the looks of several ids, each once, in the order of tables and of stacks (lowest first)."""
    return sorted((look(name) for name in dict.fromkeys(names)), key=lambda found: (found.order, found.name))


def look(name: str) -> Look:
    """Return label, colour and order of an id; one nobody registered gets a readable label and a quiet colour."""
    from gigasite.formulation.registry import requirements, technologies

    if name in technologies():
        technology = technologies()[name]
        return Look(name, technology.label, technology.colour, technology.order)
    order = 1000
    if name in requirements():
        return Look(name, requirements()[name].label, OUTSIDE_COLOUR, order + requirements()[name].order)
    return Look(name, readable(name), OUTSIDE_COLOUR, 2 * order)


def component_label(component: str) -> str:
    """Return what a planner reads for a cost component."""
    return COMPONENT_LABELS.get(component, readable(component))


def readable(name: str) -> str:
    """Return an id as words.

    >>> readable("rest_of_state")
    'Rest of state'
    """
    return name.replace("_", " ").capitalize()
