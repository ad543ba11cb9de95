"""Candidate sites on outlines: ranked and coloured by cost, excluded counties by the rule that takes them out first,
and the connections that a campus would need.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import InputError, Problem
from gigasite.foundation.units import USD_PER_MILLION_USD
from gigasite.report.labels import readable
from gigasite.report.map_canvas import Canvas, new_canvas
from gigasite.report.map_labels import around, place
from gigasite.report.outlines import clipped, joined
from gigasite.report.theme import CANDIDATE, CANDIDATE_SCALE, EDGE, EXCLUDED, INK, QUIET_INK

if TYPE_CHECKING:
    import pandas as pd

COST = "connection_and_lateral_usd"
NEEDED = ("rank", "site", "name", "latitude", "longitude")
NAMED = 12
"""So many of the best candidates are written out."""
FIRST_PX, OTHER_PX, LABEL_SIZE_PX = 13.0, 7.0, 11
CONNECTION_LOOKS = {"line": ("#8d909e", "solid"), "pipeline": ("#c0761c", "dot"), "water": ("#3f6482", "dash")}
PIXELS_OF_SIMPLIFYING = 0.7
LETTERS_OF_LEGEND_ROW = 105


def siting_map(
    candidates: pd.DataFrame,
    excluded: pd.DataFrame | None = None,
    connections: pd.DataFrame | None = None,
    *,
    title: str = "Candidate sites",
    cost_column: str = COST,
    stay: int | None = None,
) -> Any:
    """Return the map of a screen.

    Args:
        candidates: those that stay: `rank`, `site`, `name`, `latitude`, `longitude` (degrees), `state` where known; a
            cost column colours them [USD]; columns ending in `_km` and `reasons` are told by the pointer.
        excluded: one row per candidate and rule, in the order of the rules: `site`, `rule`, `reason`, and `county_fips`
            where candidates are counties, or `latitude` and `longitude`.
        connections: the nearest line or pipeline of candidates: `site`, `kind` (line, pipeline, water), `latitude` and
            `longitude` of its end, `distance_km`.
        title: what was asked.
        cost_column: which column colours the candidates, where they have it.
        stay: how many stay, where `candidates` are only the best of them.

    Raises:
        InputError: a column is missing, or there is nothing to be drawn.
    """
    _refuse_missing(candidates, NEEDED, "candidates")
    first = _first_rule(excluded)
    shapes = _county_shapes(first)
    points, states = _places(candidates, first, shapes)
    rules = list(dict.fromkeys(first["rule"])) if first is not None else []
    letters = sum(len(_rule_label(rule)) + 14 for rule in rules) + 30
    canvas, names = new_canvas(
        title,
        _subtitle(
            len(candidates),
            len(candidates) if stay is None else stay,
            first,
            cost_column if cost_column in candidates else "",
        ),
        states=states,
        points=points,
        legend_rows=1 + letters // LETTERS_OF_LEGEND_ROW,
    )
    for rule, (colour, pattern) in zip(rules, _looks(len(rules)), strict=True):
        if first is not None:
            _add_excluded(canvas, first[first["rule"] == rule], shapes, rule, colour, pattern)
    if connections is not None and len(connections):
        _add_connections(canvas, candidates, connections)
    _add_candidates(canvas, candidates, cost_column)
    canvas.add_names_of_states(names)
    return canvas.figure


def _refuse_missing(table: pd.DataFrame, needed: Sequence[str], what: str) -> None:
    missing = [column for column in needed if column not in table]
    if missing:
        raise InputError(
            Problem(f"the table of {what} lacks columns", given=", ".join(missing), allowed=", ".join(needed))
        )


def _first_rule(excluded: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return one row for every excluded place, with the rule that takes it out first; None where there is none."""
    if excluded is None or excluded.empty:
        return None
    _refuse_missing(excluded, ("site", "rule"), "excluded places")
    return excluded.drop_duplicates("site")


def _county_shapes(first: pd.DataFrame | None) -> Any:
    """Return the outlines of the excluded counties, with their rule; None where the places are no counties."""
    if first is None or "county_fips" not in first or first["county_fips"].isna().all():
        return None
    from gigasite.siting.boundaries import counties

    table = counties()
    return table[table["fips"].isin(set(first["county_fips"].dropna().astype(str)))].set_index("fips")


