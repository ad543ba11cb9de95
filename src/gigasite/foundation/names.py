"""The dictionary of every result column: unit, dimensions, meaning.

One name from the YAML key to the column of a table; it ends in its unit (`capacity_mw`, `fuel_price_usd_per_mmbtu`) and
:func:`unit_of_name` reads that back. Columns of a wide table that carry a label of the model (one per technology or
series) stand here once, with the label in angle brackets.
"""

from __future__ import annotations

import re

from gigasite.foundation.column import Column
from gigasite.foundation.errors import nearest_spelling
from gigasite.foundation.finance_names import FINANCE_COLUMNS

_SITE_YEAR_TECHNOLOGY = ("site", "year", "technology")

_COLUMNS = (
    # indices
    Column("scenario", "", (), "name of the scenario"),
    Column("run", "", (), "folder of the run"),
    Column("site", "", (), "campus or place of supply"),
    Column("year", "year", (), "modelled year; stands for the calendar years up to the next one"),
    Column("vintage", "year", (), "modelled year in which capacity was built"),
    Column("month", "month", (), "month of the year, 1 to 12"),
    Column("hour", "h", (), "hour of the year, 0 to 8759"),
    Column("step", "", (), "step of added load in a grid zone, dearer from one to the next"),
    Column("technology", "", (), "what supplies, stores, carries or sheds power"),
    Column("machine_class", "", _SITE_YEAR_TECHNOLOGY, "class of machine of the technology"),
    Column("component", "", (), "kind of cost: capacity, fixed O&M, fuel, grid energy ..."),
    Column("series", "", (), "series of an hourly table"),
    Column("requirement", "", (), "what a plan must fulfil"),
    Column("party", "", (), "who pays or receives"),
    Column("item", "", (), "kind of payment"),
    Column("check", "", (), "what was recomputed without the model"),
    Column("confidence", "", (), "how well a figure is known: published, derived, reported, estimate"),
    Column("state", "", (), "US state, two letters"),
    Column("place_name", "", ("site",), "what a planner calls the place of a site"),
    Column("latitude", "degrees", ("site",), "degrees north of a point, WGS84"),
    Column("longitude", "degrees", ("site",), "degrees east of a point, WGS84"),
    Column("is_aggregate", "", ("site",), "true where a site stands for the rest of a state"),
    Column("zone", "", (), "grid zone"),
    # summary
    Column("status", "", ("scenario",), "how the solve ended"),
    Column("method", "", ("scenario",), "whole or decomposed"),
    Column("resolution_h", "h", ("scenario",), "length of a time step"),
    Column("gap", "1", ("scenario",), "certified relative distance between cost and its lower bound"),
    Column("round", "", (), "round of a decomposed solve, from 1"),
    Column("seconds", "s", ("round",), "time since the solve began"),
    Column("upper_usd", "USD", ("round",), "cost of the best plan so far, present value, at the level's resolution"),
    Column("lower_usd", "USD", ("round",), "no plan costs less, present value, at the level's resolution"),
    Column("cuts", "", ("round",), "cuts held in the planning problem"),
    Column("present_value_usd", "USD", ("scenario",), "present value of the cost of supply, 2024 USD"),
    Column(
        "objective_usd", "USD", ("scenario",), "present value of all that was minimised, waiting and unserved included"
    ),
    Column("levelised_cost_usd_per_mwh", "USD/MWh", ("scenario",), "supply cost per MWh served, real"),
    Column("levelised_cost_nominal_usd_per_mwh", "USD/MWh", ("scenario",), "the same in money of the day"),
    Column("levelised_cost_usd_per_kw_month", "USD/kW-month", ("scenario",), "supply cost per kW and month, real"),
    Column("levelised_cost_nominal_usd_per_kw_month", "USD/kW-month", ("scenario",), "the same in money of the day"),
    Column("overnight_capex_usd", "USD", ("scenario",), "overnight capital cost of all new capacity, 2024 USD"),
    Column(
        "announced_capex_usd",
        "USD",
        ("scenario",),
        "capital cost of what was announced, in the money of the announcement",
    ),
    Column("announced_capex_<technology>_usd", "USD", ("scenario",), "it for one technology"),
    Column(
        "published_price_usd_per_mwh", "USD/MWh", ("scenario",), "price published for the project, in its own money"
    ),
    Column("cost_over_published_price", "times", ("scenario",), "levelised cost over the published price"),
    Column("capacity_<technology>_mw", "MW", ("scenario",), "capacity of a technology in the last year"),
    Column("units_<technology>", "machines", ("scenario",), "machines of a technology in the last year"),
    Column("wanted_<year>_mw", "MW", ("scenario",), "facility load wanted in a year"),
    Column("waiting_<year>_mw", "MW", ("scenario",), "facility load that waits in a year"),
    Column("first_power_year", "year", ("scenario",), "first modelled year with energised load"),
    Column("energised_<year>_mw", "MW", ("scenario",), "facility load energised in a year"),
    Column("gas_quads_per_year", "quad/year", ("scenario",), "gas burnt in the year with the most"),
    Column("gas_price_rise_usd_per_mmbtu", "USD/MMBtu", ("scenario",), "what that burning adds to the gas price"),
    Column("gas_bcf_per_day", "Bcf/day", ("scenario",), "gas burnt, mean of the year with the most"),
    Column(
        "gas_full_output_bcf_per_day", "Bcf/day", ("scenario",), "gas burnt if every gas machine runs at full output"
    ),
    Column("water_m3", "m3", ("scenario", *_SITE_YEAR_TECHNOLOGY), "water consumed"),
    Column("nox_t", "t", ("scenario", *_SITE_YEAR_TECHNOLOGY), "NOx emitted, not discounted"),
    Column("co2_t", "t", ("scenario", *_SITE_YEAR_TECHNOLOGY), "CO2 emitted, not discounted"),
    Column("land_m2", "m2", ("scenario",), "land taken by supply in the last year"),
    Column("burden", "", (), "what a site emits, uses or covers: nox, co2, water, land ..."),
    Column("amount", "see amount_unit", ("site", "year", "burden"), "burden of a calendar year"),
    Column("amount_unit", "", ("burden",), "unit of amount, limit, and of what a shadow price is for"),
    Column("permit_limit", "see amount_unit", ("site", "year", "burden"), "what the permit of the site allows a year"),
    Column("water_withdrawn_m3", "m3", ("scenario", *_SITE_YEAR_TECHNOLOGY), "water withdrawn, given back or not"),
    Column("clean_mwh", "MWh", ("site", "year"), "energy from supply that emits nothing"),
    Column("clean_share_yearly", "1", ("site", "year"), "clean energy over the energy used, at most 1"),
    Column("clean_share_hourly", "1", ("site", "year"), "share of the load met by clean supply in its own hour (24/7)"),
    Column("stores_count", "", ("site", "year"), "whether stores count towards it: they took clean power only"),
    Column("idle_mw_years", "MW-year", ("scenario",), "load that waited, all years; by site, year and bottleneck"),
    Column("idle_cost_usd", "USD", ("scenario",), "present value of load that waits"),
    Column("unserved_mwh", "MWh", ("scenario", "site", "year"), "energy of energised load that was not served"),
    Column("shortfall_cost_usd", "USD", ("scenario",), "present value of what the nation falls short of"),
    Column("unserved_cost_usd", "USD", ("scenario",), "present value of energy not served"),
    Column("unserved_share", "1", ("scenario",), "energy not served over energy of energised load"),
    Column("cost_share_<confidence>", "1", ("scenario",), "share of cost that rests on inputs of one confidence"),
    Column("days", "d", ("scenario",), "days modelled in each year, of 365"),
    Column("solve_seconds", "s", ("scenario",), "time in the solver"),
    Column("total_seconds", "s", ("scenario",), "time from file to written run"),
    Column("checks_passed", "", ("scenario",), "true if every check passed"),
    # costs
    Column("cost_usd", "USD", (*_SITE_YEAR_TECHNOLOGY, "component"), "cost in a calendar year, 2024 USD"),
    Column("cost_usd_present_value", "USD", (*_SITE_YEAR_TECHNOLOGY, "component"), "present value of a cost, 2024 USD"),
    Column("cost_usd_per_year", "USD/year", (*_SITE_YEAR_TECHNOLOGY, "component"), "it in a calendar year, 2024 USD"),
    Column("usd_per_mwh", "USD/MWh", (*_SITE_YEAR_TECHNOLOGY, "component"), "cost per facility MWh served at the site"),
    # capacity
    Column("new_mw", "MW", _SITE_YEAR_TECHNOLOGY, "capacity that enters in this year"),
    Column("retired_mw", "MW", _SITE_YEAR_TECHNOLOGY, "capacity that leaves in this year"),
    Column("capacity_mw", "MW", _SITE_YEAR_TECHNOLOGY, "capacity that stands in this year"),
    Column("total_mw", "MW", (*_SITE_YEAR_TECHNOLOGY, "line"), "capacity that stands in this year"),
    Column("firm_mw", "MW", _SITE_YEAR_TECHNOLOGY, "capacity that counts at the peak"),
    Column("unit_size_mw", "MW", _SITE_YEAR_TECHNOLOGY, "size of one machine"),
    Column("capacity_max_mw", "MW", _SITE_YEAR_TECHNOLOGY, "largest capacity allowed"),
    Column("new_energy_mwh", "MWh", _SITE_YEAR_TECHNOLOGY, "energy capacity of storage that enters in this year"),
    Column("trunk_mmbtu_per_h", "MMBtu/h", _SITE_YEAR_TECHNOLOGY, "gas that a trunk carries"),
    Column("new_trunk_mmbtu_per_h", "MMBtu/h", _SITE_YEAR_TECHNOLOGY, "gas that a trunk laid in this year carries"),
    Column("energy_capacity_mwh", "MWh", _SITE_YEAR_TECHNOLOGY, "energy capacity of storage"),
    Column("units", "machines", _SITE_YEAR_TECHNOLOGY, "machines that stand in this year"),
    Column("bound", "", _SITE_YEAR_TECHNOLOGY, "limit that holds the capacity where it is"),
    # energy
    Column("energy_mwh", "MWh", _SITE_YEAR_TECHNOLOGY, "energy given to the site in the year"),
    Column("energy_used_mwh", "MWh", _SITE_YEAR_TECHNOLOGY, "energy taken from the site in the year: charge, export"),
    Column("capacity_factor", "1", _SITE_YEAR_TECHNOLOGY, "energy over capacity times hours"),
    Column("pipeline_mmbtu", "MMBtu", ("site", "year"), "pipeline gas burnt in a year, distillate taken off"),
    Column("firm_flow_mmbtu", "MMBtu", ("site", "year"), "gas that came under the firm contract"),
    Column("interruptible_mmbtu", "MMBtu", ("site", "year"), "gas that came as interruptible"),
    Column("liquid_mmbtu", "MMBtu", ("site", "year"), "gas that distillate stood for"),
    Column("refill_mmbtu", "MMBtu", ("site", "year"), "distillate brought to the tanks"),
    Column("firm_contract_mmbtu_per_h", "MMBtu/h", ("site", "year"), "firm contract of gas transport"),
    Column("firm_liquid_mmbtu_per_h", "MMBtu/h", ("site", "year"), "distillate that counts at the peak, as gas"),
    Column("not_firm_mw", "MW", ("site", "year"), "firm capacity that does not count for want of firm gas"),
    Column("stopped_days", "days", ("site", "year"), "days without interruptible gas"),
    Column("new_tank_mmbtu", "MMBtu", ("site", "year"), "tanks that enter"),
    Column("tank_mmbtu", "MMBtu", ("site", "year"), "distillate that the tanks hold"),
    Column("new_burner_mmbtu_per_h", "MMBtu/h", ("site", "year"), "dual-fuel burners that enter"),
    Column("burner_mmbtu_per_h", "MMBtu/h", ("site", "year"), "gas that dual-fuel burners can replace"),
    Column("day", "day", (), "day of the year, 1 to 365"),
    Column("mean_temperature_c", "C", ("site", "day"), "mean temperature of the day"),
    Column("gas_region", "", (), "sites that share a source of gas"),
    Column("gas_step", "", (), "step of gas burnt in a region, dearer from one to the next"),
    Column("step_gbtu", "GBtu", ("site", "year", "gas_step"), "gas bought in a step"),
    Column("burnt_bcf_per_day", "Bcf/day", ("gas_region", "year"), "gas burnt in a region, mean of the year"),
    Column("limit_bcf_per_day", "Bcf/day", ("gas_region", "year"), "most gas that a region may burn"),
    Column(
        "mean_adder_usd_per_mmbtu", "USD/MMBtu", ("gas_region", "year"), "what gas costs more for what the region burns"
    ),
    Column(
        "<series>_mmbtu_per_h",
        "MMBtu/h",
        ("site", "year", "hour"),
        "gas or distillate of an hour: firm flow, refill ...",
    ),
    Column(
        "<technology>_stored_mmbtu", "MMBtu", ("site", "year", "hour"), "distillate in store at the end of the hour"
    ),
    Column("fuel_mmbtu", "MMBtu", _SITE_YEAR_TECHNOLOGY, "fuel burnt, higher heating value"),
    Column("credit", "", (), "tax credit: 48e, 45y, 45u or 45q"),
    Column("credited_mw", "MW", (*_SITE_YEAR_TECHNOLOGY, "credit", "vintage"), "capacity that has the credit"),
    Column("credited_energy_mwh", "MWh", (*_SITE_YEAR_TECHNOLOGY, "vintage"), "energy of a store that has 48E"),
    Column("credited_mwh", "MWh", (*_SITE_YEAR_TECHNOLOGY, "credit", "vintage"), "energy of the year with the credit"),
    # hourly
    Column("<series>_mw", "MW", ("site", "year", "hour"), "power of a series: load, output, import ..."),
    Column("<technology>_stored_mwh", "MWh", ("site", "year", "hour"), "energy stored at the end of the hour"),
    Column("marginal_cost_usd_per_mwh", "USD/MWh", ("site", "year", "hour"), "cost of one more MWh of load"),
    # load
    Column("wanted_mw", "MW", ("site", "year"), "contracted peak the campus wants"),
    Column("energised_mw", "MW", ("site", "year"), "facility load energised"),
    Column("waiting_mw", "MW", ("site", "year"), "load that waits"),
    Column("bottleneck", "", (), "what idle load waits for: turbines, engines, SMR, grid, trunk ..."),
    Column("quarter", "", (), "quarter of a modelled year, such as 2028-Q2"),
    Column("until", "", ("site", "quarter"), "quarter from which each thing waited for can be had"),
    Column("waits_for", "", ("site", "year"), "what the waiting load waits for"),
    Column("load_mwh", "MWh", ("site", "year"), "energy that energised facilities want in the year"),
    Column("served_mwh", "MWh", ("site", "year"), "energy that they get"),
    Column("shed_mwh", "MWh", ("site", "year"), "energy of load that gives way at a price"),
    # demand
    Column("trajectory_twh", "TWh", ("year",), "demand of US data centres by the chosen trajectory"),
    Column("existing_twh", "TWh", ("year",), "energy of the existing fleet"),
    Column("campuses_twh", "TWh", ("year",), "energy of the named campuses"),
    Column("rest_of_state_twh", "TWh", ("year",), "energy of the aggregates of the states"),
    Column("shortfall_twh", "TWh", ("year",), "trajectory less what is served"),
    Column("last_twh_usd_per_mwh", "USD/MWh", ("year",), "what one more TWh of demand would cost; short, its price"),
    Column("dearest_site", "", ("year",), "site of the account whose supply costs most per MWh served in the year"),
    Column("dearest_usd_per_mwh", "USD/MWh", ("year",), "cost of its supply"),
    Column("mean_supply_usd_per_mwh", "USD/MWh", ("year",), "cost of supply of all sites of the account"),
    Column("binding", "", ("year",), "what keeps the shortfall from falling"),
    # placement and obstacles
    Column("kind", "", (), "existing fleet, campus or rest of state; of a tranche: whose loan or equity it is"),
    Column("twh", "TWh", ("site", "year"), "energy served in the year"),
    Column("share_of_ramp", "1", ("site", "year"), "energised load over the load wanted"),
    Column("share_of_demand", "1", ("site", "year"), "energy served over the trajectory of the year"),
    Column("obstacle", "", ("year",), "limit that holds the account back"),
    Column("place", "", ("year", "obstacle"), "state, zone, region or technology of the limit; empty for all"),
    Column("eased_by", "", ("year", "obstacle"), "a tenth more of the limit, or a year earlier where it is a date"),
    Column("saved_usd_per_year", "USD/year", ("year", "obstacle"), "what easing the limit so far would save a year"),
    Column("gained_twh", "TWh", ("year", "obstacle"), "energy that this saving stands for, served more"),
    Column("ease", "", ("year", "obstacle"), "key of the scenario that eases the limit"),
    # cash flow
    Column("amount_usd_real_2024", "USD", ("year", "party", "item"), "payment a year, 2024 USD; received is positive"),
    Column("amount_usd_nominal", "USD", ("year", "party", "item"), "the same in money of the day"),
    # prices and break-even
    Column("shadow_price", "see unit", ("site", "year", "requirement"), "what one more unit of a requirement costs"),
    Column("unit", "", ("site", "year", "requirement"), "unit of the shadow price"),
    Column(
        "worth_usd", "USD", ("site", "year", "requirement"), "present value of the price times the size of the limit"
    ),
    Column("sentence", "", ("site", "year", "requirement"), "the shadow price in words"),
    Column("overnight_usd", "USD", ("site", "technology", "vintage"), "overnight cost of what starts, 2024 USD"),
    Column("announced_usd", "USD", ("site", "technology", "vintage"), "it as announced, in money of the day"),
    Column("overnight_capex_usd_per_kw", "USD/kW", _SITE_YEAR_TECHNOLOGY, "overnight capital cost taken, 2024 USD"),
    Column("breakeven_capex_usd_per_kw", "USD/kW", _SITE_YEAR_TECHNOLOGY, "capital cost at which it would be built"),
    # checks
    Column("passed", "", ("check",), "true if the recomputed value agrees"),
    Column("value", "see unit", ("check",), "largest violation found"),
    Column("limit", "see unit", ("check",), "largest violation allowed"),
    Column("where", "", ("check",), "place of the largest violation"),
    # tables that stand there for the checks
    Column("vintage_mw", "MW", ("site", "technology", "vintage", "year"), "capacity of a vintage that stands"),
    Column("vintage_energy_mwh", "MWh", ("site", "technology", "vintage", "year"), "its energy capacity, of storage"),
    Column("step_mw", "MW", ("site", "year", "step"), "grid connection in a step of the zone"),
    Column("new_step_mw", "MW", ("site", "year", "step"), "reinforcement of a step that enters in this year"),
    Column("contract_mw", "MW", ("site", "year"), "grid connection contracted"),
    Column("firm_contract_mw", "MW", ("site", "year"), "its firm part"),
    Column("nonfirm_contract_mw", "MW", ("site", "year"), "its part that the grid may curtail"),
    Column("take_short_mwh", "MWh", ("site", "year"), "energy of a minimum take that was paid for and not taken"),
    Column("rise_limit_mw", "MW", ("site", "year"), "largest contract that its ramp allows"),
    Column("coincident_mw", "MW", ("site", "year"), "demand charged at the coincident peaks, where it has a minimum"),
    Column("contract_held_by", "", ("site", "year"), "what holds the contract: given, its ramp, or nothing of these"),
    Column("metered_mw", "MW", ("site", "year", "month"), "highest hourly import"),
    Column("floor_mw", "MW", ("site", "year", "month"), "least demand that the contract bills"),
    Column("ratchet_mw", "MW", ("site", "year", "month"), "least demand billed for the highest metered month"),
    Column("billed_mw", "MW", ("site", "year", "month"), "demand that the grid bills"),
    Column("billed_for", "", ("site", "year", "month"), "what sets it: metered peak, floor or ratchet"),
    Column("line", "", (), "line between two sites"),
    Column("firm_flow_mw", "MW", ("line", "year"), "capacity over a line that counts for the reserve"),
    Column("secure_flow_mw", "MW", ("line", "year"), "capacity over a line that counts with machines lost"),
    Column("flow_mwh", "MWh", ("line", "year"), "energy sent into a line in the year"),
    Column("what", "", (), "limit that could be broken at a price"),
    # losses that a scenario asks to survive
    Column("loss", "", (), "what is lost: gas trunk, grid circuit, the grid for hours, machines in the cold"),
    Column("needed_mw", "MW", ("site", "year", "loss"), "load that has to be carried through a loss"),
    Column("carried_mw", "MW", ("site", "year", "loss"), "what is left to carry it"),
    Column("spare_mw", "MW", ("site", "year", "loss"), "what is left beyond that"),
    Column("spare_mwh", "MWh", ("site", "year", "loss"), "energy left in stores and tanks after the worst outage"),
    # several futures
    Column("future", "", (), "one of several futures that are planned for together; `expected` is their mean"),
    Column("probability", "1", ("future",), "how likely it is"),
    Column("known_cost_usd", "USD", ("future",), "objective_usd, had the future been known from the start"),
    Column("regret_usd", "USD", ("future",), "what it costs more because it was not; the mean is the worth of knowing"),
    Column("regret_share", "1", ("future",), "regret over the cost, had it been known"),
    Column("followed_cost_usd", "USD", ("future",), "objective_usd, where the plan for one future is followed"),
    Column(
        "committed_mw",
        "MW",
        ("future", *_SITE_YEAR_TECHNOLOGY),
        "capacity decided before the future was known, while it is in its life",
    ),
    Column(
        "known_capacity_mw",
        "MW",
        ("future", *_SITE_YEAR_TECHNOLOGY),
        "capacity in its life that would have been bought, had the future been known",
    ),
    Column("stranded_mw", "MW", ("future", *_SITE_YEAR_TECHNOLOGY), "capacity committed beyond what would have been"),
    Column("surplus_mw", "MW", ("future",), "the same of all technologies together, in the year with the most"),
    Column("stranded_cost_usd", "USD", ("future", *_SITE_YEAR_TECHNOLOGY), "present value of annuities paid for it"),
    # replay of outages
    Column("availability", "1", ("site", "year"), "share of the hours of the mean outage year with all load served"),
    Column("availability_low", "1", ("site", "year"), "lower end of its 95 % interval"),
    Column("availability_high", "1", ("site", "year"), "upper end of it"),
    Column("nines", "", ("site", "year"), "number of nines of the availability; infinite where nothing was missed"),
    Column("nines_low", "", ("site", "year"), "the same of its lower end"),
    Column("unserved_hours_per_year", "h/year", ("site", "year"), "hours with unserved load in the mean outage year"),
    Column("unserved_hours_low_per_year", "h/year", ("site", "year"), "lower end of their 95 % interval"),
    Column("unserved_hours_high_per_year", "h/year", ("site", "year"), "upper end of it"),
    Column("unserved_mwh_per_year", "MWh/year", ("site", "year"), "energy unserved in the mean outage year"),
    Column("unserved_mwh_low_per_year", "MWh/year", ("site", "year"), "lower end of its 95 % interval"),
    Column("unserved_mwh_high_per_year", "MWh/year", ("site", "year"), "upper end of it"),
    Column("served_share", "1", ("site", "year"), "share of the energy wanted that is served in the mean outage year"),
    Column("events_per_year", "1/year", ("site", "year"), "stretches of hours with unserved load in it"),
    Column("longest_event_h", "h", ("site", "year"), "longest of them in all outage years"),
    Column("largest_unserved_mw", "MW", ("site", "year"), "most load unserved in an hour of all outage years"),
    Column("worst_month", "month", ("site", "year"), "month with the most energy unserved; 0: none has any"),
    Column("unseen_event_h", "h", ("site", "year"), "how long an event is taken to last where none was seen"),
    Column("outage_years", "years", ("site", "year"), "years replayed, each with outages of its own"),
    Column("seed", "", ("site", "year"), "seed of the replay"),
    Column("table", "", (), "table of inputs/"),
    Column("figure", "", (), "what the figure is of: the keys of its row"),
    Column("low", "see unit", ("figure",), "lower end of its range, where the source gives one"),
    Column("high", "see unit", ("figure",), "upper end of it"),
    Column("currency_year", "year", ("figure",), "year of the money it is in"),
    Column("source", "", ("figure",), "where it was read"),
    Column("locator", "", ("figure",), "page, table or file there"),
    Column("note", "", ("figure",), "how it was derived, or why it is estimated so"),
    Column("input_file", "", ("figure",), "file of inputs/ it stands in, or the scenario that overrides it"),
    Column("input_line", "", ("figure",), "line of that file"),
    Column("turn", "", (), "solve and replay for an uptime, from 1; a row that it added"),
    Column("site_years_short", "", ("turn",), "sites and years whose uptime the replay does not show"),
    Column("uptime_margin_mw", "MW", ("turn",), "power, there in every hour, that they miss together"),
    Column("remedy", "", (), "what to change where it is"),
    *FINANCE_COLUMNS,
)

