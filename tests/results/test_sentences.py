"""The answer says first what a planner must know first."""

import pandas as pd

from gigasite.results.reasons import NOT_NEEDED
from gigasite.results.run import Run
from gigasite.results.sentences import answer
from gigasite.results.words import dollars, listed, megawatts


def changed(run, tables=None, **manifest):
    """The same run with other tables or another manifest."""
    other = Run(run.path, {**run.manifest, **manifest})
    other._frames.update(tables or {})
    return other


def changed_settings_of(run, tables):
    """The same run with other tables, keeping settings that were put in by hand."""
    other = changed(run, {"capacity": run.capacity, **tables})
    other.__dict__["settings"] = run.settings
    return other


def summary_with(run, **columns):
    return run.summary.assign(**columns)


def test_answer_says_what_stands_in_how_many_machines(waiting):
    assert answer(waiting.run)[0] == "In 2032 there stand 800 MW of gas turbine (about 14.8 machines of 54.12 MW)."


def test_answer_says_when_first_power_comes(everything):
    alone = changed(everything.run, {"demand": everything.run.demand.iloc[:0]})
    assert "First power comes in 2032: 1,710 MW of the 1,710 MW wanted then." in answer(alone)
    assert not any(sentence.startswith("First power") for sentence in answer(everything.run))


def test_answer_says_what_waits_for_what_and_what_it_costs(waiting):
    told = next(sentence for sentence in answer(waiting.run) if sentence.startswith("Load waits"))
    assert "most in 2032" in told
    assert "of 1,000 MW" in told
    assert "bn USD in that year" in told
    assert told.endswith("It waits for gas turbine (given).")


def test_answer_says_that_nothing_waits(everything):
    assert "Nothing waits: every megawatt wanted is energised in its year." in answer(everything.run)


def test_answer_says_what_supply_costs(waiting):
    told = answer(waiting.run)
    cost = waiting.tables["summary"].iloc[0]
    assert any(f"{cost['levelised_cost_usd_per_mwh']:,.1f} USD per MWh served" in sentence for sentence in told)
    assert any("what was announced comes to 2.90 bn USD" in sentence for sentence in told)


def test_answer_says_what_binds(waiting):
    assert any(
        sentence.startswith("What binds: One more MW of capacity that survives") for sentence in answer(waiting.run)
    )


def test_plan_that_does_not_serve_its_load_says_so_first(unserved):
    told = answer(unserved.run)
    assert told[0].startswith("This plan does not serve its load: 100 %")
    assert "the limit is 0.01 %" in told[0]
    assert "1 of" in told[1]


def test_plan_that_failed_a_check_says_which_before_the_answer(everything):
    checks = everything.tables["checks"].copy()
    checks.loc[0, ["passed", "sentence"]] = [False, "Supply misses use by 5 MW."]
    told = answer(changed(everything.run, {"checks": checks}))
    number, name = len(checks), checks.loc[0, "check"]
    assert told[0] == f"1 of {number} checks failed, so do not use this answer. {name}: Supply misses use by 5 MW."
    assert not any("checks passed" in sentence for sentence in told)


def test_plan_cut_short_says_so(everything):
    told = answer(changed(everything.run, status="limit", gap=0.0123))
    assert told[0] == "The solve ended at its limit: this is a plan, but one up to 1.23 % cheaper may exist."


def test_plan_of_an_interrupted_solve_says_so_and_its_open_gap_is_no_failed_check(everything):
    checks = everything.tables["checks"].copy()
    checks.loc[checks["check"] == "gap_within_limit", "passed"] = False
    told = answer(changed(everything.run, {"checks": checks}, status="interrupted", gap=0.2))
    assert told[0] == "The solve was interrupted: this is a plan, but one up to 20.00 % cheaper may exist."
    assert not any("do not use this answer" in sentence for sentence in told)