def _places(
    candidates: pd.DataFrame, first: pd.DataFrame | None, shapes: Any
) -> tuple[list[tuple[float, float]], list[str]]:
    """Return every point that has to be seen, and the states they lie in, as far as these are known."""
    points = [*_points(candidates), *_points(first)]
    states = [*_states(candidates), *_states(first)]
    if shapes is not None:
        points += list(zip(shapes["longitude"], shapes["latitude"], strict=True))
        states += [str(state) for state in shapes["state"]]
    if not points:
        raise InputError(Problem("there is neither a candidate nor an excluded place to be drawn"))
    return points, states if len(states) == len(points) else []


def _points(table: pd.DataFrame | None) -> list[tuple[float, float]]:
    """Return longitude and latitude of every row that has them."""
    if table is None or "latitude" not in table:
        return []
    known = table.dropna(subset=["latitude", "longitude"])
    return [(float(x), float(y)) for x, y in zip(known["longitude"], known["latitude"], strict=True)]


def _states(table: pd.DataFrame | None) -> list[str]:
    if table is None or "state" not in table or "latitude" not in table:
        return []
    return [str(state) for state in table.dropna(subset=["latitude", "longitude"])["state"]]


def _subtitle(drawn: int, stay: int, first: pd.DataFrame | None, cost_column: str) -> str:
    number = 0 if first is None else len(first)
    parts = [f"{stay:,} of {stay + number:,} places stay" if number else f"{stay:,} places"]
    if drawn < stay:
        parts.append(f"dots: the best {drawn:,}")
    if cost_column:
        parts.append(f"colour: {_cost_label(cost_column)}")
    if number:
        parts.append("shaded: taken out, by the first rule that does")
    return " · ".join(parts)


def _cost_label(cost_column: str) -> str:
    return "cost of line and gas lateral" if cost_column == COST else readable(cost_column.removesuffix("_usd")).lower()


def _rule_label(rule: str) -> str:
    from gigasite.siting.rule_registry import rules

    return rules()[rule].label if rule in rules() else readable(rule)


