"""Tax credits of the United States on vintages: 48E, 45Y, 45U and 45Q.

    invested[s, v]       = built[s, v] - produces[s, v]                             what takes the investment credit
    produces[s, v]      <= built[s, v]                                              what takes 45Y in its place
    credit              += - share[s, v] * overnight[s, v] * a[v, y] * invested[s, v]                         48E

    sum over v of credited[s, v, y] <= sum over h of output[s, y, h] * step hours
    credited[s, v, y]   <= full hours[s] * vintage[s, v, y]                         where the vintage has the credit
    credited[s, v, y]   <= full hours[s] * produces[s, v]                           45Y, where there is a choice
    credit              += - value[s, v, y] * credited[s, v, y]                                    45Y, 45U, 45Q
    value[s, v, y]       = kept[s, v] * USD/MWh * sum over t in span(y), v <= t < v + n, of (1 + r)^-(t + 0.5 - base)

| symbol     | name                                   | unit    | dimensions          |
|------------|----------------------------------------|---------|---------------------|
| share      | `investment_share__<technology>`       | 1       | site, vintage       |
| a          | `annuity_weight__<technology>`         | years   | site, vintage, year |
| value      | `value_usd_per_mwh__<credit>__<tech.>` | USD/MWh | site, vintage, year |
| produces   | `produces_mw__<technology>`            | MW      | site, vintage       |
| credited   | `credited_mwh__<credit>__<tech.>`      | MWh     | site, vintage, year |
| full hours | hours a year at full availability      | h       | site                |

Credits, technologies, classes and dates are rows of `tax_credits.csv`; sites of other countries have none. Which
vintage has one, and how much of it is kept, stands in `credit_dates`. Amounts grow with inflation by law, so they are
the same in every year in real money.

48E is a share of the overnight cost, without interest during construction, and spread over the life like the annuity
that it makes smaller: a plan that ends before the life of a plant counts the same part of both. 48E and 45Y exclude
each other; where a vintage may have either, the plan takes for every megawatt the one worth more. Credits of a year
are counted on its sum, as if an owner ran the machines with a credit first. 45Q pays for the tonnes that a capture
plant keeps from the air, by its megawatt-hours. 45U pays for plants that ran before 16 August 2022, which the scenario
names; the more they earn the less, see `existing_plants_usd_per_mwh`.

Credits are a cost below nought that stands beside the cost of supply, never in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gigasite.finance.discounting import calendar_years
from gigasite.formulation.builder import Builder
from gigasite.formulation.credit_dates import credit_ends, credit_figure, kept_share, names_of
from gigasite.formulation.hubs import Hub, Term
from gigasite.formulation.registry import Requirement
from gigasite.foundation.units import KG_PER_TONNE
from gigasite.inputs.quantities import NonNegative
from gigasite.inputs.scenario import RequirementSpec
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData, Quantity, weakest

NAME = "tax_credits"
COUNTRY = "US"
INVESTMENT, PRODUCTION, EXISTING, CAPTURE = "48e", "45y", "45u", "45q"
BY_VINTAGE = ("site", "vintage")
OF_A_YEAR = ("site", "vintage", "year")


class Spec(RequirementSpec):
    """Options of the tax credits."""

    tax_credits: bool | tuple[str, ...] = False
    """Credits that are counted beside the cost: true for all, or a list of 48e (investment), 45y (production), 45u
    (existing nuclear), 45q (captured CO2)."""

    existing_nuclear_sites: tuple[str, ...] = ()
    """Sites whose reactors ran before 16 August 2022: they have 45U, and neither 48E nor 45Y."""

    existing_nuclear_receipts_usd_per_mwh: NonNegative | None = None
    """What these reactors earn a MWh, for 45U, in 2024 money [USD/MWh]; left out: the energy price of their zone."""


def prepare(context: Context) -> FeatureData:
    """Shares and values of every credit that a vintage here may have; nothing where no credit is asked for."""
    asked = names_of(context.scenario.requirements.tax_credits)
    data: dict[str, Quantity] = {}
    for technology in sorted({name for place in context.places for name in place.settings.technologies}):
        if INVESTMENT in asked:
            data |= _investment(context, technology)
        for credit in (PRODUCTION, EXISTING, CAPTURE):
            if credit in asked:
                data |= _production(context, technology, credit)
    return data


def _may_have(context: Context, site: str, technology: str, *, existing: bool) -> bool:
    """Whether a site has a technology, in the United States, and it stood before or is new, as asked."""
    here = context.place(site).properties.get("country", COUNTRY) == COUNTRY
    stood_before = site in context.scenario.requirements.existing_nuclear_sites
    return here and context.options(site, technology) is not None and stood_before == existing


def _investment(context: Context, technology: str) -> dict[str, Quantity]:
    """Share of the overnight cost of every vintage, and its weight as an annuity."""
    years, sure = context.years, ["published"]
    share = np.zeros((len(context.places), len(years)))
    weight = np.zeros((*share.shape, len(years)))
    for s, place in enumerate(context.places):
        if not _may_have(context, place.name, technology, existing=False):
            continue
        figure = credit_figure(context, place.name, INVESTMENT, technology, "share_of_capex")
        if figure is None:
            continue
        share[s] = figure.value * kept_share(context, place.name, INVESTMENT, technology)
        weight[s] = context.money.annuity_weights(
            life_years=context.economic_life_years(place.name, technology),
            cost_of_capital_real=context.cost_of_capital(place.name, technology),
        )
        sure.append(figure.confidence)
    if not share.any():
        return {}
    return {
        f"investment_share__{technology}": Quantity(share, BY_VINTAGE, "1", weakest(sure)),
        f"annuity_weight__{technology}": Quantity(weight, OF_A_YEAR, "years"),
    }


def _production(context: Context, technology: str, credit: str) -> dict[str, Quantity]:
    """Present value of a credited MWh of every vintage in every year."""
    years, sure = context.years, ["published"]
    value = np.zeros((len(context.places), len(years), len(years)))
    for s, place in enumerate(context.places):
        if not _may_have(context, place.name, technology, existing=credit == EXISTING):
            continue
        key = "usd_per_t" if credit == CAPTURE else "usd_per_mwh"
        figure = credit_figure(context, place.name, credit, technology, key)
        if figure is None:
            continue
        usd = context.money.usd_2024(figure)
        per_mwh = np.full(len(years), usd)
        if credit == CAPTURE:
            per_mwh = usd * captured_t_per_mwh(context, place.name, technology)
        elif credit == EXISTING:
            per_mwh = np.array([existing_plants_usd_per_mwh(context, place.name, technology, usd, y) for y in years])
        kept = 1.0 if credit == EXISTING else kept_share(context, place.name, credit, technology)[:, None]
        value[s] = kept * per_mwh[None, :] * _credited_years(context, place.name, credit, technology)
        sure.append(figure.confidence)
    name = f"value_usd_per_mwh__{credit}__{technology}"
    return {name: Quantity(value, OF_A_YEAR, "USD/MWh", weakest(sure))} if value.any() else {}


def _credited_years(context: Context, site: str, credit: str, technology: str) -> Array:
    """Present value of one dollar in every calendar year of the credit, by vintage and modelled year."""
    time = context.time
    spans = calendar_years(time.years, time.final_span_years)
    found = np.zeros((len(spans), len(spans)))
    for v, vintage in enumerate(time.years):
        until = credit_ends(context, site, credit, technology, vintage)
        for y, span in enumerate(spans):
            calendar = np.array([t for t in span if vintage <= t < until], dtype=float)
            found[v, y] = ((1.0 + time.discount_rate_real) ** -(calendar + 0.5 - time.base_year)).sum()
    return found


def captured_t_per_mwh(context: Context, site: str, technology: str) -> Array:
    """Tonnes of carbon dioxide kept from the air with every MWh: what the gas carries less what is emitted.

    Returns:
        Shape (year,).
    """
    carried = context.tables.figure("fuel_properties", fuel="natural_gas", parameter="co2_kg_per_mmbtu").value
    emitted = context.figure(site, technology, "co2_kg_per_mmbtu", default=0.0).value
    burnt = [context.figure(site, technology, "heat_rate_mmbtu_per_mwh", year).value for year in context.years]
    return np.array(burnt) * max(0.0, carried - emitted) / KG_PER_TONNE


def existing_plants_usd_per_mwh(context: Context, site: str, technology: str, usd: float, year: int) -> float:
    """45U in a year: lowered by a share of what is earned above a price.

    credit = max(0, USD/MWh - reduction * max(0, receipts - free))
    """
    free, reduction = (
        credit_figure(context, site, EXISTING, technology, key)
        for key in ("receipts_free_usd_per_mwh", "reduction_share")
    )
    earned = context.scenario.requirements.existing_nuclear_receipts_usd_per_mwh
    if earned is None:
        zone = context.place(site).zone
        earned = context.money.usd_2024(
            context.tables.figure("grid_zones", year=year, zone=zone, parameter="energy_price_usd_per_mwh")
        )
    above = max(0.0, float(earned) - (0.0 if free is None else context.money.usd_2024(free)))
    return max(0.0, usd - (0.0 if reduction is None else reduction.value) * above)


def build(builder: Builder, data: FeatureData) -> None:
    """Credits of every technology that has one; nothing where none is asked for."""
    if not data:
        return
    block = builder.block(NAME, data)
    for technology in dict.fromkeys(key.rsplit("__", 1)[1] for key in data):
        produces = _choice(builder, block, data, technology)
        _pay_investment(builder, data, technology, produces)
        credited = {
            credit: _credit_output(builder, block, data, technology, credit, produces)
            for credit in (PRODUCTION, EXISTING, CAPTURE)
            if f"value_usd_per_mwh__{credit}__{technology}" in data
        }
        if credited:
            _within_output(builder, block, technology, list(credited.values()))


def _terms(hub: Hub, technology: str) -> Iterator[Term]:
    return (term for term in hub if term.feature == technology)


def _most(builder: Builder, term: Term) -> Array:
    return np.asarray(builder.maker.variable_record(term.variable).upper)


def _choice(builder: Builder, block: Any, data: FeatureData, technology: str) -> Any:
    """Megawatts that take 45Y in place of 48E; None where a technology has only one of them."""
    both = (f"investment_share__{technology}", f"value_usd_per_mwh__{PRODUCTION}__{technology}")
    if not all(key in data for key in both):
        return None
    (built,) = _terms(builder.hubs.built, technology)
    name = f"produces_mw__{technology}"
    produces = builder.variable(block, name, BY_VINTAGE, upper=_most(builder, built), unit="MW")

    def produces_at_most_built(_: Any, site: Any, of: Any) -> Any:
        return produces[site, of] - built.variable[site, of] <= 0

    builder.constraint(block, f"produces_at_most_built__{technology}", BY_VINTAGE, produces_at_most_built)
    return produces


def _pay_investment(builder: Builder, data: FeatureData, technology: str, produces: Any) -> None:
    """The investment credit of everything built, less that of what takes 45Y."""
    share = data.get(f"investment_share__{technology}")
    if share is None:
        return
    weight = data[f"annuity_weight__{technology}"].values
    (power,) = _terms(builder.hubs.built, technology)
    for term in _terms(builder.hubs.capital, technology):
        usd = (share.values * term.coefficient_values)[..., None] * weight
        builder.cost(technology, "tax_credit", term.variable, Quantity(-usd, OF_A_YEAR, "USD", share.confidence))
        if produces is not None and term.variable is power.variable:
            builder.cost(technology, "tax_credit", produces, Quantity(usd, OF_A_YEAR, "USD", share.confidence))


def _credit_output(builder: Builder, block: Any, data: FeatureData, technology: str, credit: str, produces: Any) -> Any:
    """Megawatt-hours credited to every vintage, and what they earn."""
    name, value = f"{credit}__{technology}", data[f"value_usd_per_mwh__{credit}__{technology}"]
    (vintage,) = _terms(builder.hubs.vintages, technology)
    hours = full_hours(builder, technology)
    has = (value.values > 0).astype(float)
    most = hours[:, None, None] * has * _most(builder, vintage)
    credited = builder.variable(block, f"credited_mwh__{name}", OF_A_YEAR, upper=most, unit="MWh")
    at_full = builder.parameter(block, f"full_hours__{name}", Quantity(hours, ("site",), "h"))
    has_credit = builder.parameter(block, f"has_credit__{name}", Quantity(has, OF_A_YEAR, "1"))

    def credited_at_most_vintage(_: Any, site: Any, of: Any, year: Any) -> Any:
        able = at_full[site] * has_credit[site, of, year] * vintage.variable[site, of, year]
        return credited[site, of, year] - able <= 0

    builder.constraint(block, f"credited_at_most_vintage__{name}", OF_A_YEAR, credited_at_most_vintage)
    if produces is not None and credit == PRODUCTION:

        def credited_at_most_chosen(_: Any, site: Any, of: Any, year: Any) -> Any:
            return credited[site, of, year] - at_full[site] * has_credit[site, of, year] * produces[site, of] <= 0

        builder.constraint(block, f"credited_at_most_chosen__{name}", OF_A_YEAR, credited_at_most_chosen)
    builder.cost(technology, "tax_credit", credited, Quantity(-value.values, OF_A_YEAR, "USD/MWh", value.confidence))
    return credited


def full_hours(builder: Builder, technology: str) -> Array:
    """Hours a year that a megawatt could give if it always ran as far as it is available, shape (site,)."""
    (available,) = _terms(builder.hubs.available, technology)
    hours: Array = builder.system.context.time.step_hours * available.coefficient_values.sum(axis=-1)
    return hours


def _within_output(builder: Builder, block: Any, technology: str, credited: list[Any]) -> None:
    """What is credited is put out."""
    sets, step = builder.sets, builder.system.context.time.step_hours
    (output,) = (term for term in builder.hubs.power if term.feature == technology)

    def credited_at_most_output(_: Any, site: Any, year: Any) -> Any:
        total: Any = 0.0
        for one in credited:
            total += sum(one[site, of, year] for of in sets["vintage"])
        return total - sum(step * output.variable[site, year, hour] for hour in sets["hour"]) <= 0

    builder.constraint(block, f"credited_at_most_output__{technology}", ("site", "year"), credited_at_most_output)


REQUIREMENT = Requirement(NAME, "Tax credits", 185, Spec, prepare, build)
