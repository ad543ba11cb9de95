"""Every table of a run, made from an outcome; one file per table."""

from __future__ import annotations

from typing import Any

from gigasite.results.audit import (
    billed_demand_table,
    contract_table,
    grid_table,
    lines_table,
    slacks_table,
    vintages_table,
)
from gigasite.results.books import Books
from gigasite.results.bottlenecks import idle_by_bottleneck_table
from gigasite.results.breakeven import breakeven_table
from gigasite.results.capacity import capacity_table
from gigasite.results.cash_flow import cash_flow_table
from gigasite.results.clean_energy import clean_energy_table
from gigasite.results.costs import costs_table
from gigasite.results.credits import tax_credits_table
from gigasite.results.demand import demand_table
from gigasite.results.energy import energy_table
from gigasite.results.environment import environment_table
from gigasite.results.gas import gas_regions_table, gas_steps_table, gas_stops_table, gas_supply_table
from gigasite.results.hourly import hourly_tables
from gigasite.results.investment import investment_table
from gigasite.results.load import load_table
from gigasite.results.obstacles import obstacles_table
from gigasite.results.outcome import Outcome
from gigasite.results.placement import placement_table
from gigasite.results.places import places_table
from gigasite.results.prices import prices_table
from gigasite.results.quarters import energised_by_quarter_table
from gigasite.results.reliability import reliability_table
from gigasite.results.summary import summary_table

AUDIT = ("vintages", "grid", "contract", "billed_demand", "lines", "slacks", "gas_steps")
"""Tables that stand there for the checks."""


def make_tables(outcome: Outcome) -> dict[str, Any]:
    """Every table by its name: DataFrames, and under `hourly` one per site and year.

    The table of checks is made from these by `run_checks`, not from the outcome.
    """
    costs, capacity, energy = costs_table(outcome), capacity_table(outcome), energy_table(outcome)
    load = load_table(outcome, capacity)
    demand, prices = demand_table(outcome, load, costs), prices_table(outcome)
    waits = {
        "idle_by_bottleneck": idle_by_bottleneck_table(outcome, capacity),
        "energised_by_quarter": energised_by_quarter_table(outcome, capacity),
    }
    tables: dict[str, Any] = {
        "summary": summary_table(outcome, costs, capacity, energy, load),
        "costs": costs,
        "capacity": capacity,
        "energy": energy,
        "load": load,
        "places": places_table(outcome),
        **waits,
        "hourly": hourly_tables(outcome),
        "demand": demand,
        "placement": placement_table(outcome, load, demand),
        "cash_flow": cash_flow_table(outcome, costs),
        "environment": environment_table(outcome),
        "clean_energy": clean_energy_table(outcome),
        "prices": prices,
        "obstacles": obstacles_table(outcome, prices, demand),
        "breakeven": breakeven_table(outcome),
        "investment": investment_table(outcome),
        "vintages": vintages_table(outcome),
        "grid": grid_table(outcome),
        "contract": contract_table(outcome),
        "billed_demand": billed_demand_table(outcome),
        "lines": lines_table(outcome),
        "gas_supply": gas_supply_table(outcome),
        "gas_stops": gas_stops_table(outcome),
        "gas_regions": gas_regions_table(outcome),
        "gas_steps": gas_steps_table(outcome),
        "tax_credits": tax_credits_table(outcome),
        "slacks": slacks_table(outcome),
    }
    tables["reliability"] = reliability_table(Books(outcome.system, tables))
    return tables
