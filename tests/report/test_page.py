"""The page of a run says what its tables say, and works in a real browser from disk, without a network."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.browser import browser, opened, serious_accessibility_faults

import gigasite
from gigasite.foundation.errors import InputError
from gigasite.report import theme
from gigasite.report.dark import DARK
from gigasite.report.page.content import content_of
from gigasite.report.page.hours import Hours, hours_of
from gigasite.report.page.packing import STEPS, packed_series
from gigasite.report.page.write import HERE, write_page
from gigasite.report.run_with_charts import RunWithCharts
from gigasite.results.finance_store import write_finance
from gigasite.results.sentences import headline
from gigasite.results.store import read_run

READY = "html[data-ready=yes]"
UNDRAWN = "[...document.querySelectorAll('.chart:not([data-drawn=yes])')].map((chart) => chart.id)"


@pytest.fixture(scope="module")
def page_file(run: RunWithCharts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page([run], tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture(scope="module")
def both_file(run: RunWithCharts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page([run, run], tmp_path_factory.mktemp("page") / "both.html")


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    with browser() as one:
        yield one


def unpacked(text: str, count: int) -> np.ndarray:
    raw = np.frombuffer(gzip.decompress(base64.b64decode(text)), dtype=np.uint8)
    half = len(raw) // 2
    differences = (raw[:half].astype(np.uint16) | (raw[half:].astype(np.uint16) << 8)).view(np.int16)
    return np.cumsum(differences.reshape(-1, count), axis=1, dtype=np.int16)


def test_packed_series_are_theirs_to_one_part_in_eight_thousand() -> None:
    chance = np.random.default_rng(1)
    series = [chance.normal(size=500) * 1e4, np.zeros(500), -chance.random(500), np.full(500, np.nan)]
    text, largest = packed_series(series)
    for values, steps, top in zip(series, unpacked(text, 500), largest, strict=True):
        assert steps * top / STEPS == pytest.approx(np.nan_to_num(values), abs=top / STEPS / 2 + 1e-12)


def test_hours_begin_with_the_last_year_of_every_site_and_stop_where_room_ends(run: RunWithCharts) -> None:
    every = hours_of(run)
    energised = run.load[run.load["energised_mw"] > 0]
    keys = set(zip(energised["site"], energised["year"], strict=True))
    assert {(pack["site"], pack["year"]) for pack in every.packs} == keys
    assert every.left_out == 0
    sizes = [len(pack["values"]) for pack in every.packs]
    some = hours_of(run, room=sum(sizes) - min(sizes))
    assert some.size <= sum(sizes) - min(sizes)
    assert some.left_out + len(some.packs) == len(every.packs)
    assert ("piketon", 2035) in {(pack["site"], pack["year"]) for pack in some.packs}


def test_the_answer_is_three_sentences_and_the_rest_repeats_none(run: RunWithCharts) -> None:
    content = content_of(run, "", 10**6)
    assert content.first == headline(run)
    assert len(content.first) == 3
    assert not set(content.first) & set(content.rest)


def test_the_cost_table_adds_up_to_the_summary(run: RunWithCharts) -> None:
    costs = next(section for section in content_of(run, "", 10**6).sections if section.name == "costs")
    table = costs.tables[0]
    total = float(table.rows[-1][-1].replace(",", ""))
    assert table.total
    assert total == pytest.approx(run.summary["present_value_usd"].iloc[0] / 1e9, abs=0.06)


def test_every_figure_names_the_row_it_stands_in(run: RunWithCharts) -> None:
    section = next(one for one in content_of(run, "", 10**6).sections if one.kind == "assumptions")
    rows = section.long_tables[0].rows
    assert len(rows) > 100
    assert all(re.fullmatch(r".+\.(csv|yaml):\d+", row[-1]) for row in rows)


def test_technologies_and_kinds_of_cost_lead_to_the_figures_behind_them(run: RunWithCharts, page_file: Path) -> None:
    sections = {one.name: one for one in content_of(run, "", 10**6).sections}
    rows = [" ".join(row).lower() for row in sections["assumptions"].long_tables[0].rows]
    costs = sections["costs"].tables[0]
    found = [*costs.findings, *(heading.finding for heading in costs.headings)]
    words = [one.words for one in found if one is not None]
    assert {"technologies: combined_cycle", "grid_zones:", "fuels:"} <= set(words)
    for each in words:
        assert any(all(part in row for part in each.split()) for row in rows)
    text = page_file.read_text(encoding="utf-8")
    names = re.findall(r'<tr id="([^"]+)"', text)
    assert len(names) == len(set(names)) == len(rows)
    assert any(re.fullmatch(r"inputs-fuels-csv-\d+(-\d+)?", name) for name in names)


@pytest.mark.parametrize(
    "lost",
    ["places", "assumptions", "investment", "load", "costs", "capacity", "summary", "checks", "prices", "demand"],
)
def test_a_run_without_a_table_has_a_page_that_says_so(run: RunWithCharts, lost: str, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(run.path, folder)
    (folder / f"{lost}.parquet").unlink()
    text = write_page([RunWithCharts.of(read_run(folder))], tmp_path / "old.html").read_text(encoding="utf-8")
    told = html.unescape(text)
    if lost not in {"investment", "demand", "places"}:  # a map finds its places in the scenario
        assert f"has no table '{lost}'" in told
    if lost not in {"costs"}:
        assert "What is built, and when" in told


def test_damaged_files_of_a_run_are_told_where_they_are_missed(run: RunWithCharts, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(run.path, folder)
    for name in ("costs.parquet", "hourly/abilene_2035.parquet", "scenario.yaml"):
        (folder / name).write_bytes(b"half a fi\x00")
    pd.read_parquet(folder / "load.parquet").drop(columns="waits_for").to_parquet(folder / "load.parquet")
    text = html.unescape(write_page([RunWithCharts.of(read_run(folder))], tmp_path / "d.html").read_text("utf-8"))
    assert "costs.parquet is damaged" in text
    assert "No week can be shown" in text
    assert "'waits_for'" in text
    assert "Every check" in text


def test_a_run_without_hours_says_so(run: RunWithCharts, tmp_path: Path) -> None:
    folder = tmp_path / "short"
    shutil.copytree(run.path, folder, ignore=shutil.ignore_patterns("hourly"))
    content = content_of(read_run(folder), "", 10**6)
    operation = next(one for one in content.sections if one.name == "operation")
    assert "holds no hours" in operation.sentences[0]


def test_the_money_of_a_run_is_on_its_page_once_it_is_written(run: RunWithCharts, tmp_path: Path) -> None:
    folder = tmp_path / "financed"
    shutil.copytree(run.path, folder)
    assert not [one for one in content_of(read_run(folder), "", 10**6).sections if one.name == "money"]
    write_finance(read_run(folder), {"metrics": pd.DataFrame({"scenario": ["x"], "price_usd_per_mwh": [123.4]})})
    money = next(one for one in content_of(read_run(folder), "", 10**6).sections if one.name == "money")
    assert ("Price", "123", "USD/MWh") in money.tables[0].rows


def test_a_replay_is_on_the_page_with_its_interval(run: RunWithCharts, tmp_path: Path) -> None:
    folder = tmp_path / "replayed"
    shutil.copytree(run.path, folder)
    RunWithCharts.of(read_run(folder)).replay(years=20)
    section = next(one for one in content_of(read_run(folder), "", 10**6).sections if one.name == "reliability")
    assert len(section.tables[-1].rows) == (run.load["energised_mw"] > 0).sum()
    assert "to " in section.tables[-1].rows[0][4]


def test_a_nation_has_its_account_on_the_page_and_its_shortest_year_in_the_answer(tmp_path: Path) -> None:
    nation = """\
