"""Every clause of a grid contract, whole and decomposed: the same cost within the gap."""

from dataclasses import replace

import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.agreement import solve_in_agreement
from gigasite.run.by_levels import LevelOptions, solve_by_levels
from gigasite.run.solve_run import _loaded, assemble_loaded
from gigasite.solve.whole import SolverOptions

GAP = 1e-6
TEXT = """
horizon: {{years: [2030, 2035], days: {days}, resolution_h: 24}}
requirements: {{units_lost: 1, build_slots: false}}
sites:
  piketon:
    load_ramp_mw: {{2030: 1500, 2035: 3000}}
    gas: {{trunk: false}}
    technologies: {{gas_engine: {{capacity_max_mw: 1500}}, grid_connection: {{}}, battery: {{}}}}
    grid:
      contracts: [{{from_year: 2029, to_year: 2031, firm_mw: 200, nonfirm_mw: 300, floor_mw: 300}}]
      contract_ramp_mw_per_year: 200
      demand_ratchet_share: 0.9
      contribution_usd_per_kw: 30
  abilene:
    load_ramp_mw: {{2030: 800}}
    gas: {{trunk: false}}
    technologies: [grid_connection, gas_turbine, solar, battery]
    grid: {{transmission_charge: {peaks}, minimum_billing_demand_share: 0.6}}
"""


@pytest.mark.parametrize(
    ("peaks", "days", "resolution_h"),
    [("12cp", 24, 24), pytest.param("4cp", 24, 6, marks=pytest.mark.slow)],
)
def test_a_grid_contract_with_every_clause(tmp_path, peaks, days, resolution_h):
    path = tmp_path / "short.yaml"
    text = TEXT.format(peaks=peaks, days=days)
    path.write_text(f"extends: {scenarios_folder() / 'base.yaml'}\nname: short\n{text}", encoding="utf-8")
    loaded = _loaded(path)

    def at(width):
        horizon = loaded.scenario.horizon.model_copy(update={"resolution_h": width})
        return assemble_loaded(replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": horizon})))

    mine, _ = solve_by_levels(at, resolution_h, LevelOptions(gap=GAP, processes=1))
    whole = solve_in_agreement(at(resolution_h), SolverOptions(algorithms=("simplex",)))
    found, known = mine.solution, whole.solution
    assert (found.status, known.status) == ("optimal", "optimal")
    assert known.objective_usd * (1 - 1e-8) <= found.objective_usd <= known.objective_usd * (1 + 1.01 * GAP)
    assert found.bound_usd <= known.objective_usd * (1 + 1e-8)
    for name in ("metered_peak_mw", "coincident_mw"):
        assert found.values(f"grid_connection.{name}").max() > 0
