"""Tax credits of a run in the years in which they are received, money of the year.

    48E:              share * cost of what takes it,  in the first year of the plant
    45Y, 45U, 45Q:    USD/MWh * credited MWh * price level[t],  in the calendar years that have the credit

Amounts grow with inflation by law, so a real amount is the same in every year.
"""

from __future__ import annotations

from gigasite.formulation.credit_dates import credit_ends
from gigasite.results.credits import INVESTMENT
from gigasite.results.run import Run
from gigasite.system.system import System

FEATURE = "tax_credits"


def investment_credits_usd(run: Run, system: System) -> dict[str, float]:
    """Part of the cost of a plant that comes back as 48E, by the name of its phase."""
    table = run.table(FEATURE)
    if table.empty:
        return {}
    context, data = system.context, system.features.get(FEATURE, {})
    built = run.capacity.set_index(["site", "technology", "year"])["new_mw"]
    found = {}
    for row in table[table["credit"] == INVESTMENT].to_dict(orient="records"):
        site, technology, vintage = row["site"], row["technology"], row["vintage"]
        s, v = system.sites.index(site), context.years.index(vintage)
        share = float(data[f"investment_share__{technology}"].values[s, v])
        new = float(built.get((site, technology, vintage), 0.0))
        taking = float(row["credited_mw"]) / new if new > 0 else 0.0
        found[f"{technology} {site} {vintage}"] = share * min(1.0, taking)
    return found


def production_credits_usd(
    run: Run, system: System, years: tuple[int, ...], modelled: dict[int, int], level: dict[int, float]
) -> list[float]:
    """Credits on output by calendar year [USD of the year]."""
    table, time = run.table(FEATURE), system.context.time
    usd = dict.fromkeys(years, 0.0)
    if table.empty:
        return list(usd.values())
    data = system.features.get(FEATURE, {})
    for row in table[table["credit"] != INVESTMENT].to_dict(orient="records"):
        site, technology, credit = row["site"], row["technology"], row["credit"]
        vintage, year = row["vintage"], row["year"]
        until = credit_ends(system.context, site, credit, technology, vintage)
        at = system.sites.index(site), time.years.index(vintage), time.years.index(year)
        worth = float(data[f"value_usd_per_mwh__{credit}__{technology}"].values[at])
        paid = [t for t in modelled if modelled[t] == year and vintage <= t < until]
        weight = sum((1.0 + time.discount_rate_real) ** -(t + 0.5 - time.base_year) for t in paid)
        for t in paid:
            if t in usd:
                usd[t] += worth / weight * float(row["credited_mwh"]) * level[t]
    return list(usd.values())
