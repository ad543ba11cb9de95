"""Bridge power: rented until its permit ends, paid by the month, brought and removed; worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
"""The last year stands for 2032, 2033 and 2034."""

AT = "alpha,2030"


def long_permit(world: Any, **said: Any) -> Any:
    return world({"bridge_power": {"permit_years": 5, **said}})


def test_it_runs_below_what_is_rented_and_available(world: Any) -> None:
    made = world(["bridge_power"])
    made.row(f"bridge_power.output_at_most_available[{AT},2]").is_(
        {f"bridge_power.output_mw[{AT},2]": 1.0, f"bridge_power.capacity_mw[{AT}]": -0.9}, upper=0.0
    )


def test_what_rises_is_mobilised(world: Any) -> None:
    made = long_permit(world)
    made.row(f"bridge_power.mobilised_as_it_rises[{AT}]").is_(
        {f"bridge_power.capacity_mw[{AT}]": 1.0, f"bridge_power.mobilised_mw[{AT}]": -1.0}, upper=0.0
    )
    made.row("bridge_power.mobilised_as_it_rises[alpha,2032]").is_(
        {
            "bridge_power.capacity_mw[alpha,2032]": 1.0,
            "bridge_power.capacity_mw[alpha,2030]": -1.0,
            "bridge_power.mobilised_mw[alpha,2032]": -1.0,
        },
        upper=0.0,
    )


def test_what_falls_is_removed(world: Any) -> None:
    made = long_permit(world)
    made.row("bridge_power.removed_as_it_falls[alpha,2032]").is_(
        {
            "bridge_power.capacity_mw[alpha,2030]": 1.0,
            "bridge_power.capacity_mw[alpha,2032]": -1.0,
            "bridge_power.removed_mw[alpha,2032]": -1.0,
        },
        upper=0.0,
    )


def test_what_stands_when_the_permit_ends_is_removed(world: Any) -> None:
    """Two years from 2030: they end with 2031, so all of it goes at the beginning of 2032."""
    made = world(["bridge_power"])
    assert "bridge_power.capacity_mw[alpha,2032]" not in made.columns
    made.row("bridge_power.removed_as_it_falls[alpha,2032]").is_(
        {f"bridge_power.capacity_mw[{AT}]": 1.0, "bridge_power.removed_mw[alpha,2032]": -1.0}, upper=0.0
    )


@pytest.mark.parametrize(
    ("permit_years", "earliest_year", "years"),
    [(1, None, []), (2, None, [2030]), (4, None, [2030]), (5, None, [2030, 2032]), (3, 2031, [2032]), (2, 2031, [])],
)
def test_a_year_counts_where_the_permit_holds_for_its_whole_span(
    world: Any, permit_years: int, earliest_year: int | None, years: list[int]
) -> None:
    """2030 stands for two years and 2032 for three; the permit begins with the first year that sees machines."""
    made = world({"bridge_power": {"permit_years": permit_years, "earliest_year": earliest_year}})
    seen = [year for year in (2030, 2032) if f"bridge_power.capacity_mw[alpha,{year}]" in made.columns]
    assert seen == years


def test_rent_is_paid_by_the_month_and_the_last_removal_when_all_ends(world: Any) -> None:
    made = long_permit(world)
    assert made.cost(f"bridge_power.capacity_mw[{AT}]") == pytest.approx(60_000 * W_2030, rel=1e-9)
    # what stands in the last year is removed five years after the base year: 1.21 to the fifth is 1.1 to the tenth
    last = 60_000 * W_2032 + 15_000 * 1.1**-10
    assert made.cost("bridge_power.capacity_mw[alpha,2032]") == pytest.approx(last, rel=1e-9)


def test_bringing_and_removing_are_paid_at_the_beginning_of_the_year(world: Any) -> None:
    made = long_permit(world)
    assert made.cost(f"bridge_power.mobilised_mw[{AT}]") == pytest.approx(40_000, rel=1e-9)
    assert made.cost("bridge_power.mobilised_mw[alpha,2032]") == pytest.approx(40_000 * 1.1**-4, rel=1e-9)
    assert made.cost("bridge_power.removed_mw[alpha,2032]") == pytest.approx(15_000 * 1.1**-4, rel=1e-9)


def test_fuel_and_upkeep_are_paid_by_output(world: Any) -> None:
    made = world(["bridge_power"])
    # January: 4.4 x 1.24 / 1.1 = 4.96 USD/MMBtu, 9 MMBtu/MWh; and 7 USD/MWh
    assert made.cost(f"bridge_power.output_mw[{AT},0]") == pytest.approx(2920 * (9 * 4.96 + 7) * W_2030, rel=1e-9)


def test_the_scenario_may_say_every_price(world: Any) -> None:
    said = {"rental_usd_per_mw_month": 1000, "mobilisation_usd_per_mw": 200, "removal_usd_per_mw": 300}
    made = long_permit(world, **said)
    assert made.cost(f"bridge_power.capacity_mw[{AT}]") == pytest.approx(12_000 * W_2030, rel=1e-9)
    assert made.cost(f"bridge_power.mobilised_mw[{AT}]") == pytest.approx(200, rel=1e-9)
    assert made.cost("bridge_power.removed_mw[alpha,2032]") == pytest.approx(300 * 1.1**-4, rel=1e-9)


def test_it_counts_at_the_peak_and_its_machines_are_lost(world: Any) -> None:
    made = world(["bridge_power"], requirements={"units_lost": 1})
    reserve = made.row(f"firm_supply.firm_carries_the_peak[{AT}]").entries
    assert reserve[f"bridge_power.capacity_mw[{AT}]"] == pytest.approx(-1.0)
    # 100 MW take 25 machines of 4 MW and one to lose: 25 of 26 survive
    survivors = made.row(f"unit_loss.survivors_carry_the_peak[{AT}]").entries
    assert survivors[f"bridge_power.capacity_mw[{AT}]"] == pytest.approx(-25 / 26, rel=1e-9)


def test_it_burns_gas_of_the_pipe(world: Any) -> None:
    made = world(["bridge_power"], site={"gas": {"trunk": True, "trunk_distance_km": 10.0}})
    burnt = [row for row in made.rows if row.startswith("fuel_lateral.") and row.endswith(f"[{AT},0]")]
    assert any(made.row(row).entries.get(f"bridge_power.output_mw[{AT},0]") == pytest.approx(9.0) for row in burnt)


def test_it_bridges_until_the_lasting_plant_comes(world: Any) -> None:
    """Engines from 2032 on; before them 100 MW of load pay rent rather than wait."""
    made = world(
        {"bridge_power": {}, "gas_engine": {"earliest_year": 2032}},
        figures={("bridge_power", "forced_outage_rate"): 0.0},
        requirements={"reserve_margin": 0.0},
        site={"load_ramp_mw": {2030: 100.0}},
    )
    bridge = [made.value(f"bridge_power.{name}[alpha,{year}]") for name, year in (
        ("capacity_mw", 2030), ("mobilised_mw", 2030), ("removed_mw", 2032)
    )]  # fmt: skip
    assert bridge == pytest.approx([100, 100, 100], rel=1e-6)
    assert made.value("gas_engine.capacity_mw[alpha,2032]") == pytest.approx(100, rel=1e-6)
    rent = 100 * (60_000 * W_2030 + 40_000 + 15_000 * 1.1**-4)
    assert sum(
        float((term.coefficient * made.solution.values(term.variable_name)).sum())
        for term in made.builder.hubs.costs
        if term.component == "rental"
    ) == pytest.approx(rent, rel=1e-6)
