"""What a run's project is made of: credits in their years, what dies renewed, tranches of other terms by plant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gigasite
from gigasite.finance.annuity import capital_recovery_factor
from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.studies.financing import finance_study

COARSE = "horizon: {resolution_h: 24, days: 4}"


def solved(folder: Path, name: str, base: str, said: str = "") -> Run:
    path = folder / f"{name}.yaml"
    path.write_text(f"extends: {scenarios_folder() / base}.yaml\nname: {name}\n{said or COARSE}\n", encoding="utf-8")
    return gigasite.solve(path, results=folder / "results")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("finance")


def test_credits_come_when_the_law_gives_them(folder: Path) -> None:
    """48E: 30 % of the cost in the first year. 45Y alone: ten years, the same real amount on every credited MWh."""
    both = finance_study(solved(folder, "credits", "idaho-smr-credits"))
    (phase,) = both.project.terms.phases
    assert phase.investment_credit_usd == pytest.approx(0.3 * sum(phase.spending_usd.values()), rel=1e-9)
    said = f"{COARSE}\nrequirements: {{tax_credits: [45y]}}"
    made = finance_study(solved(folder, "made", "idaho-smr-credits", said))
    assert made.project.terms.phases[0].investment_credit_usd == 0.0
    credited = pd.Series(made.project.terms.credits_usd, list(made.project.terms.years))
    real = credited / pd.Series({year: made.project.level[year] for year in credited.index})
    assert (credited > 0).sum() == 10
    assert real.loc[2030:2039].to_numpy() == pytest.approx(np.full(10, real[2030]), rel=1e-9)
    table = made.run.table("tax_credits")
    costs = made.run.costs[made.run.costs["component"] == "tax_credit"]["cost_usd_present_value"].sum()
    weight = sum(1.05358 ** -(t + 0.5 - 2026) for t in range(2030, 2040))
    assert real[2030] * weight == pytest.approx(-costs, rel=1e-6)
    assert len(table) == 1


def test_what_dies_within_the_last_span_is_renewed_for_the_rest_of_it(folder: Path) -> None:
    jbic = "jbic: {kind: jbic_loan, share: 0.7, rate: 0.05, tenor_years: 12, repayment: sculpted, upfront_fee: 0.01}"
    owned = "owner: {kind: us_partner, share: 0.3, rate: 0.1}"
    said = (
        f"{COARSE}\nfinance: {{tranches: {{{jbic}, {owned}}}}}\n"
        "sites: {inl: {technologies: {battery: {capacity_mw: 20}}}}"
    )
    study = finance_study(solved(folder, "stores", "idaho-smr", said))
    batteries = [phase for phase in study.project.terms.phases if phase.name.startswith("battery")]
    first, second = sorted(batteries, key=lambda phase: phase.start_year)
    context = study.project.context
    life, rate = context.economic_life_years("inl", "battery"), context.cost_of_capital("inl", "battery")
    assert (first.start_year, second.start_year) == (2030, 2030 + int(life))
    left = 2069 - second.start_year + 1
    part = capital_recovery_factor(rate, life) / capital_recovery_factor(rate, left)
    level = study.project.level
    real = [sum(usd / level[year] for year, usd in phase.spending_usd.items()) for phase in (first, second)]
    assert real[1] / real[0] == pytest.approx(part, rel=1e-9)


def test_a_tranche_of_other_terms_for_other_plants_is_told_in_the_mean(folder: Path) -> None:
    """The bank of a utility lends 55 % at 8 % to the store, that of a merchant 52.5 % at 6.625 % to the reactor."""
    said = (
        f"{COARSE}\nfinance: {{technologies: {{small_modular_reactor: {{block: merchant}}}}}}\n"
        "sites: {inl: {technologies: {battery: {capacity_mw: 200}}}}"
    )
    study = finance_study(solved(folder, "both", "idaho-smr", said))
    usd = {phase.name: sum(phase.spending_usd.values()) for phase in study.project.terms.phases}
    reactor = sum(cost for name, cost in usd.items() if name.startswith("small"))
    share = reactor / sum(usd.values())
    bank = study.tables["tranches"].set_index("tranche").loc["bank"]
    assert 0.5 < share < 1.0
    assert bank["share"] == pytest.approx(share * 0.525 + (1 - share) * 0.55, rel=1e-9)
    assert bank["rate_nominal"] == pytest.approx(share * 0.06625 + (1 - share) * 0.08, rel=1e-9)
