"""A project worked by hand: two years of building, two of operation, one loan and one owner.

Building: 100 USD in 2026 and in 2027. The loan pays half of everything at 10 %, so it pays half of its own interest:

    uses 2026 = 100 / (1 - 0.5 * 0.10 / 2) = 102.564103,   interest 2.564103, each side draws 51.282051
    uses 2027 = (100 + 0.10 * 51.282051) / 0.975 = 107.823800,   interest 7.823800, each side draws 53.911900
    loan 105.193951, service 105.193951 * 0.576190476 = 60.611753
"""

from __future__ import annotations

import numpy as np
import pytest

from gigasite.finance.all_in import without_its_financing
from gigasite.finance.annuity import capital_recovery_factor
from gigasite.finance.cash_flow import ProjectTerms
from gigasite.finance.construction import delay_factor, spending_by_year
from gigasite.finance.debt import debt_capacity_usd, service_of_one_usd
from gigasite.finance.depreciation import macrs_table
from gigasite.finance.funding import Phase, fund
from gigasite.finance.metrics import cover_ratios, internal_rate_of_return, net_present_value
from gigasite.finance.price import price_for_cover, price_for_return, price_parts
from gigasite.finance.project import project_cash_flow
from gigasite.finance.revenue import PriceTerms
from gigasite.finance.tranches import Tranche

BANK = Tranche("bank", "commercial_loan", 0.5, 0.10, 2)
OWNER = Tranche("owner", "sponsor_equity", 0.5, 0.12)
SPENT = {2026: 100.0, 2027: 100.0}


def terms_of(*tranches: Tranche, **said: object) -> ProjectTerms:
    phase = Phase("plant", 2028, SPENT, tranches or (BANK, OWNER), (0.5, 0.5))
    fields = {
        "phases": (phase,),
        "years": (2028, 2029),
        "energy_mwh": [2.0, 2.0],
        "operating_usd": {"fuel": [30.0, 30.0], "fixed_om": [10.0, 10.0]},
        "price_level": [1.0, 1.1],
        "price_terms": PriceTerms("fixed"),
        "tax_rate": 0.25,
    }
    return ProjectTerms(**(fields | said))


def test_the_years_of_a_project_worked_by_hand() -> None:
    flow = project_cash_flow(terms_of(), 100.0)
    frame = flow.frame
    assert flow.years == (2026, 2027, 2028, 2029)
    assert frame["draw"].tolist() == pytest.approx([51.282051, 53.911900, 0, 0], abs=1e-6)
    assert frame["invested"].tolist() == pytest.approx([51.282051, 53.911900, 0, 0], abs=1e-6)
    assert frame["interest_during_construction"].tolist() == pytest.approx([-2.564103, -7.823800, 0, 0], abs=1e-6)
    assert flow.debt_service_usd.tolist() == pytest.approx([0, 0, 60.611753, 60.611753], abs=1e-6)
    assert frame["interest"].tolist()[2:] == pytest.approx([-10.519395, -5.510159], abs=1e-6)
    # income 200 - 40 - 105.193951 of depreciation - interest, a quarter of it tax
    assert flow.taxable_usd.tolist()[2:] == pytest.approx([44.286654, 49.295890], abs=1e-6)
    assert frame["tax"].tolist()[2:] == pytest.approx([-11.071663, -12.323972], abs=1e-6)
    assert flow.equity_usd.tolist() == pytest.approx([-51.282051, -53.911900, 88.316583, 87.064275], abs=2e-6)
    assert flow.project_usd.tolist() == pytest.approx([-100, -100, 148.928337, 147.676028], abs=1e-6)
    assert flow.available_usd.tolist()[2:] == pytest.approx([148.928337, 147.676028], abs=1e-6)


def test_fees_and_reserve_are_paid_for_in_the_shares_of_all_tranches() -> None:
    """Loan 0.5 with 2 % upfront on it, cover 90 % at 1 %, six months of service in reserve: checked by its balance."""
    bank = Tranche("bank", "commercial_loan", 0.5, 0.10, 2, 0.9, 0.01, 0.02)
    shape = service_of_one_usd("annuity", 0.10, 2)
    found = fund(Phase("plant", 2028, SPENT, (bank, OWNER)), {"bank": shape}, 6.0)
    total = float(found.uses_usd.sum())
    assert found.draws_usd["bank"].sum() == pytest.approx(total / 2)
    assert found.upfront_usd["bank"].tolist() == pytest.approx([0.02 * total / 2, 0.0])
    assert found.reserve_usd.tolist() == pytest.approx([0.0, 0.5 * 0.576190476 * total / 2], rel=1e-8)
    first = found.draws_usd["bank"][0]
    second = found.draws_usd["bank"][1]
    assert found.interest_usd["bank"].tolist() == pytest.approx([0.05 * first, 0.10 * first + 0.05 * second])
    assert found.guarantee_usd["bank"].tolist() == pytest.approx([0.0045 * first, 0.009 * first + 0.0045 * second])
    paid = found.spending_usd + found.interest_usd["bank"] + found.guarantee_usd["bank"]
    assert found.uses_usd == pytest.approx(paid + found.upfront_usd["bank"] + found.reserve_usd)
    assert found.depreciable_usd == pytest.approx(total - found.reserve_usd.sum())


