"""A nation's demand against what is served: by year, by state, and what keeps the rest from being met."""

from __future__ import annotations

from typing import Any

from gigasite.report.numbers import NOTHING
from gigasite.report.page.drawn import drawn
from gigasite.report.page.section import Section
from gigasite.report.page.shown_table import Heading, ShownTable, shown_table
from gigasite.results.run import Run

MOST_OBSTACLES = 12
SMALL_TWH = 0.05
CODE_LENGTH = 2
ACCOUNT = (
    ("trajectory_twh", "Trajectory"),
    ("existing_twh", "Existing fleet"),
    ("campuses_twh", "Named campuses"),
    ("rest_of_state_twh", "Rest of states"),
    ("shortfall_twh", "Shortfall"),
)


def national_section(run: Run, key: str) -> Section | None:
    """The account of a nation; None where the scenario keeps none."""
    from gigasite.report.demand_chart import demand_chart

    if "demand" not in run.table_names or not len(run.demand):
        return None
    section = Section(f"{key}national", "The national account", "Nation")
    chart = drawn(
        f"{key}demand-chart", "Demand of data centres, and what is served", demand_chart(run),
        subtitle="The hatched part falls short of the trajectory; TWh a year",
        words="Stacked bars of energy served by year, with the trajectory and what falls short", table=_by_year(run),
    )  # fmt: skip
    section.charts.append(chart)
    if "obstacles" in run.table_names and len(run.table("obstacles")):
        obstacles = run.table("obstacles").sort_values("saved_usd_per_year", ascending=False)
        noticed = obstacles[obstacles["gained_twh"] > SMALL_TWH]
        if len(noticed):
            columns = ["sentence", "year", "gained_twh", "saved_usd_per_year", "ease"]
            words = {"sentence": "What would serve more", "ease": "To try it"}
            caption = "What keeps demand from being met: the first dozen by worth"
            section.tables.append(shown_table(noticed[columns].head(MOST_OBSTACLES), caption, words=words))
        section.long_tables.append(shown_table(obstacles, "Everything that keeps demand from being met"))
    if "placement" in run.table_names and len(run.table("placement")):
        section.long_tables.append(_by_state(run))
        section.long_tables.append(shown_table(run.table("placement"), "Where the load is placed, site by site"))
    return section


def _by_year(run: Run) -> ShownTable:
    demand = run.demand.sort_values("year")
    rows = tuple((label, *_line(demand[column])) for column, label in ACCOUNT if column in demand)
    return ShownTable("Demand of data centres, TWh", _headings("", demand["year"]), rows)


def _by_state(run: Run) -> ShownTable:
    placement = run.table("placement")
    wide = placement.pivot_table(index="state", columns="year", values="twh", aggfunc="sum", fill_value=0.0)
    wide = wide.sort_values(wide.columns[-1], ascending=False)
    is_state = wide.index.str.len() == CODE_LENGTH  # the aggregate of all other states is none itself
    rows = [(str(state), *_line(values)) for state, values in wide[is_state].iterrows()]
    if not is_state.all():
        rows.append(("Other states", *_line(wide[~is_state].sum())))
    rows.append(("All that is served", *_line(wide.sum())))
    return ShownTable("Energy served by state, TWh", _headings("State", wide.columns), tuple(rows), total=True)


def _headings(first: str, years: Any) -> tuple[Heading, ...]:
    return (Heading(first, "", is_number=False), *(Heading(str(year), "", is_number=True) for year in years))


def _line(values: Any) -> list[str]:
    return [f"{value:,.1f}" if abs(value) >= SMALL_TWH else NOTHING for value in values]
