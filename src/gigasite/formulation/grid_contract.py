"""Clauses that a grid contract may hold: ratchet of billed demand, coincident demand with a minimum, ramp.

With a ratchet the meter has a variable of its own, as the ratchet looks at what was metered, not at what was billed.
The rows `metered_at_most_billed` of the hours then hold the meter:

    peak ratio[s, h] * sum over k of import[s, y, k, h] <= metered[s, y, month of h]
    metered[s, y, m] <= billed[s, y, m],   metered[s, y, m] <= peak[s, y]
    billed[s, y, m] >= ratchet[s] * peak[s, y]

Coincident demand, where the charge on it has a minimum (without one it lies on import itself):

    coincident[s, y] >= sum over k, h of weight[s, y, h] * import[s, y, k, h]
    coincident[s, y] >= minimum[s, y] * contract[s, y]

Ramp, for years without a given block:

    contract[s, y] - contract[s, modelled year before] <= rise[s, y]

| symbol     | name                        | unit | dimensions        |
|------------|-----------------------------|------|-------------------|
| billed     | `billed_mw`                 | MW   | site, year, month |
| metered    | `metered_mw`                | MW   | site, year, month |
| peak       | `metered_peak_mw`           | MW   | site, year        |
| coincident | `coincident_mw`             | MW   | site, year        |
| minimum    | `minimum_billing_demand`    | 1    | site, year        |
| ratchet    | `demand_ratchet_share`      | 1    | site              |
| weight     | `coincident_weight`         | 1    | site, year, hour  |
| rise       | `contract_rise_mw`          | MW   | site, year        |

Edge rules: the year is a ring, so the eleven months before a month are the other months of its year, and its own peak
is billed in full: the ratchet is a share of the highest month of the year. In the first modelled year the contract
rises from nothing (`follows` is 0), over the years since it could open. Weights add up to 1 where coincident demand is
charged; months and years without a charge have none.
"""

from __future__ import annotations

from typing import Any

from gigasite.formulation.builder import Builder
from gigasite.system.quantity import FeatureData

NAME = "grid_connection"
MONTHLY, YEARLY = ("site", "year", "month"), ("site", "year")


def add_ratchet(builder: Builder, block: Any, data: FeatureData) -> Any:
    """The ratchet where a site has one.

    Returns:
        The variable over (site, year, month) that covers what is metered in its hours.
    """
    if "demand_ratchet_share" not in data:
        return block.billed_mw
    contract, months = data["contract_max_mw"].values, len(builder.sets["month"])
    by_month = contract[:, :, None].repeat(months, axis=-1)
    builder.variable(block, "metered_mw", MONTHLY, upper=by_month, unit="MW")
    builder.variable(block, "metered_peak_mw", YEARLY, upper=contract, unit="MW")

    def billed_at_least_metered(b: Any, site: Any, year: Any, month: Any) -> Any:
        return b.metered_mw[site, year, month] - b.billed_mw[site, year, month] <= 0

    def metered_at_most_peak(b: Any, site: Any, year: Any, month: Any) -> Any:
        return b.metered_mw[site, year, month] - b.metered_peak_mw[site, year] <= 0

    def billed_at_least_ratchet(b: Any, site: Any, year: Any, month: Any) -> Any:
        return b.demand_ratchet_share[site] * b.metered_peak_mw[site, year] - b.billed_mw[site, year, month] <= 0

    for rule in (billed_at_least_metered, metered_at_most_peak, billed_at_least_ratchet):
        builder.constraint(block, rule.__name__, MONTHLY, rule)
    return block.metered_mw


def add_coincident_demand(builder: Builder, block: Any, data: FeatureData) -> None:
    """Demand at the coincident peaks where it has a minimum, and its charge."""
    if "coincident_weight" not in data:
        return
    sets = builder.sets
    most = data["contract_max_mw"].values * (data["coincident_charge_usd_per_mw"].values > 0)
    builder.variable(block, "coincident_mw", YEARLY, upper=most, unit="MW")

    def coincident_covers_candidate_hours(b: Any, site: Any, year: Any) -> Any:
        imported = sum(
            sum(b.coincident_weight[site, year, hour] * b.import_mw[site, year, step, hour] for hour in sets["hour"])
            for step in sets["step"]
        )
        return imported - b.coincident_mw[site, year] <= 0

    def coincident_at_least_minimum(b: Any, site: Any, year: Any) -> Any:
        return b.minimum_billing_demand[site, year] * b.contract_mw[site, year] - b.coincident_mw[site, year] <= 0

    for rule in (coincident_covers_candidate_hours, coincident_at_least_minimum):
        builder.constraint(block, rule.__name__, YEARLY, rule)
    builder.cost(NAME, "grid_demand_charge", block.coincident_mw, data["coincident_charge_usd_per_mw"])


def add_contract_ramp(builder: Builder, block: Any, data: FeatureData) -> None:
    """How fast the contract may rise, where a site has a ramp."""
    if "contract_rise_mw" not in data:
        return
    previous = builder.model.calendar.previous_year

    def contract_rises_within_ramp(b: Any, site: Any, year: Any) -> Any:
        before = b.follows[year] * b.contract_mw[site, previous[year]]
        return b.ramped[site, year] * (b.contract_mw[site, year] - before) <= b.contract_rise_mw[site, year]

    builder.constraint(block, "contract_rises_within_ramp", YEARLY, contract_rises_within_ramp)
