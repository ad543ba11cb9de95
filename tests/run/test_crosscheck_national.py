"""Limits of a national account in PyPSA: the same dispatch and the same sizing under a limit by place."""

from __future__ import annotations

from pathlib import Path

import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.crosscheck import crosscheck_run
from gigasite.run.crosscheck.answer import ALL_SITES, DISPATCH, SIZING
from gigasite.run.solve_run import solve_scenario

pytest.importorskip("pypsa")

NATION = """extends: {base}
name: nation
horizon: {{years: [2030], days: 4, resolution_h: 24}}
requirements: {{units_lost: 0}}
load: {{idle_value_usd_per_mw_year: 0}}
national:
  trajectory: middle
  include_rest_of_state: false
  limits_mw: {{states: {{TX: 300}}}}
  limits_twh: {{zones: {{pjm_aep: 1.5}}}}
sites:
  piketon: {{load_ramp_mw: {{2030: 400}}, gas: {{trunk: false}}, technologies: [gas_engine]}}
  abilene: {{load_ramp_mw: {{2030: 500}}, gas: {{trunk: false}}, technologies: [gas_engine]}}
"""


def test_a_nation_with_limits_by_place_agrees_in_dispatch_and_sizing(tmp_path: Path) -> None:
    text = NATION.format(base=scenarios_folder() / "base.yaml")
    (tmp_path / "nation.yaml").write_text(text, encoding="utf-8")
    run = solve_scenario(tmp_path / "nation.yaml", results=tmp_path / "results")
    load = run.load.set_index("site")["energised_mw"]
    assert load["abilene"] == pytest.approx(300.0, rel=1e-6)  # the limit of Texas holds it
    assert 100 < load["piketon"] < 399  # and that of the zone
    found = crosscheck_run(run)
    assert found.agrees, found.faults
    frame = found.frame.set_index(["question", "site"])
    for question in (DISPATCH, SIZING):
        assert abs(frame.loc[(question, ALL_SITES)]["share"]).max() < 1e-6
    assert "national limits by place" in found.added_rows
    assert not [what for what in found.left_out if what.startswith("national_limits")]
