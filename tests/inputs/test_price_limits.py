"""Prices that are slips are told where they stand, in every section of a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gigasite.formulation.registry import requirement_specs, technology_specs
from gigasite.foundation.errors import InputError
from gigasite.inputs.price_limits import LARGEST_USD
from gigasite.inputs.scenario import scenario_type
from gigasite.run.solve_run import check_scenario_file

SITE = """name: a
horizon: {{years: [2030, 2032]}}
requirements: {{{requirements}}}
sites:
  piketon:
    load_ramp_mw: {{2030: 800}}
    technologies: {{gas_engine: {{{gas_engine}}}, bridge_power: {{{bridge_power}}}, grid_connection: {{}}}}
    gas: {{basis: hub, transport: {{{transport}}}}}
    {site}
"""


def problems_of(folder: Path, **said: str) -> Any:
    parts = dict.fromkeys(("requirements", "gas_engine", "bridge_power", "transport", "site"), "")
    path = folder / "a.yaml"
    path.write_text(SITE.format(**{**parts, **said}), encoding="utf-8")
    with pytest.raises(InputError) as error:
        check_scenario_file(path)
    return error.value.problems


@pytest.mark.parametrize(
    ("part", "key", "where", "allowed"),
    [
        ("requirements", "co2_price_usd_per_t", "requirements", "1,000,000 USD/t or less"),
        ("gas_engine", "capex_usd_per_kw", "sites.piketon.technologies.gas_engine", "1,000,000 USD/kW or less"),
        ("gas_engine", "fixed_om_usd_per_kw_year", "sites.piketon.technologies.gas_engine", "1,000,000 USD/kW-year"),
        ("bridge_power", "rental_usd_per_mw_month", "sites.piketon.technologies.bridge_power", "1,000,000,000 USD"),
        ("transport", "interruptible_usd_per_mmbtu", "sites.piketon.gas.transport", "10,000 USD/MMBtu or less"),
        ("site", "capital_budget_usd", "sites.piketon", "100,000,000,000,000 USD or less"),
    ],
)
def test_an_absurd_price_is_told_where_it_stands(tmp_path: Path, part: str, key: str, where: str, allowed: str) -> None:
    (problem,) = problems_of(tmp_path, **{part: f"{key}: 1.0e+30"})
    assert problem.message == "no price or cost is as large as this"
    assert (problem.key, problem.given) == (f"{where}.{key}", "1e+30")
    assert problem.allowed.startswith(allowed)
    assert problem.remedy == "look at its digits and its unit"
    assert problem.origin.line is not None


def test_every_absurd_year_of_a_path_is_told(tmp_path: Path) -> None:
    found = problems_of(tmp_path, requirements="co2_price_usd_per_t: {2030: 1.0e+9, 2031: 20, 2032: 1.0e+9}")
    assert [problem.key for problem in found] == [f"requirements.co2_price_usd_per_t.{year}" for year in (2030, 2032)]


def test_every_key_in_money_has_a_limit() -> None:
    """A new option in dollars ends with one of the units that have a limit."""
    schema = scenario_type(technology_specs(), requirement_specs()).model_json_schema()
    named = {key for table in [schema, *schema["$defs"].values()] for key in table.get("properties", {})}
    money = {key for key in named if "usd" in key.split("_")}
    assert len(money) > 15
    limited = {key for key in money if any(key == unit or key.endswith(f"_{unit}") for unit in LARGEST_USD)}
    assert money - limited == set()
