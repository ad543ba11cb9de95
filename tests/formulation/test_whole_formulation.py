"""The whole formulation at once: the traced arrays are those of the ordinary Pyomo model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.formulation.figures import COLD_JANUARY, FIRST_HOURS_OF

from gigasite.formulation.build import build_model
from gigasite.formulation.registry import requirements, technologies
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.plain import check_traced_rows, compile_expanded
from gigasite.solve.whole import SolverOptions, solve_whole

LOAD_OF_A_YEAR = np.full(8760, 0.6)
LOAD_OF_A_YEAR[FIRST_HOURS_OF] = 0.5, 0.75, 1.0

EVERYTHING = [name for name in technologies() if name != "line"]


@pytest.fixture
def two_sites(world: Any) -> Any:
    floor = {"technologies": ["combined_cycle", "gas_engine", "grid_connection"], "mw": {2032: 60.0}}
    return world(
        sites={
            "alpha": {
                "load_ramp_mw": {2030: 100.0, 2032: 200.0},
                "technologies": EVERYTHING,
                "gas": {
                    "basis": "hub",
                    "hub": "waha",
                    "trunk": True,
                    "trunk_distance_km": 20.0,
                    "existing_pipe_mmbtu_per_h": 100.0,
                    "transport": {"firm_max_mmbtu_per_h": {2030: 200.0, 2032: 400.0}},
                    "dual_fuel": {},
                },
                "grid": {
                    "export": True,
                    "contribution_usd_per_kw": 5.0,
                    "contracts": [{"from_year": 2030, "to_year": 2030, "nonfirm_mw": 20.0, "floor_mw": 15.0}],
                    "contract_ramp_mw_per_year": 15.0,
                    "demand_ratchet_share": 0.9,
                    "transmission_charge": "12cp",
                    "minimum_billing_demand_share": 0.7,
                    "flexible_connection": {"curtailed_share": 0.0025, "load_share": 0.5},
                },
                "capital_budget_usd": 9e8,
                "minimum_campus_mw": 10.0,
                "capacity_floor_mw": [floor],
                "permits": {
                    "nox_t_per_year": 300.0,
                    "co2_t_per_year": {2032: 5e5},
                    "water_m3_per_year": 1e6,
                    "water_withdrawal_m3_per_year": 2e6,
                    "land_ha": 900.0,
                    "backup_run_h_per_year": 200.0,
                },
            },
            "bravo": {"technologies": ["gas_turbine", "battery", "wind"], "gas": {"trunk": False}},
        },
        lines={"tie": {"from_site": "bravo", "to_site": "alpha", "length_km": 100.0}},
        figures={("gas_turbine", "slots_mw_per_year"): 30.0, ("combined_cycle", "slots_mw_per_year", 2030): 50.0},
        requirements={
            "build_slots": True,
            "units_lost": "binomial",
            "units_lost_probability": 0.99,
            "co2_price_usd_per_t": {2030: 10.0, 2032: 20.0},
            "co2_cap_t_per_year": 3e5,
            "capital_budget_usd": 1e9,
            "clean_share": {2030: 0.1, 2032: 0.5},
            "clean_share_hourly": {2032: 0.3},
            "gas_regions": {"basin": {"sites": ["alpha", "bravo"], "limit_bcf_per_day": 0.05}},
            "grid_emitting_share": 0.6,
            "minimum_take_share": 0.7,
            "price_lead_times": True,
            "ramp_share_per_hour": {"combined_cycle": 0.5, "small_modular_reactor": 0.1},
            "uptime": 0.999,
            "survive_trunk_loss": True,
            "tax_credits": True,
            "survive_grid_loss": ["alpha"],
            "critical_share": 0.4,
            "outage_survival_h": 2,
            "cold_snap": {"days": 3, "snap_temperature_c": -20.0},
        },
        places={"alpha": {"temperature_c": COLD_JANUARY, "load": LOAD_OF_A_YEAR}},
        national={
            "trajectory": "growing",
            "include_rest_of_state": False,
            "limits_mw": {"states": {"OH": 190.0}},
            "limits_twh": {"zones": {"north": 2.0}},
            "growth_mw_per_year": {"regions": {"east": {2030: 14.0, 2032: 60.0}}},
        },
    )


def by_name(lp: CompiledLP) -> dict[str, tuple[dict[str, float], float, float]]:
    """Every row by its name: entries by the names of their columns, and bounds, the first entry positive."""
    rows = {}
    for number in range(lp.shape[0]):
        part = slice(lp.row_starts[number], lp.row_starts[number + 1])
        columns = [lp.column_name(int(column)) for column in lp.column_indices[part]]
        entries = dict(zip(columns, lp.values[part].tolist(), strict=True))
        low, high = float(lp.row_lower[number]), float(lp.row_upper[number])
        if entries[min(entries)] < 0:
            entries, low, high = {name: -value for name, value in entries.items()}, -high, -low
        rows[lp.row_name(number)] = (entries, low, high)
    return rows


def test_traced_and_plain_pyomo_give_the_same_rows_columns_and_costs(two_sites: Any) -> None:
    plain_builder = build_model(two_sites.system, traced=False)
    plain, traced = compile_expanded(plain_builder.model, plain_builder.maker), two_sites.lp
    mine, theirs = by_name(traced), by_name(plain)
    assert mine.keys() == theirs.keys()
    for name, (entries, low, high) in theirs.items():
        assert mine[name][0] == pytest.approx(entries, rel=1e-12), name
        assert mine[name][1:] == pytest.approx((low, high), rel=1e-12), name
    assert [traced.column_name(i) for i in range(traced.shape[1])] == [
        plain.column_name(i) for i in range(plain.shape[1])
    ]
    for array in ("column_cost", "column_lower", "column_upper"):
        np.testing.assert_allclose(getattr(traced, array), getattr(plain, array), rtol=1e-12, err_msg=array)


def test_every_row_written_out_plainly_is_the_traced_one(two_sites: Any) -> None:
    compared = check_traced_rows(two_sites.lp, two_sites.builder.maker, rows_each=20)
    assert compared > len(two_sites.lp.rows)


def test_every_technology_and_requirement_takes_part(two_sites: Any) -> None:
    parts = {name.partition(".")[0] for name in two_sites.rows | two_sites.columns}
    assert parts == set(technologies()) | set(requirements())


def test_it_solves_with_a_bound_that_meets_the_cost(two_sites: Any) -> None:
    solution = two_sites.solution
    assert solution.status == "optimal"
    assert solution.bound_usd <= solution.objective_usd * (1 + 1e-9)
    assert solution.gap < 1e-9


def test_the_cost_terms_add_up_to_the_objective(two_sites: Any) -> None:
    solution, total = two_sites.solution, 0.0
    for term in two_sites.builder.hubs.costs:
        values = solution.values(term.variable_name)
        spread = values.reshape(*values.shape, *(1 for _ in term.dims[values.ndim :]))
        total += float((term.coefficient * spread).sum())
    assert total == pytest.approx(solution.objective_usd, rel=1e-9)


def test_simplex_and_interior_point_agree(two_sites: Any) -> None:
    inner = solve_whole(two_sites.lp, SolverOptions(algorithms=("ipx",)))
    assert inner.objective_usd == pytest.approx(two_sites.solution.objective_usd, rel=1e-6)
