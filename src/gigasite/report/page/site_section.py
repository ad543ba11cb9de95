"""The sites of a run: where they lie, and what each gets, waits for and pays."""

from __future__ import annotations

from collections.abc import Mapping

from gigasite.foundation.errors import InputError
from gigasite.report.page.drawn import drawn
from gigasite.report.page.section import Section, lack
from gigasite.report.page.shown_table import ShownTable, shown_table
from gigasite.results.run import Run
from gigasite.results.site_costs import site_costs


def place_names(run: Run) -> Mapping[str, str]:
    """What a planner calls each site; empty where the run does not say."""
    try:
        places = run.table("places")
        return dict(zip(places["site"].astype(str), places["place_name"].astype(str), strict=True))
    except (InputError, LookupError):
        return {}


def site_section(run: Run, key: str) -> Section:
    """A map, and a table with a row for each site."""
    from gigasite.report.map import run_map

    section = Section(f"{key}map", "The sites", "Sites")
    try:
        figure = run_map(run)
    except (InputError, LookupError) as fault:  # a run of before places, or without load in its last year
        section.sentences.append(f"No map can be drawn: {lack(fault)}")
    else:
        words = "Map of the sites with their supply mix, load that waits and cost"
        title = f"Supply of the sites in {int(run.load['year'].max())}"
        subtitle = "A disc is as large as the load wanted; its slices are capacity, a hatched rim is load that waits"
        section.charts.append(drawn(f"{key}map-chart", title, figure, subtitle=subtitle, words=words, fixed=True))
    section.tables.append(_site_table(run))
    return section


def _site_table(run: Run) -> ShownTable:
    last = int(run.load["year"].max())
    load = run.load[run.load["year"] == last].set_index("site")
    costs = site_costs(run)
    names = place_names(run)
    frame = load.loc[[site for site in costs.index if site in load.index], ["wanted_mw", "energised_mw", "waits_for"]]
    frame.insert(0, "site", [names.get(str(site), str(site)) for site in frame.index])
    frame["present_value_usd"] = costs["present_value_usd"].reindex(frame.index)
    frame["levelised_cost_usd_per_mwh"] = costs["levelised_cost_usd_per_mwh"].reindex(frame.index)
    frame = frame.sort_values("wanted_mw", ascending=False)
    columns = ["site", "wanted_mw", "energised_mw", "present_value_usd", "levelised_cost_usd_per_mwh", "waits_for"]
    words = {
        "wanted_mw": "Wanted",
        "energised_mw": "Energised",
        "present_value_usd": "Cost, present value",
        "levelised_cost_usd_per_mwh": "Levelised",
        "waits_for": "The rest waits for",
    }
    return shown_table(frame[columns], f"Load in {last}, and cost of its supply in all years", words=words)
