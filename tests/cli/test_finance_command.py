"""`gigasite finance` as a planner calls it, and the same verb in Python."""

import json

import pandas as pd
import pytest
from tests.cli.conftest import CAMPUS, Desk

import gigasite


def test_the_price_its_parts_and_the_years_are_told_and_written_into_the_run(solved: Desk) -> None:
    ended = solved.run_here("finance", "small", "--csv", "years.csv", "--chart", "cash.html")
    assert ended.code == 0, ended.stderr
    for told in (
        "for 8 %",
        "for 10 %",
        "tax on income",
        "DSCR",
        "USD of the day (nominal)",
        "LCOE",
        "Tables written to",
    ):
        assert told in ended.stdout
    run = max((solved.results / "small").iterdir())
    assert (run / "finance" / "years.parquet").is_file()
    years = pd.read_csv(solved.folder / "years.csv")
    assert years.equals(pd.read_csv(run / "finance" / "years.csv"))
    assert "Cash by year" in (solved.folder / "cash.html").read_text(encoding="utf-8")


def test_json_is_all_that_stands_on_stdout(solved: Desk) -> None:
    ended = solved.run_here(
        "finance", "small", "--returns", "0.12", "--price", "80", "--block", "japan_us", "--overrun", "1.1", "--json"
    )
    assert ended.code == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert [row["target_equity_return"] for row in told["prices"]] == [0.12]
    assert told["metrics"][0]["price_usd_per_mwh"] == 80.0
    assert {row["tranche"] for row in told["tranches"]} == {"jbic", "banks_with_nexi", "sponsor"}
    assert ended.stderr == ""


def test_the_price_of_a_cover_joins_those_of_the_returns(solved: Desk) -> None:
    ended = solved.run_here("finance", "small", "--dscr", "1.3", "--json")
    assert ended.code == 0, ended.stderr
    *_, row = json.loads(ended.stdout)["prices"]
    assert (row["target_equity_return"], row["target_dscr"]) == (None, 1.3)
    assert row["dscr_min"] == pytest.approx(1.3, abs=1e-9)
    shown = solved.run_here("finance", "small", "--dscr", "1.3")
    assert f"cover debt service 1.3 times in every year, {row['price_usd_per_mwh']:,.1f}" in shown.stdout
    found = gigasite.finance("small", results=solved.results, dscr=1.3)
    assert found.price_of_cover == {1.3: row["price_usd_per_mwh"]}


ONLY_WIND_IS_LENT = """\
finance:
  target_dscr: 1.3
  tranches:
    own: {{kind: sponsor_equity, share: 1, rate: 0.1}}
  technologies:
    wind:
      tranches:
        bank: {{kind: commercial_loan, share: 0.5, rate: 0.06, tenor_years: 10}}
        own: {{kind: sponsor_equity, share: 0.5, rate: 0.1}}
"""


def test_a_cover_that_a_scenario_asks_for_is_left_out_where_its_plan_has_no_loan(desk: Desk) -> None:
    plant = CAMPUS.replace("grid_connection]", "grid_connection, wind]")
    assert "wind]" in plant
    desk.write("owned", plant + ONLY_WIND_IS_LENT)
    assert desk.run_here("solve", "owned", "--quiet").code == 0
    ended = desk.run_here("finance", "owned")
    assert ended.code == 0, ended.stderr
    assert "nothing is lent for this plan, so no price is sought for a cover of 1.3" in ended.stdout
    assert desk.run_here("finance", "owned", "owned").code == 0
    asked = desk.run_here("finance", "owned", "--dscr", "1.3")
    assert asked.code == 2
    assert "--dscr" in asked.stderr
    assert "nothing is lent for this plan" in asked.stderr


def test_two_runs_are_set_side_by_side(solved: Desk) -> None:
    ended = solved.run_here("finance", "small", "small", "--json")
    assert ended.code == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["price_ratio"] == pytest.approx(1.0)
    assert all(abs(row["change_usd_per_mwh"]) < 1e-9 for row in told["terms"])
    shown = solved.run_here("finance", "small", "small")
    assert "where the price comes from" in shown.stdout


@pytest.mark.parametrize(
    "said",
    [
        ("small", "--block", "utilty"),
        ("small", "--returns", "eight"),
        ("small", "--returns", "8"),
        ("small", "small", "--price", "80"),
        ("small", "small", "small"),
        ("small", "--overrun", "0"),
        ("small", "--dscr", "0.9"),
        ("small", "--dscr", "nan"),
        ("small", "small", "--dscr", "1.3"),
        ("small", "--delay-months", "-3"),
        ("smal",),
        ("small", "--chart", "cash.gif"),
    ],
)
def test_what_is_none_is_refused_with_what_is_allowed(solved: Desk, said: tuple[str, ...]) -> None:
    ended = solved.run_here("finance", *said)
    assert ended.code == 2, ended.stdout
    assert "allowed" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_python_has_the_same_verbs(solved: Desk) -> None:
    found = gigasite.finance("small", results=solved.results, returns=[0.08])
    assert list(found.price_of_return) == [0.08]
    bridge = gigasite.finance_bridge([found.run, "small"], results=solved.results, returns=[0.08])
    assert bridge.price_ratio == pytest.approx(1.0)
