"""Firm gas shared out among plants, with machines lost: level by level as in the whole problem."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.solve.decomposed.test_scenarios import assert_agrees, both

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import assemble_file
from gigasite.system.system import System

SITES = """extends: {base}
name: short
title: Short
horizon: {{years: [2030, 2035], days: 24, resolution_h: {width}}}
requirements: {{build_slots: false, units_lost: {rule}}}
sites:
  piketon:
    load_ramp_mw: {{2030: 600, 2035: 900}}
    technologies:
      gas_engine: {{}}
      gas_turbine: {{capacity_mw: 300}}
      bridge_power: {{}}
      grid_connection: {{capacity_mw: 300}}
      battery: {{}}
    gas:
      basis: hub
      trunk: false
      transport: {{firm_max_mmbtu_per_h: 2500, interruptible_stops_days: 40}}
      dual_fuel: {{}}
"""


def system_at(folder: Path, rule: str) -> Callable[[int], System]:
    def at(width: int) -> System:
        path = folder / f"at-{width}.yaml"
        path.write_text(SITES.format(base=scenarios_folder() / "base.yaml", width=width, rule=rule), encoding="utf-8")
        return assemble_file(path)[1]

    return at


@pytest.mark.parametrize("rule", ["binomial", "3"])
def test_shared_gas_costs_the_same_in_blocks(tmp_path: Path, rule: str) -> None:
    mine, whole = both(system_at(tmp_path, rule), 24)
    assert_agrees(mine, whole)
    capacity = whole.solution.values("gas_turbine.capacity_mw")
    assert (whole.solution.values("gas_transport.unfuelled_gas_turbine_mw") <= capacity * (1 + 1e-9)).all()
    assert np.abs(whole.solution.values("unit_loss.machines_left_mw")).max() > 0
