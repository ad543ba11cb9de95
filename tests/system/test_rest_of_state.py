"""The rest of each state: aggregates with their own limits, beside the named campuses."""

from __future__ import annotations

from typing import Any

import pytest

from gigasite.system.rest_of_state import DEFAULT_TECHNOLOGIES, PREFIX

NATIONAL = """
        horizon: {years: [2026, 2028, 2030], resolution_h: 24}
        sites:
          piketon: {load_ramp_mw: {2028: 800}, technologies: [gas_turbine]}
        national: {trajectory: lbnl_low%s}
"""


@pytest.fixture
def national(context: Any) -> Any:
    return context(NATIONAL % "")


def test_every_state_of_the_table_becomes_a_site(national: Any) -> None:
    states = national.tables.frame("rest_of_state_sites")["state"].tolist()
    assert list(national.scenario.sites) == ["piketon", *(PREFIX + state.lower() for state in states)]
    assert len(states) == len(set(states)) > 10


def test_an_aggregate_wants_what_the_state_may_add(national: Any) -> None:
    virginia = national.place("rest_of_va")
    # rest_of_state_limits.csv
    assert [virginia.ramp_mw(year) for year in (2026, 2028, 2030)] == [1961.2, 4655.7, 9215.3]
    assert (virginia.zone, virginia.region, virginia.census_division) == ("pjm_dominion", "pjm", "south_atlantic")


def test_an_aggregate_runs_like_the_fleet_and_pays_nothing_for_waiting(national: Any) -> None:
    virginia, piketon = national.place("rest_of_va"), national.place("piketon")
    assert virginia.load_mw_per_mw.mean() == pytest.approx(0.5 * 1.15 / 1.2, rel=1e-9)
    assert piketon.load_mw_per_mw.mean() == pytest.approx(0.85 * 1.15 / 1.2, rel=1e-9)
    assert virginia.idle_value_usd_per_mw_year == 0.0
    assert piketon.idle_value_usd_per_mw_year == 6.5e6
    assert virginia.counts_in_national


def test_an_aggregate_joins_the_grid_without_the_queue_of_a_campus(national: Any) -> None:
    grid = national.place("rest_of_va").settings.grid
    assert (grid.queue_year_firm, grid.queue_year_nonfirm) == (2025, 2025)
    assert set(national.place("rest_of_va").settings.technologies) == set(DEFAULT_TECHNOLOGIES)


def test_the_scenario_chooses_what_aggregates_may_build(context: Any) -> None:
    made = context(NATIONAL % ", rest_of_state_technologies: [grid_connection]")
    assert tuple(made.place("rest_of_tx").settings.technologies) == ("grid_connection",)


def test_without_the_rest_of_state_only_the_campuses_stand(context: Any) -> None:
    assert list(context(NATIONAL % ", include_rest_of_state: false").scenario.sites) == ["piketon"]
