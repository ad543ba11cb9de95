"""Loss of the gas trunk and of the grid circuit; one site and three hours worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

ENERGISED = "idle_load.energised_mw[alpha,2032]"
TRUNK, GRID, FAR = (f"common_mode.carried_without_{name}[alpha,2032]" for name in ("trunk", "grid", "far_trunk"))
EVERY_KIND = [
    "combined_cycle",
    "small_modular_reactor",
    "grid_connection",
    "battery",
    "backup_generator",
    "flexible_load",
]


def test_without_the_trunk_what_burns_pipeline_gas_is_gone(world: Any) -> None:
    made = world(EVERY_KIND, requirements={"survive_trunk_loss": True})
    made.row(TRUNK).is_(
        {
            ENERGISED: 0.8,  # what is left when 20 % are shed
            "small_modular_reactor.capacity_mw[alpha,2032]": -1.0,
            "grid_connection.firm_mw[alpha,2032]": -1.0,
            "battery.firm_mw[alpha,2032]": -1.0,
            "backup_generator.capacity_mw[alpha,2032]": -1.0,  # stands by for this
        },
        upper=0.0,
    )
    assert GRID not in made.rows


def test_without_the_grid_circuit_everything_else_is_there(world: Any) -> None:
    made = world(EVERY_KIND, requirements={"survive_grid_loss": True, "critical_share": 0.5})
    made.row(GRID).is_(
        {
            ENERGISED: 0.4,
            "combined_cycle.capacity_mw[alpha,2032]": -0.82,  # 18 K above 15 C at 1 % each
            "small_modular_reactor.capacity_mw[alpha,2032]": -1.0,
            "battery.firm_mw[alpha,2032]": -1.0,
            "backup_generator.capacity_mw[alpha,2032]": -1.0,
        },
        upper=0.0,
    )
    assert TRUNK not in made.rows


def test_a_backup_set_stands_by_with_its_rating_at_the_design_temperature(world: Any) -> None:
    figures = {("backup_generator", "rating_loss_per_k"): 0.01}
    made = world(["gas_engine", "backup_generator"], requirements={"survive_grid_loss": True}, figures=figures)
    assert made.row(GRID).entries["backup_generator.capacity_mw[alpha,2032]"] == pytest.approx(-0.82, rel=1e-9)


def test_a_lost_trunk_leaves_what_the_grid_and_the_backup_sets_carry(world: Any) -> None:
    made = world(
        {
            "gas_engine": {"capacity_mw": 300.0},
            "grid_connection": {"capacity_mw": 60.0},
            "backup_generator": {"capacity_mw": 40.0},
        },
        years=(2032,),
        requirements={"survive_trunk_loss": True, "survive_grid_loss": True, "critical_share": 0.8},
    )
    # 60 MW of grid and 40 of backup carry 80 % of 125 MW; gas and backup would carry 80 % of 425
    assert made.value(ENERGISED) == pytest.approx(100.0 / 0.8, rel=1e-6)


@pytest.mark.parametrize(("asked", "there"), [(["alpha"], {"alpha"}), (["beta"], {"beta"}), (True, {"alpha", "beta"})])
def test_a_list_names_the_sites(world: Any, asked: Any, there: set[str]) -> None:
    site = {"load_ramp_mw": {2032: 100.0}, "gas": {"trunk": False}, "technologies": ["gas_engine", "battery"]}
    made = world(sites={"alpha": site, "beta": site}, years=(2032,), requirements={"survive_trunk_loss": asked})
    rows = [name for name in made.rows if name.startswith("common_mode.carried_without_trunk")]
    assert {name.partition("[")[2].partition(",")[0] for name in rows} == there


def test_a_site_that_burns_no_gas_has_no_trunk_to_lose(world: Any) -> None:
    made = world(["grid_connection", "battery"], requirements={"survive_trunk_loss": True})
    assert not [name for name in made.rows if name.startswith("common_mode")]


def test_the_trunk_of_a_plant_far_off_is_a_case_of_its_own(world: Any) -> None:
    campus = {"load_ramp_mw": {2032: 100.0}, "technologies": ["battery", "gas_engine"], "gas": {"trunk": False}}
    field = {"technologies": ["gas_engine"], "gas": {"trunk": False}}
    made = world(
        sites={"alpha": campus, "beta": field},
        lines={"tie": {"from_site": "beta", "to_site": "alpha", "length_km": 10.0}},
        requirements={"survive_trunk_loss": True},
    )
    engine, battery = "gas_engine.capacity_mw[alpha,2032]", "battery.firm_mw[alpha,2032]"
    made.row(FAR).is_({ENERGISED: 1.0, engine: -1.0, battery: -1.0}, upper=0.0)
    made.row(TRUNK).is_({ENERGISED: 1.0, "line.firm_net_mw[alpha,2032]": -1.0, battery: -1.0}, upper=0.0)
    assert not [name for name in made.rows if name.startswith("common_mode") and "beta" in name]


def test_gas_plants_run_on_as_far_as_distillate_lasts(world: Any) -> None:
    made = world(
        ["combined_cycle", "fuel_cell"],
        site={"gas": {"trunk": False, "dual_fuel": {}}},
        requirements={"survive_trunk_loss": True},
    )
    kept = "common_mode.kept_combined_cycle_mw[alpha,2032]"
    made.row(TRUNK).is_({ENERGISED: 1.0, kept: -0.82}, upper=0.0)
    made.row("common_mode.kept_burn_at_most_liquid[alpha,2032]").is_(
        {kept: 6 * 0.82, "dual_fuel.firm_liquid_mmbtu_per_h[alpha,2032]": -1.0}, upper=0.0
    )
    made.row("common_mode.kept_at_most_capacity__combined_cycle[alpha,2032]").is_(
        {kept: 1.0, "combined_cycle.capacity_mw[alpha,2032]": -1.0}, upper=0.0
    )


def test_nothing_is_built_where_nothing_is_asked_for(world: Any) -> None:
    made = world(EVERY_KIND)
    assert made.data("common_mode") == {}
    assert not [name for name in made.rows | made.columns if name.startswith("common_mode")]


def test_six_modules_of_77_mw_lose_whole_ones(world: Any) -> None:
    """One of six by number; by an outage rate of 8 %, P(at most 4 of 6 out) is the first above 0.9999."""
    modules = {"small_modular_reactor": {"capacity_mw": 462.0, "unit_size_mw": 77.0, "units": "whole"}}

    def energised(**requirements: Any) -> float:
        made = world(modules, years=(2032,), site={"load_ramp_mw": {2032: 460.0}}, requirements=requirements)
        assert made.value("small_modular_reactor.units[alpha,2032]") == pytest.approx(6.0, abs=1e-6)
        return float(made.value(ENERGISED))

    assert energised(units_lost=1) == pytest.approx(5 * 77.0, rel=1e-6)
    assert energised(units_lost="binomial", units_lost_probability=0.9999) == pytest.approx(2 * 77.0, rel=1e-6)
    assert energised(units_lost=0) == pytest.approx(462.0 / 1.1, rel=1e-6)
