"""A line of 100 km from supply at bravo to load at alpha: three hours worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

W_2030 = 1.1**-1 + 1.1**-3
W_2032 = 1.1**-5 + 1.1**-7 + 1.1**-9
YEARLY = 0.21 / (1 - 1.21**-40) + 0.01  # annuity over 40 years and upkeep of 1 %

LINE = {"tie": {"from_site": "bravo", "to_site": "alpha", "length_km": 100.0}}
SITES = {
    "alpha": {"load_ramp_mw": {2030: 100.0}, "technologies": {}, "gas": {"trunk": False}},
    "bravo": {"technologies": ["gas_engine"], "gas": {"trunk": False}},
}


@pytest.fixture
def joined(world: Any) -> Any:
    return world(sites=SITES, lines=LINE)


def test_capacity_is_what_was_built_and_flow_stays_below_it(joined: Any) -> None:
    joined.row("line.capacity_is_the_sum[tie,2032]").is_(
        {"line.capacity_mw[tie,2032]": 1.0, "line.built_mw[tie,2030]": -1.0, "line.built_mw[tie,2032]": -1.0},
        lower=0.0,
        upper=0.0,
    )
    joined.row("line.flow_at_most_capacity[tie,2030,1]").is_(
        {"line.flow_mw[tie,2030,1]": 1.0, "line.capacity_mw[tie,2030]": -1.0}, upper=0.0
    )


def test_a_tenth_is_lost_on_the_way(joined: Any) -> None:
    joined.row("line.sent_is_what_flows_out[bravo,2030,1]").is_(
        {"line.sent_mw[bravo,2030,1]": 1.0, "line.flow_mw[tie,2030,1]": -1.0}, lower=0.0, upper=0.0
    )
    joined.row("line.delivered_is_what_arrives[alpha,2030,1]").is_(
        {"line.delivered_mw[alpha,2030,1]": 1.0, "line.flow_mw[tie,2030,1]": -0.9}, lower=0.0, upper=0.0
    )
    assert "line.sent_mw[alpha,2030,1]" not in joined.columns
    assert "line.delivered_mw[bravo,2030,1]" not in joined.columns


def test_what_is_sent_leaves_one_balance_and_enters_the_other(joined: Any) -> None:
    joined.row("power_balance.supply_meets_load[bravo,2030,1]").is_(
        {"gas_engine.output_mw[bravo,2030,1]": 1.0, "line.sent_mw[bravo,2030,1]": -1.0}, lower=0.0, upper=0.0
    )
    joined.row("power_balance.supply_meets_load[alpha,2030,1]").is_(
        {
            "line.delivered_mw[alpha,2030,1]": 1.0,
            "idle_load.unserved_mw[alpha,2030,1]": 1.0,
            "idle_load.energised_mw[alpha,2030]": -0.75,
        },
        lower=0.0,
        upper=0.0,
    )


@pytest.mark.parametrize(
    ("kind", "row", "peak"),
    [("firm", "firm_supply.firm_carries_the_peak", 1.1), ("secure", "unit_loss.survivors_carry_the_peak", 1.0)],
)
def test_firm_and_secure_megawatts_pass_the_line_like_power(joined: Any, kind: str, row: str, peak: float) -> None:
    net, flow = f"line.{kind}_net_mw", f"line.{kind}_flow_mw[tie,2030]"
    joined.row(f"line.{kind}_flow_at_most_capacity[tie,2030]").is_(
        {flow: 1.0, "line.capacity_mw[tie,2030]": -1.0}, upper=0.0
    )
    joined.row(f"line.{kind}_net_is_in_less_out[alpha,2030]").is_(
        {f"{net}[alpha,2030]": 1.0, flow: -0.9}, lower=0.0, upper=0.0
    )
    joined.row(f"line.{kind}_net_is_in_less_out[bravo,2030]").is_(
        {f"{net}[bravo,2030]": 1.0, flow: 1.0}, lower=0.0, upper=0.0
    )
    joined.row(f"{row}[alpha,2030]").is_(
        {"idle_load.energised_mw[alpha,2030]": peak, f"{net}[alpha,2030]": -1.0}, upper=0.0
    )
    joined.row(f"{row}[bravo,2030]").is_(
        {"gas_engine.capacity_mw[bravo,2030]": -1.0, f"{net}[bravo,2030]": -1.0}, upper=0.0
    )


def test_a_line_costs_capital_upkeep_and_wheeling(joined: Any) -> None:
    # 1,000 USD/MW-km x 100 km = 100,000 USD/MW; wheeling 3 USD/MWh
    assert joined.cost("line.built_mw[tie,2030]") == pytest.approx(100_000 * YEARLY * (W_2030 + W_2032), rel=1e-9)
    assert joined.cost("line.built_mw[tie,2032]") == pytest.approx(100_000 * YEARLY * W_2032, rel=1e-9)
    assert joined.cost("line.flow_mw[tie,2030,1]") == pytest.approx(3 * 2920 * W_2030, rel=1e-9)


def test_the_limit_and_the_wheeling_of_the_scenario_win(world: Any) -> None:
    made = world(sites=SITES, lines={"tie": {**LINE["tie"], "max_mw": 70.0, "wheeling_usd_per_mwh": 7.0}})
    assert made.bounds("line.capacity_mw[tie,2030]") == (0.0, 70.0)
    assert made.cost("line.flow_mw[tie,2030,1]") == pytest.approx(7 * 2920 * W_2030, rel=1e-9)
    # 70 MW at bravo are 63 at alpha, which carry 63/1.1 MW
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(63 / 1.1, rel=1e-6)


def test_supply_behind_a_line_is_built_for_load_losses_and_reserve(world: Any) -> None:
    made = world(sites=SITES, lines=LINE, years=(2030,))
    sent = 110 / 0.9  # 122.2222 MW: reserve of 10 % at alpha, a tenth lost
    assert made.value("idle_load.energised_mw[alpha,2030]") == pytest.approx(100.0, rel=1e-6)
    assert made.value("gas_engine.capacity_mw[bravo,2030]") == pytest.approx(sent, rel=1e-6)
    assert made.value("line.capacity_mw[tie,2030]") == pytest.approx(sent, rel=1e-6)
    for hour, load in enumerate((50.0, 75.0, 100.0)):
        assert made.value(f"line.flow_mw[tie,2030,{hour}]") == pytest.approx(load / 0.9, rel=1e-6)
    weight, recovery = 1.1**-1 + 1.1**-3 + 1.1**-5, 0.21 / (1 - 1.21**-4)
    engine = sent * (960_000 * recovery + 30_000) + 2920 * (125 * 45.68 + 100 * 38) / 0.9
    line = sent * 100_000 * YEARLY + 2920 * 3 * 225 / 0.9
    assert made.solution.objective_usd == pytest.approx((engine + line) * weight, rel=1e-6)
