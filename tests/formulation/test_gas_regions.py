"""Gas regions, worked by hand: two sites of engines that burn 8 MMBtu/MWh; each of three hours stands for 2,920."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3 + 1.1**-5
GBTU = 365 * 1.037e6 / 1e3
"""GBtu a year in a Bcf a day."""

SITE = {"load_ramp_mw": {2030: 100.0}, "technologies": ["gas_engine"], "gas": {"trunk": False}}
STEPS = [
    {"bcf_per_day": 0.01, "adder_usd_per_mmbtu": 0.5},
    {"bcf_per_day": 0.02, "adder_usd_per_mmbtu": 1.5},
]
BURNT = 8 * 225 * 2920 / 1e3  # GBtu a year of each site: 100 MW at 50, 75 and 100 %


def made_of(world: Any, **region: Any) -> Any:
    region = {"sites": ["alpha", "bravo"], **region}
    return world(
        sites={"alpha": SITE, "bravo": SITE, "away": SITE},
        years=(2030,),
        requirements={"gas_regions": {"basin": region}},
    )


def steps(site: str, share: float, count: int = 2) -> dict[str, float]:
    return {f"gas_regions.step_gbtu[{site},2030,{k + 1}]": share for k in range(count)}


def test_a_site_buys_what_it_burns_in_a_year(world: Any) -> None:
    made = made_of(world, price_steps=STEPS)
    burnt = {f"gas_engine.output_mw[alpha,2030,{hour}]": 8 * 2920 / 1e3 for hour in range(3)}
    made.row("gas_regions.burnt_is_bought[alpha,2030]").is_({**burnt, **steps("alpha", -1.0)}, upper=0.0)
    assert not [name for name in made.rows | made.columns if name.startswith("gas_regions") and "away" in name]


def test_sites_of_a_region_share_its_steps_and_the_last_is_open(world: Any) -> None:
    made = made_of(world, price_steps=STEPS)
    first, last = ({f"gas_regions.step_gbtu[{site},2030,{k}]": 1.0 for site in ("alpha", "bravo")} for k in (1, 2))
    made.row("gas_regions.step_at_most_width[basin,2030,1]").is_(first, upper=0.01 * GBTU)
    everything = 2 * 300 * 8 * 3 * 2920 / 1e3  # both at the most that could be built, in every hour
    made.row("gas_regions.step_at_most_width[basin,2030,2]").is_(last, upper=everything)


def test_a_step_costs_its_adder(world: Any) -> None:
    made = made_of(world, price_steps=STEPS)
    for k, adder in ((1, 0.5), (2, 1.5)):
        assert made.cost(f"gas_regions.step_gbtu[alpha,2030,{k}]") == pytest.approx(adder * 1e3 * W_2030, rel=1e-9)


def test_what_does_not_fit_into_the_first_step_is_dearer(world: Any) -> None:
    made, without = made_of(world, price_steps=STEPS), made_of(world, price_steps=[])
    first = 0.01 * GBTU
    adder = (first * 0.5 + (2 * BURNT - first) * 1.5) * 1e3
    paid = made.solution.objective_usd - without.solution.objective_usd
    assert paid == pytest.approx(adder * W_2030, rel=1e-6)


def test_sites_burn_no_more_together_than_the_limit(world: Any) -> None:
    limit = 1.5 * BURNT / GBTU
    made = made_of(world, price_steps=STEPS, limit_bcf_per_day=limit)
    both = {**steps("alpha", 1.0), **steps("bravo", 1.0)}
    made.row("gas_regions.burnt_within_limit[basin,2030]").is_(both, upper=limit * GBTU)
    energised = sum(made.value(f"idle_load.energised_mw[{site},2030]") for site in ("alpha", "bravo"))
    assert energised == pytest.approx(150.0, rel=1e-6)
    assert made.value("idle_load.energised_mw[away,2030]") == pytest.approx(100.0, rel=1e-6)


def test_left_out_the_steps_follow_the_elasticity(world: Any) -> None:
    """0.1 USD/MMBtu for every quad: 0.05 Bcf a day more is 0.0189 quads, and the first step costs that much of it."""
    made = made_of(world)
    first, second = 0.05 * GBTU / 1e6, 0.1 * GBTU / 1e6  # quads
    costs = [made.cost(f"gas_regions.step_gbtu[alpha,2030,{k}]") / 1e3 / W_2030 for k in (1, 2)]
    assert costs == pytest.approx([0.1 * first, 0.1 * (first + second)], rel=1e-9)
    # both steps full: every MMBtu pays the rise of all of them
    paid = costs[0] * first + costs[1] * (second - first)
    assert paid == pytest.approx(0.1 * second * second, rel=1e-9)


def test_an_elasticity_of_the_region_wins(world: Any) -> None:
    made = made_of(world, price_elasticity_usd_per_mmbtu_per_quad=2.0)
    cost = made.cost("gas_regions.step_gbtu[alpha,2030,1]") / 1e3 / W_2030
    assert cost == pytest.approx(2.0 * 0.05 * GBTU / 1e6, rel=1e-9)


def test_distillate_is_not_gas_of_the_region(world: Any) -> None:
    sites = {"alpha": {**SITE, "gas": {"trunk": False, "dual_fuel": {}}}}
    made = world(sites=sites, years=(2030,), requirements={"gas_regions": {"basin": {"sites": ["alpha"]}}})
    row = made.row("gas_regions.burnt_is_bought[alpha,2030]").entries
    assert row["dual_fuel.liquid_mmbtu_per_h[alpha,2030,1]"] == pytest.approx(-2.92, rel=1e-9)
