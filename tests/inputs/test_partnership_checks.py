"""Terms that cannot be are told where they stand, all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import check_scenario_file

CALLS = '  calls: [{date: "2026-03-20", share: 1}]'


def written(folder: Path, *lines: str, calls: str = CALLS) -> Path:
    path = folder / "a.yaml"
    base = scenarios_folder() / "portsmouth-grid-only.yaml"
    path.write_text("\n".join([f"extends: {base}", "name: a", "partnership:", calls, *lines, ""]), encoding="utf-8")
    return path


def problems_of(path: Path) -> Any:
    with pytest.raises(InputError) as error:
        check_scenario_file(path)
    return error.value.problems


def test_terms_that_fit(tmp_path: Path) -> None:
    fee = '  developer_fee: {exchange_date: "2026-03-19", cut: 0.95, payout_years: 15}'
    terms = check_scenario_file(written(tmp_path, fee, "  recover: principal_and_interest")).scenario.partnership
    assert terms is not None
    assert terms.developer_fee is not None
    assert terms.developer_fee.payout_years == 15


@pytest.mark.parametrize(
    ("line", "key", "given", "allowed"),
    [
        ("  japan_share_before_recovery: 1.5", "japan_share_before_recovery", "1.5", "1"),
        ("  japan_share_before_recovery: 0", "japan_share_before_recovery", "0", "0"),
        ("  jbic_share_of_loans: 1.01", "jbic_share_of_loans", "1.01", "1"),
        ("  deemed_interest: -0.05", "deemed_interest", "-0.05", "0"),
        ("  loan_tenor_years: -20", "loan_tenor_years", "-20", "1"),
        ("  investment_usd: 0", "investment_usd", "0", "0"),
        ("  nexi_cover: 0.5", "nexi_cover", "0.5", "0.9 to 1"),
        ('  developer_fee: {exchange_date: "2026-03-19", cut: 1.1}', "developer_fee.cut", "1.1", "1"),
        ('  developer_fee: {exchange_date: "2026-03-19", payout_years: 0}', "developer_fee.payout_years", "0", "1"),
        ('  developer_fee: {exchange_date: "2026-02-30x"}', "developer_fee.exchange_date", "2026-02-30x", None),
    ],
)
def test_a_number_that_is_none(tmp_path: Path, line: str, key: str, given: str, allowed: str | None) -> None:
    (problem,) = problems_of(written(tmp_path, line))
    assert problem.key == f"partnership.{key}"
    assert given in str(problem.given)
    assert allowed is None or allowed in str(problem.allowed)
    assert "a.yaml:5:" in str(problem.origin)


def test_a_fee_in_yen_without_its_rate(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "  developer_fee: {cut: 0.9}"))
    assert problem.message == "a fee in yen needs the day whose rate brings it to dollars"
    assert (problem.key, problem.given) == ("partnership.developer_fee.exchange_date", "(missing)")
    assert problem.allowed == "2025-01-21 or later"
    assert "2026-03-19" in problem.remedy
    assert str(problem.origin).endswith("a.yaml:5:3")


@pytest.mark.parametrize("day", ["2024-12-31", "2026-02-30"])
def test_a_day_without_a_rate(tmp_path: Path, day: str) -> None:
    (problem,) = problems_of(written(tmp_path, f'  developer_fee: {{exchange_date: "{day}"}}'))
    assert problem.message.startswith("there is no rate of yen to the dollar for this day")
    assert problem.given == day


def test_a_fee_in_dollars_without_its_amount(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "  developer_fee: {currency: USD}"))
    assert problem.key == "partnership.developer_fee.proposed"


def test_a_fee_larger_than_the_investment(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "  developer_fee: {currency: USD, proposed: 6.3e11}"))
    assert problem.message == "the fee is larger than the investment it is a fee for"
    assert problem.given == "63,000,000,000 USD, 1.89 of the investment"


def test_shares_of_calls_that_do_not_add_up(tmp_path: Path) -> None:
    calls = '  calls: [{date: "2026-03-20", share: 0.5}, {date: "2027-03-20", share: 0.6}]'
    (problem,) = problems_of(written(tmp_path, calls=calls))
    assert (problem.message, problem.given) == ("the shares of all calls must add up to 1", "1.1")
    assert problem.key == "partnership.calls"


def test_calls_out_of_order_or_on_no_day_or_too_late(tmp_path: Path) -> None:
    calls = '  calls: [{date: "2027-03-20", share: 0.5}, {date: "2027-03-20", share: 0.5}]'
    (problem,) = problems_of(written(tmp_path, calls=calls))
    assert problem.message == "calls stand in order, but 2027-03-20 does not come after 2027-03-20"
    (problem,) = problems_of(written(tmp_path, calls='  calls: [{date: "2026-02-30", share: 1}]'))
    assert problem.message == "there is no such day in the calendar"
    (problem,) = problems_of(written(tmp_path, calls='  calls: [{date: "2040-01-15", share: 1}]'))
    assert "the last modelled year" in problem.message
    (problem,) = problems_of(written(tmp_path, calls='  calls: [{date: "1990-01-15", share: 1}]'))
    assert "years before the first modelled year" in problem.message


def test_interest_that_counts_nowhere(tmp_path: Path) -> None:
    (problem,) = problems_of(written(tmp_path, "  deemed_interest: 0.05"))
    assert problem.message == "this interest counts nowhere: `recover` asks for the principal alone"


def test_shares_the_wrong_way_round(tmp_path: Path) -> None:
    lines = ("  japan_share_before_recovery: 0.1", "  japan_share_after_recovery: 0.5")
    (problem,) = problems_of(written(tmp_path, *lines))
    assert problem.remedy == "the shares may stand the wrong way round"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    lines = ("  nexi_cover: 2", "  deemed_intrest: 0.05", "  developer_fee: {cut: 0.9}")
    calls = '  calls: [{date: "2026-03-20", share: 0.5}]'
    keys = {problem.key for problem in problems_of(written(tmp_path, *lines, calls=calls))}
    assert keys == {
        "partnership.nexi_cover",
        "partnership.deemed_intrest",
        "partnership.developer_fee.exchange_date",
        "partnership.calls",
    }
