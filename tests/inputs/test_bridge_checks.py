"""Bridge power that is bought, or asked for after its permit, is told where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import check_scenario_file

TEXT = """extends: {base}
name: a
horizon: {{years: [2028, 2030, 2035], final_span_years: 10}}
sites:
  piketon:
    load_ramp_mw: {{2028: 100}}
    technologies:
      gas_engine: {{}}
      bridge_power: {{{said}}}
"""


def written(folder: Path, said: str) -> Path:
    path = folder / "a.yaml"
    path.write_text(TEXT.format(base=scenarios_folder() / "base.yaml", said=said), encoding="utf-8")
    return path


def problems_of(folder: Path, said: str) -> Any:
    with pytest.raises(InputError) as error:
        check_scenario_file(written(folder, said))
    return error.value.problems


@pytest.mark.parametrize(
    "said",
    [
        "ordered_mw: {2028: 100}",
        "capex_usd_per_kw: 900",
        "fixed_om_usd_per_kw_year: 20",
        "economic_life_years: 10",
        "cost_of_capital_real: 0.1",
        "units: whole",
    ],
)
def test_what_is_rented_has_no_key_of_what_is_bought(tmp_path: Path, said: str) -> None:
    (problem,) = problems_of(tmp_path, said)
    assert problem.key == f"sites.piketon.technologies.bridge_power.{said.split(':', maxsplit=1)[0]}"
    assert problem.message.startswith("bridge_power is rented: it has ")
    assert "rental_usd_per_mw_month" in problem.remedy
    assert str(problem.origin).endswith("a.yaml:9:22")


@pytest.mark.parametrize("key", ["capacity_mw", "capacity_min_mw"])
def test_a_demand_after_the_permit_is_told_with_its_dates(tmp_path: Path, key: str) -> None:
    (problem,) = problems_of(tmp_path, f"{key}: {{2028: 50}}, permit_years: 3")
    assert problem.message == (
        f"{key} asks for bridge_power in 2030, which stands for 2030 to 2034, but its permit holds from 2028 to 2030"
    )
    assert (problem.given, problem.allowed) == ("50 MW in 2030", "0 MW after 2030")
    assert problem.remedy == "let it end with the permit, such as {2028: 50, 2031: 0}, or write a longer `permit_years`"


@pytest.mark.parametrize("said", ["capacity_mw: {2028: 50, 2030: 0}", "capacity_max_mw: 50", ""])
def test_a_demand_within_the_permit_is_no_fault(tmp_path: Path, said: str) -> None:
    check_scenario_file(written(tmp_path, said))


def test_a_permit_of_no_year_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "permit_years: 0")
    assert problem.key.endswith("bridge_power.permit_years")
