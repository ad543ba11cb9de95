"""What contradicts itself, or could never act, is told where it stands."""

import pytest

from gigasite.foundation.errors import InputError
from gigasite.run.solve_run import check_scenario_file

SITE = """name: a
horizon: {{years: [2028, 2030, 2032], resolution_h: {step}}}
requirements: {requirements}
sites:
  piketon:
    load_ramp_mw: {{2028: 800}}
    technologies: {technologies}
    grid: {grid}
"""
FAULTS = [
    (
        {"technologies": "{combined_cycle: {unit_size_mw: 5000}}"},
        "sites.piketon.technologies.combined_cycle.unit_size_mw",
        "one machine of combined_cycle is bigger than all the load of piketon",
    ),
    (
        {"technologies": "{gas_engine: {earliest_year: 2030, order_month: '2034-01'}}"},
        "sites.piketon.technologies.gas_engine.order_month",
        "order_month of gas_engine says nothing beside earliest_year",
    ),
    (
        {"grid": "{contracts: [{from_year: 2030, to_year: 2030}]}"},
        "sites.piketon.grid.contracts.0",
        "this contract is for no megawatts",
    ),
    (
        {"grid": "{contracts: [{from_year: 2020, to_year: 2021, firm_mw: 100}]}"},
        "sites.piketon.grid.contracts.0.to_year",
        "this contract ends before 2026, the first year there is",
    ),
]


@pytest.fixture
def check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def told(**parts):
        plain = {
            "technologies": "{gas_turbine: {}, grid_connection: {}}",
            "grid": "{}",
            "requirements": "{}",
            "step": "1",
        }
        (tmp_path / "a.yaml").write_text(SITE.format(**{**plain, **parts}), encoding="utf-8")
        return check_scenario_file(tmp_path / "a.yaml")

    return told


@pytest.mark.parametrize(("parts", "key", "message"), FAULTS, ids=[key for _, key, _ in FAULTS])
def test_a_contradiction_is_told_where_it_stands(check, parts, key, message):
    with pytest.raises(InputError) as refused:
        check(**parts)
    (problem,) = refused.value.problems
    assert problem.key == key
    assert message in problem.message
    assert problem.origin is not None
    assert problem.remedy


def test_a_machine_that_fits_is_taken(check):
    check(technologies="{combined_cycle: {unit_size_mw: 500}, grid_connection: {}}")


def test_an_outage_that_ends_inside_a_step_is_a_hint(check):
    (note,) = check(requirements="{outage_survival_h: 2}", step="24").notes
    assert "an outage of 2 h ends inside a time step of 24 h" in str(note)
    assert check(requirements="{outage_survival_h: 48}", step="24").notes == ()