def test_the_reserve_is_given_back_with_the_last_service() -> None:
    flow = project_cash_flow(terms_of(reserve_months=6.0), 100.0)
    kept = -flow.frame["reserve"]
    assert kept.sum() == pytest.approx(0.0, abs=1e-9)
    assert kept[2027] == pytest.approx(flow.debt_service_usd[2028] / 2)
    assert kept[2029] == pytest.approx(-flow.debt_service_usd[2029] / 2)


def test_an_all_in_cost_holds_interest_and_fees() -> None:
    shape = {"bank": service_of_one_usd("annuity", 0.10, 2)}
    inside = without_its_financing(Phase("plant", 2028, SPENT, (BANK, OWNER)), shape)
    assert fund(inside, shape).uses_usd.sum() == pytest.approx(200.0, abs=1e-9)
    assert inside.spending_usd[2026] == pytest.approx(100.0 * 200.0 / 210.387903, abs=1e-6)


def test_credits_and_aid_come_in_and_lower_the_basis() -> None:
    phase = Phase(
        "plant", 2028, SPENT, (OWNER.__class__("owner", "sponsor_equity", 1.0, 0.12),), (0.5, 0.5), 40.0, 30.0
    )
    flow = project_cash_flow(terms_of(phases=(phase,), credits_usd=[1.0, 2.0]), 100.0)
    assert flow.frame["grant"].tolist() == [0, 30.0, 0, 0]
    assert flow.frame["tax_credit"].tolist() == [0, 0, 41.0, 2.0]
    # basis 200 - 30 of aid - half of 40: 150
    assert flow.taxable_usd.tolist()[2:] == pytest.approx([160.0 - 75.0, 160.0 - 75.0])
    assert flow.equity_usd.tolist()[:2] == [-100.0, -70.0]


def test_owners_put_in_what_is_short() -> None:
    flow = project_cash_flow(terms_of(), 20.0)
    assert (flow.frame["support"].tolist()[2:]) == pytest.approx([60.611753, 60.611753], abs=1e-6)
    assert flow.distributable_usd.tolist() == [0, 0, 0, 0]
    assert flow.invested_usd.sum() == pytest.approx(-flow.equity_usd.sum())


def test_two_owners_share_by_what_they_put_in() -> None:
    flow = project_cash_flow(
        terms_of(BANK, Tranche("a", "sponsor_equity", 0.3, 0.1), Tranche("b", "us_partner", 0.2, 0.1)), 90
    )
    assert flow.of_party("a") == pytest.approx(1.5 * flow.of_party("b"))
    assert flow.of_party("a") + flow.of_party("b") == pytest.approx(flow.equity_usd.to_numpy())


def test_the_price_gives_the_owners_their_return_and_its_parts_add_up_to_it() -> None:
    for kind in ("fixed", "indexed", "cost_plus"):
        terms = terms_of(price_terms=PriceTerms(kind, margin_share=0.05 if kind == "cost_plus" else 0.0))
        price = price_for_return(terms, 0.12)
        flow = project_cash_flow(terms, price)
        assert internal_rate_of_return(flow.equity_usd.tolist()) == pytest.approx(0.12, abs=1e-9)
        assert price_parts(terms, flow, 0.12).sum() == pytest.approx(price, abs=1e-9)


