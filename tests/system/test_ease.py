"""Limits of the national account that a scenario eases: each factor meets its limit and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.formulation.registry import preparers

NATIONAL = """
        horizon: {years: [2026, 2028, 2030], resolution_h: 24}
        sites:
          piketon: {load_ramp_mw: {2028: 800}, technologies: [gas_turbine, gas_engine, grid_connection]}
          abilene: {load_ramp_mw: {2028: 100}, technologies: [grid_connection], count_in_national: false}
        national: {trajectory: lbnl_low, ease: {%s}}
"""


def arrays(context: Any, feature: str) -> dict[str, Any]:
    return {name: quantity.values for name, quantity in preparers(context.scenario)[feature](context).items()}


@pytest.fixture
def eased(context: Any) -> Any:
    return lambda said: context(NATIONAL % said)


def test_nothing_said_changes_nothing(eased: Any) -> None:
    plain, ones = eased(""), eased("build_slots: {gas_engine: 1}, campus_ramps: 1, queue_years_earlier: 0")
    for feature in ("idle_load", "build_slots", "grid_connection"):
        before, after = arrays(plain, feature), arrays(ones, feature)
        assert all(np.array_equal(before[name], after[name]) for name in before)


def test_the_rest_of_each_state_may_add_more(eased: Any) -> None:
    plain, more = eased(""), eased("rest_of_state_limits: 1.1")
    for name in ("rest_of_va", "rest_of_other_us"):
        assert more.place(name).ramp_mw(2028) == pytest.approx(1.1 * plain.place(name).ramp_mw(2028))
    assert more.place("piketon").ramp_mw(2028) == 800.0


def test_campuses_that_count_may_ramp_higher(eased: Any) -> None:
    more = eased("campus_ramps: 1.5")
    assert more.place("piketon").ramp_mw(2028) == 1200.0
    assert more.place("abilene").ramp_mw(2028) == 100.0
    assert more.place("rest_of_va").ramp_mw(2028) == eased("").place("rest_of_va").ramp_mw(2028)


def test_slots_of_one_technology_are_eased(eased: Any) -> None:
    before, after = (arrays(made, "build_slots") for made in (eased(""), eased("build_slots: {gas_engine: 1.1}")))
    assert after["slots_mw__gas_engine__all"] == pytest.approx(1.1 * before["slots_mw__gas_engine__all"])
    assert np.array_equal(after["slots_mw__combined_cycle__all"], before["slots_mw__combined_cycle__all"])


def test_headroom_of_a_region_and_steps_of_a_zone_are_eased(eased: Any) -> None:
    plain, more = eased(""), eased("grid_headroom: {pjm: 1.2}, grid_steps: {pjm_aep: 1.5}")
    before, after = arrays(plain, "grid_connection"), arrays(more, "grid_connection")
    pjm = np.array([region == "pjm" for region in plain.regions])
    aep = np.array([zone == "pjm_aep" for zone in plain.zones])
    assert after["headroom_mw"] == pytest.approx(np.where(pjm, 1.2, 1.0) * before["headroom_mw"])
    assert after["step_width_mw"] == pytest.approx(np.where(aep, 1.5, 1.0)[:, None] * before["step_width_mw"])


def test_every_queue_ends_earlier(eased: Any) -> None:
    before, after = (arrays(made, "grid_connection") for made in (eased(""), eased("queue_years_earlier: 9")))
    assert (after["firm_max_mw"] >= before["firm_max_mw"]).all()
    assert before["firm_max_mw"][0, 0] == 0.0 < after["firm_max_mw"][0, 0]
