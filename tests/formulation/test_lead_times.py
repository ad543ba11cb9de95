"""Lead times: stock on order, samples that find a price, and years that begin within the year; worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.formulation.build import build_model
from gigasite.solve.plain import check_traced_rows, compile_expanded
from gigasite.system.lead_times import SAMPLE_MW

LATER = {"earliest_year": 2032}
PRICED = {"price_lead_times": True}
SLOTS = {("gas_engine", "slots_mw_per_year"): 50.0}
ROW = "lead_times.built_before_lead_time__gas_engine[alpha,{}]"
SLOT_ROW = "build_slots.built_within_slots__gas_engine__all[{}]"


def earliest(made: Any, technology: str = "gas_engine") -> int:
    found: int = made.system.context.earliest_year("alpha", technology)
    return found


# -- the first year ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delivery", "construction", "options", "year"),
    [
        (18, 6, {}, 2032),  # January 2030 and 24 months
        (18, 3, {}, 2032),  # October 2031: the first year that counts from then on is 2032
        (9, 3, {}, 2031),
        (0, 0, {}, 2030),
        (18, 6, {"delivery_months": 5.5}, 2031),  # 11.5 months: from December 2030 on
        (18, 6, {"construction_months": 18}, 2033),
        (18, 6, {"order_month": "2031-07"}, 2034),  # July 2033
        (18, 6, {"earliest_year": 2030, "order_month": "2031-07"}, 2030),  # the planner's year stands above all
    ],
)
def test_the_first_year_is_order_delivery_and_construction(
    world: Any, delivery: float, construction: float, options: dict[str, Any], year: int
) -> None:
    figures = {("gas_engine", "delivery_months"): delivery, ("gas_engine", "construction_months"): construction}
    assert earliest(world({"gas_engine": options}, figures=figures)) == year


def test_what_is_on_sale_later_waits_for_that_too(world: Any) -> None:
    figures = {("gas_engine", "delivery_months"): 12.0, ("gas_engine", "earliest_year"): 2035.0}
    assert earliest(world(["gas_engine"], figures=figures)) == 2035
    assert earliest(world({"gas_engine": {"order_month": "2036-01"}}, figures=figures)) == 2037


def test_a_year_that_starts_in_july_takes_what_comes_until_then(world: Any) -> None:
    figures = {("gas_engine", "delivery_months"): 18.0}  # July 2031
    site = {"load_ramp_mw": {2030: 100, 2031: 200}, "start_month": {2031: 7}}
    assert earliest(world(["gas_engine"], site=site, figures=figures, years=(2030, 2031, 2032))) == 2031
    assert earliest(world(["gas_engine"], figures=figures, years=(2030, 2031, 2032))) == 2032


# -- stock on order ----------------------------------------------------------------------------------------------------


def test_stock_may_be_built_before_the_lead_time_and_no_more_than_it(world: Any) -> None:
    made = world({"gas_engine": {**LATER, "ordered_mw": {2030: 33.0}}})
    made.row(ROW.format(2030)).is_({"gas_engine.built_mw[alpha,2030]": 1.0}, upper=33.0)
    assert ROW.format(2032) not in made.rows
    assert made.value("gas_engine.built_mw[alpha,2030]") == pytest.approx(33.0, rel=1e-6)
    # 33 MW carry 30 MW with 10 % reserve; 70 of 100 MW wait
    assert made.value("idle_load.waiting_mw[alpha,2030]") == pytest.approx(70.0, rel=1e-6)
    assert made.value("idle_load.waiting_mw[alpha,2032]") == pytest.approx(0.0, abs=1e-6)


def test_stock_delivered_in_several_years_is_counted_together(world: Any) -> None:
    options = {"earliest_year": 2040, "ordered_mw": {2030: 10.0, 2032: 33.0}}
    made = world({"gas_engine": options})
    made.row(ROW.format(2032)).is_(
        {"gas_engine.built_mw[alpha,2030]": 1.0, "gas_engine.built_mw[alpha,2032]": 1.0}, upper=33.0
    )


def test_stock_takes_no_slot(world: Any) -> None:
    options = {**LATER, "ordered_mw": {2030: 33.0}}
    made = world({"gas_engine": options}, figures=SLOTS, requirements={"build_slots": True})
    made.row(SLOT_ROW.format(2032)).is_(
        {f"gas_engine.built_mw[alpha,{year}]": 1.0 for year in (2030, 2032)},
        upper=50.0 + 33.0,  # the slots of 2032, the first year, and the stock
    )
    assert SLOT_ROW.format(2030) not in made.rows  # nothing but stock there, which the row above limits


def test_slots_limit_a_site_with_a_lead_time_beside_one_with_stock(world: Any) -> None:
    alpha = {"load_ramp_mw": {2030: 100.0}, "technologies": {"gas_engine": {**LATER, "ordered_mw": {2030: 33.0}}}}
    bravo = {"load_ramp_mw": {2030: 100.0}, "technologies": ["gas_engine"]}
    made = world(sites={"alpha": alpha, "bravo": bravo}, figures=SLOTS, requirements={"build_slots": True})
    made.row(SLOT_ROW.format(2030)).is_(
        {f"gas_engine.built_mw[{site},2030]": 1.0 for site in ("alpha", "bravo")}, upper=50.0 + 33.0
    )
    made.row(ROW.format(2030)).is_({"gas_engine.built_mw[alpha,2030]": 1.0}, upper=33.0)


def test_stock_after_the_first_year_changes_only_the_slots(world: Any) -> None:
    made = world({"gas_engine": {"ordered_mw": {2030: 33.0}}}, figures=SLOTS, requirements={"build_slots": True})
    assert not [name for name in made.rows if name.startswith("lead_times")]
    made.row(SLOT_ROW.format(2030)).is_({"gas_engine.built_mw[alpha,2030]": 1.0}, upper=83.0)


def test_stock_in_whole_machines_is_whole(world: Any) -> None:
    options = {**LATER, "ordered_mw": {2030: 33.0}, "units": "whole"}  # six machines of 5 MW, not 6.6
    made = world({"gas_engine": options}, requirements=PRICED)
    assert made.value("gas_engine.built_mw[alpha,2030]") == pytest.approx(30.0, rel=1e-6)


def test_without_stock_or_samples_nothing_is_there(world: Any) -> None:
    made = world({"gas_engine": LATER})
    assert made.system.features["lead_times"] == {}
    assert "gas_engine.built_mw[alpha,2030]" not in made.columns
    given = world({"gas_engine": {**LATER, "capacity_mw": 50.0}}, requirements=PRICED)
    assert given.system.features["lead_times"] == {}


# -- the price of a year -----------------------------------------------------------------------------------------------


def test_a_sample_exists_in_the_modelled_year_before_the_first(world: Any) -> None:
    made = world({"gas_engine": LATER, "small_modular_reactor": {"earliest_year": 2050}}, requirements=PRICED)
    made.row(ROW.format(2030)).is_({"gas_engine.built_mw[alpha,2030]": 1.0}, upper=SAMPLE_MW)
    reactor = "lead_times.built_before_lead_time__small_modular_reactor[alpha,{}]"
    made.row(reactor.format(2032)).is_({"small_modular_reactor.built_mw[alpha,2032]": 1.0}, upper=SAMPLE_MW)
    assert reactor.format(2030) not in made.rows


def test_a_sample_comes_before_the_stock(world: Any) -> None:
    options = {"earliest_year": 2040, "ordered_mw": {2032: 33.0}}
    made = world({"gas_engine": options}, requirements=PRICED)
    made.row(ROW.format(2030)).is_({"gas_engine.built_mw[alpha,2030]": 1.0}, upper=SAMPLE_MW)
    made.row(ROW.format(2032)).is_({f"gas_engine.built_mw[alpha,{year}]": 1.0 for year in (2030, 2032)}, upper=33.0)


def test_the_price_is_the_saving_of_a_megawatt_a_year_earlier(world: Any) -> None:
    def with_stock(mw: float) -> Any:
        options = {**LATER, "ordered_mw": {2030: mw}} if mw else LATER
        return world({"gas_engine": options}, requirements=PRICED).solution

    before, after, whole = with_stock(0.0), with_stock(1.0), with_stock(55.0)
    price = -float(before.duals("lead_times.built_before_lead_time__gas_engine")[0, 0])
    one, many = (before.objective_usd - solution.objective_usd for solution in (after, whole))
    assert price > 0
    assert one == pytest.approx(price * (1.0 - SAMPLE_MW), rel=1e-6)
    assert many <= price * (55.0 - SAMPLE_MW) * (1 + 1e-9)  # cost is convex in what may come early


# -- years that begin within the year ----------------------------------------------------------------------------------

YEARS = (2030, 2031, 2032)
RAMP = {"load_ramp_mw": {2030: 100.0, 2031: 200.0}, "start_month": {2031: 7}}
SHARE = 184 / 365
"""July to December."""


def late(world: Any, technologies: Any = ("gas_engine",), **said: Any) -> Any:
    return world(
        list(technologies) if isinstance(technologies, tuple) else technologies, site=RAMP, years=YEARS, **said
    )


def test_load_before_the_start_is_that_of_the_year_before(world: Any) -> None:
    made = late(world)
    load = (0.5, 0.75, 1.0)
    for hour in (0, 1):  # January
        made.row(f"power_balance.supply_meets_load[alpha,2031,{hour}]").is_(
            {
                f"gas_engine.output_mw[alpha,2031,{hour}]": 1.0,
                f"idle_load.unserved_mw[alpha,2031,{hour}]": 1.0,
                "idle_load.energised_before_mw[alpha,2031]": -load[hour],
            },
            lower=0.0,
            upper=0.0,
        )
    made.row("power_balance.supply_meets_load[alpha,2031,2]").is_(
        {
            "gas_engine.output_mw[alpha,2031,2]": 1.0,
            "idle_load.unserved_mw[alpha,2031,2]": 1.0,
            "idle_load.energised_mw[alpha,2031]": -1.0,
        },
        lower=0.0,
        upper=0.0,
    )
    made.row("idle_load.energised_before[alpha,2031]").is_(
        {"idle_load.energised_before_mw[alpha,2031]": 1.0, "idle_load.energised_mw[alpha,2030]": -1.0},
        lower=0.0,
        upper=0.0,
    )
    made.row("idle_load.unserved_at_most_load[alpha,2031,1]").is_(
        {"idle_load.unserved_mw[alpha,2031,1]": 1.0, "idle_load.energised_before_mw[alpha,2031]": -0.75}, upper=0.0
    )


def test_other_years_are_as_without_it(world: Any) -> None:
    made = late(world)
    assert "idle_load.energised_before_mw[alpha,2032]" not in made.columns
    assert made.cost("idle_load.waiting_mw[alpha,2032]") == pytest.approx(
        1e6 * made.system.context.time.year_weight[2], rel=1e-9
    )
    plain = world(["gas_engine"], site={"load_ramp_mw": RAMP["load_ramp_mw"]}, years=YEARS)
    assert set(plain.system.features["idle_load"]) < set(made.system.features["idle_load"])
    january = world(["gas_engine"], site={**RAMP, "start_month": {2031: 1}}, years=YEARS)
    assert set(january.system.features["idle_load"]) == set(plain.system.features["idle_load"])
    for name, quantity in plain.system.features["idle_load"].items():
        np.testing.assert_array_equal(quantity.values, january.system.features["idle_load"][name].values)


def test_what_waits_costs_its_months(world: Any) -> None:
    made = late(world, technologies=())
    weight = made.system.context.time.year_weight
    assert made.cost("idle_load.waiting_mw[alpha,2031]") == pytest.approx(1e6 * weight[1] * SHARE, rel=1e-9)
    assert made.cost("idle_load.waiting_before_mw[alpha,2031]") == pytest.approx(
        1e6 * weight[1] * (1 - SHARE), rel=1e-9
    )
    # 100 MW wait in 2030 and to the end of June 2031, then 200 MW
    by_hand = 1e8 * weight[0] + 1e8 * weight[1] * (1 - SHARE) + 2e8 * weight[1] * SHARE + 2e8 * weight[2]
    assert made.solution.objective_usd == pytest.approx(by_hand, rel=1e-6)


def test_a_first_year_that_starts_late_has_no_load_before(world: Any) -> None:
    site = {"load_ramp_mw": {2030: 100.0}, "start_month": {2030: 7}}
    dear = {"alpha": {"idle_value_usd_per_mw_year": 1e7}}
    made = world(["gas_engine"], site=site, years=(2030, 2031), places=dear)
    assert "idle_load.energised_before_mw[alpha,2030]" not in made.columns
    made.row("power_balance.supply_meets_load[alpha,2030,0]").is_(
        {"gas_engine.output_mw[alpha,2030,0]": 1.0, "idle_load.unserved_mw[alpha,2030,0]": 1.0}, lower=0.0, upper=0.0
    )
    assert made.value("gas_engine.output_mw[alpha,2030,2]") == pytest.approx(100.0, rel=1e-6)


def test_shed_load_and_clean_energy_follow_the_load_of_the_hours(world: Any) -> None:
    made = late(world, ("gas_engine", "solar", "flexible_load"), requirements={"clean_share": 0.25})
    shed = "flexible_load.shed_mw[alpha,2031,1]"
    made.row("flexible_load.shed_at_most_share[alpha,2031,1]").is_(
        {shed: 1.0, "idle_load.energised_before_mw[alpha,2031]": -0.2 * 0.75}, upper=0.0
    )
    gwh = 2920 / 1000
    made.row("clean_share.emitting_at_most_allowed[2031]").is_(
        {f"gas_engine.output_mw[alpha,2031,{hour}]": gwh for hour in range(3)}
        | {
            "idle_load.energised_before_mw[alpha,2031]": -gwh * 0.75 * (0.5 + 0.75),
            "idle_load.energised_mw[alpha,2031]": -gwh * 0.75 * 1.0,
            "clean_share.over_limit_gwh[2031]": -1.0,
        },
        upper=0.0,
    )


def test_the_traced_rows_are_those_of_plain_pyomo(world: Any) -> None:
    made = late(
        world,
        {"gas_engine": {"earliest_year": 2032, "ordered_mw": {2031: 50.0}}, "solar": {}, "flexible_load": {}},
        requirements={"price_lead_times": True, "build_slots": True, "clean_share": 0.25},
        figures=SLOTS,
    )
    assert check_traced_rows(made.lp, made.builder.maker, rows_each=50) > 0
    plain_builder = build_model(made.system, traced=False)
    plain = compile_expanded(plain_builder.model, plain_builder.maker)
    assert {plain.row_name(i) for i in range(plain.shape[0])} == made.rows
    np.testing.assert_allclose(plain.column_cost, made.lp.column_cost, rtol=1e-12)
