"""Fuel prices: one basis per site, never two."""

from __future__ import annotations

from typing import Any

import pytest

D_2025 = 0.587506977 / 0.602782158  # a dollar of 2025 in dollars of 2024: 0.974659, finance.csv
WINTER = 1.054 / (1 + 0.054 * 5 / 12)  # 5.4 % dearer from November to March, mean of the twelve months 1
SUMMER = 1 / (1 + 0.054 * 5 / 12)

OVERRIDES = """
        overrides:
          - {table: fuels, where: {fuel: natural_gas_delivered, region: east_north_central, case: aeo2026_baseline},
             value: 5.0, reason: by hand}
          - {table: fuels, where: {fuel: natural_gas_hub, region: henry_hub, case: planning},
             value: 4.0, reason: by hand}
          - {table: fuels, where: {fuel: gas_basis, region: columbia_tco}, value: -0.5, reason: by hand}
          - {table: fuels, where: {fuel: natural_gas_transport, region: intrastate}, value: 0.2, reason: by hand}
          - {table: fuels, where: {fuel: lng, region: japan, case: planning}, value: 12.0, reason: by hand}
"""


def scenario(gas: str, fuel: str = "") -> str:
    return f"""
        horizon: {{years: [2030, 2035]}}
        {fuel}
        sites:
          piketon: {{load_ramp_mw: {{2030: 100}}, technologies: [gas_turbine, small_modular_reactor], gas: {gas}}}
{OVERRIDES}
    """


@pytest.mark.parametrize(
    ("gas", "usd_per_mmbtu"),
    [
        ("{}", 5.0 * D_2025),  # delivered: transport is inside
        ("{basis: delivered}", 5.0 * D_2025),
        ("{basis: hub}", (4.0 - 0.5 + 0.2) * D_2025),  # hub, basis and transport of the tables
        ("{basis: hub, transport_usd_per_mmbtu: 0.3}", (4.0 - 0.5) * D_2025 + 0.3),  # transport in 2024 money
        ("{basis: hub, hub: henry_hub, transport_usd_per_mmbtu: 0.0}", 4.0 * D_2025),
        ("{basis: hub, transport: {}}", (4.0 - 0.5) * D_2025),  # carried by contracts, which are paid apart
        ("{fuel: lng}", 12.0 * D_2025),
    ],
)
def test_gas_has_one_basis(context: Any, gas: str, usd_per_mmbtu: float) -> None:
    prices, _ = context(scenario(gas)).fuel_price_usd_per_mmbtu("gas_turbine", "gas")
    assert prices.shape == (1, 2, 12)
    assert prices[0, 0].mean() == pytest.approx(usd_per_mmbtu, rel=1e-9)


def test_winter_is_dearer_by_the_cited_adder(context: Any) -> None:
    prices, _ = context(scenario("{}")).fuel_price_usd_per_mmbtu("gas_turbine", "gas")
    for month in (1, 2, 3, 11, 12):
        assert prices[0, 0, month - 1] == pytest.approx(5.0 * D_2025 * WINTER, rel=1e-9)
    for month in (4, 7, 10):
        assert prices[0, 0, month - 1] == pytest.approx(5.0 * D_2025 * SUMMER, rel=1e-9)


def test_a_multiplier_is_on_the_gas_and_not_on_its_transport(context: Any) -> None:
    double = "fuel: {price_multiplier: {2030: 2.0, 2035: 3.0}}"
    delivered, _ = context(scenario("{}", double)).fuel_price_usd_per_mmbtu("gas_turbine", "gas")
    assert delivered[0].mean(axis=1).tolist() == pytest.approx([10.0 * D_2025, 15.0 * D_2025], rel=1e-9)
    hub, _ = context(scenario("{basis: hub, transport_usd_per_mmbtu: 0.3}", double)).fuel_price_usd_per_mmbtu(
        "gas_turbine", "gas"
    )
    assert hub[0, 0].mean() == pytest.approx(7.0 * D_2025 + 0.3, rel=1e-9)


def test_uranium_has_no_season_and_no_site(context: Any) -> None:
    made = context(scenario("{}"))
    prices, _ = made.fuel_price_usd_per_mmbtu("small_modular_reactor", "uranium")
    assert prices[0, 0].min() == prices[0, 0].max() > 0


def test_a_site_without_the_technology_has_no_price(context: Any) -> None:
    prices, confidence = context(scenario("{}")).fuel_price_usd_per_mmbtu("gas_engine", "gas")
    assert not prices.any()
    assert confidence == "estimate"


def test_another_case_gives_another_price(context: Any) -> None:
    low, _ = context(scenario("{}", "fuel: {case: aeo2026_high_supply}")).fuel_price_usd_per_mmbtu("gas_turbine", "gas")
    # fuels.csv: 3.00235 USD/MMBtu of 2025 in 2030
    assert low[0, 0].mean() == pytest.approx(3.00235 * D_2025, rel=1e-9)