extends: base.yaml
name: nation
horizon: {years: [2026, 2028], resolution_h: 24, days: 2}
national: {trajectory: lbnl_high}
sites: {abilene: {load_ramp_mw: {2026: 200, 2028: 400}, technologies: [grid_connection]}}
"""
    (tmp_path / "nation.yaml").write_text(nation, encoding="utf-8")
    solved = gigasite.solve(tmp_path / "nation.yaml", results=tmp_path / "results")
    content = content_of(solved, "", 10**6)
    section = next(one for one in content.sections if one.name == "national")
    account = {row[0]: row[1:] for row in section.charts[0].table.rows}
    assert float(account["Shortfall"][-1].replace(",", "")) == pytest.approx(
        solved.demand["shortfall_twh"].iloc[-1], abs=0.06
    )
    assert any("TWh are served" in sentence for sentence in content.first)
    assert {one.caption.split(",")[0] for one in section.long_tables} >= {"Energy served by state"}


def test_futures_stand_side_by_side_and_the_most_probable_lends_what_has_no_mean(tmp_path: Path) -> None:
    fan = """\
extends: base.yaml
name: fan
horizon: {years: [2028, 2035], resolution_h: 24, days: 2}
sites: {piketon: {load_ramp_mw: {2028: 800, 2035: 4000}, technologies: [gas_turbine, combined_cycle]}}
solve: whole
futures:
  known_in: 2035
  cases:
    low: {probability: 0.25, sites: {piketon: {load_ramp_mw: {2035: 2000}}}}
    high: {probability: 0.75}