def test_plan_with_a_given_fleet_tells_its_certified_gap(everything):
    given = changed(everything.run, gap=3.21e-5)
    given.__dict__["settings"] = {**everything.run.settings, "requirements": {"units_lost": 0}}
    told = answer(given)
    assert "No plan is more than 0.0033 % cheaper: that is certified by a lower bound." in told


def test_few_days_are_never_an_answer(everything):
    assert answer(everything.run)[-1].startswith("Solved on 4 of 365 days")


def test_coarse_run_is_for_looking(everything):
    table = summary_with(everything.run, days=365)
    told = answer(changed(everything.run, {"summary": table}))
    assert told[-1] == "Solved on 6-hour means: good for comparing; for a decision set horizon.resolution_h: 1."


def test_hourly_run_of_a_whole_year_needs_no_excuse(everything):
    table = summary_with(everything.run, days=365, resolution_h=1)
    told = answer(changed(everything.run, {"summary": table}))
    assert f"All {len(everything.run.checks)} checks passed." in told
    assert not any(sentence.startswith("Solved on") for sentence in told)


def test_national_shortfall_says_what_binds(everything):
    told = [sentence for sentence in answer(everything.run) if "TWh are served" in sentence]
    assert [sentence[:5] for sentence in told] == ["2032:", "2036:"]
    assert "sites are energised in full" in told[0]
    assert all(len(sentence.split()) <= 35 for sentence in told)


def test_trajectory_that_is_met_is_said_to_be(everything):
    table = everything.run.demand.assign(shortfall_twh=0.0)
    told = answer(changed(everything.run, {"demand": table}))
    assert any(sentence.startswith("2032: the trajectory of ") and "is met" in sentence for sentence in told)


def test_ramps_that_the_trajectory_does_not_need_are_told(everything):
    load = everything.run.load.assign(waiting_mw=100.0, waits_for=NOT_NEEDED)
    tables = {"demand": everything.run.demand.assign(shortfall_twh=0.0), "load": load}
    told = answer(changed(everything.run, tables))
    assert any("400 MW of the ramps are not needed." in sentence for sentence in told)


def test_published_price_stands_beside_the_cost_found(waiting):
    cost = waiting.run.summary["levelised_cost_usd_per_mwh"].iloc[0]
    table = summary_with(waiting.run, published_price_usd_per_mwh=cost / 2)
    told = next(s for s in answer(changed(waiting.run, {"summary": table})) if s.startswith("Published"))
    assert told.endswith(f"The cost found here is {cost:,.0f}, 2.0 times that.")
    assert not any(s.startswith("Published") for s in answer(waiting.run))


def test_announcement_of_a_part_is_told_of_that_part(waiting):
    grid = waiting.run.capacity.assign(technology="grid_connection")
    both = pd.concat([waiting.run.capacity, grid], ignore_index=True)
    told = answer(changed(waiting.run, {"capacity": both}))
    assert any("of this, gas turbine: 2.90 bn USD as announced" in sentence for sentence in told)


def test_what_was_built_and_has_gone_is_told(waiting):
    left = waiting.run.capacity.copy()
    left.loc[left["year"] == 2032, "retired_mw"] = 400.0
    told = answer(changed(waiting.run, {"capacity": left}))
    assert any(sentence.startswith("Built and gone by 2032: 400 MW of gas turbine") for sentence in told)


def test_grid_that_is_not_firm_leaves_the_reserve_to_batteries(everything):
    contract = everything.run.table("contract").assign(contract_mw=1000.0, firm_contract_mw=0.0)
    contract.loc[contract["year"] == 2036, "firm_contract_mw"] = 1000.0
    capacity = everything.run.capacity.copy()
    stores = (capacity["technology"] == "battery") & (capacity["site"] == "piketon")
    capacity.loc[stores, ["total_mw", "firm_mw"]] = 900.0
    told = answer(changed(everything.run, {"contract": contract, "capacity": capacity}))
    assert any(s.startswith("Until 2036 the grid is not firm, so 9") for s in told)


