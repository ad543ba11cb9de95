"""Bridge power: rented engines or trailer turbines that run until lasting supply comes, and leave.

    output[s, y, h]  <= availability[s, h] * rented[s, y]
    mobilised[s, y]  >= rented[s, y] - rented[s, y before]
    removed[s, y]    >= rented[s, y before] - rented[s, y]
    rented[s, y]      = 0                                   outside the permit

| symbol    | name                        | unit         | dimensions |
|-----------|-----------------------------|--------------|------------|
| rented    | `capacity_mw`               | MW           | site, year |
| mobilised | `mobilised_mw`              | MW           | site, year |
| removed   | `removed_mw`                | MW           | site, year |
| rent      | `rental_usd_per_mw_month`   | USD/MW-month | site       |
|           | `mobilisation_usd_per_mw`   | USD/MW       | site       |
|           | `removal_usd_per_mw`        | USD/MW       | site       |
| permit    | `permit_years`              | years        | site       |

Nothing is built, so there is no vintage, annuity or life: rent is paid in every month of every calendar year that a
modelled year stands for, mobilisation and removal once, at the beginning of the year in which machines come or have
gone. Fuel, outages, emissions and what counts at the peak are those of any gas plant (`generation`).

A permit for a temporary source holds `permit_years` calendar years from January of the first modelled year in which
the machines can be had. A modelled year for whose whole span it does not hold sees none of them: what stood before has
been removed. What stands in the last modelled year is removed at the end of its span.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from gigasite.finance.discounting import calendar_years
from gigasite.formulation.builder import Builder
from gigasite.formulation.generation import build_running, prepare_running, room_unit_mw
from gigasite.formulation.registry import Technology
from gigasite.foundation.units import MONTHS_PER_YEAR
from gigasite.inputs.quantities import NonNegative
from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import CAPACITY_ROOM, Context
from gigasite.system.quantity import Array, FeatureData, Quantity, weakest

NAME = "bridge_power"
SITE_YEAR = ("site", "year")
PRICES = ("rental_usd_per_mw_month", "mobilisation_usd_per_mw", "removal_usd_per_mw")


class Spec(TechnologySpec):
    """Options of bridge power; what is left out comes from inputs/."""

    is_built: ClassVar[bool] = False

    permit_years: Annotated[int, Field(ge=1, le=10)] | None = None
    """Calendar years that the permit for a temporary source holds, from the first in which it can run [years]."""

    rental_usd_per_mw_month: NonNegative | None = None
    """Rent of a megawatt with its operators and upkeep, without fuel, in 2024 money [USD/MW-month]."""

    mobilisation_usd_per_mw: NonNegative | None = None
    """Bringing a megawatt, setting it up and connecting it, in 2024 money [USD/MW]."""

    removal_usd_per_mw: NonNegative | None = None
    """Taking a megawatt down and away, in 2024 money [USD/MW]."""


def permitted(context: Context, site: str) -> Array:
    """Whether the permit holds for the whole span of each modelled year, 1 or 0, shape (year,)."""
    spans = calendar_years(context.years, context.time.final_span_years)
    first = next((year for year in context.years if year >= context.earliest_year(site, NAME)), None)
    if first is None:
        return np.zeros(len(context.years))
    until = first + context.chosen_usd(site, NAME, "permit_years")
    return np.array([float(first <= span[0] and span[-1] < until) for span in spans])


def prepare(context: Context) -> FeatureData:
    """Rent, permit, availability, fuel and burdens, from the scenario, `technologies.csv` and `fuels.csv`."""
    shape = (len(context.places), len(context.years))
    least, most, allowed = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for s, place in enumerate(context.places):
        if context.options(place.name, NAME) is not None:
            allowed[s] = permitted(context, place.name)
            least[s], most[s] = _bounds_mw(context, place.name)
    later = np.arange(len(context.years)) > 0
    data = prepare_running(context, NAME, fuel="gas")
    data |= {
        "permitted": Quantity(allowed, SITE_YEAR, "1"),
        "capacity_min_mw": Quantity(allowed * least, SITE_YEAR, "MW"),
        "capacity_max_mw": Quantity(allowed * most, SITE_YEAR, "MW"),
        "is_later": Quantity(later.astype(float), ("year",), "1"),
    }
    return data | _prices(context)


def _bounds_mw(context: Context, site: str) -> tuple[Array, Array]:
    """Least and largest rented megawatts of every year, where the permit holds."""
    options, years = context.options(site, NAME), context.years
    room = CAPACITY_ROOM * room_unit_mw(context, site, NAME)

    def at(series: Any, left_out: float) -> Array:
        return np.array([left_out if series is None else series.at(year) for year in years])

    if options is not None and options.capacity_mw is not None:
        return at(options.capacity_mw, 0.0), at(options.capacity_mw, 0.0)
    least = at(getattr(options, "capacity_min_mw", None), 0.0)
    return least, np.maximum(least, at(getattr(options, "capacity_max_mw", None), room))


def _prices(context: Context) -> dict[str, Quantity]:
    """Present value of renting, bringing and removing a megawatt, and of removing it when the last span has ended."""
    time = context.time
    rent, bring, remove = (
        context.by_site(NAME, lambda site, key=key: context.chosen_usd(site, NAME, key), "USD/MW").values[:, None]  # type: ignore[misc]
        for key in PRICES
    )
    sure = weakest([context.confidence(NAME, key) for key in PRICES])
    begins = (1.0 + time.discount_rate_real) ** -(np.array(time.years, dtype=float) - time.base_year)
    ends = np.zeros(len(time.years))
    ends[-1] = (1.0 + time.discount_rate_real) ** -float(time.years[-1] + time.final_span_years - time.base_year)
    return {
        "rent_usd_per_mw": Quantity(rent * MONTHS_PER_YEAR * time.year_weight, SITE_YEAR, "USD/MW", sure),
        "mobilisation_usd_per_mw": Quantity(bring * begins, SITE_YEAR, "USD/MW", sure),
        "removal_usd_per_mw": Quantity(remove * begins, SITE_YEAR, "USD/MW", sure),
        "last_removal_usd_per_mw": Quantity(remove * ends, SITE_YEAR, "USD/MW", sure),
    }


def build(builder: Builder, data: FeatureData) -> None:
    """Rented megawatts, what comes and what goes, their rent, and the running that all gas plants share."""
    block = builder.block(NAME, data)
    most = data["capacity_max_mw"].values
    rented = builder.variable(
        block, "capacity_mw", SITE_YEAR, lower=data["capacity_min_mw"].values, upper=most, unit="MW"
    )
    before_most = np.concatenate([np.zeros_like(most[:, :1]), most[:, :-1]], axis=1)
    builder.variable(block, "mobilised_mw", SITE_YEAR, upper=most, unit="MW")
    builder.variable(block, "removed_mw", SITE_YEAR, upper=before_most, unit="MW")
    previous = builder.model.calendar.previous_year

    def mobilised_as_it_rises(b: Any, site: Any, year: Any) -> Any:
        before = b.is_later[year] * b.capacity_mw[site, previous[year]]
        return b.capacity_mw[site, year] - before - b.mobilised_mw[site, year] <= 0

    def removed_as_it_falls(b: Any, site: Any, year: Any) -> Any:
        before = b.is_later[year] * b.capacity_mw[site, previous[year]]
        return before - b.is_later[year] * b.capacity_mw[site, year] - b.removed_mw[site, year] <= 0

    builder.constraint(block, "mobilised_as_it_rises", SITE_YEAR, mobilised_as_it_rises)
    builder.constraint(block, "removed_as_it_falls", SITE_YEAR, removed_as_it_falls)
    builder.add(builder.hubs.capacity, rented)
    build_running(builder, block, data, rented, burns_gas=True)
    builder.cost(NAME, "rental", rented, data["rent_usd_per_mw"])
    builder.cost(NAME, "rental", rented, data["last_removal_usd_per_mw"])
    builder.cost(NAME, "rental", block.mobilised_mw, data["mobilisation_usd_per_mw"])
    builder.cost(NAME, "rental", block.removed_mw, data["removal_usd_per_mw"])


TECHNOLOGY = Technology(NAME, "Bridge power", "#460b62", 35, Spec, prepare, build)
