"""Futures of a scenario: what each overrides, and every fault told where it stands."""

from pathlib import Path
from textwrap import dedent

import pytest

from gigasite.formulation.registry import requirement_specs, technology_specs
from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.load import LoadedScenario, load_scenario

BASE = """
extends: base.yaml
name: fan
title: A fan
horizon: {years: [2028, 2032]}
sites:
  piketon:
    load_ramp_mw: {2028: 100, 2032: 300}
    technologies: [gas_turbine, solar]
"""
TWO = """
futures:
  known_in: 2032
  cases:
    low: {probability: 0.4, sites: {piketon: {load_ramp_mw: {2032: 200}}}}
    high: {probability: 0.6}
"""


def load(folder: Path, text: str) -> LoadedScenario:
    path = folder / "fan.yaml"
    path.write_text(BASE + text, encoding="utf-8")
    return load_scenario(path, technology_specs=technology_specs(), requirement_specs=requirement_specs())


def faults(folder: Path, text: str) -> dict[str, Problem]:
    with pytest.raises(InputError) as told:
        load(folder, dedent(text))
    return {str(problem.key): problem for problem in told.value.problems}


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate((BASE + dedent(text)).splitlines(), start=1) if words in line)


def test_each_future_is_the_scenario_with_what_it_overrides(tmp_path):
    loaded = load(tmp_path, TWO)
    low, high = loaded.futures["low"].scenario, loaded.futures["high"].scenario
    assert low.sites["piketon"].load_ramp_mw.plain() == {2028: 100.0, 2032: 200.0}
    assert high.sites["piketon"].load_ramp_mw.plain() == {2028: 100.0, 2032: 300.0}
    assert (low.name, low.title, low.futures) == ("fan-low", "A fan, low", None)
    assert loaded.scenario.futures.cases["low"].probability == 0.4


def test_a_scenario_without_futures_has_none(tmp_path):
    assert load(tmp_path, "").futures == {}


def test_a_future_may_override_any_section_and_take_keys_away(tmp_path):
    text = """
    requirements: {co2_price_usd_per_t: 30}
    futures:
      known_in: 2032
      cases:
        low:
          probability: 0.5
          requirements: {co2_price_usd_per_t: null}
          fuel: {price_multiplier: {2032: 2}}
          sites: {piketon: {technologies: {gas_turbine: {capacity_max_mw: 900}}}}
        high: {probability: 0.5}
    """
    low, high = (load(tmp_path, dedent(text)).futures[name].scenario for name in ("low", "high"))
    assert low.requirements.co2_price_usd_per_t is None
    assert high.requirements.co2_price_usd_per_t.at(2032) == 30
    assert low.fuel.price_multiplier.at(2032) == 2.0
    assert set(low.sites["piketon"].technologies) == {"gas_turbine", "solar"}


def test_a_figure_may_be_overridden_in_one_future_only(tmp_path):
    override = "{table: finance, where: {topic: load, item: utilisation_mean_fleet}, value: 0.6, reason: busy}"
    text = TWO.replace("high: {probability: 0.6}", f"high: {{probability: 0.6, overrides: [{override}]}}")
    loaded = load(tmp_path, text)
    value = [
        loaded.futures[name].tables.figure("finance", topic="load", item="utilisation_mean_fleet").value
        for name in ("low", "high")
    ]
    assert value == [0.5, 0.6]


@pytest.mark.parametrize(
    ("before", "after", "key", "said", "where"),
    [
        ("0.6", "0.5", "futures.cases", "do not add up to 1", "cases:"),
        ("known_in: 2032", "known_in: 2028", "futures.known_in", "nothing is decided before", "known_in"),
        ("known_in: 2032", "known_in: 2040", "futures.known_in", "would never be known", "known_in"),
        ("known_in: 2032", "commit: start", "futures.known_in", "this key is missing", "futures:"),
        ("known_in: 2032", "known_in: 2032\n  commit: later", "futures.commit", "not known", "commit"),
        ("known_in: 2032", "known_in: 2032\n  follow: hih", "futures.follow", "no such future", "follow"),
        ("2032: 200", "2032: -5", "futures.cases.low.sites.piketon.load_ramp_mw.2032", "negative", "low:"),
        ("0.6}", "0.6, colour: red}", "futures.cases.high.colour", "not known here", "high:"),
        ("0.6}", "0.6, horizon: {days: 3}}", "futures.cases.high.horizon", "same years", "high:"),
        ("0.6}", "0.6, solve: whole}", "futures.cases.high.solve", "solved together", "high:"),
        ("0.6}", "1.6}", "futures.cases.high.probability", "outside what is allowed", "high:"),
        ("{probability: 0.6}", "{}", "futures.cases.high.probability", "missing", "high:"),
        (
            "0.6}",
            "0.6, sites: {piketon: {technologies: [solar]}}}",
            "futures.cases.high.sites.piketon.technologies",
            "other technologies",
            "high:",
        ),
    ],
)
def test_every_fault_is_told_where_it_stands(tmp_path, before, after, key, said, where):
    text = TWO.replace(before, after)
    assert text != TWO
    found = faults(tmp_path, text)
    assert said in found[key].message or said in (found[key].allowed or "")
    assert found[key].origin.file.endswith("fan.yaml")
    assert found[key].origin.line == line_of(text, where)


def test_one_future_alone_is_none(tmp_path):
    text = TWO[: TWO.index("    high")].replace("0.4", "1.0")
    assert "one future alone" in faults(tmp_path, text)["futures.cases"].message


def test_a_name_that_cannot_be_one_is_told_once(tmp_path):
    found = faults(tmp_path, TWO.replace("high:", "High end:"))
    assert [key for key in found if "High end" in key] == ["futures.cases.High end"]
    assert "name" not in found


def test_a_site_that_only_one_future_has_is_refused(tmp_path):
    text = TWO.replace("0.6}", "0.6, sites: {abilene: {load_ramp_mw: {2032: 5}, technologies: [solar]}}}")
    found = faults(tmp_path, text)["futures.cases.high.sites"]
    assert found.given == "abilene"
    assert found.remedy.startswith("give every future the same sites")


def test_a_fault_of_the_scenario_is_told_once_and_not_for_each_future(tmp_path):
    path = tmp_path / "fan.yaml"
    path.write_text((BASE + TWO).replace("2028: 100", "2028: much"), encoding="utf-8")
    with pytest.raises(InputError) as told:
        load_scenario(path, technology_specs=technology_specs(), requirement_specs=requirement_specs())
    assert [problem.key for problem in told.value.problems] == ["sites.piketon.load_ramp_mw.2028"]


def test_what_a_future_breaks_elsewhere_is_told_with_its_name(tmp_path):
    text = TWO.replace("{2032: 200}", "{2032: 200}, technologies: {gas_turbine: {capacity_mw: {2036: 5}}}")
    found = faults(tmp_path, text)
    assert "futures.cases.low.sites.piketon.technologies.gas_turbine.capacity_mw.2036" in found


def test_an_uptime_and_futures_do_not_go_together(tmp_path):
    found = faults(tmp_path, "requirements: {uptime: 0.9999}\n" + TWO)
    assert "one future after another" in found["requirements.uptime"].message


def test_the_schema_of_editors_knows_futures():
    from gigasite import api

    definitions = api.schema()["$defs"]
    assert set(definitions["FuturesSpec"]["properties"]) == {"known_in", "commit", "follow", "cases"}
    assert definitions["FutureSpec"]["additionalProperties"] is True