def test_plan_that_chose_its_machines_is_not_said_to_be_the_cheapest(everything, waiting):
    said = "The plan obeys the exact rule for lost machines"
    assert any(sentence.startswith(said) for sentence in answer(everything.run))
    assert not any(sentence.startswith(said) for sentence in answer(waiting.run))


def fleets(run, **units):
    """The same run with a site's fleets chosen by the plan, whole or continuous, and a number of machines lost."""
    one = run.capacity[(run.capacity["technology"] == "gas_turbine") & (run.capacity["year"] == 2032)]
    rows = [one.assign(technology=name, bound="free") for name in units]
    other = changed(run, {"capacity": pd.concat(rows, ignore_index=True)})
    options = {name: {"units": kind} for name, kind in units.items()}
    other.__dict__["settings"] = {
        "technologies": {"gas_turbine": {"units": "whole"}},
        "sites": {"piketon": {"technologies": options}},
        "requirements": {"units_lost": 3},
    }
    return other


UNPROVEN = "is not proven the cheapest of all plans that do."


def test_whole_machines_of_which_a_number_is_lost_leave_nothing_unproven(waiting):
    told = answer(fleets(waiting.run, gas_turbine="whole", gas_engine="whole"))
    assert not any(sentence.endswith(UNPROVEN) for sentence in told)
    assert any(sentence.startswith("No plan is more than") for sentence in told)


def test_a_number_lost_is_not_proven_where_any_machine_of_the_site_may_be_a_fraction(waiting):
    mixed = fleets(waiting.run, gas_turbine="whole", gas_engine="continuous")
    assert any(sentence.endswith(UNPROVEN) for sentence in answer(mixed))
    # nor where the fraction is allowed and none of it is built
    none_built = mixed.capacity.copy()
    none_built.loc[none_built["technology"] == "gas_engine", ["units", "total_mw", "firm_mw"]] = 0.0
    told = answer(changed_settings_of(mixed, {"capacity": none_built}))
    assert any(sentence.endswith(UNPROVEN) for sentence in told)


def test_machines_that_do_not_count_at_the_peak_need_no_proof(waiting):
    mixed = fleets(waiting.run, gas_turbine="whole", backup_generator="continuous")
    not_firm = mixed.capacity.copy()
    not_firm.loc[not_firm["technology"] == "backup_generator", "firm_mw"] = 0.0
    told = answer(changed_settings_of(mixed, {"capacity": not_firm}))
    assert not any(sentence.endswith(UNPROVEN) for sentence in told)


def test_what_binds_is_ranked_by_its_worth_and_at_most_two(waiting):
    row = waiting.run.prices.iloc[[0]]
    kinds = [("reserve", 5.0, 9e9), ("co2_cap", 1e6, 1e3), ("build_slots", 1.0, 5e9)]
    rows = [row.assign(requirement=k, shadow_price=p, worth_usd=w, sentence=f"{k}.") for k, p, w in kinds]
    told = answer(changed(waiting.run, {"prices": pd.concat(rows, ignore_index=True)}))
    assert "What binds: reserve. build_slots." in told


def test_nothing_binds_where_nothing_is_energised_or_built(waiting):
    load, capacity = waiting.run.load.assign(energised_mw=0.0), waiting.run.capacity.assign(total_mw=0.0)
    told = answer(changed(waiting.run, {"load": load, "capacity": capacity}))
    assert not any(sentence.startswith("What binds") for sentence in told)


def test_nothing_energised_is_said_plainly(everything):
    table = summary_with(everything.run, first_power_year=pd.NA)
    assert "No facility is energised in any year." in answer(changed(everything.run, {"summary": table}))


def test_numbers_are_rounded_to_what_is_known():
    assert [dollars(usd) for usd in (0.0, 37.85, 1234567.0)] == ["0.00 USD", "37.9 USD", "1.23 million USD"]
    assert megawatts(99.96) == "100.0 MW"
    assert listed([]) == "nothing"
    assert listed(["gas"]) == "gas"