def test_without_loans_the_price_is_that_of_the_fixed_charge_rate() -> None:
    """NREL ATB 2024: LCOE = (CRF * ProFinFactor * CAPEX + FOM) / MWh + fuel, all spent in the year before the start.

    ProFinFactor = (1 - T * PVD) / (1 - T), PVD what all deductions on one dollar are worth.
    """
    years = tuple(range(2027, 2057))
    table = tuple(macrs_table(20).tolist())
    phase = Phase("plant", 2027, {2026: 1000.0}, (Tranche("owner", "sponsor_equity", 1.0, 0.08),), table)
    terms = ProjectTerms(
        phases=(phase,),
        years=years,
        energy_mwh=[4.0] * 30,
        operating_usd={"fuel": [20.0] * 30, "fixed_om": [10.0] * 30},
        price_level=[1.0] * 30,
        price_terms=PriceTerms("fixed"),
        tax_rate=0.2574,
    )
    deductions = sum(share / 1.08**n for n, share in enumerate(table, start=1))
    factor = (1.0 - 0.2574 * deductions) / (1.0 - 0.2574)
    expected = (capital_recovery_factor(0.08, 30) * factor * 1000.0 + 10.0 + 20.0) / 4.0
    assert price_for_return(terms, 0.08) == pytest.approx(expected, abs=1e-6)


def test_the_price_of_a_cover_worked_by_hand() -> None:
    """Service 60.611753. 1.3 times: 118.795279 earned, no income to tax; 3 times: the second year pays more tax,
    so 0.75 * revenue - 40 + 0.25 * (105.193951 + 5.510159 + 40) = 181.835259."""
    assert price_for_cover(terms_of(), 1.3) == pytest.approx((1.3 * 60.611753 + 40.0) / 2.0, abs=1e-5)
    assert price_for_cover(terms_of(), 3.0) == pytest.approx((181.835259 + 40.0 - 37.676028) / 0.75 / 2.0, abs=1e-5)


@pytest.mark.parametrize("repayment", ["annuity", "level_principal", "sculpted"])
@pytest.mark.parametrize("cover", [1.0, 1.3, 2.5])
def test_at_the_price_of_a_cover_the_worst_year_has_it(repayment: str, cover: float) -> None:
    terms = terms_of(Tranche("bank", "commercial_loan", 0.5, 0.10, 2, repayment=repayment), OWNER, reserve_months=6.0)
    flow = project_cash_flow(terms, price_for_cover(terms, cover))
    assert min(cover_ratios(flow.available_usd, flow.debt_service_usd)) == pytest.approx(cover, abs=1e-9)


def test_a_sculpted_loan_sized_by_its_cover_is_the_one_that_stands_at_that_price() -> None:
    terms = terms_of(Tranche("bank", "commercial_loan", 0.5, 0.10, 2, repayment="sculpted"), OWNER, tax_rate=0.0)
    flow = project_cash_flow(terms, price_for_cover(terms, 1.4))
    cash = flow.available_usd.tolist()[2:]
    assert debt_capacity_usd(cash, 0.10, 1.4) == pytest.approx(flow.frame["draw"].sum(), abs=1e-6)


def test_no_price_covers_debt_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="nothing is lent"):
        price_for_cover(terms_of(Tranche("owner", "sponsor_equity", 1.0, 0.12)), 1.3)


def test_more_price_is_more_cash() -> None:
    worth = [net_present_value(0.1, project_cash_flow(terms_of(), p).equity_usd.tolist()) for p in range(0, 200, 10)]
    assert np.all(np.diff(worth) > 0)


def test_no_price_is_found_where_nothing_is_sold() -> None:
    with pytest.raises(ValueError, match="no energy"):
        price_for_return(terms_of(energy_mwh=[0.0, 0.0]), 0.1)


def test_a_loan_that_outlives_operation_is_refused() -> None:
    with pytest.raises(ValueError, match="not paid back"):
        project_cash_flow(terms_of(Tranche("bank", "commercial_loan", 0.5, 0.1, 3), OWNER), 100.0)


def test_spending_after_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="before 2028"):
        Phase("plant", 2028, {2028: 1.0}, (BANK, OWNER))


def test_delay_moves_spending_away_and_adds_interest() -> None:
    assert spending_by_year(100.0, [0.1, 0.9], start_year=2030) == {2028: 10.0, 2029: 90.0}
    assert spending_by_year(100.0, [0.1, 0.9], start_year=2030, delay_years=2) == {2026: 10.0, 2027: 90.0}
    assert spending_by_year(100.0, [], start_year=2030) == {2029: 100.0}
    assert delay_factor(0.10, 18) == pytest.approx(1.1**1.5, abs=1e-12)
    assert delay_factor(0.10, 0) == 1.0
    with pytest.raises(ValueError, match="delay"):
        delay_factor(0.10, -1)
    late = project_cash_flow(
        terms_of(phases=(Phase("p", 2028, {2025: 100.0, 2026: 100.0}, (BANK, OWNER), (0.5, 0.5)),)), 100
    )
    assert late.debt_service_usd.max() == pytest.approx(60.611753 * (1 + 0.05 / 0.975), abs=1e-5)
