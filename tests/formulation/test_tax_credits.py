"""Tax credits on vintages: 48E, 45Y, 45U and 45Q, each worked by hand; one site and three hours."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
CRF_40 = 0.21 / (1 - 1.21**-40)
CRF_4 = 0.21 / (1 - 1.21**-4)
OVERNIGHT = 5_000_000
"""A megawatt of the large reactor: all-in, so no regional multiplier and no interest on top."""

VALUE = "value_usd_per_mwh__{}__{}"


def credits_of(world: Any, technologies: Any, asked: Any = True, **said: Any) -> Any:
    requirements = {"tax_credits": asked, **said.pop("requirements", {})}
    return world(technologies, requirements=requirements, **said)


# -- off ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [False, []])
def test_nothing_is_there_where_no_credit_is_asked_for(world: Any, asked: Any) -> None:
    made = credits_of(world, ["large_reactor", "battery"], asked)
    assert not [name for name in made.rows | made.columns if name.startswith("tax_credits")]
    plain = world(["large_reactor", "battery"])
    assert made.cost("large_reactor.built_mw[alpha,2030]") == plain.cost("large_reactor.built_mw[alpha,2030]")


def test_what_emits_has_no_technology_neutral_credit(world: Any) -> None:
    made = credits_of(world, ["gas_turbine"], ["48e", "45y"])
    assert made.data("tax_credits") == {}


def test_a_site_abroad_has_no_credit(world: Any) -> None:
    made = credits_of(world, ["large_reactor"], places={"alpha": {"properties": {"country": "JP"}}})
    assert made.data("tax_credits") == {}


# -- 48E ---------------------------------------------------------------------------------------------------------------


def test_the_investment_credit_is_a_share_of_the_annuity_of_overnight_cost(world: Any) -> None:
    plain, made = world(["large_reactor"]), credits_of(world, ["large_reactor"], ["48e"])
    at = "large_reactor.built_mw[alpha,{}]"
    # built without construction years: 2030 is begun in 2030, so half of 30 % is left, and so from then on
    by_2030 = -0.15 * OVERNIGHT * CRF_40 * (W_2030 + W_2032)
    by_2032 = -0.15 * OVERNIGHT * CRF_40 * W_2032
    assert made.cost(at.format(2030)) - plain.cost(at.format(2030)) == pytest.approx(by_2030, rel=1e-9)
    assert made.cost(at.format(2032)) - plain.cost(at.format(2032)) == pytest.approx(by_2032, rel=1e-9)


def test_the_share_is_that_of_the_year_in_which_construction_begins(world: Any) -> None:
    made = credits_of(world, ["large_reactor"], ["48e"], figures={("large_reactor", "construction_years"): 1})
    share = made.data("tax_credits")["investment_share__large_reactor"].values
    assert share[0] == pytest.approx([0.3, 0.15], rel=1e-9)  # begun in 2029 and in 2031


def test_a_store_has_the_credit_on_power_and_on_energy(world: Any) -> None:
    plain, made = world(["battery"]), credits_of(world, ["battery"], ["48e"])
    for column, overnight in (("built_mw", 200_000), ("built_energy_mwh", 100_000)):
        name = f"battery.{column}[alpha,2030]"
        # 1.4 is the regional multiplier of batteries; half of 20 % is left; four years of life end with 2033
        lower = -0.1 * overnight * 1.4 * CRF_4 * (W_2030 + W_2032)
        assert made.cost(name) - plain.cost(name) == pytest.approx(lower, rel=1e-9)


def test_interest_during_construction_earns_no_credit(world: Any) -> None:
    figures = {("battery", "spending_year_1"): 1.0}
    plain, made = (world(["battery"], figures=figures, requirements={"tax_credits": on}) for on in (False, ["48e"]))
    name = "battery.built_mw[alpha,2030]"
    lower = -0.1 * 200_000 * 1.4 * CRF_4 * (W_2030 + W_2032)
    assert made.cost(name) - plain.cost(name) == pytest.approx(lower, rel=1e-9)


# -- 45Y ---------------------------------------------------------------------------------------------------------------


def test_the_production_credit_is_paid_for_its_years(world: Any) -> None:
    made = credits_of(world, ["large_reactor"], ["45y"])
    value = made.data("tax_credits")[VALUE.format("45y", "large_reactor")].values[0]
    # three years: 2030, 2031 and, in the span of 2032, that year alone; a vintage of 2032 has 2032, 2033 and 2034
    assert value[0] == pytest.approx([12.5 * W_2030, 12.5 * 1.1**-5], rel=1e-9)
    assert value[1] == pytest.approx([0.0, 12.5 * W_2032], rel=1e-9)
    name = "tax_credits.credited_mwh__45y__large_reactor[alpha,2030,2032]"
    assert made.cost(name) == pytest.approx(-12.5 * 1.1**-5, rel=1e-9)


def test_what_is_credited_is_put_out_by_an_eligible_vintage(world: Any) -> None:
    made = credits_of(world, ["large_reactor"], ["45y"], figures={("large_reactor", "forced_outage_rate"): 0.1})
    credited = "tax_credits.credited_mwh__45y__large_reactor[alpha,{},2032]"
    made.row("tax_credits.credited_at_most_output__large_reactor[alpha,2032]").is_(
        {credited.format(2030): 1.0, credited.format(2032): 1.0}
        | {f"large_reactor.output_mw[alpha,2032,{hour}]": -2920.0 for hour in range(3)},
        upper=0.0,
    )
    made.row("tax_credits.credited_at_most_vintage__45y__large_reactor[alpha,2030,2032]").is_(
        {credited.format(2030): 1.0, "large_reactor.vintage_mw[alpha,2030,2032]": -0.9 * 8760}, upper=0.0
    )


@pytest.mark.parametrize(
    ("construction_years", "vintages"), [(0, [1, 0]), (1, [1, 0]), (2.5, [1, 1]), (2.4, [1, 0]), (3, [1, 1])]
)
def test_wind_must_be_begun_or_in_service_by_its_dates(
    world: Any, construction_years: float, vintages: list[int]
) -> None:
    """Begun by the middle of 2029, or in service by 2030."""
    figures = {("wind", "construction_years"): construction_years}
    made = credits_of(world, ["wind"], ["45y"], figures=figures)
    value = made.data("tax_credits")[VALUE.format("45y", "wind")].values[0]
    assert [float(value[v, v] > 0) for v in range(2)] == vintages


# -- the better of the two ---------------------------------------------------------------------------------------------


def test_a_megawatt_takes_one_of_the_two(world: Any) -> None:
    made = credits_of(world, ["large_reactor"], ["48e", "45y"])
    made.row("tax_credits.produces_at_most_built__large_reactor[alpha,2030]").is_(
        {"tax_credits.produces_mw__large_reactor[alpha,2030]": 1.0, "large_reactor.built_mw[alpha,2030]": -1.0},
        upper=0.0,
    )
    made.row("tax_credits.credited_at_most_chosen__45y__large_reactor[alpha,2030,2032]").is_(
        {
            "tax_credits.credited_mwh__45y__large_reactor[alpha,2030,2032]": 1.0,
            "tax_credits.produces_mw__large_reactor[alpha,2030]": -8760.0,
        },
        upper=0.0,
    )
    given_up = 0.15 * OVERNIGHT * CRF_40 * (W_2030 + W_2032)
    assert made.cost("tax_credits.produces_mw__large_reactor[alpha,2030]") == pytest.approx(given_up, rel=1e-9)


@pytest.mark.parametrize(("usd_per_kw", "produces"), [(5000, 0.0), (1000, 100.0)])
def test_the_plan_takes_the_one_worth_more(world: Any, usd_per_kw: float, produces: float) -> None:
    """One year that stands for three: 45Y is worth 12.5 x 8,760 x W a MW at full load, 48E 0.15 x cost x CRF x W."""
    made = credits_of(
        world,
        {"large_reactor": {"capacity_mw": 100.0, "capex_usd_per_kw": usd_per_kw}},
        ["48e", "45y"],
        years=(2030,),
        load=(1.0, 1.0, 1.0),
        requirements={"reserve_margin": 0.0},
    )
    weight = 1.1**-1 + 1.1**-3 + 1.1**-5
    worth = {"48e": 0.15 * 1000 * usd_per_kw * CRF_40 * weight, "45y": 12.5 * 8760 * weight}
    assert made.value("tax_credits.produces_mw__large_reactor[alpha,2030]") == pytest.approx(produces, abs=1e-6)
    paid = sum(
        float((term.coefficient * made.solution.values(term.variable_name).reshape(1, 1, -1)).sum())
        for term in made.builder.hubs.costs
        if term.component == "tax_credit"
    )
    assert paid == pytest.approx(-100 * max(worth.values()), rel=1e-6)


# -- 45U ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("receipts", "usd"), [(20.0, 15.0), (25.0, 15.0), (35.0, 7.0), (43.75, 0.0), (60.0, 0.0)])
def test_existing_reactors_get_less_the_more_they_earn(world: Any, receipts: float, usd: float) -> None:
    said = {"existing_nuclear_sites": ["alpha"], "existing_nuclear_receipts_usd_per_mwh": receipts}
    made = credits_of(world, {"large_reactor": {"capacity_mw": 100.0}}, True, requirements=said)
    data = made.data("tax_credits")
    if usd == 0:
        assert data == {}
        return
    value = data[VALUE.format("45u", "large_reactor")].values[0]
    # the last year is 2032: one of the three years that 2032 stands for; and neither 48E nor 45Y
    assert value[0] == pytest.approx([usd * W_2030, usd * 1.1**-5], rel=1e-9)
    assert list(data) == [VALUE.format("45u", "large_reactor")]


def test_what_a_reactor_earns_is_the_price_of_its_zone_where_nobody_says(world: Any) -> None:
    made = credits_of(world, ["large_reactor"], ["45u"], requirements={"existing_nuclear_sites": ["alpha"]})
    value = made.data("tax_credits")[VALUE.format("45u", "large_reactor")].values[0]
    assert value[0, 0] == pytest.approx((15 - 0.8 * (40 - 25)) * W_2030, rel=1e-9)


def test_new_reactors_have_no_credit_of_existing_ones(world: Any) -> None:
    assert credits_of(world, ["large_reactor"], ["45u"]).data("tax_credits") == {}


# -- 45Q ---------------------------------------------------------------------------------------------------------------


def test_captured_carbon_is_paid_by_the_tonne(world: Any) -> None:
    made = credits_of(world, ["combined_cycle"], ["45q"], figures={("combined_cycle", "co2_kg_per_mmbtu"): 3.0})
    # 6 MMBtu/MWh x (53 - 3) kg = 0.3 t/MWh at 80 USD/t: 24 USD/MWh, for the first year of a vintage alone
    value = made.data("tax_credits")[VALUE.format("45q", "combined_cycle")].values[0]
    assert value[0] == pytest.approx([24 * 1.1**-1, 0.0], rel=1e-9, abs=1e-12)
    assert value[1] == pytest.approx([0.0, 24 * 1.1**-5], rel=1e-9, abs=1e-12)
    credited = "tax_credits.credited_mwh__45q__combined_cycle[alpha,2030,2030]"
    assert made.cost(credited) == pytest.approx(-24 * 1.1**-1, rel=1e-9)