def _looks(number: int) -> list[tuple[str, str]]:
    """Return a colour and a hatch for every rule: colours repeat with another hatch."""
    return [(EXCLUDED[i % len(EXCLUDED)], ("", "/", "x", ".")[i // len(EXCLUDED) % 4]) for i in range(number)]


def _add_excluded(canvas: Canvas, rows: pd.DataFrame, shapes: Any, rule: str, colour: str, pattern: str) -> None:
    """Shade the counties that a rule takes out, or mark the places it does."""
    label = f"{_rule_label(rule)}: {len(rows):,}"
    if shapes is not None:
        chosen = shapes.geometry[shapes.index.isin(set(rows["county_fips"].astype(str)))].to_numpy()
        paths = clipped(canvas.region, chosen, canvas.frame, PIXELS_OF_SIMPLIFYING * canvas.km_per_px)
        x, y = joined(paths)
        fill = {"fillpattern": {"shape": pattern, "fgcolor": EDGE, "bgcolor": colour, "size": 6}} if pattern else {}
        canvas.figure.add_scatter(
            x=x,
            y=y,
            name=label,
            legendgroup=rule,
            showlegend=False,
            mode="lines",
            fill="toself",
            fillcolor=colour,
            line={"color": EDGE, "width": 0.3},
            hoverinfo="skip",
            **fill,
        )
    places = _points(rows)
    if places and shapes is None:
        x, y = canvas.points([x for x, _ in places], [y for _, y in places])
        marker = {"symbol": "x-thin", "size": 6, "line": {"color": colour, "width": 1.5}}
        canvas.figure.add_scatter(
            x=x, y=y, legendgroup=rule, showlegend=False, mode="markers", marker=marker, hoverinfo="skip"
        )
    canvas.add_key(label, colour, group=rule)


def _add_connections(canvas: Canvas, candidates: pd.DataFrame, connections: pd.DataFrame) -> None:
    """Draw a line from candidates to what they would be connected to."""
    _refuse_missing(connections, ("site", "kind", "latitude", "longitude"), "connections")
    homes = candidates.set_index("site")[["longitude", "latitude"]]
    for kind, rows in connections.groupby("kind", sort=False):
        known = rows[rows["site"].isin(homes.index)].dropna(subset=["latitude", "longitude"])
        if known.empty:
            continue
        starts = homes.loc[known["site"]]
        x, y = canvas.points(starts["longitude"].tolist(), starts["latitude"].tolist())
        end_x, end_y = canvas.points(known["longitude"].tolist(), known["latitude"].tolist())
        path_x, path_y = joined([((a, b), (c, d)) for a, b, c, d in zip(x, y, end_x, end_y, strict=True)])
        colour, dash = CONNECTION_LOOKS.get(str(kind), (QUIET_INK, "solid"))
        canvas.figure.add_scatter(
            x=path_x,
            y=path_y,
            name=f"To the nearest {readable(str(kind)).lower()}",
            mode="lines",
            line={"color": colour, "width": 2, "dash": dash},
            hoverinfo="skip",
        )


def _add_candidates(canvas: Canvas, candidates: pd.DataFrame, cost_column: str) -> None:
    """Mark the candidates, the best last so that they lie on top, and write out the first of them."""
    if candidates.empty:
        return
    ordered = candidates.sort_values("rank", ascending=False)
    x, y = canvas.points(ordered["longitude"].tolist(), ordered["latitude"].tolist())
    sizes = [FIRST_PX if rank <= NAMED else OTHER_PX for rank in ordered["rank"]]
    marker: dict[str, Any] = {"size": sizes, "color": CANDIDATE, "line": {"color": INK, "width": 1}}
    if cost_column in ordered and ordered[cost_column].notna().any():
        marker |= {
            "color": ordered[cost_column] / USD_PER_MILLION_USD,
            "colorscale": CANDIDATE_SCALE,
            "colorbar": {
                "title": {"text": "million USD", "font": {"size": 12, "color": QUIET_INK}},
                "thickness": 10,
                "len": 0.5,
                "x": 1.0,
                "xanchor": "right",
                "y": 0.02,
                "yanchor": "bottom",
                "outlinewidth": 0,
                "tickformat": ",",
            },
        }
    canvas.figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        marker=marker,
        text=[_in_words(row, cost_column) for row in ordered.to_dict(orient="records")],
        hovertemplate="%{text}<extra></extra>",
        hoverlabel={"align": "left"},
        showlegend=False,
    )
    _name_the_best(canvas, ordered, x, y)


def _name_the_best(canvas: Canvas, ordered: pd.DataFrame, x: Any, y: Any) -> None:
    """Write rank and name beside the best candidates, and the rank alone where there is no room."""
    best = [number for number, rank in enumerate(ordered["rank"]) if rank <= NAMED][::-1]
    radius = 0.5 * FIRST_PX * canvas.km_per_px
    canvas.taken.extend(around(float(x[number]), float(y[number]), radius) for number in best)
    labels = []
    for number in best:
        row = ordered.iloc[number]
        found = place(
            [[f"{row['rank']}  {row['name']}"], [str(row["rank"])]],
            (float(x[number]), float(y[number]), radius),
            size_px=LABEL_SIZE_PX,
            km_per_px=canvas.km_per_px,
            taken=canvas.taken,
            within=canvas.frame,
        )
        if found is not None:
            canvas.taken.append(found.box)
            labels.append(found)
    canvas.add_labels(labels, size_px=LABEL_SIZE_PX)
    small = 0.5 * OTHER_PX * canvas.km_per_px
    canvas.taken.extend(around(float(a), float(b), small) for a, b in zip(x, y, strict=True))


def _in_words(row: dict[Any, Any], cost_column: str) -> str:
    """What the pointer shows of a candidate."""
    state = f", {row['state']}" if row.get("state") and not str(row["name"]).endswith(str(row["state"])) else ""
    lines = [f"<b>{row['rank']}  {escape(str(row['name']))}{escape(state)}</b>"]
    cost = row.get(cost_column)
    if cost is not None and cost == cost:  # noqa: PLR0124 - not a number is not equal to itself
        lines.append(f"{_cost_label(cost_column).capitalize()}: {cost / USD_PER_MILLION_USD:,.1f} million USD")
    for column, value in row.items():
        if str(column).endswith("_km") and isinstance(value, float) and value == value:  # noqa: PLR0124
            lines.append(f"{readable(str(column).removesuffix('_km'))}: {value:,.1f} km")
    reasons = str(row.get("reasons") or "")
    lines += [escape(reason) for reason in reasons.split("; ") if reason]
    return "<br>".join(lines)
