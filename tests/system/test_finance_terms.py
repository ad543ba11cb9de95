"""The cost of capital of `finance:` sizes the plan; without the section nothing moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gigasite.finance.annuity import capital_recovery_factor
from gigasite.finance.construction import interest_during_construction_factor
from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import assemble_file

SMR = "small_modular_reactor"
PROFILE = [0.10, 0.20, 0.25, 0.25, 0.20]


def smr(folder: Path, said: str, case: str = "moderate") -> tuple[Any, Any]:
    path = folder / "a.yaml"
    base = scenarios_folder() / "idaho-smr.yaml"
    sites = f"sites: {{inl: {{technologies: {{{SMR}: {{cost_case: {case}}}}}}}}}"
    path.write_text(f"extends: {base}\nname: a\nhorizon: {{resolution_h: 24}}\n{sites}\n{said}\n", encoding="utf-8")
    _, system = assemble_file(path)
    return system, system.features[SMR]


def test_without_the_section_annuities_are_those_of_the_inputs_byte_for_byte(tmp_path: Path) -> None:
    system, data = smr(tmp_path, "")
    context = system.context
    assert context.terms is None
    rate = context.figure("inl", SMR, "cost_of_capital_real").value
    weights = context.money.annuity_weights(
        life_years=context.economic_life_years("inl", SMR), cost_of_capital_real=rate
    )
    usd = np.array([context.usd("inl", SMR, "overnight_capex_usd_per_kw", 2030) * 1000.0])
    usd = usd * context.capex_multiplier("inl", SMR, "nuclear")
    factor = interest_during_construction_factor(PROFILE, rate)
    assert data["overnight_usd_per_mw"].values.tobytes() == usd[None, :].tobytes()
    assert data["annuity_usd_per_mw"].values.tobytes() == (usd[:, None] * factor * weights)[None].tobytes()


def test_the_rate_of_the_tranches_moves_annuity_and_interest_during_construction(tmp_path: Path) -> None:
    """contracted: 0.725 at 6.625 % less tax, 0.275 at 11 %, real, and 0.29 % more for a reactor."""
    _, before = smr(tmp_path, "")
    system, after = smr(tmp_path, "finance: {block: contracted}")
    nominal = 0.725 * 0.06625 * (1 - 0.2574) + 0.275 * 0.11
    rate = (1 + nominal) / 1.025 - 1 + 0.002888276
    assert system.context.cost_of_capital("inl", SMR) == pytest.approx(rate, abs=1e-12)
    life = system.context.economic_life_years("inl", SMR)

    def of(k: float) -> float:
        return capital_recovery_factor(k, life) * interest_during_construction_factor(PROFILE, k)

    ratio = after["annuity_usd_per_mw"].values / before["annuity_usd_per_mw"].values
    assert ratio == pytest.approx(of(rate) / of(0.056468276), rel=1e-9)
    assert (after["overnight_usd_per_mw"].values == before["overnight_usd_per_mw"].values).all()


def test_overrun_and_delay_make_a_plant_dearer(tmp_path: Path) -> None:
    said = f"finance: {{technologies: {{{SMR}: {{overrun_factor: 1.755, delay_months: 18}}}}}}"
    _, before = smr(tmp_path, "finance: {}")
    system, after = smr(tmp_path, said)
    rate = system.context.cost_of_capital("inl", SMR)
    ratio = after["annuity_usd_per_mw"].values / before["annuity_usd_per_mw"].values
    assert ratio == pytest.approx(1.755 * (1 + rate) ** 1.5, rel=1e-9)
    assert after["overnight_usd_per_mw"].values == pytest.approx(1.755 * before["overnight_usd_per_mw"].values)


def test_a_cost_of_capital_of_a_technology_wins(tmp_path: Path) -> None:
    said = f"finance: {{block: merchant}}\ntechnologies: {{{SMR}: {{cost_of_capital_real: 0.03}}}}"
    system, _ = smr(tmp_path, said)
    assert system.context.cost_of_capital("inl", SMR) == 0.03
    assert system.context.cost_of_capital("inl", "grid_connection") == pytest.approx(0.0656864, abs=1e-6)


def test_an_all_in_cost_takes_no_interest_but_that_of_a_delay(tmp_path: Path) -> None:
    system, _ = smr(tmp_path, "finance: {}", "uamps_2023")
    assert system.context.construction_factor("inl", SMR) == 1.0
    late, _ = smr(tmp_path, f"finance: {{technologies: {{{SMR}: {{delay_months: 12}}}}}}", "uamps_2023")
    rate = late.context.cost_of_capital("inl", SMR)
    assert late.context.construction_factor("inl", SMR) == pytest.approx(1 + rate, rel=1e-12)
