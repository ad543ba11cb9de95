"""Grid contracts that cannot be are told with line and column, what is allowed, and what to do."""

import pytest

from gigasite.foundation.errors import InputError
from gigasite.run.solve_run import check_scenario_file

SITE = """name: a
horizon: {{years: [2028, 2030, 2032]}}
sites:
  piketon:
    load_ramp_mw: {{2028: 800}}
    technologies: {technologies}
    grid: {grid}
"""
BLOCK = "{from_year: 2028, to_year: 2031, firm_mw: 300, nonfirm_mw: 100}"


@pytest.fixture
def check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def told(grid, technologies="{gas_turbine: {}, grid_connection: {}}"):
        (tmp_path / "a.yaml").write_text(SITE.format(grid=grid, technologies=technologies), encoding="utf-8")
        try:
            return check_scenario_file(tmp_path / "a.yaml")
        except InputError as error:
            return error.problems

    return told


FAULTS = [
    ("{queue_year_firm: @2020}", "queue_year_firm", "the queue ends in 2020, before the first year", "2026 or later"),
    (
        "{contracts: [" + BLOCK + ", {from_year: @2030, to_year: 2035, firm_mw: 500}]}",
        "contracts.1.from_year",
        "this contract overlaps the one of 2028 to 2031 (contracts.0)",
        "one contract at a time",
    ),
    (
        "{contracts: [{from_year: 2028, to_year: 2031, firm_mw: 300, floor_mw: @400}]}",
        "contracts.0.floor_mw",
        "the floor of billed demand is above the contract",
        "300 MW or less: firm_mw and nonfirm_mw together",
    ),
    (
        "{connection_max_mw: 250, contracts: [{from_year: 2028, to_year: 2031, firm_mw: @300}]}",
        "contracts.0",
        "this contract is above connection_max_mw",
        "250 MW or less: connection_max_mw",
    ),
    (
        "{contracts: [{from_year: 2031, to_year: @2028, firm_mw: 300}]}",
        "contracts.0.to_year",
        "this contract ends before it begins",
        "2031 or later",
    ),
    (
        "{contracts: [{from_year: @2040, to_year: 2045, firm_mw: 300}]}",
        "contracts.0.from_year",
        "begins after the last modelled year, 2032, and would never be seen",
        "years up to 2032",
    ),
    (
        "{queue_year_firm: 2030, contracts: [{from_year: @2028, to_year: 2031, firm_mw: 300}]}",
        "contracts.0.from_year",
        "this contract has firm megawatts before queue_year_firm",
        "2030 or later",
    ),
    ("{demand_floor_share: @1.2}", "demand_floor_share", "outside what is allowed", "1 or less"),
    ("{contract_ramp_mw_per_year: @0}", "contract_ramp_mw_per_year", "outside what is allowed", "more than 0"),
    (
        "{transmission_charge: @5cp}",
        "transmission_charge",
        "this value is not known",
        "'billed_demand', '4cp' or '12cp'",
    ),
]


@pytest.mark.parametrize(("grid", "key", "message", "allowed"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_a_contract_that_cannot_be_is_told_where_it_stands(check, grid, key, message, allowed):
    (problem,) = check(grid.replace("@", ""))
    column = len("    grid: ") + grid.index("@") + 1
    assert (str(problem.origin), problem.key) == (f"a.yaml:7:{column}", f"sites.piketon.grid.{key}")
    assert message in problem.message
    assert problem.allowed == allowed


@pytest.mark.parametrize(
    ("grid", "technologies", "key", "message"),
    [
        ("{contracts: [" + BLOCK + "]}", "[gas_turbine]", "grid.contracts", "no grid connection to contract for"),
        (
            "{contract_ramp_mw_per_year: 5}",
            "[gas_turbine]",
            "grid.contract_ramp_mw_per_year",
            "no grid connection to contract for",
        ),
        (
            "{contracts: [" + BLOCK + "]}",
            "{grid_connection: {capacity_mw: 500}}",
            "technologies.grid_connection.capacity_mw",
            "says the same as `contracts:` of piketon",
        ),
        (
            "{contract_ramp_mw_per_year: 5}",
            "{grid_connection: {capacity_mw: 500}}",
            "technologies.grid_connection.capacity_mw",
            "says the same as `contract_ramp_mw_per_year:` of piketon",
        ),
        (
            "{contracts: [" + BLOCK + "]}",
            "{grid_connection: {capacity_max_mw: {2028: 500, 2030: 350}}}",
            "grid.contracts.0",
            "this contract is above capacity_max_mw",
        ),
    ],
)
def test_contract_and_technology_must_fit(check, grid, technologies, key, message):
    (problem,) = check(grid, technologies)
    assert problem.key == f"sites.piketon.{key}"
    assert message in problem.message
    assert problem.origin.line in (6, 7)


def test_every_fault_of_two_contracts_is_told_at_once(check):
    problems = check(
        "{contracts: [{from_year: 2030, to_year: 2029, firm_mw: 1}, {from_year: 2028, to_year: 2028, floor_mw: 9}]}"
    )
    assert [problem.key for problem in problems] == [
        "sites.piketon.grid.contracts.0.to_year",
        "sites.piketon.grid.contracts.1.floor_mw",
    ]


def test_contracts_that_follow_each_other_are_good(check):
    loaded = check("{contracts: [" + BLOCK + ", {from_year: 2032, to_year: 2040, firm_mw: 500, floor_mw: 425}]}")
    assert [block.to_year for block in loaded.scenario.sites["piketon"].grid.contracts] == [2031, 2040]


def test_a_queue_that_ends_before_the_first_modelled_year_is_only_a_hint(check):
    loaded = check("{queue_year_nonfirm: 2026}")
    (note,) = loaded.notes
    assert str(note.origin) == "a.yaml:7:32"
    assert "2026 comes before the first modelled year" in note.message
