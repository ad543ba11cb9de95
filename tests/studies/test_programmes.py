"""Announced programmes side by side, and how much of them a run explains."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import gigasite
from gigasite.results.run import Run
from gigasite.studies.programmes import Programmes, programmes

CAMPUS = """\
extends: base.yaml
name: {name}
title: A campus of a programme
horizon: {{years: [2030], resolution_h: 24, days: 2}}
sites:
  piketon:
    load_ramp_mw: {{2030: 1000}}
    technologies:
      gas_turbine: {{cost_case: headline, capacity_mw: 1840}}
      solar: {{capacity_mw: 100}}
  lancaster:
    load_ramp_mw: {{2030: 300}}
    technologies: [gas_engine, grid_connection]
"""
ANNOUNCED = {
    "stargate": 500e9,
    "portsmouth_campus": 500e9,
    "portsmouth_renewal": 1000e9,
    "japan_us": 550e9,
    "eu": 600e9,
    "korea": 350e9,
    "taiwan": 250e9,
    "softbank_japan": 12.6e9,  # 2 trillion yen at 158.73 yen a dollar
    "hyperscalers_2025": 360e9,
    "hyperscalers_2026": 420e9,
    "mckinsey_plant": 250e9,
    "coreweave_lancaster": 6e9,
}


@pytest.fixture(scope="module")
def solve(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("programmes")

    def run(name: str) -> Run:
        (folder / f"{name}.yaml").write_text(CAMPUS.format(name=name), encoding="utf-8")
        return gigasite.solve(folder / f"{name}.yaml", results=folder / "results")

    return run


@pytest.fixture(scope="module")
def run(solve) -> Run:  # type: ignore[no-untyped-def]
    return solve("one")


@pytest.fixture(scope="module")
def found(run: Run) -> Programmes:
    return programmes([run])


def test_every_programme_has_its_amount_its_money_and_its_source() -> None:
    table = programmes().table.set_index("programme")
    assert table["amount_usd"].to_dict() == pytest.approx(ANNOUNCED, rel=1e-6)
    assert set(table["real_or_nominal"]) == {"nominal"}
    assert table["money_year"].between(2025, 2026).all()
    assert (table["source"].str.len() > 0).all()
    assert table.loc["softbank_japan", ["currency", "rate_date"]].tolist() == ["JPY", "2026-03-19"]
    assert table.loc["japan_us", ["first_tranche_usd", "second_tranche_usd", "committed_usd"]].tolist() == [
        36e9,
        73e9,
        109e9,
    ]
    assert table.loc["portsmouth_renewal", ["years", "renewal_every_years"]].tolist() == [20, 5]
    assert table.loc["stargate", ["years", "first_tranche_usd"]].tolist() == [4, 100e9]


def test_shares_are_shares_and_say_how_well_they_are_known() -> None:
    table = programmes().table
    for share in ("power_share", "servers_share"):
        known = table[table[share].notna()]
        assert known[share].between(0, 1).all()
        assert set(known[f"{share}_confidence"]) <= {"published", "derived", "reported", "estimate"}
    assert (table["power_share"].fillna(0) + table["servers_share"].fillna(0) <= 1).all()
    power = table.set_index("programme").loc["japan_us", "power_usd"]
    assert power == pytest.approx((33.3 + 40 + 17 + 16) * 1e9, rel=1e-4)


def test_without_runs_nothing_is_explained() -> None:
    alone = programmes()
    assert (alone.table["explained_usd"] == 0).all()
    assert alone.by_site.empty


def test_what_a_run_explains_by_hand(found: Programmes) -> None:
    """1,840 MW of gas at 33.3 / 9.2 million USD/MW; 1,000 MW of campus at 35 million, less 6 % of generators."""
    table = found.table.set_index("programme")
    assert table.loc["japan_us", "explained_power_usd"] == pytest.approx(1840 / 9200 * 33.3e9, rel=1e-6)
    assert table.loc["japan_us", "explained_campus_usd"] == 0
    campus = 1000 * 35e6 * 0.94 * 1.025  # money of 2025 in that of 2026
    assert table.loc["portsmouth_campus", "explained_campus_mw"] == pytest.approx(1000, rel=1e-6)
    assert table.loc["portsmouth_campus", "explained_campus_usd"] == pytest.approx(campus, rel=1e-6)
    assert table.loc["portsmouth_campus", "explained_share"] == pytest.approx(campus / 500e9, rel=1e-6)
    assert table.loc["portsmouth_campus", "explained_power_usd"] == 0  # solar is not paid by the programme


def test_power_that_was_not_announced_is_in_the_programme_s_money(found: Programmes, run: Run) -> None:
    built = run.table("investment")
    built = built[built["site"] == "lancaster"]
    assert built["announced_usd"].isna().all()
    index = 0.602782158 / 0.587506977  # 2025 over 2024
    lancaster = found.table.set_index("programme").loc["coreweave_lancaster"]
    assert lancaster["explained_power_usd"] == pytest.approx(built["overnight_usd"].sum() * index, rel=1e-6)


def test_what_is_not_explained_is_told_in_words(found: Programmes) -> None:
    words = found.table.set_index("programme")["not_explained"]
    assert words["stargate"].startswith("all of it: no run named holds abilene")
    assert words["eu"] == "all of it: the source does not say what it buys"
    assert words["coreweave_lancaster"].startswith("nothing is left, the runs cost")
    assert "543 bn USD" in words["japan_us"]
    assert "no run named holds tennessee_alabama" in words["japan_us"]


def test_a_site_of_two_runs_counts_once(found: Programmes, solve, run: Run) -> None:  # type: ignore[no-untyped-def]
    twice = programmes([run, solve("two")])
    assert twice.table["explained_usd"].tolist() == pytest.approx(found.table["explained_usd"].tolist())
    assert set(twice.left_out) == {"piketon of two", "lancaster of two"}
    assert set(twice.by_site["run"]) == {"one"}


def test_parts_by_site_add_up_to_the_programme(found: Programmes) -> None:
    sums = found.by_site.groupby("programme")[["power_usd", "campus_usd"]].sum().sum(axis=1)
    explained = found.table.set_index("programme")["explained_usd"]
    assert {name: explained[name] for name in sums.index} == pytest.approx(sums.to_dict())
    assert not any(math.isnan(value) for value in explained)
    assert Path(found.runs[0].path).is_dir()
