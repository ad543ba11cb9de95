"""Permits: limits of a site on emissions, water, land and run hours; one site and three hours worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from gigasite.results.environment import environment_table, permit_price_rows
from gigasite.results.outcome import Outcome

W_2030 = 1.1**-1 + 1.1**-3 + 1.1**-5
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
STEP = 2920.0
NOX = {("gas_engine", "nox_kg_per_mmbtu"): 0.1}  # 8 MMBtu/MWh: 0.8 kg/MWh


def permitted(world: Any, technologies: Any, permits: dict[str, Any], **more: Any) -> Any:
    return world(technologies, site={"permits": permits}, **more)


def every_hour(name: str, coefficient: float, year: int = 2032) -> dict[str, float]:
    return {f"{name}.output_mw[alpha,{year},{hour}]": coefficient for hour in range(3)}


def test_nitrogen_oxides_of_a_year_stay_within_the_permit(world: Any) -> None:
    made = permitted(world, ["combined_cycle", "gas_engine", "solar"], {"nox_t_per_year": 100.0}, figures=NOX)
    # 6 MMBtu/MWh x 0.1 kg x 2,920 h = 1,752 kg a MW; the engine 2,336 kg
    made.row("permits.nox_within_permit[alpha,2032]").is_(
        {
            **every_hour("combined_cycle", 1752.0),
            **every_hour("gas_engine", 2336.0),
            "permits.over_nox_kg[alpha,2032]": -1.0,
        },
        upper=100_000.0,
    )


def test_carbon_dioxide_of_imports_is_no_part_of_the_permit(world: Any) -> None:
    made = permitted(world, ["gas_engine", "grid_connection"], {"co2_t_per_year": 5000.0})
    made.row("permits.co2_within_permit[alpha,2032]").is_(
        {**every_hour("gas_engine", 0.4 * STEP), "permits.over_co2_t[alpha,2032]": -1.0}, upper=5000.0
    )


def test_water_is_counted_as_consumed_and_as_withdrawn(world: Any) -> None:
    limits = {"water_m3_per_year": 3000.0, "water_withdrawal_m3_per_year": 4000.0}
    figures = {("combined_cycle", "water_withdrawal_m3_per_mwh"): 1.25}
    made = permitted(world, ["combined_cycle"], limits, figures=figures)
    made.row("permits.water_within_permit[alpha,2032]").is_(
        {**every_hour("combined_cycle", 0.75 * STEP), "permits.over_water_m3[alpha,2032]": -1.0}, upper=3000.0
    )
    made.row("permits.water_withdrawal_within_permit[alpha,2032]").is_(
        {**every_hour("combined_cycle", 1.25 * STEP), "permits.over_water_withdrawal_m3[alpha,2032]": -1.0},
        upper=4000.0,
    )


def test_land_under_the_plants_stays_within_the_permit(world: Any) -> None:
    made = permitted(world, ["combined_cycle", "solar"], {"land_ha": 300.0})
    made.row("permits.land_within_permit[alpha,2032]").is_(
        {
            "combined_cycle.capacity_mw[alpha,2032]": 0.002,  # 0.02 m2/kW = 20 m2/MW
            "solar.capacity_mw[alpha,2032]": 2.5,
            "permits.over_land_ha[alpha,2032]": -1.0,
        },
        upper=300.0,
    )


def test_a_limit_may_change_by_year_and_the_first_holds_before_it(world: Any) -> None:
    made = permitted(world, ["solar"], {"land_ha": {2031: 500.0, 2032: 300.0}})
    assert [made.row(f"permits.land_within_permit[alpha,{year}]").upper for year in (2030, 2032)] == [500.0, 300.0]


def test_a_site_without_a_limit_has_no_row(world: Any) -> None:
    made = world(
        sites={
            "alpha": {
                "load_ramp_mw": {2030: 100.0},
                "technologies": ["solar"],
                "permits": {"land_ha": 300.0},
            },
            "bravo": {"load_ramp_mw": {2030: 100.0}, "technologies": ["solar"], "permits": {"nox_t_per_year": 1.0}},
        }
    )
    named = {row for row in made.rows | made.columns if row.startswith("permits")}
    # no plant of bravo emits, so that its limit is no row
    assert named == {
        f"permits.{name}[alpha,{y}]" for name in ("land_within_permit", "over_land_ha") for y in (2030, 2032)
    }


def test_without_permits_nothing_is_there(world: Any) -> None:
    made = world(["gas_engine", "backup_generator"])
    assert made.data("permits") == {}
    assert not [name for name in made.rows | made.columns if name.startswith("permits")]


def test_going_over_costs_twice_what_unserved_energy_costs(world: Any) -> None:
    made = permitted(world, ["combined_cycle", "gas_engine"], {"nox_t_per_year": 100.0, "land_ha": 1.0}, figures=NOX)
    # the cleanest plant gives 0.6 kg/MWh: 20,000 USD/MWh over it
    assert made.cost("permits.over_nox_kg[alpha,2032]") == pytest.approx(20_000 / 0.6 * W_2032, rel=1e-9)
    # three times a million for a megawatt that waits, over 0.002 ha
    assert made.cost("permits.over_land_ha[alpha,2032]") == pytest.approx(3e6 / 0.002 * W_2032, rel=1e-9)
    most = sum(
        rate * made.bounds(f"{name}.output_mw[alpha,2032,{hour}]")[1]
        for name, rate in (("combined_cycle", 1752.0), ("gas_engine", 2336.0))
        for hour in range(3)
    )
    assert made.bounds("permits.over_nox_kg[alpha,2032]") == pytest.approx((0.0, most), rel=1e-9)


def test_the_permit_for_backup_stands_in_place_of_the_figure(world: Any) -> None:
    made = permitted(world, ["backup_generator"], {"backup_run_h_per_year": {2030: 100.0, 2032: 50.0}})
    made.row("permits.backup_runs_within_permit[alpha,2032]").is_(
        {**every_hour("backup_generator", STEP), "backup_generator.capacity_mw[alpha,2032]": -50.0}, upper=0.0
    )
    own = made.row("backup_generator.runs_within_permit[alpha,2032]").entries
    assert own["backup_generator.capacity_mw[alpha,2032]"] == -8760.0


def test_hours_that_a_scenario_gives_to_the_machine_hold_beside_the_permit(world: Any) -> None:
    made = permitted(world, {"backup_generator": {"run_hours_per_year_max": 30.0}}, {"backup_run_h_per_year": 50.0})
    own = made.row("backup_generator.runs_within_permit[alpha,2032]").entries
    assert own["backup_generator.capacity_mw[alpha,2032]"] == -30.0


def test_load_waits_where_nothing_cleaner_is_allowed(world: Any) -> None:
    # a MW energised uses 2.25 x 2,920 = 6,570 MWh, 5.256 t of NOx: 210.24 t are 40 MW
    made = permitted(world, ["gas_engine"], {"nox_t_per_year": 210.24}, figures=NOX, years=(2030,))
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(40.0, rel=1e-6)
    assert made.value("permits.over_nox_kg[alpha,2030]") == pytest.approx(0.0, abs=1e-6)


def test_given_capacity_on_too_little_land_is_told(world: Any) -> None:
    made = permitted(world, {"gas_engine": {}, "solar": {"capacity_mw": 100.0}}, {"land_ha": 200.0}, years=(2030,))
    assert made.value("permits.over_land_ha[alpha,2030]") == pytest.approx(50.0, rel=1e-6)
    told = {one.variable_name: (one.what, one.remedy) for one in made.builder.forbidden}
    assert told["permits.over_land_ha"][0] == "land over the permit (ha)"
    assert "land_ha" in told["permits.over_land_ha"][1]


# -- prices ------------------------------------------------------------------------------------------------------------


def outcome_of(made: Any) -> Outcome:
    return Outcome(made.system, made.builder, made.solution)


@pytest.mark.parametrize(
    ("technologies", "key", "limit", "more", "unit"),
    [
        ({"gas_engine": {}}, "nox_t_per_year", 210.24, 1.0, "USD/t"),
        ({"gas_engine": {}}, "co2_t_per_year", 50_000.0, 10.0, "USD/t"),
        ({"combined_cycle": {}}, "water_m3_per_year", 100_000.0, 10.0, "USD/m3"),
        ({"combined_cycle": {}}, "water_withdrawal_m3_per_year", 100_000.0, 10.0, "USD/m3"),
        ({"combined_cycle": {}}, "land_ha", 0.1, 0.002, "USD/ha"),
        (
            {"gas_engine": {"capacity_mw": 90.0}, "backup_generator": {"capacity_mw": 20.0}},
            "backup_run_h_per_year",
            500.0,
            1.0,
            "USD/h",
        ),
    ],
)
def test_the_price_of_a_permit_is_what_a_little_more_saves(
    world: Any, technologies: Any, key: str, limit: float, more: float, unit: str
) -> None:
    figures = {
        **NOX,
        ("gas_engine", "forced_outage_rate"): 0.1,
        ("combined_cycle", "water_withdrawal_m3_per_mwh"): 1.25,
    }
    said: dict[str, Any] = {"figures": figures, "years": (2030,), "requirements": {"reserve_margin": 0.0}}
    made, wider = (permitted(world, technologies, {key: one}, **said) for one in (limit, limit + more))
    (row,) = permit_price_rows(outcome_of(made))
    saved = (made.solution.objective_usd - wider.solution.objective_usd) / W_2030
    assert saved > 0
    assert row["shadow_price"] * more == pytest.approx(saved, rel=1e-6)
    assert row["unit"] == unit
    assert row["worth_usd"] == pytest.approx(row["shadow_price"] * limit * W_2030, rel=1e-9)
    assert row["sentence"].startswith("One more ")
    assert row["sentence"].endswith(" USD.")


def test_the_table_of_burdens_tells_amount_limit_and_price(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = permitted(
        world,
        ["gas_engine", "backup_generator"],
        {"nox_t_per_year": 210.24, "backup_run_h_per_year": 50.0},
        figures=NOX,
        years=(2030,),
    )
    outcome = outcome_of(made)
    monkeypatch.setattr(type(made.system.context), "finance", lambda *_: type("F", (), {"value": 0.5})())
    table = environment_table(outcome).set_index("burden")
    assert table.loc["nox", "amount"] == pytest.approx(210.24, rel=1e-6)
    assert table.loc["nox", "permit_limit"] == pytest.approx(210.24)
    assert table.loc["nox", "shadow_price"] > 0
    # 0.4 t/MWh of engines over 6,570 MWh x 40 MW; nothing withdrawn, no land, no imports
    assert table.loc["co2", "amount"] == pytest.approx(0.4 * 6570 * 40, rel=1e-6)
    assert table.loc["co2", ["permit_limit", "shadow_price"]].isna().all()
    assert table.loc["co2_of_imports", "amount"] == 0.0
    assert table.loc["campus_water", "amount"] == pytest.approx(0.5 * 6570 * 40, rel=1e-6)
    assert table.loc["backup_run_hours", "permit_limit"] == 50.0
    assert set(table["amount_unit"]) == {"t", "m3", "ha", "h"}
