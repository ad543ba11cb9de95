"""What one more firm megawatt of each technology would have given in the hours that went unserved.

    machines    mean over those hours of (1 - q[h]) rating[h] (1 - planned[month of h]) / rating for the design
    grid        share of those hours in which the circuit was up; 1 - q where there is none yet
    battery     share of those hours that lie within its firm hours of the beginning of their event
    line        machines at its other end, times 1 - q of the line

with q the forced outage rate. A machine more fails by itself, so its credit is the mean; a megawatt more on the same
circuit fails with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gigasite.foundation.units import DAYS_PER_MONTH, HOURS_PER_DAY, HOURS_PER_YEAR
from gigasite.run.replay.site_year import Shortage
from gigasite.run.replay.stock import BATTERY, GRID
from gigasite.run.replay.stocks import Stocks

Array = npt.NDArray[np.float64]

HOURS_PER_MONTH = np.array(DAYS_PER_MONTH) * HOURS_PER_DAY


def credits_of(stocks: Stocks, shortage: Shortage, site: str, year: int) -> dict[str, float]:
    """Credit of every technology that a site may have.

    Args:
        stocks: what the plan has.
        shortage: its unserved hours, one at least.
        site: the site.
        year: modelled year.
    """
    weight = np.bincount(shortage.hour, minlength=HOURS_PER_YEAR) / len(shortage.hour)
    found = {
        name: _machine_credit(stocks, name, site, weight)
        for name in stocks.context.scenario.sites[site].technologies
        if name in stocks.books.with_data("firm_rating")
    }
    circuit_out = stocks.circuit_outage_rate(site)
    has_circuit = any(machines.technology == GRID for machines in stocks.at(site, year).machines)
    found[GRID] = float(shortage.circuit_up.mean()) if has_circuit else 1.0 - circuit_out
    found[BATTERY] = _battery_credit(stocks, shortage, site)
    found["line"] = (1.0 - circuit_out) * _sent_credit(stocks, site, weight)
    return found


def _machine_credit(stocks: Stocks, technology: str, site: str, weight: Array) -> float:
    data, s = stocks.books.data(technology), stocks.books.sites.index(site)
    firm = float(data["firm_rating"].values[s])
    if firm <= 0:
        return 1.0  # it has no part in the firm sum
    planned = np.repeat(stocks.planned_rate(site, technology), HOURS_PER_MONTH)
    up = (1.0 - stocks.outage_rate(site, technology)) * (1.0 - planned)
    return float(weight @ (stocks.rating(site, technology) * up)) / firm


def _battery_credit(stocks: Stocks, shortage: Shortage, site: str) -> float:
    if BATTERY not in stocks.context.scenario.sites[site].technologies:
        return 1.0
    lasts = float(stocks.books.data(BATTERY)["firm_hours"].values[stocks.books.sites.index(site)])
    return float((shortage.hour_of_event < lasts).mean())


def _sent_credit(stocks: Stocks, site: str, weight: Array) -> float:
    """Mean credit of the machines at the other ends of a site's lines; 1 where there are none."""
    found = [
        _machine_credit(stocks, name, line.from_site, weight)
        for line in stocks.context.scenario.lines.values()
        if line.to_site == site
        for name in stocks.context.scenario.sites[line.from_site].technologies
        if name in stocks.books.with_data("firm_rating")
    ]
    return float(np.mean(found)) if found else 1.0
