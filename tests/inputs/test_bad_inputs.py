"""A wrong key, value or name is told once, at its place, with what was given, what is allowed and what to do."""

import pytest


def test_good_scenario_has_no_fault(desk):
    assert desk.load(desk.good).scenario.name == "good"


SITE_CASES = [
    # what is written below `piketon:`, place, key below it, message, given, allowed, remedy
    pytest.param("colour: red", "7:5", "colour", "this key is not known here", "colour", "load_ramp_mw", None,
                 id="unknown key"),
    pytest.param("grid: {conection_max_mw: 5}", "7:12", "grid.conection_max_mw", "this key is not known here",
                 "conection_max_mw", "connection_max_mw", "did you mean 'connection_max_mw'?", id="misspelt key"),
    pytest.param("grid: {connection_max_mw: 800 MW}", "7:31", "grid.connection_max_mw", "this is a text, not a number",
                 '"800 MW"', "a plain number in MW", "write a plain number in MW: 800", id="unit text"),
    pytest.param("grid: {connection_max_mw: 0.8 GW}", "7:31", "grid.connection_max_mw", "this is a text, not a number",
                 '"0.8 GW"', "a plain number in MW", "write a plain number in MW: 800", id="other unit"),
    pytest.param('grid: {connection_max_mw: "800"}', "7:31", "grid.connection_max_mw", "this is a text, not a number",
                 '"800"', "a plain number in MW", "write 800 without quotes", id="quoted number"),
    pytest.param("grid: {connection_max_mw: true}", "7:31", "grid.connection_max_mw",
                 "true and false are not numbers", "true", "a plain number in MW", None, id="truth value"),
    pytest.param("grid: {connection_max_mw: -5}", "7:31", "grid.connection_max_mw", "this cannot be negative", "-5",
                 "0 or more", None, id="negative"),
    pytest.param("grid: {connection_max_mw: .nan}", "7:31", "grid.connection_max_mw", "not a number", ".nan",
                 "a finite number", "write the number, or leave the key out", id="nan"),
    pytest.param("grid: {connection_max_mw: NaN}", "7:31", "grid.connection_max_mw", "this is a text, not a number",
                 '"NaN"', "a plain number in MW", "write a plain number in MW", id="nan as text"),
    pytest.param("grid: {export: yes}", "7:20", "grid.export", "this value does not fit here", '"yes"', "true or false",
                 None, id="yes"),
    pytest.param("gas: {basis: hubb}", "7:18", "gas.basis", "this value is not known", '"hubb"', "'delivered' or 'hub'",
                 "did you mean 'hub'?", id="unknown choice"),
    pytest.param("gas: {hub: waha}", "7:11", "gas.hub", "holds its transport already", "waha", None,
                 "write `basis: hub`", id="two price bases"),
    pytest.param("gas: {basis: hub, hub: wahaa}", "7:28", "gas.hub", "this gas hub is not known", "wahaa", "waha",
                 "did you mean 'waha'?", id="unknown hub"),
    pytest.param("grid: {zone: pjm_apc}", "7:18", "grid.zone", "this grid zone is not known", "pjm_apc", "pjm_aep",
                 "did you mean 'pjm_aep'?", id="unknown zone"),
    pytest.param("like: abilen", "7:11", "like", "this site is not known", "abilen", "abilene, piketon",
                 "did you mean 'abilene'?", id="unknown like"),
    pytest.param("capex_multiplier: {gas_turbin: 2}", "7:24", "capex_multiplier.gas_turbin",
                 "this technology is not known", "gas_turbin", "gas_turbine", "did you mean 'gas_turbine'?",
                 id="unknown technology"),
    pytest.param("capacity_floor_mw: [{technologies: [gas_turbine, batery], mw: {2030: 5}}]", "7:54",
                 "capacity_floor_mw.0.technologies.1", "not among the technologies of this site", "batery",
                 "gas_turbine, battery", "did you mean 'battery'?", id="floor of a technology not listed"),
    pytest.param("capacity_floor_mw: [{technologies: [gas_turbine], mw: {2033: 5}}]", "7:60",
                 "capacity_floor_mw.0.mw.2033", "2033 comes after the last modelled year, 2032", "2033",
                 "years up to 2032", "add a year to horizon.years", id="floor after the last year"),
    pytest.param("hourly: {load: nowhere.csv}", "7:20", "hourly.load", "the file nowhere.csv does not exist", None,
                 None, None, id="missing hourly file"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "place", "key", "message", "given", "allowed", "remedy"), SITE_CASES)
def test_fault_of_a_site_is_told_completely(desk, line, place, key, message, given, allowed, remedy):
    (problem,) = desk.problems_of(f"{desk.good}    {line}\n")
    assert str(problem.origin) == f"a.yaml:{place}"
    assert problem.key == f"sites.piketon.{key}"
    assert message in problem.message
    assert problem.given == given
    assert (problem.allowed is None) if allowed is None else allowed in problem.allowed
    assert remedy is None or remedy in problem.remedy