"""
    (tmp_path / "fan.yaml").write_text(fan, encoding="utf-8")
    content = content_of(gigasite.solve(tmp_path / "fan.yaml", results=tmp_path / "results"), "", 10**6)
    sections = {one.name: one for one in content.sections}
    assert [row[0] for row in sections["futures"].tables[0].rows] == ["low", "high", "expected"]
    assert content.first[0].startswith("One plan holds for both futures until 2035")
    assert content.hours.packs
    for name in ("operation", "map", "prices", "assumptions"):
        assert sections[name].sentences[0] == "Of high, the most probable future."
    assert not [one.name for one in content.sections if one.kind == "missing"]
    assert "`gigasite replay fan/high`" in sections["reliability"].sentences[-1]


def test_no_text_of_a_run_can_hide_the_end_of_an_element(run: RunWithCharts) -> None:
    pack = {"site": "<!--<script>", "name": "</script>"}
    assert "<" not in Hours([pack]).as_json()
    assert json.loads(Hours([pack]).as_json()) == [pack]


def test_the_page_asks_for_nothing_outside_itself(page_file: Path) -> None:
    text = page_file.read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href)="(?!#)', text)
    assert "default-src 'none'" in html.unescape(text)
    assert len(text) < 5e6


def test_a_title_cannot_end_an_element_of_the_page(run: RunWithCharts, tmp_path: Path) -> None:
    wicked = "</script><script>document.title='taken'</script>&<b>"
    changed = RunWithCharts(run.path, {**run.manifest, "title": wicked})
    text = write_page([changed], tmp_path / "wicked.html").read_text(encoding="utf-8")
    assert wicked not in text
    assert "&lt;/script&gt;" in text


def test_a_report_is_written_whole_or_not_at_all(run: RunWithCharts, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ends in"):
        write_page([run], tmp_path / "report.pdf")
    with pytest.raises(InputError, match="one run or a few"):
        write_page([], tmp_path / "report.html")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_page([run], tmp_path / "file" / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.slow
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (820, True), (390, False)])
def test_every_chart_is_drawn_without_a_fault_or_a_request(
    page_file: Path, running: Any, width: int, dark: bool
) -> None:
    with opened(running, page_file, width=width, dark=dark) as watched:
        watched.page.wait_for_selector(READY, state="attached", timeout=20_000)
        assert watched.page.evaluate(UNDRAWN) == []
        assert watched.page.locator("#map-chart path").count() > 20
        assert watched.page.evaluate("document.documentElement.scrollWidth") == width
        assert serious_accessibility_faults(watched.page) == []
    assert watched.faults == []
    assert watched.left_the_machine == []


@pytest.mark.slow
def test_the_week_moves_through_the_year_of_a_site(page_file: Path, running: Any, run: RunWithCharts) -> None:
    with opened(running, page_file) as watched:
        page = watched.page
        page.wait_for_selector(READY, state="attached", timeout=20_000)
        page.select_option(".site", "abilene")
        page.select_option(".year", "2035")
        weeks = [(hour // 168) + 1 for hour in run.hourly("abilene", 2035)["hour"]]
        page.fill(".slider", str(weeks[0]))
        first = page.inner_text(".week .told")
        page.click(".after")
        page.wait_for_function("(said) => document.querySelector('.week .told').textContent !== said", arg=first)
        page.click(".before")
        page.wait_for_function("(said) => document.querySelector('.week .told').textContent === said", arg=first)
        drawn = page.evaluate("document.getElementById('week').data.find((trace) => trace.name === 'Load').y")
    load = run.hourly("abilene", 2035)
    expected = load.loc[load["hour"] // 168 + 1 == weeks[0], "load_mw"].tolist()
    assert drawn[:-1] == pytest.approx(expected, rel=1e-3)
    assert watched.faults == []


@pytest.mark.slow
def test_assumptions_are_found_by_words(page_file: Path, running: Any) -> None:
    with opened(running, page_file) as watched:
        page = watched.page
        page.wait_for_selector(READY, state="attached", timeout=20_000)
        page.click("#assumptions summary")
        page.fill(".find", "fuels.csv published")
        shown = page.evaluate(
            "[...document.querySelectorAll('#assumptions tbody tr')].filter((row) => !row.hidden).length"
        )
        told = page.inner_text("#assumptions .told")
    assert 0 < shown < 100
    assert told.startswith(f"{shown} of ")


@pytest.mark.slow
def test_a_name_in_the_costs_opens_the_figures_behind_it_by_keyboard_too(page_file: Path, running: Any) -> None:
    with opened(running, page_file) as watched:
        page = watched.page
        page.wait_for_selector(READY, state="attached", timeout=20_000)
        page.focus("#costs tbody a >> nth=0")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.className") == "find"
        assert page.input_value(".find").startswith("technologies: ")
        assert page.locator("#assumptions tbody tr:not([hidden])").first.is_visible()
        page.evaluate("location.hash = document.querySelector('#assumptions tbody tr').id")
        page.focus(".slider")
        page.keyboard.press("Home")
        first = page.inner_text(".week .told")
        page.keyboard.press("End")
        page.wait_for_function("(said) => document.querySelector('.week .told').textContent !== said", arg=first)
        page.focus("#checks summary")
        page.keyboard.press("Space")
        assert page.locator("#checks table").is_visible()
    assert watched.faults == []


@pytest.mark.slow
def test_paper_is_light_though_the_screen_is_dark(page_file: Path, running: Any) -> None:
    ink = "document.querySelector('#waterfall .xtick text').style.fill"
    with opened(running, page_file, dark=True) as watched:
        watched.page.wait_for_selector(READY, state="attached", timeout=20_000)
        dark = watched.page.evaluate(ink)
        printed = watched.page.evaluate(f"(dispatchEvent(new Event('beforeprint')), {ink})")
        assert printed != dark  # at once: a printer does not wait
    assert watched.faults == []


@pytest.mark.slow
def test_runs_stand_side_by_side(both_file: Path, running: Any) -> None:
    with opened(running, both_file, dark=True) as watched:
        watched.page.wait_for_selector(READY, state="attached", timeout=30_000)
        assert watched.page.evaluate(UNDRAWN) == []
        assert watched.page.locator("article").count() == 2
        assert serious_accessibility_faults(watched.page) == []
    assert watched.faults == []


@pytest.mark.slow
def test_without_javascript_every_figure_is_in_the_tables(page_file: Path, running: Any) -> None:
    context = running.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(page_file.resolve().as_uri())
    assert page.locator("noscript").count() == 1
    assert page.locator("#costs table").first.is_visible()
    context.close()


def test_figures_of_a_page_are_json(page_file: Path) -> None:
    text = page_file.read_text(encoding="utf-8")
    found = re.findall(r'<script type="application/json" class="figure"[^>]*>(.*?)</script>', text, flags=re.DOTALL)
    assert len(found) == 4
    assert all(json.loads(each)["data"] for each in found)


def test_the_week_is_drawn_in_the_colours_of_the_theme() -> None:
    script = (HERE / "report.js").read_text(encoding="utf-8")
    named = dict(re.findall(r'([A-Z]+) = "(#[0-9a-f]{6})"', script))
    wanted = {"QUIET": theme.QUIET_INK} | {name: getattr(theme, name) for name in named if name != "QUIET"}
    assert named == wanted
    assert set(named.values()) <= set(DARK)
