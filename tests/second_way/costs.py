"""Every cost of a plan again, from what was built and what ran, by the prices of the CSV files.

Each function yields (technology, component, year, present value in dollars) of one site.
"""

import numpy as np
from tests.second_way import figures
from tests.second_way.plan import MONTH_DAYS, during_construction, spending

PLANTS = {
    "combined_cycle": "combined_cycle",
    "gas_turbine": "gas_turbine",
    "gas_engine": "gas_turbine",
    "fuel_cell": "gas_turbine",
    "backup_generator": "gas_turbine",
    "small_modular_reactor": "nuclear",
    "large_reactor": "nuclear",
}
"""Kind of plant whose regional multiplier holds."""

REACTORS = ("small_modular_reactor", "large_reactor")
WINTER = np.isin(np.arange(12), [10, 11, 0, 1, 2])
POWER = ("overnight_capex_usd_per_kw", "fixed_om_usd_per_kw_year", "new_mw", "total_mw")
BATTERY = (
    ("capex_power_usd_per_kw", "fixed_om_power_usd_per_kw_year", "new_mw", "total_mw"),
    (
        "capex_energy_usd_per_kwh",
        "fixed_om_energy_usd_per_kwh_year",
        "new_energy_mwh",
        "energy_capacity_mwh",
    ),
)


def of_site(site):
    yield from of_load(site)
    for technology in site.said["technologies"]:
        if technology == "grid_connection":
            yield from of_grid(site)
        else:
            yield from of_capacity(site, technology)
            if technology in PLANTS:
                yield from of_output(site, technology)
    yield from of_trunk(site)


def of_load(site):
    plan = site.plan
    for row in plan.table("load", site=site.name).itertuples():
        weight = plan.weights[row.year]
        idle, unserved = (site.load_figure(key) for key in ("idle_value_usd_per_mw_year", "unserved_cost_usd_per_mwh"))
        lost = plan.hourly(site.name, row.year).unserved_mw.sum() * plan.step_hours
        yield "idle_load", "idle_load", row.year, row.waiting_mw * idle * weight
        yield "idle_load", "unserved_energy", row.year, lost * unserved * weight


def of_capacity(site, technology):
    """Annuities of everything built, by its vintage, and fixed O&M of everything that stands, at that of its year."""
    plan, machine = site.plan, site.machine(technology)
    capacity = plan.table("capacity", site=site.name, technology=technology).set_index("year")
    multiplier = machine.regional(PLANTS.get(technology, technology))
    kinds = BATTERY if technology == "battery" else (POWER,)
    overnight = {
        (v, kind): machine(kind[0], v, money=True) * 1e3 * multiplier * machine.yearly
        for v in plan.years
        for kind in kinds
    }
    for year in plan.years:
        paid, upkeep = 0.0, 0.0
        for kind in kinds:
            paid += sum(
                capacity[kind[2]][v] * overnight[v, kind] for v in plan.years if plan.alive(v, year, machine.life)
            )
            upkeep += capacity[kind[3]][year] * machine(kind[1], year, default=0.0, money=True) * 1e3
        yield technology, "capital", year, paid * plan.weights[year]
        yield technology, "fixed_om", year, upkeep * plan.weights[year]


def of_output(site, technology):
    """Variable O&M and fuel of every step."""
    plan, machine = site.plan, site.machine(technology)
    for year in plan.years:
        output = (
            plan.hourly(site.name, year)[f"{technology}_output_mw"].to_numpy() * plan.step_hours * plan.weights[year]
        )
        yield (
            technology,
            "variable_om",
            year,
            output.sum() * machine("variable_om_usd_per_mwh", year, default=0.0, money=True),
        )
        burnt = output * machine("heat_rate_mmbtu_per_mwh", year)
        yield technology, "fuel", year, (burnt * fuel_price(site, technology, year)[plan.month]).sum()


def fuel_price(site, technology, year):
    """Price by month: one basis, and for piped gas the winter adder about the mean of the year."""
    case, gas = site.plan.scenario["fuel"]["case"], site.said["gas"]
    if technology in REACTORS:
        return np.full(12, figures.fuel("uranium", "us", case, year))
    if technology == "backup_generator":
        return np.full(12, figures.fuel("diesel", "us", case, year))
    if gas["fuel"] == "lng":
        return np.full(12, figures.fuel("lng", "japan", case, year))
    if gas["basis"] == "delivered":
        price = figures.fuel("natural_gas_delivered", site.layer["census_division"], case, year)
    else:
        hub, transport = gas.get("hub") or site.layer["gas_hub"], gas.get("transport_usd_per_mmbtu")
        price = figures.fuel("natural_gas_hub", "henry_hub", case, year) + figures.fuel("gas_basis", hub, case, year)
        price += figures.fuel("natural_gas_transport", "intrastate", case, year) if transport is None else transport
    rows = figures.table("fuel_properties")
    adder = rows[(rows.fuel == "natural_gas") & (rows.parameter == "winter_adder_fraction")].value.iloc[0]
    return price * (1 + adder * WINTER) / (1 + adder * WINTER.mean())