SCENARIO_CASES = [
    # what is written at the end of the file, place, key, message, remedy
    pytest.param("colour: red", "7:1", "colour", "this key is not known here", None, id="unknown key"),
    pytest.param("requirments: {}", "7:1", "requirments", "this key is not known here",
                 "did you mean 'requirements'?", id="misspelt section"),
    pytest.param("requirements: {units_lost: binomal}", "7:28", "requirements.units_lost", "this value is not known",
                 "did you mean 'binomial'?", id="number or word"),
    pytest.param("requirements: {reserve_margin: 15 %}", "7:32", "requirements.reserve_margin",
                 "this is a text, not a number", "write a plain number: 0.15", id="per cent"),
    pytest.param("fuel: {case: aeo2026_base}", "7:14", "fuel.case", "this fuel case is not known",
                 "did you mean 'aeo2026_baseline'?", id="unknown fuel case"),
    pytest.param("national: {trajectory: lbnl_hi}", "7:24", "national.trajectory", "this trajectory is not known",
                 "did you mean 'lbnl_high'?", id="unknown trajectory"),
    pytest.param("national: {trajectory: lbnl_high, rest_of_state_technologies: [batery]}", "7:64",
                 "national.rest_of_state_technologies.0", "this technology is not known", "did you mean 'battery'?",
                 id="unknown technology of the states"),
    pytest.param("national: {trajectory: lbnl_high, existing_fleet_twh: {2040: 5}}", "7:56",
                 "national.existing_fleet_twh.2040", "2040 comes after the last modelled year", "take 2040 out",
                 id="fleet after the last year"),
    pytest.param("technologies: {gas_turbine: {machine_class: frame_g}}", "7:45",
                 "technologies.gas_turbine.machine_class", "machine class of gas_turbine is not known",
                 "did you mean 'frame_f'?", id="unknown class"),
    pytest.param("technologies: {combined_cycle: {cost_case: markt}}", "7:44", "technologies.combined_cycle.cost_case",
                 "cost case of combined_cycle is not known", "did you mean 'market'?", id="unknown cost case"),
    pytest.param("technologies: {gas_turbin: {}}", "7:16", "technologies.gas_turbin", "this key is not known here",
                 "did you mean 'gas_turbine'?", id="unknown technology"),
    pytest.param("technologies: {gas_turbine: {capacity_mw: {2028: -5}}}", "7:50",
                 "technologies.gas_turbine.capacity_mw.2028", "this cannot be negative", None, id="negative capacity"),
    pytest.param("technologies: {gas_turbine: {capacity_mw: much}}", "7:43", "technologies.gas_turbine.capacity_mw",
                 "this is a text, not a number", "write a plain number in MW", id="series that is a text"),
    pytest.param("lines: {a: {from_site: piketon, to_site: piketown, length_km: 5}}", "7:42", "lines.a.to_site",
                 "which is no site of the scenario", "did you mean 'piketon'?", id="line to nowhere"),
    pytest.param("lines: {a: {from_site: piketon, to_site: piketon, length_km: 5}}", "7:42", "lines.a.to_site",
                 "begins and ends at the same site", "name two sites", id="line to itself"),
    pytest.param("lines: {a: {from_site: piketon, to_site: piketon}}", "7:9", "lines.a.length_km",
                 "this key is missing", "write it", id="missing key"),
    pytest.param("lines: {a: {from_site: piketon, to_site: b, length_km: 5, voltage_kv: 400}}", "7:71",
                 "lines.a.voltage_kv", "this value is not known", None, id="unknown voltage"),
    pytest.param("overrides: [{table: fuels, where: {fuel: lpg}, value: 3, reason: why}]", "7:42",
                 "overrides.0.where.fuel", "no row of fuels.csv fits this override", None, id="override of nothing"),
    pytest.param("overrides: [{table: fuels, where: {feul: lng}, value: 3, reason: why}]", "7:36",
                 "overrides.0.where.feul", "fuels.csv has no key column feul", "did you mean 'fuel'?",
                 id="override by no key"),
    pytest.param("overrides: [{table: fules, where: {fuel: lng}, value: 3, reason: why}]", "7:21",
                 "overrides.0.table", "there is no table of figures named fules", "did you mean 'fuels'?",
                 id="override of no table"),
    pytest.param('overrides: [{table: fuels, where: {fuel: lng}, value: 3, reason: ""}]', "7:66", "overrides.0.reason",
                 "this is empty", None, id="override without a reason"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "place", "key", "message", "remedy"), SCENARIO_CASES)
def test_fault_of_a_section_is_told_completely(desk, line, place, key, message, remedy):
    problem = next(problem for problem in desk.problems_of(f"{desk.good}{line}\n") if problem.key == key)
    assert str(problem.origin) == f"a.yaml:{place}"
    assert message in problem.message
    assert remedy is None or remedy in problem.remedy
