"""Permits in PyPSA: the same dispatch and the same sizing, and permits that hold back both."""

from __future__ import annotations

import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.run.crosscheck import CrossCheck, crosscheck_run
from gigasite.run.crosscheck.answer import ALL_SITES, DISPATCH, SIZING
from gigasite.run.solve_run import solve_scenario

pytest.importorskip("pypsa")

UNDER_PERMITS = """extends: {base}
name: short
horizon: {{years: [2035], resolution_h: 24}}
requirements: {{units_lost: 0}}
sites:
  piketon:
    load_ramp_mw: {{2035: 500}}
    gas: {{trunk: false}}
    technologies:
      combined_cycle: {{cooling: dry}}
      gas_turbine: {{}}
      small_modular_reactor: {{}}
      solar: {{}}
      battery: {{}}
      backup_generator: {{capacity_mw: 20}}
    permits:
      nox_t_per_year: 60
      co2_t_per_year: 4.0e+5
      water_m3_per_year: 3.0e+6
      water_withdrawal_m3_per_year: 5.0e+6
      land_ha: 400
      backup_run_h_per_year: 100
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("permits")
    (folder / "short.yaml").write_text(UNDER_PERMITS.format(base=scenarios_folder() / "base.yaml"), encoding="utf-8")
    return solve_scenario(folder / "short.yaml", results=folder / "results")


@pytest.fixture(scope="module")
def found(run: Run) -> CrossCheck:
    return crosscheck_run(run)


def test_a_site_under_permits_agrees_in_dispatch_and_sizing(run: Run, found: CrossCheck) -> None:
    assert found.agrees, found.faults
    frame = found.frame.set_index(["question", "site"])
    for question in (DISPATCH, SIZING):
        whole = frame.loc[(question, ALL_SITES)]
        assert abs(whole["share"]).max() < 1e-6
    full = run.table("environment").dropna(subset=["permit_limit"])
    assert (full["amount"] > 0.999 * full["permit_limit"]).sum() >= 2  # or they would show nothing


def test_the_rows_of_permits_are_named(found: CrossCheck) -> None:
    assert "permits of a site" in found.added_rows
    assert not [what for what in found.left_out if what.startswith("permits")]
