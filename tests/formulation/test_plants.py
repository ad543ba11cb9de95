"""Plants that turn fuel into power, one site and three hours, worked by hand; the figures stand in conftest.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3  # 0.909090909 + 0.751314801 = 1.660405710
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9  # 0.620921323 + 0.513158118 + 0.424097618 = 1.558177059
STEP_H = 2920.0  # 8,760 h / 3


def recovery(rate: float, years: float) -> float:
    """Yearly payment that repays one dollar."""
    return rate / (1 - (1 + rate) ** -years)


@dataclass(frozen=True)
class Worked:
    """What follows by hand from the figures of one technology."""

    investment: float
    """USD/MW with the multiplier of the county and interest during construction."""
    recovery: float
    lives_on: bool
    """Whether the vintage of 2030 still runs in 2032."""
    fixed_om: float
    energy: tuple[float, float, float]
    """Variable O&M and fuel in each hour, USD/MWh."""
    availability: tuple[float, float, float]
    firm: float
    built_from: int
    capacity_mw: float
    """MW for 100 MW at the meter, with 10 % reserve."""


GAS = (4.96, 4.96, 4.0)
# 4.40 USD/MMBtu, winter 24 % dearer: mean factor (5 x 1.24 + 7 x 1) / 12 = 1.1;
# January 4.4 x 1.24/1.1 = 4.96; July 4.4/1.1 = 4

PLANTS = {
    "combined_cycle": Worked(
        investment=1_210_000,  # 1,000 USD/kW x 1.1 for the county x 1.21^0.5 for one year of building
        recovery=recovery(0.21, 4),  # 0.21 / (1 - 1/2.14358881) = 0.393632
        lives_on=True,
        fixed_om=20_000,
        energy=(31.76, 31.76, 26.0),  # 2 + 6 x 4.96; 2 + 6 x 4
        # rating 1, 0.9, 0.8 at 15, 25, 35 C; January 20 % planned, July none; 10 % forced
        availability=(0.72, 0.648, 0.72),
        firm=0.82,  # 1 - 0.01 x (33 - 15)
        built_from=2030,
        capacity_mw=100 / 0.72,  # 138.8889: hour 2; hour 1 asks 75/0.648 = 115.7, the reserve 110/0.82 = 134.1
    ),
    "gas_turbine": Worked(
        investment=600_000,  # 500 x 1.2
        recovery=recovery(0.21, 4),
        lives_on=True,
        fixed_om=10_000,
        energy=(54.6, 54.6, 45.0),  # 5 + 10 x 4.96; 5 + 10 x 4
        # rating 1, 0.94, 0.88; times 0.9 planned times 0.95 forced = 0.855
        availability=(0.855, 0.8037, 0.7524),
        firm=0.892,  # 1 - 0.006 x 18
        built_from=2030,
        capacity_mw=100 / 0.7524,  # 132.908: hour 2; the reserve asks 110/0.892 = 123.3
    ),
    "gas_engine": Worked(
        investment=960_000,  # 800 x 1.2
        recovery=recovery(0.21, 4),
        lives_on=True,
        fixed_om=30_000,
        energy=(45.68, 45.68, 38.0),  # 6 + 8 x 4.96; 6 + 8 x 4
        availability=(1.0, 1.0, 1.0),
        firm=1.0,
        built_from=2030,
        capacity_mw=110.0,  # the reserve
    ),
    "fuel_cell": Worked(
        investment=2_400_000,  # 2,000 x 1.2
        recovery=0.9,  # 0.5 / (1 - 1/2.25), own cost of capital 50 %, two years
        lives_on=False,
        fixed_om=40_000,
        energy=(35.72, 35.72, 29.0),  # 1 + 7 x 4.96; 1 + 7 x 4
        availability=(1.0, 1.0, 1.0),
        firm=1.0,
        built_from=2030,
        capacity_mw=110.0,
    ),
    "small_modular_reactor": Worked(
        # 6,000 x 1.3 = 7,800; half spent 1.5 and half 0.5 years before: 0.5 x 1.331 + 0.5 x 1.1 = 1.2155
        investment=9_480_900,
        recovery=recovery(0.21, 30),
        lives_on=True,
        fixed_om=100_000,
        energy=(10.5, 10.5, 10.5),  # 3 + 10 x 0.75
        availability=(0.92, 0.92, 0.92),  # 8 % forced
        firm=1.0,
        built_from=2032,
        capacity_mw=110.0,  # hour 2 asks 100/0.92 = 108.7
    ),
    "large_reactor": Worked(
        investment=5_000_000,  # all in: neither county nor interest on top
        recovery=recovery(0.21, 40),
        lives_on=True,
        fixed_om=120_000,
        energy=(9.5, 9.5, 9.5),  # 2 + 10 x 0.75
        availability=(1.0, 1.0, 1.0),
        firm=1.0,
        built_from=2030,
        capacity_mw=110.0,
    ),
    "backup_generator": Worked(
        investment=480_000,  # 400 x 1.2
        recovery=recovery(0.21, 4),
        lives_on=True,
        fixed_om=5_000,
        energy=(209.0, 209.0, 209.0),  # 9 + 10 x 20
        availability=(1.0, 1.0, 1.0),
        firm=0.0,
        built_from=2030,
        capacity_mw=0.0,  # solved in test_backup_generator.py
    ),
}

every_plant = pytest.mark.parametrize("name", PLANTS)


@every_plant
def test_output_stays_below_what_is_available(world: Any, name: str) -> None:
    made, plant = world([name]), PLANTS[name]
    for hour, share in enumerate(plant.availability):
        made.row(f"{name}.output_at_most_available[alpha,2032,{hour}]").is_(
            {f"{name}.output_mw[alpha,2032,{hour}]": 1.0, f"{name}.capacity_mw[alpha,2032]": -share}, upper=0.0
        )


@every_plant
def test_a_vintage_costs_its_annuity_in_the_years_it_lives(world: Any, name: str) -> None:
    made, plant = world([name]), PLANTS[name]
    yearly = plant.investment * plant.recovery
    assert made.cost(f"{name}.built_mw[alpha,2032]") == pytest.approx(yearly * W_2032, rel=1e-9)
    if plant.built_from > 2030:
        assert f"{name}.built_mw[alpha,2030]" not in made.columns
        return
    weight = W_2030 + (W_2032 if plant.lives_on else 0.0)
    assert made.cost(f"{name}.built_mw[alpha,2030]") == pytest.approx(yearly * weight, rel=1e-9)
    assert (f"{name}.vintage_mw[alpha,2030,2032]" in made.columns) is plant.lives_on


@every_plant
def test_capacity_costs_its_fixed_upkeep_every_year(world: Any, name: str) -> None:
    made = world([name])
    for year, weight in ((2030, W_2030), (2032, W_2032)):
        expected = PLANTS[name].fixed_om * weight
        assert made.cost(f"{name}.capacity_mw[alpha,{year}]") == pytest.approx(expected, rel=1e-9)


@every_plant
def test_a_megawatt_of_output_costs_fuel_and_variable_upkeep_over_its_step(world: Any, name: str) -> None:
    made = world([name])
    for hour, usd_per_mwh in enumerate(PLANTS[name].energy):
        expected = usd_per_mwh * STEP_H * W_2032
        assert made.cost(f"{name}.output_mw[alpha,2032,{hour}]") == pytest.approx(expected, rel=1e-9)


@every_plant
def test_reserve_and_unit_loss_count_the_rating_at_the_design_temperature_without_outage(world: Any, name: str) -> None:
    made, plant = world([name]), PLANTS[name]
    firm = {f"{name}.capacity_mw[alpha,2032]": -plant.firm} if plant.firm else {}
    energised = "idle_load.energised_mw[alpha,2032]"
    made.row("firm_supply.firm_carries_the_peak[alpha,2032]").is_({energised: 1.1, **firm}, upper=0.0)
    made.row("unit_loss.survivors_carry_the_peak[alpha,2032]").is_({energised: 1.0, **firm}, upper=0.0)


@every_plant
def test_output_enters_the_power_balance(world: Any, name: str) -> None:
    row = world([name]).row("power_balance.supply_meets_load[alpha,2032,1]")
    row.is_(
        {
            f"{name}.output_mw[alpha,2032,1]": 1.0,
            "idle_load.unserved_mw[alpha,2032,1]": 1.0,
            "idle_load.energised_mw[alpha,2032]": -0.75,
        },
        lower=0.0,
        upper=0.0,
    )


@pytest.mark.parametrize("name", [name for name in PLANTS if name != "backup_generator"])
def test_a_plant_alone_is_sized_for_peak_or_reserve_and_runs_with_the_load(world: Any, name: str) -> None:
    plant = PLANTS[name]
    made = world(
        [name],
        years=(2032,),
        site={"load_ramp_mw": {2032: 100.0}},
        places={"alpha": {"idle_value_usd_per_mw_year": 1e7}},
    )
    weight = 1.1**-1 + 1.1**-3 + 1.1**-5  # 2.281327, base year 2032
    assert made.value("idle_load.energised_mw[alpha,2032]") == pytest.approx(100.0, rel=1e-6)
    assert made.value(f"{name}.capacity_mw[alpha,2032]") == pytest.approx(plant.capacity_mw, rel=1e-6)
    for hour, load in enumerate((50.0, 75.0, 100.0)):
        assert made.value(f"{name}.output_mw[alpha,2032,{hour}]") == pytest.approx(load, rel=1e-6)
    # a year: capacity x (annuity + upkeep) + 2,920 h x (50, 75, 100 MW at the hour's cost)
    fixed = plant.capacity_mw * (plant.investment * plant.recovery + plant.fixed_om)
    energy = STEP_H * (50 * plant.energy[0] + 75 * plant.energy[1] + 100 * plant.energy[2])
    assert made.solution.objective_usd == pytest.approx((fixed + energy) * weight, rel=1e-6)


def test_stored_carbon_dioxide_is_paid_for_with_the_output(world: Any) -> None:
    made = world(["combined_cycle"], figures={("combined_cycle", "co2_storage_usd_per_t"): 20.0})
    # burnt gas carries 53 kg/MMBtu, 50 leave the stack: 3 kg x 6 MMBtu/MWh = 0.018 t/MWh at 20 USD/t = 0.36 USD/MWh
    assert made.cost("combined_cycle.output_mw[alpha,2032,2]") == pytest.approx(
        (26.0 + 0.36) * STEP_H * W_2032, rel=1e-9
    )


def test_a_scenarios_own_figures_replace_those_of_the_tables(world: Any) -> None:
    options = {
        "capex_usd_per_kw": 700.0,
        "fixed_om_usd_per_kw_year": 11.0,
        "economic_life_years": 2.0,
        "cost_of_capital_real": 0.5,
        "unit_size_mw": 55.0,
        "earliest_year": 2032,
    }
    made = world({"gas_engine": options})
    # 700,000 USD/MW as given, without the county; 0.5 / (1 - 1/2.25) = 0.9
    assert made.cost("gas_engine.built_mw[alpha,2032]") == pytest.approx(700_000 * 0.9 * W_2032, rel=1e-9)
    assert made.cost("gas_engine.capacity_mw[alpha,2032]") == pytest.approx(11_000 * W_2032, rel=1e-9)
    assert made.data("gas_engine")["unit_size_mw"].values.tolist() == [55.0]
    assert made.data("unit_loss")["unit_mw_gas_engine"].values.tolist() == [55.0]
    assert "gas_engine.built_mw[alpha,2030]" not in made.columns


def test_a_site_without_a_technology_has_no_columns_of_it(world: Any) -> None:
    made = world(
        sites={
            "alpha": {"load_ramp_mw": {2030: 100.0}, "technologies": ["gas_engine"]},
            "bravo": {"load_ramp_mw": {2030: 100.0}, "technologies": ["fuel_cell"]},
        }
    )
    assert {name for name in made.columns if name.startswith("gas_engine") and "bravo" in name} == set()
    assert {name for name in made.columns if name.startswith("fuel_cell") and "alpha" in name} == set()


@pytest.mark.parametrize(
    ("name", "co2", "nox", "water", "land"),
    [
        # 6 MMBtu/MWh x 50 kg = 0.3 t; x 0.1 kg = 0.0006 t; 0.75 m3/MWh; 0.02 m2/kW = 20 m2/MW
        ("combined_cycle", 0.3, 0.0006, 0.75, 20.0),
        ("gas_turbine", 0.5, 0.0, 0.0, 0.0),  # 10 x 50 kg
        ("gas_engine", 0.4, 0.0, 0.0, 0.0),  # 8 x 50 kg
        ("fuel_cell", 0.35, 0.0, 0.0, 0.0),  # 7 x 50 kg
        ("small_modular_reactor", 0.0, 0.0, 0.0, 0.0),
        ("large_reactor", 0.0, 0.0, 0.0, 0.0),
        ("backup_generator", 0.7, 0.0, 0.0, 0.0),  # 10 x 70 kg
    ],
)
def test_burdens_follow_from_heat_rate_and_fuel(
    world: Any, name: str, co2: float, nox: float, water: float, land: float
) -> None:
    hubs = world([name]).builder.hubs
    found = [
        float(term.coefficient_values.flat[0])
        for hub in (hubs.co2, hubs.nox, hubs.water, hubs.land)
        for term in hub
        if term.feature == name
    ]
    assert found == pytest.approx([co2, nox, water, land], rel=1e-9, abs=1e-12)


def test_announced_capital_stays_in_the_money_of_its_announcement(world: Any) -> None:
    (term,) = world(["combined_cycle"]).builder.hubs.announced_capital
    assert term.coefficient_values.tolist() == [[1_111_000.0, 1_111_000.0]]  # 1,111 USD/kW
