"""The sites of a run on outlines of states: supply mix, load, what waits, cost, and the lines between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gigasite.foundation.errors import InputError, Problem
from gigasite.report.energised_chart import HATCH
from gigasite.report.map_canvas import Canvas, new_canvas
from gigasite.report.map_labels import STEPS_PX, around, place
from gigasite.report.map_marks import POINTS_PER_TURN, Disc, radii, ring, spread, wedge
from gigasite.report.map_sites import SMALL_MW, MappedSite, label_of, mapped_sites, site_label, technologies_of
from gigasite.report.outlines import joined
from gigasite.report.theme import EDGE, PAPER, QUIET_INK, WAITING, number_format, power_scale
from gigasite.results.run import Run
from gigasite.results.words import megawatts

LARGEST_SHARE = 0.062
"""Radius of the largest disc over the width of the map, where there are few sites."""
FEW_SITES, MANY_SITES = 6, 24
LABEL_SIZE_PX = 12
LARGE_DISC_PX = 22.0
CROWD = 60
"""From so many sites on names that find no room near their disc are left out at once."""
LETTERS_OF_LEGEND_ROW = 95
AGGREGATE_OPACITY = 0.45
WAITS = "Load that waits"


def run_map(run: Run, *, year: int | None = None) -> Any:
    """Return the map of a year.

    A disc is a site: its area is the load wanted, its slices are capacity by technology, its hatched rim is load that
    waits. A site without load shows its capacity. Discs that would cover each other stand beside their place, with a
    line to it. The rest of a state is drawn lighter. Names that find no room are left to the pointer.

    Args:
        run: a solved scenario.
        year: the modelled year; the last one where not given.

    Raises:
        InputError: no such year, no site on the map, or a run that does not say where its sites lie.
    """
    years = sorted(int(each) for each in run.load["year"].unique())
    year = years[-1] if year is None else year
    if year not in years:
        allowed = ", ".join(str(each) for each in years)
        raise InputError(Problem("the run has no such year", given=str(year), allowed=allowed, key="year"))
    sites = mapped_sites(run, year)
    if not sites:
        raise InputError(Problem("no site has load or capacity in this year", given=str(year)))
    technologies = technologies_of(sites)
    any_waits = any(site.waiting_mw > SMALL_MW for site in sites)
    letters = sum(len(label_of(name)[0]) + 7 for name in technologies) + (20 if any_waits else 0)
    canvas, names = new_canvas(
        f"Supply of {sites[0].label if len(sites) == 1 else 'the sites'} in {year}",
        f"{run.title} · {_how_to_read(sites)}",
        states=[site.state for site in sites],
        points=[(site.longitude, site.latitude) for site in sites],
        legend_rows=1 + letters // LETTERS_OF_LEGEND_ROW,
    )
    discs = _discs(canvas, sites)
    _add_lines(canvas, run, year, discs)
    _add_leads(canvas, discs)
    for is_aggregate in (True, False):
        chosen = [(site, disc) for site, disc in zip(sites, discs, strict=True) if site.is_aggregate == is_aggregate]
        _add_mix(canvas, chosen, technologies, opacity=AGGREGATE_OPACITY if is_aggregate else 1.0)
    for technology in technologies:
        canvas.add_key(*label_of(technology), group=technology)
    _add_waiting(canvas, sites, discs)
    _add_labels(canvas, sites, discs)
    canvas.add_names_of_states(names)
    _add_hovers(canvas, sites, discs)
    return canvas.figure


def _how_to_read(sites: Sequence[MappedSite]) -> str:
    parts = ["area: load wanted" if any(site.has_load for site in sites) else "area: capacity", "slices: capacity"]
    if any(site.is_aggregate for site in sites):
        parts.append("pale: rest of a state")
    if any(site.levelised_usd_per_mwh is not None for site in sites):
        parts.append("USD/MWh: levelised cost")
    return ", ".join(parts)


def _discs(canvas: Canvas, sites: Sequence[MappedSite]) -> list[Disc]:
    """Return the discs of the sites, moved off each other."""
    width = canvas.frame[2] - canvas.frame[0]
    crowd = min(max((len(sites) - FEW_SITES) / (MANY_SITES - FEW_SITES), 0.0), 1.0)
    largest = LARGEST_SHARE * width * (1.0 - 0.3 * crowd) * min(1.0, MANY_SITES / len(sites)) ** 0.5
    places = canvas.points([site.longitude for site in sites], [site.latitude for site in sites])
    sizes = radii([site.disc_mw for site in sites], largest)
    discs = [
        Disc(site.site, float(x), float(y), radius) for site, x, y, radius in zip(sites, *places, sizes, strict=True)
    ]
    spread(discs)
    canvas.taken.extend(around(disc.x, disc.y, disc.radius) for disc in discs)
    return discs


def _inner(site: MappedSite, disc: Disc) -> float:
    """Radius of the part of a disc that is energised."""
    return disc.radius * (site.energised_mw / site.wanted_mw) ** 0.5 if site.has_load else disc.radius


def _points(canvas: Canvas, disc: Disc) -> int:
    """Points of its circle: as many as the eye asks for."""
    return POINTS_PER_TURN if disc.radius > LARGE_DISC_PX * canvas.km_per_px else POINTS_PER_TURN // 3


def _add_mix(
    canvas: Canvas, chosen: Sequence[tuple[MappedSite, Disc]], technologies: Sequence[str], *, opacity: float
) -> None:
    """Draw the slices of some discs, one trace for each technology, so that its name in the legend hides them all."""
    for technology in technologies:
        slices = []
        for site, disc in chosen:
            if technology not in site.mix_mw:
                continue
            total = sum(site.mix_mw.values())
            before = sum(mw for name, mw in list(site.mix_mw.items())[: list(site.mix_mw).index(technology)])
            ends = before / total, (before + site.mix_mw[technology]) / total
            slices.append(wedge(disc.x, disc.y, _inner(site, disc), *ends, points=_points(canvas, disc)))
        if not slices:
            continue
        label, colour = label_of(technology)
        x, y = joined(slices)
        canvas.figure.add_scatter(
            x=x,
            y=y,
            name=label,
            legendgroup=technology,
            showlegend=False,
            mode="lines",
            fill="toself",
            fillcolor=colour,
            line={"color": EDGE, "width": 0.8},
            opacity=opacity,
            hoverinfo="skip",
        )


def _add_waiting(canvas: Canvas, sites: Sequence[MappedSite], discs: Sequence[Disc]) -> None:
    """Draw the rim of every disc with load that waits."""
    rings = [
        ring(disc.x, disc.y, _inner(site, disc), disc.radius, points=_points(canvas, disc))
        for site, disc in zip(sites, discs, strict=True)
        if site.waiting_mw > SMALL_MW
    ]
    if rings:
        x, y = joined(rings)
        canvas.figure.add_scatter(
            x=x,
            y=y,
            name=WAITS,
            legendgroup=WAITS,
            showlegend=False,
            mode="none",
            fill="toself",
            fillpattern=HATCH,
            hoverinfo="skip",
        )
        canvas.add_key(WAITS, WAITING)


def _add_leads(canvas: Canvas, discs: Sequence[Disc]) -> None:
    """Draw a line from every disc that was moved off its place to where it belongs."""
    moved = [disc for disc in discs if disc.is_moved]
    if moved:
        x, y = joined([[(disc.x, disc.y), (disc.home_x, disc.home_y)] for disc in moved])
        canvas.figure.add_scatter(
            x=x, y=y, mode="lines", line={"color": QUIET_INK, "width": 1}, hoverinfo="skip", showlegend=False
        )
        canvas.figure.add_scatter(
            x=[disc.home_x for disc in moved],
            y=[disc.home_y for disc in moved],
            mode="markers",
            marker={"size": 5, "color": QUIET_INK},
            hoverinfo="skip",
            showlegend=False,
        )


def _add_lines(canvas: Canvas, run: Run, year: int, discs: Sequence[Disc]) -> None:
    """Draw the power lines between sites, with their capacity for the pointer."""
    by_site = {disc.site: disc for disc in discs}
    table = run.table("lines")
    built = dict(table.loc[table["year"] == year, ["line", "total_mw"]].itertuples(index=False, name=None))
    paths, texts = [], []
    for name, line in (run.settings.get("lines") or {}).items():
        ends = by_site.get(str(line["from_site"])), by_site.get(str(line["to_site"]))
        if built.get(name, 0.0) <= SMALL_MW or ends[0] is None or ends[1] is None:
            continue
        paths.append([(end.x, end.y) for end in ends if end is not None])
        texts.append(
            f"Line {site_label(ends[0].site)} to {site_label(ends[1].site)}: {megawatts(built[name])}, "
            f"{float(line['length_km']):,.0f} km"
        )
    if paths:
        x, y = joined(paths)
        colour = label_of("line")[1]
        canvas.figure.add_scatter(
            x=x,
            y=y,
            legendgroup="line",
            showlegend=False,
            mode="lines",
            line={"color": colour, "width": 3},
            hoverinfo="skip",
        )
        canvas.figure.add_scatter(
            x=[(path[0][0] + path[1][0]) / 2.0 for path in paths],
            y=[(path[0][1] + path[1][1]) / 2.0 for path in paths],
            mode="markers",
            marker={"size": 14, "color": colour, "opacity": 0.0},
            text=texts,
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )


def _add_labels(canvas: Canvas, sites: Sequence[MappedSite], discs: Sequence[Disc]) -> None:
    """Write name, load and cost beside the discs, the largest first; the rest of a state comes last."""
    scale, unit = power_scale([site.disc_mw for site in sites])
    form = number_format(max(site.disc_mw for site in sites) / scale)
    order = sorted(zip(sites, discs, strict=True), key=lambda pair: (pair[0].is_aggregate, -pair[0].disc_mw))
    placed = []
    for site, disc in order:
        numbers = _numbers(site, scale, unit, form)
        found = place(
            [[site.label, *numbers], [site.label, ", ".join(numbers)], [site.label]],
            (disc.x, disc.y, disc.radius),
            size_px=LABEL_SIZE_PX,
            km_per_px=canvas.km_per_px,
            taken=canvas.taken,
            within=canvas.frame,
            steps_px=STEPS_PX if len(sites) < CROWD else STEPS_PX[:2],
        )
        if found is not None:
            canvas.taken.append(found.box)
            placed.append(found)
    canvas.add_labels(placed, size_px=LABEL_SIZE_PX)


def _numbers(site: MappedSite, scale: float, unit: str, form: str) -> list[str]:
    decimals = form.strip(",")
    if not site.has_load:
        return [f"{site.disc_mw / scale:,{decimals}} {unit} of supply"]
    load = f"{site.energised_mw / scale:,{decimals}}"
    if site.waiting_mw > SMALL_MW:
        load += f" of {site.wanted_mw / scale:,{decimals}}"
    cost = [] if site.levelised_usd_per_mwh is None else [f"{site.levelised_usd_per_mwh:,.0f} USD/MWh"]
    return [f"{load} {unit}", *cost]


def _add_hovers(canvas: Canvas, sites: Sequence[MappedSite], discs: Sequence[Disc]) -> None:
    """Lay an invisible mark over every disc, which carries its words."""
    canvas.figure.add_scatter(
        x=[disc.x for disc in discs],
        y=[disc.y for disc in discs],
        mode="markers",
        marker={"size": [2.0 * disc.radius / canvas.km_per_px for disc in discs], "color": PAPER, "opacity": 0.0},
        text=[site.in_words for site in sites],
        hovertemplate="%{text}<extra></extra>",
        hoverlabel={"align": "left"},
        showlegend=False,
    )