def of_grid(site):
    plan, machine = site.plan, site.machine("grid_connection")
    name, zone = machine.technology, site.zone
    grid = plan.table("grid", site=site.name)
    steps = range(1, int(grid.step.max()) + 1)
    substation = machine("substation_capex_usd_per_kw", money=True)
    network = figures.zone(zone, "reinforcement_usd_per_kw", money=True)
    upkeep = machine("fixed_om_fraction", default=0.0)
    contract = plan.table("contract", site=site.name).set_index("year")
    billed = plan.table("billed_demand", site=site.name).groupby("year").billed_mw.sum()
    monthly = figures.zone(zone, "transmission_charge_usd_per_mw_month", money=True)
    cost = {k: 1e3 * (substation + network * figures.grid_step(k, "reinforcement_multiplier")) for k in steps}
    for year in plan.years:
        weight = plan.weights[year]
        standing = grid[[plan.alive(v, year, machine.life) for v in grid.year]]
        built = (standing.new_step_mw * standing.step.map(cost)).sum()
        yield name, "grid_connection", year, built * (machine.yearly + upkeep) * weight

        contribution = (site.said["grid"].get("contribution_usd_per_kw") or 0.0) * 1e3
        new = grid[grid.year == year].new_step_mw.sum()
        in_advance = (1 + plan.rate) ** -(year - plan.horizon["base_year"])
        yield name, "grid_contribution", year, contribution * new * in_advance

        left = plan.hourly(site.name, year).grid_connection_import_mw.to_numpy()
        on_peak = figures.zone(zone, "transmission_charge_on_coincident_peak", year, default=0.0)
        charged = (1 - on_peak) * billed[year] + on_peak * 12 * (left * site.coincident_weights).sum()
        yield name, "grid_demand_charge", year, charged * monthly * weight

        price = plan.in_steps(site.price_shape) * figures.zone(zone, "energy_price_usd_per_mwh", year, money=True)
        energy = 0.0
        for k in steps:
            taken = np.minimum(left, grid[(grid.year == year) & (grid.step == k)].step_mw.sum())
            energy += (taken * price).sum() * figures.grid_step(k, "price_multiplier")
            left = left - taken
        yield name, "grid_energy", year, energy * plan.step_hours * weight

        first_month = int(figures.zone(zone, "capacity_delivery_start_month", default=1))
        days = MONTH_DAYS[: first_month - 1].sum()
        a_year = sum(
            held * figures.zone(zone, "capacity_price_usd_per_mw_day", auction, money=True)
            for auction, held in ((year - 1, days), (year, 365 - days))
        )
        yield name, "grid_capacity", year, contract.firm_contract_mw[year] * a_year * weight


def of_trunk(site):
    """Kilometres of pipe and compression over what the reference pipe carries."""
    plan = site.plan
    laid = plan.table("capacity", site=site.name, technology="gas_trunk").set_index("year")
    if laid.empty:
        return
    distance = site.said["gas"].get("trunk_distance_km")
    distance = site.layer["trunk_distance_km"] if distance is None else distance

    def look_up(parameter, default=None, *, money=False):
        return figures.technology("gas_trunk", "steel_42in", None, parameter, None, default, money=money)

    per_km = sum(look_up(f"{part}_cost_usd_per_km", money=True) for part in ("pipeline", "compression"))
    cost = distance * per_km / look_up("pipeline_capacity_mmbtu_per_h")
    for year, paid in _yearly_of(plan, look_up).items():
        built = sum(
            laid.new_trunk_mmbtu_per_h[v] for v in plan.years if plan.alive(v, year, look_up("economic_life_years"))
        )
        yield "gas_trunk", "pipeline", year, built * cost * paid


def of_line(plan, name):
    """Megawatts times kilometres by voltage, and wheeling of what is sent."""
    said = plan.scenario["lines"][name]
    rows = plan.table("lines", line=name).set_index("year")

    def look_up(parameter, default=None, *, money=False):
        return figures.technology("line", f"ac_{said['voltage_kv']}kv", None, parameter, None, default, money=money)

    cost = look_up("line_capex_usd_per_mw_km", money=True) * said["length_km"]
    wheeling = said.get("wheeling_usd_per_mwh")
    wheeling = look_up("wheeling_usd_per_mwh", money=True) if wheeling is None else wheeling
    for year, paid in _yearly_of(plan, look_up).items():
        built = sum(rows.new_mw[v] for v in plan.years if plan.alive(v, year, look_up("economic_life_years")))
        yield "line", "line", year, built * cost * paid
        yield "line", "wheeling", year, rows.flow_mwh[year] * wheeling * plan.weights[year]


def _yearly_of(plan, look_up):
    """Present value in each year of one dollar of pipe or line: annuity with interest, and upkeep."""
    shares = spending(look_up)
    start_cost = during_construction(shares, plan.rate) if shares and not look_up("capex_all_in", 0.0) else 1.0
    a_year = plan.recovery(plan.rate, look_up("economic_life_years")) * start_cost + look_up("fixed_om_fraction", 0.0)
    return {year: a_year * plan.weights[year] for year in plan.years}
