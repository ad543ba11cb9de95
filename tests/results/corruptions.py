"""Ways to spoil a run, one for each check: what a fault in the model, the solver or the tables looks like."""

from dataclasses import replace

import numpy as np
from tests.results.spoilt import LAST, PIKETON, times, zero

from gigasite.system.quantity import Quantity

EVERY_HOUR = slice(None)


def no_share(run):
    run.inputs("backup_generator", availability=times(1.3))


def above_one(run):
    """More load than is energised, at a site that has none."""

    def changed(per_mw):
        per_mw[run.system.sites.index("field")] = 1.2
        return per_mw

    run.inputs("idle_load", load_mw_per_mw=changed)


def weights(run):
    run.setting("horizon", final_span_years=9)


def annuity(run):
    run.inputs("gas_engine", overnight_usd_per_mw=times(1.5))


def balance(run):
    run.hour("solar_output_mw", -5.0, step=2)


def load(run):
    run.inputs("idle_load", load_mw_per_mw=times(1.01))


def negative(run):
    run.hour("ghost_output_mw", -5.0)
    run.hour("other_output_mw", 5.0)


def output(run):
    run.hour("solar_output_mw", 200.0)
    run.hour("ghost_export_mw", 200.0)


def stored(run):
    least = int(run.tables["hourly"]["off_grid", LAST]["battery_stored_mwh"].to_numpy().argmin())
    run.hour("battery_stored_mwh", 20.0, step=least, site="off_grid")


def overfull(run):
    """Charge and discharge at once, which leaves what is stored as it was."""
    efficiency = float(run.system.features["battery"]["efficiency_one_way"].values[0])
    run.hour("battery_charge_mw", 1000.0)
    run.hour("battery_discharge_mw", 1000.0 * efficiency**2)
    run.hour("ghost_output_mw", 1000.0 * (1.0 - efficiency**2))


def trunk(run):
    """A plant the checks have never heard of burns gas that does not fit into the trunk."""
    shape = len(run.system.sites), len(run.system.years)
    run.new_feature("ghost", {"gas_mmbtu_per_mwh": Quantity(np.full(shape, 10.0), ("site", "year"), "MMBtu/MWh")})
    run.hour("ghost_output_mw", 2000.0)
    run.hour("ghost_export_mw", 2000.0)


def firm_trunk(run):
    """Less trunk than firm megawatts call for, yet enough for what runs."""
    run.add("capacity", "trunk_mmbtu_per_h", -50.0, site=PIKETON, year=LAST, technology="gas_trunk")


def line(run):
    run.hour("line_delivered_mw", 20.0)
    run.hour("ghost_export_mw", 20.0)


def permit(run):
    run.inputs("backup_generator", variable_om_usd_per_mw_step=zero, fuel_usd_per_mw_step=zero, co2_t_per_mwh=zero)
    run.hour("backup_generator_output_mw", 10.0, step=EVERY_HOUR)
    run.hour("ghost_export_mw", 10.0, step=EVERY_HOUR)


def shedding(run):
    run.inputs("flexible_load", shed_hours_per_year=times(0.5))


def reserve(run):
    run.inputs("firm_supply", one_and_margin=times(2.0))


def unit_loss(run):
    run.inputs("unit_loss", rate_gas_turbine=times(3.0))


def vintages(run):
    run.add("vintages", "vintage_mw", -5.0, site=PIKETON, technology="gas_turbine", vintage=2032, year=LAST)


def life(run):
    run.add("vintages", "vintage_mw", -5.0, site=PIKETON, technology="gas_turbine", vintage=LAST, year=LAST)
    run.add("vintages", "vintage_mw", 5.0, site=PIKETON, technology="gas_turbine", vintage=2032, year=LAST)


def account(run):
    run.add("capacity", "retired_mw", 5.0, site=PIKETON, year=LAST, technology="gas_turbine")


def too_early(run):
    scenario = run.system.context.scenario
    site = scenario.sites[PIKETON]
    options = site.technologies["gas_turbine"].model_copy(update={"earliest_year": 2034})
    site = site.model_copy(update={"technologies": {**site.technologies, "gas_turbine": options}})
    scenario = scenario.model_copy(update={"sites": {**scenario.sites, PIKETON: site}})
    run.system = replace(run.system, context=replace(run.system.context, scenario=scenario))


def limits(run):
    run.inputs("gas_turbine", capacity_max_mw=times(0.1))


def part_of_a_machine(run):
    run.inputs("backup_generator", unit_size_mw=times(0.77))


def floor(run):
    run.inputs("capacity_floor", floor_mw=times(10.0))


def slots(run):
    run.inputs("build_slots", slots_mw__gas_turbine__light=zero)


def budget(run):
    run.inputs("capital_budget", site_budget_usd=times(0.1))


def contract(run):
    run.add("contract", "contract_mw", -5.0, site="abilene", year=LAST)
    run.inputs("grid_connection", demand_charge_floor=times(0.9))


def queue(run):
    run.inputs("grid_connection", firm_max_mw=zero)


def imports(run):
    run.inputs("grid_connection", export_usd_per_mw_step=zero)
    run.hour("grid_connection_export_mw", 500.0)
    run.hour("ghost_output_mw", 500.0)


def export(run):
    """Export would be paid more than import costs, in hours in which nobody sells."""
    sold = run.tables["hourly"]["abilene", LAST]["grid_connection_export_mw"].to_numpy()
    at = run.system.sites.index("abilene"), run.system.years.index(LAST)

    def paid_more(earned):
        earned[at][sold == 0] -= 1e9
        return earned

    run.inputs("grid_connection", export_usd_per_mw_step=paid_more)