COLUMNS: dict[str, Column] = {column.name: column for column in _COLUMNS}
"""Every column by name."""


def column(name: str) -> Column:
    """Return the entry of a column, also of one whose name carries a label of the model.

    >>> column("capacity_mw").unit
    'MW'
    >>> column("capacity_gas_turbine_mw").name
    'capacity_<technology>_mw'
    """
    if name in COLUMNS:
        return COLUMNS[name]
    families = [entry for entry in _COLUMNS if "<" in entry.name and _fits(entry.name, name)]
    if families:
        return max(families, key=lambda entry: len(re.sub(r"<\w+>", "", entry.name)))
    near = nearest_spelling(name, COLUMNS)
    raise KeyError(f"no column is named {name!r}" + (f"; did you mean {near!r}?" if near else ""))


def _fits(family: str, name: str) -> bool:
    pattern = re.sub(r"<(\w+)>", lambda label: r"\d{4}" if label[1] == "year" else r"[a-z0-9_]+", family)
    return re.fullmatch(pattern, name) is not None


_UNIT_WORDS = {
    "mw": "MW", "mwh": "MWh", "kw": "kW", "kwh": "kWh", "gw": "GW", "twh": "TWh", "usd": "USD", "mmbtu": "MMBtu",
    "bcf": "Bcf", "mcf": "Mcf", "km": "km", "m": "m", "m2": "m2", "m3": "m3", "kv": "kV", "h": "h", "s": "s", "t": "t",
    "kg": "kg", "c": "C", "k": "K", "years": "years", "year": "year", "month": "month", "day": "day", "days": "days",
    "hour": "h", "tonne": "t", "co2": "CO2",
}  # fmt: skip
_SHORT_UNITS = frozenset({"c", "m", "s", "t", "days"})
_LEADING_UNITS = frozenset(_UNIT_WORDS) - _SHORT_UNITS - {"year", "month", "day", "hour", "co2", "k"}


def unit_of_name(name: str) -> str | None:
    """Return the unit that the end of a name tells, or None.

    >>> unit_of_name("load_ramp_mw"), unit_of_name("idle_value_usd_per_mw_year"), unit_of_name("capex_usd_per_kw")
    ('MW', 'USD/MW-year', 'USD/kW')
    >>> unit_of_name("idle_mw_years")
    'MW-year'
    >>> unit_of_name("reserve_margin") is None
    True
    """
    words = name.split("_")
    if "per" in words:
        position = words.index("per")
        below = words[position + 1 :]
        if position > 0 and words[position - 1] in _UNIT_WORDS and below and all(word in _UNIT_WORDS for word in below):
            return f"{_UNIT_WORDS[words[position - 1]]}/{'-'.join(_UNIT_WORDS[word] for word in below)}"
        return None
    last = words[-1]
    if last == "years" and len(words) > 1 and words[-2] in _LEADING_UNITS:
        return f"{_UNIT_WORDS[words[-2]]}-year"
    return _UNIT_WORDS[last] if last in _LEADING_UNITS or (len(words) > 1 and last in _SHORT_UNITS) else None
