"""Gas trunk: what is burnt comes through a pipe that has to be laid; worked by hand.

20 km at 2 million USD/km and 0.5 million of compression, over 1,000 MMBtu/h: 50,000 USD per MMBtu/h.
"""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
RECOVERY = 0.21 / (1 - 1.21**-30)
TRUNK = {"gas": {"trunk": True, "trunk_distance_km": 20.0}}
HEAT_RATES = {"combined_cycle": 6.0, "gas_turbine": 10.0, "gas_engine": 8.0, "fuel_cell": 7.0}


@pytest.mark.parametrize("name", HEAT_RATES)
def test_gas_burnt_stays_within_the_trunk(world: Any, name: str) -> None:
    made = world([name], site=TRUNK)
    made.row("fuel_lateral.gas_at_most_trunk[alpha,2032,1]").is_(
        {
            f"{name}.output_mw[alpha,2032,1]": HEAT_RATES[name],
            "fuel_lateral.trunk_mmbtu_per_h[alpha,2030]": -1.0,
            "fuel_lateral.trunk_mmbtu_per_h[alpha,2032]": -1.0,
        },
        upper=0.0,
    )


@pytest.mark.parametrize("name", ["small_modular_reactor", "large_reactor", "backup_generator", "solar", "wind"])
def test_what_burns_no_gas_needs_no_trunk(world: Any, name: str) -> None:
    assert not [row for row in world([name], site=TRUNK).rows if row.startswith("fuel_lateral.gas")]


def test_all_plants_of_a_site_share_its_trunk(world: Any) -> None:
    row = world(list(HEAT_RATES), site=TRUNK).row("fuel_lateral.gas_at_most_trunk[alpha,2030,0]")
    burnt = {f"{name}.output_mw[alpha,2030,0]": rate for name, rate in HEAT_RATES.items()}
    row.is_({**burnt, "fuel_lateral.trunk_mmbtu_per_h[alpha,2030]": -1.0}, upper=0.0)


def test_a_trunk_costs_its_distance(world: Any) -> None:
    made = world(["gas_engine"], site=TRUNK)
    expected = 50_000 * RECOVERY * (W_2030 + W_2032)
    assert made.cost("fuel_lateral.trunk_mmbtu_per_h[alpha,2030]") == pytest.approx(expected, rel=1e-9)
    assert made.bounds("fuel_lateral.trunk_mmbtu_per_h[alpha,2030]") == (0.0, 9000.0)  # 3 x 200 MW x 15 MMBtu/MWh


@pytest.mark.parametrize(
    ("gas", "known_km", "km"),
    [
        ({"trunk": False, "trunk_distance_km": 20.0}, 8.0, 0.0),  # at the field
        ({}, 8.0, 8.0),  # the layer of sites knows a distance
        ({}, 0.0, 0.0),
        ({"trunk_distance_km": 4.0}, 8.0, 4.0),  # the scenario wins
    ],
)
def test_where_a_trunk_is_needed(world: Any, gas: dict[str, Any], known_km: float, km: float) -> None:
    made = world(["gas_engine"], site={"gas": gas}, places={"alpha": {"properties": {"trunk_distance_km": known_km}}})
    trunk = "fuel_lateral.trunk_mmbtu_per_h[alpha,2032]"
    assert (trunk in made.columns) is (km > 0)
    if km:
        assert made.cost(trunk) == pytest.approx(2_500 * km * RECOVERY * W_2032, rel=1e-9)  # 2.5 million USD/km / 1,000


def test_firm_capacity_has_its_gas(world: Any) -> None:
    made = world(["gas_engine"], site=TRUNK, years=(2030,))
    made.row("fuel_lateral.firm_gas_at_most_trunk[alpha,2030]").is_(
        {"gas_engine.capacity_mw[alpha,2030]": 8.0, "fuel_lateral.trunk_mmbtu_per_h[alpha,2030]": -1.0}, upper=0.0
    )


def test_the_trunk_is_laid_for_all_that_counts_at_the_peak(world: Any) -> None:
    made = world(["gas_engine"], site=TRUNK, years=(2030,))
    # the reserve asks for 110 MW, 8 MMBtu/MWh; the load burns 100 MW of it
    assert made.value("fuel_lateral.trunk_mmbtu_per_h[alpha,2030]") == pytest.approx(880.0, rel=1e-6)
    weight, recovery = 1.1**-1 + 1.1**-3 + 1.1**-5, 0.21 / (1 - 1.21**-4)
    engine = 110 * (960_000 * recovery + 30_000) + 2920 * (125 * 45.68 + 100 * 38)
    assert made.solution.objective_usd == pytest.approx((engine + 880 * 50_000 * RECOVERY) * weight, rel=1e-6)


def test_a_trunk_comes_no_earlier_than_its_year(world: Any) -> None:
    made = world(["gas_engine"], site={"gas": {**TRUNK["gas"], "trunk_earliest_year": 2032}})
    assert "fuel_lateral.trunk_mmbtu_per_h[alpha,2030]" not in made.columns
    assert made.bounds("fuel_lateral.trunk_mmbtu_per_h[alpha,2032]") == (0.0, 9000.0)


def test_a_pipe_that_lies_brings_its_gas_and_a_trunk_the_rest(world: Any) -> None:
    gas = {"trunk_distance_km": 20.0, "existing_pipe_mmbtu_per_h": 300.0}
    made = world(["gas_engine"], site={"gas": gas}, years=(2030,))
    trunk = "fuel_lateral.trunk_mmbtu_per_h[alpha,2030]"
    made.row("fuel_lateral.gas_at_most_trunk[alpha,2030,1]").is_(
        {"gas_engine.output_mw[alpha,2030,1]": 8.0, trunk: -1.0}, upper=300.0
    )
    assert made.value(trunk) == pytest.approx(580.0, rel=1e-6)  # 110 MW x 8 MMBtu/MWh - 300


def test_beside_a_pipe_of_unknown_route_no_trunk_is_laid(world: Any) -> None:
    made = world(["gas_engine"], site={"gas": {"existing_pipe_mmbtu_per_h": 300.0}}, years=(2030,))
    made.row("fuel_lateral.firm_gas_at_most_trunk[alpha,2030]").is_(
        {"gas_engine.capacity_mw[alpha,2030]": 8.0}, upper=300.0
    )
    assert made.value("gas_engine.capacity_mw[alpha,2030]") == pytest.approx(37.5, rel=1e-6)
