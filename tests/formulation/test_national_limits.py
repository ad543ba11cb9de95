"""Limits of the national account by state, zone and region; worked by hand.

A campus MW takes (0.5 + 0.75 + 1) x 2,920 h = 6,570 MWh. Years 2030 and 2032; the existing fleet is that of 2023.
"""

from __future__ import annotations

from typing import Any

import pytest

NATIONAL: dict[str, Any] = {"trajectory": "growing", "include_rest_of_state": False}
CAMPUS = {"load_ramp_mw": {2030: 100.0, 2032: 200.0}, "gas": {"trunk": False}, "technologies": ["gas_engine"]}
PLACES = {"beta": {"state": "PA", "zone": "south"}, "gamma": {"counts_in_national": False}}


def limited(world: Any, sites: tuple[str, ...] = ("alpha", "beta"), **limits: Any) -> Any:
    places = {site: PLACES[site] for site in sites if site in PLACES}
    return world(sites=dict.fromkeys(sites, CAMPUS), places=places, national={**NATIONAL, **limits})


def energised(site: str, year: int) -> str:
    return f"idle_load.energised_mw[{site},{year}]"


def test_load_energised_in_a_region_stays_within_its_limit(world: Any) -> None:
    made = limited(world, limits_mw={"regions": {"east": {2030: 150.0, 2032: 260.0}}})
    for year, most in ((2030, 150.0), (2032, 260.0)):
        made.row(f"national_limits.energised_within_limit[region_east,{year}]").is_(
            {energised("alpha", year): 1.0, energised("beta", year): 1.0}, upper=most
        )
    assert made.value(energised("alpha", 2030)) + made.value(energised("beta", 2030)) == pytest.approx(150.0, rel=1e-6)
    assert made.value(energised("alpha", 2032)) + made.value(energised("beta", 2032)) == pytest.approx(260.0, rel=1e-6)


def test_a_limit_of_a_state_or_zone_holds_only_what_lies_in_it(world: Any) -> None:
    made = limited(world, limits_mw={"states": {"PA": 30.0}, "zones": {"north": 40.0}})
    made.row("national_limits.energised_within_limit[state_PA,2030]").is_({energised("beta", 2030): 1.0}, upper=30.0)
    made.row("national_limits.energised_within_limit[zone_north,2032]").is_({energised("alpha", 2032): 1.0}, upper=40.0)


def test_a_limit_may_be_one_on_energy(world: Any) -> None:
    made = limited(world, limits_twh={"states": {"OH": 0.5}})
    made.row("national_limits.energy_within_limit[state_OH,2030]").is_({energised("alpha", 2030): 6.57}, upper=500.0)
    # 500 GWh / 6.57 GWh per MW
    assert made.value(energised("alpha", 2030)) == pytest.approx(76.103500761, rel=1e-6)


def test_growth_counts_calendar_years_and_at_first_from_the_existing_fleet(world: Any) -> None:
    made = limited(world, growth_mw_per_year={"states": {"OH": {2030: 10.0, 2031: 15.0, 2032: 20.0}}})
    # 2024 to 2030: seven years at 10 MW; 2031 and 2032: 15 + 20 MW
    made.row("national_limits.growth_within_limit[state_OH,2030]").is_({energised("alpha", 2030): 1.0}, upper=70.0)
    made.row("national_limits.growth_within_limit[state_OH,2032]").is_(
        {energised("alpha", 2032): 1.0, energised("alpha", 2030): -1.0}, upper=35.0
    )
    assert made.value(energised("alpha", 2032)) == pytest.approx(105.0, rel=1e-6)


def test_what_does_not_count_in_the_account_is_not_limited(world: Any) -> None:
    made = limited(world, ("alpha", "gamma"), limits_mw={"states": {"OH": 30.0}})
    made.row("national_limits.energised_within_limit[state_OH,2030]").is_({energised("alpha", 2030): 1.0}, upper=30.0)


def test_a_limit_in_megawatts_is_worth_what_it_keeps_short(world: Any) -> None:
    """One MW more serves 6,570 MWh at 700 USD, and costs what its supply costs: between the two lies its price."""
    made = limited(world, limits_mw={"regions": {"east": 100.0}})
    price = (
        -made.solution.duals("national_limits.energised_within_limit")[0, 1] / made.system.context.time.year_weight[1]
    )
    assert 0.5 * 6570 * 700 < price < 6570 * 700 + 1e6  # idle load costs 1 million USD a MW and year beside


def test_without_limits_there_is_no_row(world: Any) -> None:
    assert not [name for name in limited(world).rows if name.startswith("national_limits")]
