"""An impossible scenario is answered with the least change that makes it possible."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gigasite.foundation.errors import InfeasibleScenario, LimitReached
from gigasite.run.solve_run import solve_scenario

Write = Callable[[str, str], Path]


def refused(path: Path, results: Path) -> str:
    with pytest.raises(InfeasibleScenario) as caught:
        solve_scenario(path, results=results)
    assert not results.exists()
    return str(caught.value)


def test_a_budget_below_what_is_given_names_what_has_to_give(scenario: Write, tmp_path: Path) -> None:
    # 9,200 MW at 3,619.565 USD/kW of 2026 are 31.6 bn USD of 2024; 20 bn pay for 5,811 MW, less the trunk they need
    path = scenario("portsmouth-gas-only.yaml", "sites: {piketon: {capital_budget_usd: 20.0e+9}}\n")
    text = refused(path, tmp_path / "results")
    assert "capacity of gas_turbine that the scenario gives" in text
    assert "short by 3,4" in text
    assert "piketon, 2035" in text


def test_a_floor_above_the_slots_is_told_in_megawatts(scenario: Write, tmp_path: Path) -> None:
    text = refused(
        scenario(
            "portsmouth-smr.yaml",
            "sites: {piketon: {technologies: {small_modular_reactor: {capacity_min_mw: {2035: 40000},"
            " capacity_max_mw: 50000}}}}\n",
        ),
        tmp_path / "results",
    )
    assert "small_modular_reactor" in text
    assert "MW" in text


def test_a_floor_nobody_can_reach_is_told_with_its_site_and_technologies(scenario: Write, tmp_path: Path) -> None:
    text = refused(
        scenario("portsmouth.yaml", "sites: {piketon: {capital_budget_usd: 1.0e+9}}\n"),
        tmp_path / "results",
    )
    assert "piketon: combined_cycle + gas_turbine + gas_engine, 2035" in text


def test_a_connection_above_what_its_ramp_reaches_is_told(scenario: Write, tmp_path: Path) -> None:
    text = refused(
        scenario(
            "portsmouth-grid-only.yaml",
            "sites: {piketon: {technologies: {grid_connection: {capacity_min_mw: {2032: 900}}}, "
            "grid: {contract_ramp_mw_per_year: 100}}}\n",
        ),
        tmp_path / "results",
    )
    assert "the ramp of the grid contract cannot be met (piketon, 2032)" in text
    assert "contract_ramp_mw_per_year" in text


def test_a_cap_nobody_can_meet_is_no_answer(scenario: Write, tmp_path: Path) -> None:
    text = refused(
        scenario("portsmouth-gas-only.yaml", "requirements: {co2_cap_t_per_year: 1000}\nload: "
                 "{idle_value_usd_per_mw_year: 1.0e+9}\n"),
        tmp_path / "results",
    )  # fmt: skip
    assert "carbon dioxide over the cap" in text
    assert "co2_cap_t_per_year" in text


def test_a_limit_before_any_plan_leaves_no_run(scenario: Write, tmp_path: Path) -> None:
    path = scenario("portsmouth.yaml", "solve: {time_limit_s: 0.000001}\n")
    with pytest.raises(LimitReached, match="time_limit_s"):
        solve_scenario(path, results=tmp_path / "results")
    assert not (tmp_path / "results").exists()
