"""The dictionary of every table of a run: what it holds, in a line."""

from __future__ import annotations

TABLES: dict[str, str] = {
    "summary": "the answer in one row: cost, capacity, energised load, emissions, what waits",
    "costs": "cost of supply by site, year, technology and component",
    "capacity": "capacity by site, year and technology, and what holds it",
    "energy": "energy, fuel, emissions and water by site, year and technology",
    "load": "load wanted, energised, waiting and served by site and year, and what waits for what",
    "places": "every site: its name, state, zone and point on the map",
    "idle_by_bottleneck": "load that waits, by what it waits for, and what that costs",
    "energised_by_quarter": "load energised against the ramp, quarter by quarter",
    "demand": "the national account by year",
    "placement": "where the national load is placed: energy by campus, state and year",
    "obstacles": "what keeps the national demand from being met, and what easing each by a tenth would serve",
    "cash_flow": "payments by year, party and item",
    "environment": "what each site emits, uses and covers, beside its permits",
    "clean_energy": "clean energy by site and year, yearly and hour by hour",
    "prices": "shadow prices, each in a sentence",
    "breakeven": "capital cost at which a technology that was not built would enter",
    "investment": "overnight cost of everything new, by the year it starts",
    "vintages": "capacity by the year it was built",
    "grid": "grid connection by site and year",
    "contract": "grid contract by site and year",
    "billed_demand": "billed demand by site, year and month",
    "lines": "lines from supply off site",
    "gas_supply": "pipe, transport and tanks by site and year",
    "gas_stops": "days on which interruptible gas stops",
    "gas_regions": "gas burnt by region and year, beside its limit",
    "gas_steps": "price steps of gas regions",
    "reliability": "what is needed, carried and to spare through each loss a plan must live through",
    "tax_credits": "tax credits by site, vintage and technology",
    "slacks": "limits that were broken at a price",
    "assumptions": "every cited figure that was looked up, with its source and the row it stands in",
    "bounds": "cost of the best plan and its lower bound, round by round",
    "checks": "what was recomputed without the model",
    "replay": "hours and energy unserved in replayed outage years",
    "uptime": "solves and replays until the uptime was met",
    "uptime_rows": "rows that the replays added",
    "comparison": "runs side by side, each beside its difference to the first",
    "futures": "cost of each future with the common plan, and had it been known",
    "stranded": "capacity of the common plan that a future does not need",
    "finance/metrics": "the project at the price looked at, in one row",
    "finance/years": "the yearly table: what comes in, what goes out, what the owners have",
    "finance/cash_flow": "every payment by year, party and item; what the project receives is above zero",
    "finance/prices": "the price for each return that the owners ask, and for the cover that the lenders ask",
    "finance/price_parts": "what each of these prices is made of; the parts add up to it",
    "finance/tranches": "who pays how much, at what cost, and what each gets",
    "finance/cost_of_capital": "cost of capital by plant: nominal and real, before and after tax",
}
"""Every table by name; those of `gigasite finance` are in the folder `finance` of the run."""


def table_meaning(name: str) -> str:
    """What a table holds; empty for one that the dictionary does not know.

    >>> table_meaning("costs")
    'cost of supply by site, year, technology and component'
    """
    return TABLES.get(name, "")
