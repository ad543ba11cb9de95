"""`gigasite partnership` and `gigasite programmes` as a planner calls them."""

import json
from pathlib import Path

import pandas as pd
import pytest
from tests.cli.conftest import Desk

PLANT = """\
extends: base.yaml
name: {name}
title: A plant of two countries
horizon: {{years: [2030], resolution_h: 24, days: 2}}
sites:
  piketon:
    load_ramp_mw: {{2030: 1000}}
    technologies:
      gas_turbine: {{cost_case: headline, capacity_mw: 2000}}
partnership:
  investment_usd: 7.2e9
  calls: [{{date: "2026-03-20", share: 1}}]
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("money"))
    made.write("plant", PLANT)
    assert made.run_here("solve", "plant", "--quiet").code == 0
    return made


def test_sentences_tell_who_gets_what_and_when(desk: Desk) -> None:
    ended = desk.run_here("partnership", "plant", "--prices", "40,250", "--csv", "payments.csv")
    assert ended.code == 0, ended.stderr
    assert "plant: 7.20 bn USD shared by two countries" in ended.stdout
    assert "At 40 USD/MWh Japan does not have its 7.20 bn USD" in ended.stdout
    assert "At 250 USD/MWh Japan has its 7.20 bn USD back in 20" in ended.stdout
    assert "From " in ended.stdout
    assert "7.20 bn USD by 2026-05-29 (called 2026-03-20)" in ended.stdout
    payments = pd.read_csv(desk.folder / "payments.csv")
    assert payments.groupby(["price_usd_per_mwh", "year"])["amount_usd_nominal"].sum().abs().max() < 0.01


def test_one_price_shows_its_years(desk: Desk) -> None:
    ended = desk.run_here("partnership", "plant", "--prices", "250")
    assert ended.code == 0, ended.stderr
    assert "Year by year" in ended.stdout
    assert "2026" in ended.stdout


def test_json_holds_every_table_and_every_term(desk: Desk) -> None:
    ended = desk.run_here("partnership", "plant", "--prices", "250", "--json")
    assert ended.code == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert {"recovery", "yearly", "lenders", "calls", "terms", "money"} <= set(told)
    assert told["recovery"][0]["price_usd_per_mwh"] == 250
    assert all(term["source"] for term in told["terms"])


def test_a_chart_is_written_as_a_page(desk: Desk) -> None:
    ended = desk.run_here("partnership", "plant", "--prices", "250", "--chart", "recovery.html")
    assert ended.code == 0, ended.stderr
    assert "recovery.html is written" in ended.stderr
    assert "When Japan has its 7.2 bn USD back" in (desk.folder / "recovery.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [("--prices", "dear"), ("--prices", "-5"), ("--chart", "recovery.docx")])
def test_what_cannot_be_asked_for(desk: Desk, arguments: tuple[str, str]) -> None:
    ended = desk.run_here("partnership", "plant", *arguments)
    assert ended.code == 2
    assert "allowed" in ended.stderr
    assert not (desk.folder / "recovery.docx").exists()


def test_programmes_without_a_run_say_how_to_make_one(desk: Desk) -> None:
    ended = desk.run_here("programmes")
    assert ended.code == 0, ended.stderr
    assert "Stargate" in ended.stdout
    assert "gigasite solve portsmouth-gas-only" in ended.stdout
    assert "trillion JPY at 158.7" in ended.stdout


def test_programmes_with_a_run_say_what_it_explains(desk: Desk) -> None:
    ended = desk.run_here("programmes", "plant", "--csv", "programmes.csv")
    assert ended.code == 0, ended.stderr
    assert "Not explained" in ended.stdout
    table = pd.read_csv(desk.folder / "programmes.csv").set_index("programme")
    assert table.loc["japan_us", "explained_power_usd"] == pytest.approx(2000 / 9200 * 33.3e9, rel=1e-6)


def test_programmes_as_json(desk: Desk) -> None:
    ended = desk.run_here("programmes", "plant", "--json")
    assert ended.code == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert len(told["programmes"]) == 12
    assert {row["site"] for row in told["explained_by_site"]} == {"piketon"}


def test_an_unknown_run_is_told(desk: Desk) -> None:
    assert desk.run_here("programmes", "no-such-run").code == 2
    assert Path(desk.folder, "results").is_dir()
