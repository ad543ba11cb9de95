"""Clean share by the hour: load met in its own hour by supply that emits nothing; worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.results.clean_energy import clean_energy_table, clean_price_rows, matched_share
from gigasite.results.outcome import Outcome

W_2030 = 1.1**-1 + 1.1**-3 + 1.1**-5
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
GWH = 2.92  # of a megawatt over a step of 2,920 h
ENERGY = 6.57  # GWh of an energised megawatt: (0.5 + 0.75 + 1) x 2,920 h
NAME = "clean_share_hourly"
PRECIOUS = {"alpha": {"idle_value_usd_per_mw_year": 1e7}}
"""A site whose load never waits."""


def asked(world: Any, technologies: Any, share: Any, **more: Any) -> Any:
    return world(technologies, requirements={NAME: share, **more.pop("requirements", {})}, **more)


def test_what_is_matched_is_at_most_clean_supply_and_what_stores_shift(world: Any) -> None:
    made = asked(world, ["gas_engine", "large_reactor", "wind", "battery"], 0.4)
    made.row(f"{NAME}.matched_at_most_clean[alpha,2032,1]").is_(
        {
            f"{NAME}.matched_mw[alpha,2032,1]": 1.0,
            "large_reactor.output_mw[alpha,2032,1]": -1.0,
            "wind.output_mw[alpha,2032,1]": -1.0,
            "battery.discharge_mw[alpha,2032,1]": -1.0,
            "battery.charge_mw[alpha,2032,1]": 1.0,
        },
        upper=0.0,
    )
    made.row(f"{NAME}.matched_at_most_load[alpha,2032,1]").is_(
        {f"{NAME}.matched_mw[alpha,2032,1]": 1.0, "idle_load.energised_mw[alpha,2032]": -0.75}, upper=0.0
    )


def test_what_is_matched_in_a_year_reaches_the_share(world: Any) -> None:
    made = asked(world, ["solar", "gas_engine"], {2030: 0.25, 2032: 0.4})
    made.row(f"{NAME}.matched_at_least_share[alpha,2032]").is_(
        {
            "idle_load.energised_mw[alpha,2032]": 0.4 * ENERGY,
            **{f"{NAME}.matched_mw[alpha,2032,{hour}]": -GWH for hour in range(3)},
            f"{NAME}.short_gwh[alpha,2032]": -1.0,
        },
        upper=0.0,
    )
    # as in the clean share of a year: 20,000 USD/MWh / 0.4
    assert made.cost(f"{NAME}.short_gwh[alpha,2032]") == pytest.approx(50e6 * W_2032, rel=1e-9)
    assert made.bounds(f"{NAME}.short_gwh[alpha,2032]") == pytest.approx((0.0, 200 * ENERGY), rel=1e-9)


@pytest.mark.parametrize(("said", "counts"), [({}, 0.0), ({"grid_emitting_share": {2030: 0.6, 2032: 0.25}}, 0.75)])
def test_grid_power_counts_by_its_clean_share_or_not_at_all(world: Any, said: Any, counts: float) -> None:
    made = asked(world, ["grid_connection", "solar"], 0.4, requirements=said)
    entries = made.row(f"{NAME}.matched_at_most_clean[alpha,2032,1]").entries
    for step in (1, 2):
        assert entries.get(f"grid_connection.import_mw[alpha,2032,{step},1]", 0.0) == pytest.approx(-counts, abs=1e-12)


def test_sites_that_a_line_joins_are_one_campus(world: Any) -> None:
    made = asked(
        world,
        None,
        0.4,
        sites={
            "field": {"technologies": ["solar"]},
            "alpha": {"load_ramp_mw": {2030: 100.0}, "technologies": ["gas_engine", "wind"]},
            "bravo": {"load_ramp_mw": {2030: 50.0}, "technologies": ["wind"]},
        },
        lines={"tie": {"from_site": "field", "to_site": "alpha", "length_km": 100.0}},
    )
    assert made.row(f"{NAME}.matched_at_most_clean[alpha,2032,2]").entries == pytest.approx(
        {
            f"{NAME}.matched_mw[alpha,2032,2]": 1.0,
            "wind.output_mw[alpha,2032,2]": -1.0,
            "solar.output_mw[field,2032,2]": -0.9,  # a line of 100 km loses a tenth
        }
    )
    assert set(made.row(f"{NAME}.matched_at_most_clean[bravo,2032,2]").entries) == {
        f"{NAME}.matched_mw[bravo,2032,2]",
        "wind.output_mw[bravo,2032,2]",
    }


def test_there_is_no_row_before_the_first_share_and_none_without_the_key(world: Any) -> None:
    later = asked(world, ["gas_engine", "solar"], {2032: 0.2})
    assert not [name for name in later.rows | later.columns if name.startswith(NAME) and "2030" in name]
    none = world(["gas_engine", "solar"])
    assert none.data(NAME) == {}
    assert not [name for name in none.rows | none.columns if name.startswith(NAME)]


def test_the_sun_of_one_hour_carries_so_much_load_and_no_more(world: Any) -> None:
    # 25 MW of sun give 20 MW in July and nothing in January: 20 MW are 0.4 of a load of 2.25 steps x 22.22 MW.
    plants = {"gas_engine": {}, "solar": {"capacity_mw": 25.0}}
    made = asked(world, plants, 0.4, years=(2030,))
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(20 / 0.9, rel=1e-6)
    assert made.value(f"{NAME}.short_gwh[alpha,2030]") == pytest.approx(0.0, abs=1e-6)
    table = clean_energy_table(Outcome(made.system, made.builder, made.solution)).iloc[0]
    assert table["clean_share_hourly"] == pytest.approx(0.4, rel=1e-6)
    assert table["clean_share_yearly"] == pytest.approx(0.4, rel=1e-6)
    assert table["load_mwh"] == pytest.approx(20 / 0.9 * 6570, rel=1e-6)


def test_stores_take_from_clean_supply_only(world: Any) -> None:
    figures = {("battery", "self_discharge_per_hour"): 0.0}
    plants = {"gas_engine": {}, "solar": {"capacity_max_mw": 400.0}, "battery": {"capacity_mw": 50.0}}
    made = asked(world, plants, 0.6, years=(2030,), figures=figures, places=PRECIOUS)
    charge = [made.value(f"battery.charge_mw[alpha,2030,{hour}]") for hour in range(3)]
    discharge = [made.value(f"battery.discharge_mw[alpha,2030,{hour}]") for hour in range(3)]
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(100.0, rel=1e-6)
    assert charge[:2] == pytest.approx([0.0, 0.0], abs=1e-6)
    assert sum(discharge) == pytest.approx(0.81 * charge[2], rel=1e-6)
    # 0.6 x 225 = 135 MW-steps: 100 of them sun in July, 35 out of the battery
    assert sum(discharge) == pytest.approx(35.0, rel=1e-6)
    table = clean_energy_table(Outcome(made.system, made.builder, made.solution)).iloc[0]
    assert table["clean_share_hourly"] == pytest.approx(0.6, rel=1e-6)
    assert bool(table["stores_count"])


def test_the_price_of_the_share_is_what_a_little_less_saves(world: Any) -> None:
    figures = {("battery", "self_discharge_per_hour"): 0.0}
    plants = {"gas_engine": {}, "solar": {"capacity_max_mw": 400.0}, "battery": {}}
    said: dict[str, Any] = {"years": (2030,), "figures": figures, "places": PRECIOUS}
    made, less = (asked(world, plants, share, **said) for share in (0.6, 0.599))
    (row,) = clean_price_rows(Outcome(made.system, made.builder, made.solution))
    saved = (made.solution.objective_usd - less.solution.objective_usd) / W_2030
    assert row["shadow_price"] * 0.001 * 100 * 6570 == pytest.approx(saved, rel=1e-5)
    assert (row["site"], row["unit"]) == ("alpha", "USD/MWh")
    assert row["worth_usd"] == pytest.approx(row["shadow_price"] * 0.6 * 100 * 6570 * W_2030, rel=1e-6)


def test_the_score_counts_stores_only_where_they_took_clean_power() -> None:
    load, clean = np.array([10.0, 10.0, 10.0]), np.array([0.0, 20.0, 4.0])
    assert matched_share(load, clean, np.zeros(3)) == (pytest.approx(14 / 30), False)
    # 8 MW of the surplus go into the store and 7.2 come out
    assert matched_share(load, clean, np.array([7.2, -8.0, 0.0])) == (pytest.approx(21.2 / 30), True)
    # 8 MW are taken where the supply gives 4: what comes out is not known
    assert matched_share(load, clean, np.array([7.2, 0.0, -8.0])) == (pytest.approx(14 / 30), False)


def test_a_year_that_begins_in_july_has_less_to_match(world: Any) -> None:
    made = asked(world, ["solar"], 0.5, years=(2030, 2031), site={"start_month": {2031: 7}})
    entries = made.row(f"{NAME}.matched_at_least_share[alpha,2031]").entries
    assert entries["idle_load.energised_mw[alpha,2031]"] == pytest.approx(0.5 * GWH, rel=1e-9)
    # January is as the year before: 1.25 x 2.92 GWh
    assert entries["idle_load.energised_before_mw[alpha,2031]"] == pytest.approx(0.5 * 1.25 * GWH, rel=1e-9)
