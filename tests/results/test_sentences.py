"""The answer says first what a planner must know first."""

import pandas as pd

from gigasite.results.run import Run
from gigasite.results.sentences import answer
from gigasite.results.words import dollars, listed, megawatts


def changed(run, tables=None, **manifest):
    """The same run with other tables or another manifest."""
    other = Run(run.path, {**run.manifest, **manifest})
    other._frames.update(tables or {})
    return other


def summary_with(run, **columns):
    return run.summary.assign(**columns)


def test_answer_says_what_stands_in_how_many_machines(waiting):
    assert "in 2032 there stand 800 MW of gas turbine (15 machines)." in answer(waiting.run)[0]


def test_answer_says_when_first_power_comes(everything):
    assert "First power comes in 2032: 1,710 MW of the 1,710 MW wanted then." in answer(everything.run)


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
    assert told[0] == "1 of 39 checks failed, so do not use this answer. power_balance: Supply misses use by 5 MW."
    assert not any("checks passed" in sentence for sentence in told)


def test_plan_cut_short_says_so(everything):
    told = answer(changed(everything.run, status="limit"))
    assert told[0] == "The solve ended at its limit: this is a plan, but a cheaper one may exist."


def test_few_days_are_never_an_answer(everything):
    assert answer(everything.run)[-1].startswith("Solved on 4 of 365 days")


def test_coarse_run_is_for_looking(everything):
    table = summary_with(everything.run, days=365)
    told = answer(changed(everything.run, {"summary": table}))
    assert told[-1] == "Solved on means of 6 hours: for looking, not certified; resolution_h: 1 is."


def test_hourly_run_of_a_whole_year_needs_no_excuse(everything):
    table = summary_with(everything.run, days=365, resolution_h=1)
    assert answer(changed(everything.run, {"summary": table}))[-1] == "All 39 checks passed."


def test_national_shortfall_says_what_binds(everything):
    told = [sentence for sentence in answer(everything.run) if "the nation falls" in sentence]
    assert [sentence[:7] for sentence in told] == ["In 2032", "In 2036"]
    assert "ramp limits" in told[0]


def test_trajectory_that_is_met_is_said_to_be(everything):
    table = everything.run.demand.assign(shortfall_twh=0.0)
    assert "The national trajectory is met in every year." in answer(changed(everything.run, {"demand": table}))


def test_nothing_energised_is_said_plainly(everything):
    table = summary_with(everything.run, first_power_year=pd.NA)
    assert "No facility is energised in any year." in answer(changed(everything.run, {"summary": table}))


def test_numbers_are_rounded_to_what_is_known():
    assert [dollars(usd) for usd in (0.0, 37.85, 1234567.0)] == ["0.00 USD", "37.9 USD", "1.23 million USD"]
    assert megawatts(99.96) == "100.0 MW"
    assert listed([]) == "nothing"
    assert listed(["gas"]) == "gas"
