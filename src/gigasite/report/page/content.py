"""What stands on the page of a run, section by section, from its tables alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.report.labels import component_label, looks
from gigasite.report.numbers import style_of
from gigasite.report.page.drawn import Drawn, drawn
from gigasite.report.page.hours import Hours, hours_of
from gigasite.report.page.shown_table import PLAIN, ShownTable, sentence_case, shown_table, total_row
from gigasite.results.run import NOT_POWER, Run
from gigasite.results.sentences import NOT_A_LIMIT, answer, headline

MOST_PRICES = 12
SMALL_MW = 0.5
BN = 1e9


@dataclass
class Section:
    """A part of the page: a heading, sentences, charts, tables."""

    name: str
    title: str
    sentences: list[str] = field(default_factory=list)
    charts: list[Drawn] = field(default_factory=list)
    tables: list[ShownTable] = field(default_factory=list)
    long_tables: list[ShownTable] = field(default_factory=list)
    kind: str = "plain"


@dataclass
class Content:
    """A run ready for a page.

    Attributes:
        key: begins the names of its elements.
        title: what a planner reads above the answer.
        question: what the scenario asks.
        status: how it was solved, in a line.
        good: whether it was solved to its gap and every check passed.
        first: the answer in three sentences.
        rest: the other sentences.
        tiles: key figures, each a label, a number and a unit.
        sections: everything below.
        hours: hours for the week that can be moved.
    """

    key: str
    title: str
    question: str
    status: str
    good: bool
    first: list[str]
    rest: list[str]
    tiles: list[tuple[str, str, str]]
    sections: list[Section]
    hours: Hours


def content_of(run: Run, key: str, room: int) -> Content:
    """Everything the page shows of a run.

    Args:
        run: the run.
        key: begins the names of its elements.
        room: bytes there are for its hours.
    """
    first = headline(run)
    said = " ".join(first)
    rest = [sentence for sentence in answer(run) if sentence not in said]
    sections = [
        part
        for part in (
            _costs(run, key),
            _capacity(run, key),
            _energised(run, key),
            Section(f"{key}operation", "Operation, week by week", kind="hours"),
            _prices(run, key),
            _map(run, key),
            _reliability(run, key),
            _national(run, key),
            _checks(run, key),
            _assumptions(run, key),
        )
        if part is not None
    ]
    good = run.manifest["status"] == "optimal" and run.checks_passed
    return Content(
        key, run.title, run.question, _status(run), good, first, rest,
        list(_tiles(run)), sections, hours_of(run, room),
    )  # fmt: skip


def _status(run: Run) -> str:
    manifest = run.manifest
    steps = "every hour" if manifest["resolution_h"] == 1 else f"{manifest['resolution_h']}-hour means"
    solved = "solved" if manifest["status"] == "optimal" else str(manifest["status"])
    checks = run.checks["passed"].astype(bool)
    told = (
        f"all {len(checks)} checks passed" if checks.all() else f"{int((~checks).sum())} of {len(checks)} checks failed"
    )
    return (
        f"{sentence_case(solved)} over {steps}, gap {100 * manifest['gap']:.2g} %, {told}. Run {run.run_id}, "
        f"gigasite {manifest['versions']['gigasite']}. Dollars of 2024, real, unless said."
    )


def _tiles(run: Run) -> Iterator[tuple[str, str, str]]:
    row, load = run.summary.iloc[0], run.load
    last = int(load["year"].max())
    energised, waiting = (float(load.loc[load["year"] == last, name].sum()) for name in ("energised_mw", "waiting_mw"))
    named: list[tuple[str, str, Any]] = [
        ("Present value of supply", "present_value_usd", row["present_value_usd"]),
        ("Levelised cost", "levelised_cost_usd_per_mwh", row["levelised_cost_usd_per_mwh"]),
        (f"Energised in {last}", "energised_mw", energised),
        (f"Waiting in {last}", "waiting_mw", waiting),
        ("First power", "year", row["first_power_year"]),
        ("Carbon dioxide", "co2_t", row["co2_t"]),
    ]
    for label, name, value in named:
        if not pd.isna(value):
            style = style_of(name, [float(value)])
            yield label, style.text(float(value)), style.unit


def _costs(run: Run, key: str) -> Section:
    from gigasite.report.page.cost_waterfall import cost_waterfall

    costs = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS)]
    wide = costs.pivot_table(
        index="technology", columns="component", values="cost_usd_present_value", aggfunc="sum", fill_value=0.0
    )
    wide = wide.reindex([look.name for look in looks(wide.index)])
    wide = wide.loc[:, [name for name in SUPPLY_COMPONENTS if name in wide and wide[name].abs().max() > 0]]
    words = {name: component_label(str(name)) for name in wide.columns}
    wide["total"] = wide.sum(axis=1)
    wide.insert(0, "supply", [look.label for look in looks(wide.index)])
    largest = float(wide["total"].abs().sum())
    table = total_row(wide, "All supply")
    table[[*words, "total"]] /= BN if largest >= BN else 1.0
    like = dict.fromkeys([*words, "total"], PLAIN)
    caption = f"Present value of the cost of supply, {'bn ' if largest >= BN else ''}USD of 2024"
    shown = shown_table(table, caption, words={**words, "supply": "Supply"}, like=like, total=True)
    return Section(f"{key}costs", "What it costs", charts=[cost_waterfall(run, f"{key}waterfall")], tables=[shown])


def _capacity(run: Run, key: str) -> Section:
    from gigasite.report.capacity_chart import capacity_chart

    capacity = run.capacity[~run.capacity["technology"].isin(NOT_POWER)]
    wide = capacity.pivot_table(index="technology", columns="year", values="total_mw", aggfunc="sum", fill_value=0.0)
    wide = wide[wide.max(axis=1) > SMALL_MW]
    wide = wide.reindex([look.name for look in looks(wide.index)])
    wide.columns = [str(year) for year in wide.columns]
    wide.insert(0, "supply", [look.label for look in looks(wide.index)])
    like = dict.fromkeys(wide.columns[1:], PLAIN)
    table = shown_table(wide, "Capacity by year, MW", words={"supply": "Supply"}, like=like)
    chart = drawn(
        f"{key}capacity-chart", "Capacity by year", capacity_chart(run), subtitle="Bars by supply; dots: load wanted",
        words="Stacked bars of capacity by supply and year, with the load wanted", table=table,
    )  # fmt: skip
    return Section(f"{key}capacity", "What is built, and when", charts=[chart])


def _energised(run: Run, key: str) -> Section:
    from gigasite.report.energised_chart import energised_chart

    load = run.load[["site", "year", "wanted_mw", "energised_mw", "waiting_mw", "waits_for"]]
    words = {"waits_for": "Waits for"}
    table = shown_table(load, "Load wanted, energised and waiting", words=words)
    chart = drawn(
        f"{key}energised-chart", "Energised against the ramp wanted", energised_chart(run),
        subtitle="The hatched part waits; the table says for what",
        words="Bars of energised and waiting load by year, with the ramp wanted", table=table,
    )  # fmt: skip
    section = Section(f"{key}energised", "What is energised, and what waits for what", charts=[chart])
    idle = run.table("idle_by_bottleneck") if "idle_by_bottleneck" in run.table_names else pd.DataFrame()
    if len(idle):
        grouped = idle.groupby("bottleneck", as_index=False, sort=False)[
            ["idle_mw_years", "cost_usd_present_value"]
        ].sum()
        section.tables.append(shown_table(grouped, "What load waits for, and what that costs"))
    else:
        section.sentences.append("Nothing waits: every megawatt wanted is energised in its year.")
    quarters = run.table("energised_by_quarter") if "energised_by_quarter" in run.table_names else pd.DataFrame()
    if len(quarters) and quarters["waiting_mw"].max() > SMALL_MW:
        late = quarters[quarters["waiting_mw"] > SMALL_MW]
        section.long_tables.append(shown_table(late, "Quarters in which load waits", words={"waits_for": "Waits for"}))
    return section


def _prices(run: Run, key: str) -> Section | None:
    section = Section(f"{key}prices", "What binds, and what would change the answer", kind="list")
    prices = run.prices[run.prices["shadow_price"] != 0].sort_values("worth_usd", ascending=False)
    limits = prices[~prices["requirement"].isin(NOT_A_LIMIT) & (prices["worth_usd"] > 0)]
    kinds = limits["requirement"].str.replace(r"_\d+$", "", regex=True)
    section.sentences += list(limits["sentence"][~kinds.duplicated()].head(MOST_PRICES))
    section.sentences += list(_nearest_to_enter(run.breakeven)["sentence"].head(MOST_PRICES))
    for table, caption in (
        (prices, "Every price of a limit"),
        (run.breakeven, "Every cost at which supply would enter"),
    ):
        if len(table):
            section.long_tables.append(shown_table(table, caption, words={"sentence": "In words"}))
    return section if section.sentences else None


def _nearest_to_enter(breakeven: pd.DataFrame) -> pd.DataFrame:
    """Of each technology that was not built the site and year in which least is missing."""
    missing = 1.0 - breakeven["breakeven_capex_usd_per_kw"] / breakeven["overnight_capex_usd_per_kw"]
    ordered = breakeven.loc[missing.sort_values().index]
    return ordered[~ordered["technology"].duplicated()]


def _map(run: Run, key: str) -> Section | None:
    from gigasite.foundation.errors import InputError
    from gigasite.report.map import run_map

    try:
        figure = run_map(run)
    except InputError:  # a run without places, or without load in its last year
        return None
    words = "Map of the sites with their supply mix, load that waits and cost"
    title = f"Supply of the sites in {int(run.load['year'].max())}"
    subtitle = "A disc is as large as the load wanted; its slices are capacity, a hatched rim is load that waits"
    chart = drawn(f"{key}map-chart", title, figure, subtitle=subtitle, words=words, fixed=True)
    return Section(f"{key}map", "Map of sites", charts=[chart])


def _reliability(run: Run, key: str) -> Section | None:
    section = Section(f"{key}reliability", "How sure it is")
    for name, caption in (
        ("reliability", "Losses that the plan lives through"),
        ("replay", "Outages replayed at random over every hour"),
    ):
        if name in run.table_names and len(run.table(name)):
            section.tables.append(shown_table(run.table(name), caption))
    if not section.tables:
        section.sentences.append(
            "No loss was asked for beside lost machines. "
            f"gigasite replay {run.scenario} replays outages over every hour."
        )
    return section


def _national(run: Run, key: str) -> Section | None:
    if not len(run.demand):
        return None
    section = Section(f"{key}national", "The national account")
    section.tables.append(shown_table(run.demand, "Demand of data centres by year"))
    for name, caption in (("obstacles", "What keeps demand from being met"), ("placement", "Where the load is placed")):
        if name in run.table_names and len(run.table(name)):
            section.long_tables.append(shown_table(run.table(name), caption))
    return section


def _checks(run: Run, key: str) -> Section:
    checks = run.checks[["check", "passed", "sentence", "value", "limit", "unit"]].copy()
    checks["check"] = [sentence_case(str(name).replace("_", " ")) for name in checks["check"]]
    checks["passed"] = ["passed" if passed else "FAILED" for passed in checks["passed"].astype(bool)]
    failed = int((checks["passed"] != "passed").sum())
    told = f"All {len(checks)} passed." if not failed else f"{failed} of {len(checks)} failed: do not use this answer."
    section = Section(f"{key}checks", "Checks made without the model", sentences=[told])
    section.long_tables.append(shown_table(checks, "Every check", words={"sentence": "What was recomputed"}))
    return section


def _assumptions(run: Run, key: str) -> Section | None:
    if "assumptions" not in run.table_names:
        return None
    told = run.table("assumptions")
    kinds = told["confidence"].value_counts()
    counted = ", ".join(f"{int(kinds[name])} {name}" for name in kinds.index)
    section = Section(
        f"{key}assumptions", "Assumptions with their sources",
        sentences=[f"{len(told)} cited figures were looked up: {counted}. Each names the row of inputs/ it stands in."],
        kind="assumptions",
    )  # fmt: skip
    section.long_tables.append(assumption_rows(told))
    return section


def assumption_rows(told: pd.DataFrame) -> ShownTable:
    """Figures of the same row of inputs/ in one line: what of, the value, and where it was read."""
    keys = ["input_file", "input_line", "table", "figure", "unit", "confidence", "source", "locator", "note"]
    rows = []
    for at, group in told.groupby(keys, sort=False, dropna=False):
        named = dict(zip(keys, at, strict=True))
        values = list(dict.fromkeys(f"{value:g}" for value in group["value"]))
        shown = values[0] if len(values) == 1 else f"{values[0]} to {values[-1]}"
        years = group["year"].dropna()
        of = f"{named['table']}: {named['figure']}" + (f", {int(years.min())}" if len(years) == 1 else "")
        number: Any = named["input_line"]
        line = "" if pd.isna(number) else f":{int(number)}"
        rows.append((of, shown, named["unit"], named["confidence"], f"{named['source']}. {named['locator']}",
                     named["note"], f"{named['input_file']}{line}"))  # fmt: skip
    frame = pd.DataFrame(rows, columns=["of", "value", "in", "confidence", "source", "note", "row"])
    words = {
        "of": "Figure",
        "value": "Value",
        "in": "Unit",
        "source": "Read in",
        "note": "Note",
        "row": "Row of inputs/",
    }
    return shown_table(frame, "Every figure that was looked up", words=words)
