"""A week of operation at a site: what supplies the load hour by hour, stacked, and what stores or sells below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import InputError, Problem
from gigasite.report.labels import look, looks
from gigasite.report.theme import EDGE, LOAD, UNSERVED, new_figure, number_format, power_scale
from gigasite.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

HOURS_PER_WEEK = 168
WEEKS = 53
SMALLEST_SHOWN_MW = 0.5
REFERENCE_YEAR = 2023
"""Not a leap year, like every modelled year: it only makes dates of hours."""

MARGINAL_COST = "marginal_cost_usd_per_mwh"
USE_WORDS = {"charge_mw": "charging", "export_mw": "export", "sent_mw": "sent away"}


def dispatch_chart(run: Run, *, site: str | None = None, year: int | None = None, week: int | None = None) -> Any:
    """Return the chart of one week.

    Args:
        run: a solved scenario.
        site: the site; the one with the largest load where not given.
        year: the modelled year; the last one where not given.
        week: week of the year, 1 to 53; the one with the dearest power where not given.
    """
    site, year = site_and_year(run, site, year)
    hours = run.hourly(site, year)
    chosen = dearest_week(hours) if week is None else week
    rows = hours[hours["hour"] // HOURS_PER_WEEK == chosen - 1]
    if rows.empty:
        known = sorted({int(hour) // HOURS_PER_WEEK + 1 for hour in hours["hour"]})
        raise InputError(
            Problem(
                "the run has no hours of this week", given=str(week), allowed=f"{known[0]} to {known[-1]}", key="week"
            )
        )
    step_h = int(hours["hour"].diff().min()) if len(hours) > 1 else 24
    times = _times(rows, step_h)
    scale, unit = power_scale(rows["load_mw"])
    form = number_format(float(rows["load_mw"].max()) / scale)
    dates = f"{times[0]:%-d %B} to {times[len(rows) - 1]:%-d %B}"
    why = ", the one with the dearest power" if week is None else ""
    figure = new_figure(
        f"Operation in week {chosen} of {year}", f"{run.title} · {site} · {dates}{why}", y=f"Power, {unit}"
    )
    supply, use = supply_and_use(rows)
    for name, label, colour in [*reversed(use), *supply]:
        sign, group = (1.0, "supply") if (name, label, colour) in supply else (-1.0, "use")
        figure.add_scatter(
            x=times,
            y=[sign * value / scale for value in _closed(rows[name])],
            name=label,
            stackgroup=group,
            mode="lines",
            fillcolor=colour,
            line={"color": EDGE, "width": 0.6, "shape": "hv"},
            hovertemplate=f"{label}: %{{y:{form}}} {unit}<extra></extra>",
        )
    figure.add_scatter(
        x=times,
        y=[value / scale for value in _closed(rows["load_mw"])],
        name="Load",
        mode="lines",
        line={"color": LOAD, "width": 2.2, "shape": "hv"},
        hovertemplate=f"Load: %{{y:{form}}} {unit}<extra></extra>",
    )
    figure.update_layout(hovermode="x unified")
    figure.update_xaxes(
        type="date", tickformat="%-d %b", hoverformat="%-d %b %H:00", dtick=86_400_000, title={"text": ""}
    )
    figure.update_yaxes(tickformat=",")
    return figure


def site_and_year(run: Run, site: str | None, year: int | None) -> tuple[str, int]:
    """Return the site and year meant: the site with the largest load and the last year where they are not given."""
    site = site if site is not None else str(run.load["site"].iloc[int(run.load["wanted_mw"].argmax())])
    return site, year if year is not None else int(run.load["year"].max())


def dearest_week(hours: pd.DataFrame) -> int:
    """Return the week of the year, from 1, with the highest mean marginal cost; of equal ones the first."""
    costs = hours.groupby(hours["hour"] // HOURS_PER_WEEK + 1)[MARGINAL_COST].agg(["size", "mean"])
    whole = costs[costs["size"] == costs["size"].max()]
    return int(whole.index.to_numpy()[int(whole["mean"].argmax())])


def supply_and_use(rows: pd.DataFrame) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """Return (column, label, colour) of what supplies and of what uses power, each from the axis outwards."""
    from gigasite.formulation.registry import technologies
    from gigasite.results.series import sign_of

    powers = [name for name in rows.columns if sign_of(str(name)) and name != "load_mw"]
    powers = [name for name in powers if rows[name].max() > SMALLEST_SHOWN_MW]
    by_length = sorted(technologies(), key=len, reverse=True)
    owner = {name: next((t for t in by_length if str(name).startswith(f"{t}_")), str(name)) for name in powers}
    order = {found.name: position for position, found in enumerate(looks(owner.values()))}
    supply, use = [], []
    for name in sorted(powers, key=lambda name: order[owner[name]]):
        found = look(owner[name])
        if name == "unserved_mw":
            supply.append((name, "Unserved", UNSERVED))
        elif sign_of(name) > 0:
            supply.append((name, found.label, found.colour))
        else:
            word = next((word for end, word in USE_WORDS.items() if name.endswith(end)), "use")
            use.append((name, f"{found.label} {word}", found.colour))
    return supply, use


def _times(rows: pd.DataFrame, step_h: int) -> list[Any]:
    """Return the beginning of every step and the end of the last one."""
    import pandas as pd

    start = pd.Timestamp(year=REFERENCE_YEAR, month=1, day=1)
    hours = [int(hour) for hour in rows["hour"]]
    return [start + pd.Timedelta(hours=hour) for hour in [*hours, hours[-1] + step_h]]


def _closed(values: pd.Series[Any]) -> list[float]:
    """Return the values with the last one again, so that its step is drawn too."""
    listed = [float(value) for value in values]
    return [*listed, listed[-1]]
