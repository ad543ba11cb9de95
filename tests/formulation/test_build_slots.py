"""Build slots: what the industry can deliver, shared by all sites; worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

SLOTS = {("gas_engine", "slots_mw_per_year", 2030): 30.0, ("gas_engine", "slots_mw_per_year", 2032): 50.0}
ON = {"build_slots": True}


def test_slots_add_up_over_calendar_years_and_are_shared_by_sites(world: Any) -> None:
    site = {"load_ramp_mw": {2030: 100.0}, "technologies": ["gas_engine"]}
    made = world(sites={"alpha": site, "bravo": site}, figures=SLOTS, requirements=ON)
    row = "build_slots.built_within_slots__gas_engine__all"
    made.row(f"{row}[2030]").is_(
        {"gas_engine.built_mw[alpha,2030]": 1.0, "gas_engine.built_mw[bravo,2030]": 1.0}, upper=30.0
    )
    made.row(f"{row}[2032]").is_(
        {f"gas_engine.built_mw[{name},{year}]": 1.0 for name in ("alpha", "bravo") for year in (2030, 2032)},
        upper=120.0,  # 30 in 2030, 40 in 2031 between the rows, 50 in 2032
    )


def test_slots_before_the_first_year_of_delivery_do_not_count(world: Any) -> None:
    made = world({"gas_engine": {"earliest_year": 2031}}, figures=SLOTS, requirements=ON)
    made.row("build_slots.built_within_slots__gas_engine__all[2032]").is_(
        {"gas_engine.built_mw[alpha,2032]": 1.0},
        upper=90.0,  # 40 + 50
    )


def test_capacity_that_is_given_takes_no_slot(world: Any) -> None:
    made = world({"gas_engine": {"capacity_mw": 80.0}}, figures=SLOTS, requirements=ON)
    assert not [name for name in made.rows if name.startswith("build_slots")]


def test_without_slots_in_the_tables_or_by_choice_nothing_limits(world: Any) -> None:
    assert not [name for name in world(["gas_engine"], requirements=ON).rows if name.startswith("build_slots")]
    off = world(["gas_engine"], figures=SLOTS, requirements={"build_slots": False})
    assert not [name for name in off.rows if name.startswith("build_slots")]


def test_light_turbines_share_works_that_large_frames_do_not_use(world: Any) -> None:
    def site(machine_class: str) -> dict[str, Any]:
        return {"load_ramp_mw": {2030: 100.0}, "technologies": {"gas_turbine": {"machine_class": machine_class}}}

    made = world(
        sites={"alpha": site("small_frame"), "bravo": site("aeroderivative"), "delta": site("frame_f")},
        figures={("gas_turbine", "slots_mw_per_year"): 25.0},
        requirements=ON,
    )
    made.row("build_slots.built_within_slots__gas_turbine__light[2030]").is_(
        {"gas_turbine.built_mw[alpha,2030]": 1.0, "gas_turbine.built_mw[bravo,2030]": 1.0}, upper=25.0
    )
    made.row("build_slots.built_within_slots__gas_turbine__all[2030]").is_(
        {"gas_turbine.built_mw[delta,2030]": 1.0}, upper=25.0
    )


def test_load_waits_for_slots(world: Any) -> None:
    made = world(["gas_engine"], figures=SLOTS, requirements=ON)
    # 30 MW by 2030 and 120 by 2032, each with 10 % reserve
    assert made.value("gas_engine.built_mw[alpha,2030]") == pytest.approx(30.0, rel=1e-6)
    assert made.value("gas_engine.built_mw[alpha,2032]") == pytest.approx(90.0, rel=1e-6)
    assert made.value("idle_load.waiting_mw[alpha,2030]") == pytest.approx(100 - 30 / 1.1, rel=1e-6)
    assert made.value("idle_load.waiting_mw[alpha,2032]") == pytest.approx(200 - 120 / 1.1, rel=1e-6)
