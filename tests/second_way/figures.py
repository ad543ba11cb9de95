"""Figures of `inputs/` straight from the CSV files: which row holds, between which years, in money of 2024."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

INPUTS = Path(__file__).parents[2] / "inputs"
MONEY_YEAR, INFLATION_AFTER = 2024, 0.025


@cache
def table(name):
    return pd.read_csv(INPUTS / f"{name}.csv")


@cache
def sites_of_the_layer():
    features = json.loads((INPUTS / "sites.geojson").read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["site_id"]: feature["properties"] for feature in features}


@cache
def dollar_of(year):
    """What a dollar of a year bought, in dollars of 2004."""
    finance = table("finance")
    rows = finance[(finance.topic == "deflator") & (finance["item"] == "usd_2004_per_usd")]
    known = dict(zip(rows.year.astype(int), rows.value, strict=True))
    last = max(known)
    return known[year] if year <= last else known[last] / (1 + INFLATION_AFTER) ** (year - last)


def in_2024_dollars(value, currency_year):
    if currency_year is None or np.isnan(currency_year):
        return value
    return value * dollar_of(int(currency_year)) / dollar_of(MONEY_YEAR)


def figure(rows, year=None, *, money=False):
    """The row of a year, a straight line between two, the nearest end; a row without a year serves every year."""
    dated = rows[rows.year.notna()].sort_values("year")
    if year is None or dated.empty:
        row = (rows[rows.year.isna()] if rows.year.isna().any() else dated).iloc[0]
        value, currency = row.value, row.currency_year
    else:
        before = dated[dated.year <= year]
        value, currency = (
            np.interp(year, dated.year, dated.value),
            (dated.iloc[0] if before.empty else before.iloc[-1]).currency_year,
        )
    return in_2024_dollars(value, currency) if money else float(value)


def finance(topic, item):
    rows = table("finance")
    return figure(rows[(rows.topic == topic) & (rows["item"] == item)])


def technology(name, machine_class, cost_case, parameter, year=None, default=None, *, money=False):
    """A figure of a technology: the row of its class and case, else of its class, of its case, of every machine."""
    rows = table("technologies")
    rows = rows[(rows.technology == name) & (rows.parameter == parameter)]
    for wanted_class in (machine_class, None):
        for wanted_case in (cost_case, None):
            found = rows[_is(rows.machine_class, wanted_class) & _is(rows.cost_case, wanted_case)]
            if len(found):
                return figure(found, year, money=money)
    if default is None:
        raise KeyError((name, machine_class, cost_case, parameter))
    return default


def _is(column, wanted):
    return column == wanted if wanted else column.isna()


def zone(name, parameter, year=None, default=None, *, money=False):
    rows = table("grid_zones")
    rows = rows[(rows.zone == name) & (rows.parameter == parameter)]
    if default is not None and rows.empty:
        return default
    return figure(rows, year, money=money)


def zone_series(name, kind):
    rows = table("grid_zone_series")
    return rows[(rows.zone == name) & (rows.series_kind == kind)].series.iloc[0]


def grid_step(number, parameter):
    rows = table("grid_steps")
    return rows[(rows.zone == "default") & (rows.step == number) & (rows.parameter == parameter)].value.iloc[0]


def fuel(name, region, case, year):
    """Price of a fuel in the case of the scenario, or in the planning case where the case does not speak of it."""
    rows = table("fuels")
    rows = rows[(rows.fuel == name) & (rows.region == region)]
    known = list(rows.case)
    chosen = case if case in known else "planning" if "planning" in known else known[-1]
    return figure(rows[rows.case == chosen], year, money=True)


def shape(series):
    """Twelve months by 24 hours of a series, and its statistics by month."""
    means = table("hourly_shapes")
    means = means[means.series == series].sort_values(["month", "hour"]).value.to_numpy().reshape(12, 24)
    statistics = {}
    rows = table("hourly_variability")
    for parameter, group in rows[rows.series == series].groupby("parameter"):
        by_month = np.full(12, np.nan)
        by_month[group.month.to_numpy(dtype=int) - 1] = group.value
        statistics[parameter] = by_month
    return means, statistics


def monthly_temperature(site):
    rows = table("site_months")
    rows = rows[(rows.site_id == site) & (rows.parameter == "mean_temperature_c")]
    return rows.sort_values("month").value.to_numpy()