def zone_step(run):
    run.inputs("grid_connection", step_width_mw=times(0.01))


def headroom(run):
    run.inputs("grid_connection", headroom_mw=times(0.001))


def reinforcement(run):
    run.inputs("grid_connection", in_life=zero)


def billed(run):
    run.inputs("grid_connection", demand_charge_floor=times(3.0))


def ramp(run):
    run.inputs("idle_load", idle_usd_per_mw=zero)
    run.add("load", "waiting_mw", 5.0, site=PIKETON, year=LAST)


def above_ramp(run):
    run.inputs("idle_load", idle_usd_per_mw=zero)
    lower = run.system.ramp_mw.copy()
    lower[0, -1] -= 5.0
    run.system.__dict__["ramp_mw"] = lower
    run.add("load", "waiting_mw", -5.0, site=PIKETON, year=LAST)


def switched_off(run):
    """A site that wants little and has no hourly load is switched off, beside plants that never fail."""
    nought = run.system.sites.index("field")

    def without_load(per_mw):
        per_mw[nought] = 0.0
        return per_mw

    run.inputs("idle_load", idle_usd_per_mw=zero, load_mw_per_mw=without_load)
    run.inputs("unit_loss", rate_gas_engine=zero)
    run.ramp("field", 1.0)
    run.add("load", "energised_mw", 1.0, site="field", year=2032)
    run.add("load", "waiting_mw", 1.0, site="field", year=LAST)


def unserved(run):
    """Call load that was shed unserved, at no price for either, so that the money still adds up."""
    run.inputs("idle_load", unserved_usd_per_mw_step=zero)
    run.inputs("flexible_load", shed_usd_per_mw_step=zero)
    costs, summary = run.tables["costs"], run.tables["summary"]
    shed = costs["component"] == "load_shedding"
    paid = float(costs.loc[shed, "cost_usd_present_value"].sum())
    run.tables["costs"] = costs[~shed]
    run.given["objective_usd"] = float(summary["objective_usd"].iloc[0]) - paid
    share = 1.0 - paid / float(summary["present_value_usd"].iloc[0])
    for name in ("present_value_usd", "levelised_cost_usd_per_mwh"):
        summary[name] *= share
    series = run.tables["hourly"][PIKETON, LAST]["flexible_load_shed_mw"].to_numpy()
    step = int(series.argmax())
    run.hour("unserved_mw", float(series[step]), step=step)
    run.hour("flexible_load_shed_mw", -float(series[step]), step=step)


def slack(run):
    run.tables["slacks"].loc[0, "value"] = 1.0


def carbon(run):
    run.add("energy", "co2_t", 1e5, site=PIKETON, year=LAST, technology="gas_turbine")


def nation(run):
    run.add("demand", "campuses_twh", 1.0, year=LAST)


def placement(run):
    run.add("placement", "twh", 1.0, year=LAST, site=PIKETON)


def objective(run):
    run.given["objective_usd"] = 0.99 * float(run.tables["costs"]["cost_usd_present_value"].sum())


def costs(run):
    run.add("costs", "cost_usd_present_value", 1e9, site=PIKETON, year=LAST, technology="gas_turbine", component="fuel")
    run.add("costs", "cost_usd_present_value", -1e9, site=PIKETON, year=LAST, technology="solar", component="capital")


def present_value(run):
    run.tables["summary"]["present_value_usd"] *= 1.01


def levelised(run):
    run.tables["summary"]["levelised_cost_usd_per_mwh"] *= 1.01


def gap(run):
    run.given["gap"] = 0.01


def shares(run):
    run.tables["summary"]["cost_share_estimate"] += 0.1


CORRUPTIONS = {
    "shares_are_shares": no_share,
    "load_per_mw_within_one": above_one,
    "year_weights_follow": weights,
    "annuities_pay_back": annuity,
    "power_balance": balance,
    "load_follows_energised": load,
    "nothing_negative": negative,
    "output_within_availability": output,
    "stored_energy_follows": stored,
    "storage_within_limits": overfull,
    "gas_within_trunk": trunk,
    "firm_gas_within_trunk": firm_trunk,
    "lines_carry_what_is_sent": line,
    "run_hours_within_permit": permit,
    "shedding_within_limits": shedding,
    "reserve_carries_the_peak": reserve,
    "survivors_carry_the_peak": unit_loss,
    "vintages_add_up": vintages,
    "vintages_stay_within_life": life,
    "capacity_rolls_forward": account,
    "earliest_years_respected": too_early,
    "capacity_within_limits": limits,
    "machines_are_whole": part_of_a_machine,
    "capacity_floors_met": floor,
    "built_within_slots": slots,
    "spent_within_budget": budget,
    "contract_is_firm_and_nonfirm": contract,
    "connection_after_queue": queue,
    "import_within_contract": imports,
    "export_pays_wheeling": export,
    "zone_steps_within_width": zone_step,
    "region_within_headroom": headroom,
    "steps_are_reinforced": reinforcement,
    "billed_demand_covers_peaks": billed,
    "energised_and_waiting_are_the_ramp": ramp,
    "ramp_followed_from_below": above_ramp,
    "energised_stays_energised": switched_off,
    "unserved_share_within_limit": unserved,
    "no_forbidden_slack": slack,
    "co2_within_cap": carbon,
    "national_account_closes": nation,
    "placement_adds_up": placement,
    "costs_sum_to_objective": objective,
    "costs_follow_from_quantities": costs,
    "present_value_is_the_supply_cost": present_value,
    "levelised_cost_follows": levelised,
    "gap_within_limit": gap,
    "shares_sum_to_one": shares,
}
