"""Whatever the terms: sources are uses, and the parties come to the project, every year and to a cent."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gigasite.finance.cash_flow import BUSINESS, ProjectTerms
from gigasite.finance.depreciation import depreciation_shares, macrs_table
from gigasite.finance.funding import Phase
from gigasite.finance.project import project_cash_flow
from gigasite.finance.revenue import PRICE_KINDS, PriceTerms
from gigasite.finance.tranches import DEBT_KINDS, EQUITY_KINDS, Tranche

CENT = 0.01
LIFE = 25

shares = st.floats(0.0, 1.0, allow_nan=False)
usd = st.floats(0.0, 5e10, allow_nan=False)


@st.composite
def tranches(draw: st.DrawFn) -> tuple[Tranche, ...]:
    count = draw(st.integers(1, 4))
    weights = [draw(st.floats(0.01, 1.0)) for _ in range(count + 1)]
    parts = np.array(weights) / sum(weights)
    loans = [
        Tranche(
            name=f"loan_{n}",
            kind=draw(st.sampled_from(DEBT_KINDS)),
            share=float(parts[n]),
            rate=draw(st.floats(-0.02, 0.15)),
            tenor_years=draw(st.integers(3, 20)),
            guarantee_share=draw(st.floats(0.9, 1.0)),
            guarantee_fee=draw(st.floats(0.0, 0.02)),
            upfront_fee=draw(st.floats(0.0, 0.05)),
            repayment=draw(st.sampled_from(["annuity", "level_principal", "sculpted"])),
        )
        for n in range(count)
    ]
    last = Tranche("owner", draw(st.sampled_from(EQUITY_KINDS)), float(1.0 - sum(parts[:-1])), 0.1)
    return (*loans, last)


@st.composite
def phases(draw: st.DrawFn, name: str) -> Phase:
    start = draw(st.integers(2028, 2032))
    building = draw(st.integers(1, 6))
    return Phase(
        name=name,
        start_year=start,
        spending_usd={start - k: draw(usd) + 1.0 for k in range(building, 0, -1)},
        tranches=draw(tranches()),
        depreciation_shares=tuple(depreciation_shares(macrs_table(draw(st.sampled_from([5, 15, 20]))), draw(shares))),
        investment_credit_usd=draw(st.floats(0.0, 1e9)),
        grant_usd=draw(st.floats(0.0, 1e9)),
    )


@st.composite
def projects(draw: st.DrawFn) -> ProjectTerms:
    built = tuple(draw(phases(f"phase_{n}")) for n in range(draw(st.integers(1, 3))))
    years = tuple(range(2028, 2032 + LIFE))
    levels = [1.025 ** (year - 2024) for year in years]
    return ProjectTerms(
        phases=built,
        years=years,
        energy_mwh=[draw(st.floats(0.0, 8e7))] * len(years),
        operating_usd={"fuel": [draw(usd) / 10 * level for level in levels], "export_revenue": [-1e6] * len(years)},
        price_level=levels,
        price_terms=PriceTerms(draw(st.sampled_from(PRICE_KINDS)), draw(shares), draw(shares)),
        tax_rate=draw(st.floats(0.0, 0.5)),
        credits_usd=[draw(st.floats(0.0, 1e8))] * len(years),
        reserve_months=draw(st.floats(0.0, 12.0)),
        allowed_loss_share=draw(shares),
    )


@settings(max_examples=60, deadline=None)
@given(terms=projects(), price=st.floats(0.0, 300.0))
def test_sources_are_uses_and_the_parties_come_to_the_project(terms: ProjectTerms, price: float) -> None:
    flow = project_cash_flow(terms, price)
    assert np.isfinite(flow.items.to_numpy()).all()
    assert flow.items.sum(axis=1).abs().max() < CENT
    capital = flow.by_party.drop(columns=[party for party in BUSINESS if party in flow.by_party]).sum(axis=1)
    assert (flow.project_usd + capital).abs().max() < CENT
    everyone = sum(flow.of_party(party) for party in flow.by_party.columns)
    assert np.abs(everyone).max() < CENT


@settings(max_examples=30, deadline=None)
@given(terms=projects(), price=st.floats(0.0, 300.0))
def test_every_loan_has_its_money_back_and_the_reserve_is_given_back(terms: ProjectTerms, price: float) -> None:
    flow = project_cash_flow(terms, price)
    scale = 1e-12 * sum(sum(phase.spending_usd.values()) for phase in terms.phases) + CENT
    for name in {t.name for phase in terms.phases for t in phase.tranches if t.is_debt}:
        assert abs(flow.items[name, "draw"].sum() + flow.items[name, "principal"].sum()) < scale
    assert abs(flow.frame["reserve"].sum()) < scale
    assert (flow.frame["tax"] <= 0).all()
