"""The rest of each state as sites of their own: aggregates of many ordinary data centres with limits to their
growth.
"""

from __future__ import annotations

from typing import Any

from gigasite.inputs.tables import Tables
from gigasite.system.ease import with_eased_campuses

PREFIX = "rest_of_"
DEFAULT_TECHNOLOGIES = ("grid_connection", "gas_engine", "combined_cycle")
"""What aggregates may build where the scenario does not say: mostly grid, with gas where the grid runs out."""


def with_rest_of_state(scenario: Any, tables: Tables) -> Any:
    """The scenario with one more site for the rest of each state, if it asks for the national account with them.

    An aggregate wants as much load as the state may add by a year (`rest_of_state_limits.csv`), runs at the mean
    utilisation of the US fleet, pays nothing for waiting (the national shortfall has its own price), and joins the
    grid in many small connections, so its queue years are those of the rest of the state. What `ease:` says of its
    limits and of the ramps of campuses is in the ramps already.
    """
    national = scenario.national
    if national is None:
        return scenario
    scenario = with_eased_campuses(scenario)
    if not national.include_rest_of_state:
        return scenario
    site_type = type(scenario).model_fields["sites"].annotation.__args__[1]
    fleet = tables.figure("finance", topic="load", item="utilisation_mean_fleet").value
    technologies = national.rest_of_state_technologies or DEFAULT_TECHNOLOGIES
    sites = dict(scenario.sites)
    for row in tables.frame("rest_of_state_sites").to_dict(orient="records"):
        queue = int(
            tables.figure(
                "grid_zones", zone=row["grid_zone"], parameter="queue_year_rest_of_state", default=2025.0
            ).value
        )
        sites[f"{PREFIX}{str(row['state']).lower()}"] = site_type.model_validate(
            {
                "place": {
                    "name": row["name"],
                    "state": str(row["state"]),
                    "lat": float(row["lat"]),
                    "lon": float(row["lon"]),
                    "grid_zone": row["grid_zone"],
                    "census_division": row["census_division"],
                    "temperature_like_site": row["temperature_like_site"],
                },
                "load_ramp_mw": _limits(tables, str(row["state"]), scenario),
                "load": {"utilisation_mean": fleet, "idle_value_usd_per_mw_year": 0.0},
                # an aggregate of many campuses: whole machines in it would mean nothing
                "technologies": {name: {"units": "continuous"} for name in technologies},
                "grid": {"queue_year_firm": queue, "queue_year_nonfirm": queue},
                "gas": {"trunk": False},
            }
        )
    return scenario.model_copy(update={"sites": sites})


def _limits(tables: Tables, state: str, scenario: Any) -> dict[int, float]:
    """What the rest of a state may add by each modelled year, eased where the scenario says so."""
    factor = scenario.national.ease.rest_of_state_limits
    years = scenario.horizon.years
    return {year: factor * tables.figure("rest_of_state_limits", state=state, year=year).value for year in years}
