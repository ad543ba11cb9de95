"""Hours of a run inside a page: as many sites and years as fit, packed, with label and colour of each series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from gigasite.report.dispatch_chart import MARGINAL_COST, SMALLEST_SHOWN_MW, dearest_week, supply_and_use
from gigasite.report.page.packing import packed_series, script_json
from gigasite.results.run import Run

MOST_BYTES = 1_600_000
"""Room for hours in a page, so that a page of twenty sites stays under 5 MB."""


@dataclass
class Hours:
    """Hours ready for a page.

    Attributes:
        packs: one entry per site and year: labels, series, packed values.
        left_out: sites and years that found no room.
    """

    packs: list[dict[str, Any]] = field(default_factory=list)
    left_out: int = 0

    @property
    def size(self) -> int:
        """Bytes they take."""
        return sum(len(pack["values"]) for pack in self.packs)

    def as_json(self) -> str:
        """The entries as JSON that may stand inside a script element."""
        return script_json(self.packs)


def hours_of(run: Run, room: int = MOST_BYTES, names: Mapping[str, str] | None = None) -> Hours:
    """Pack the last year of every site, the largest load first, then the other years, as long as there is room.

    Args:
        run: the run.
        room: bytes there are.
        names: what a planner calls each site; its id where it has none.
    """
    found = Hours()
    waiting = list(_by_need(run))
    for number, (site, year) in enumerate(waiting):
        found.packs.append(_pack(run, site, year, (names or {}).get(site, site)))
        if found.size > room and len(found.packs) > 1:
            found.packs.pop()
            found.left_out = len(waiting) - number
            break
    order = list(dict.fromkeys(site for site, _ in waiting))
    found.packs.sort(key=lambda pack: (order.index(pack["site"]), pack["year"]))
    return found


def _by_need(run: Run) -> Iterator[tuple[str, int]]:
    keys = set(run.hourly_keys)
    load = run.load.sort_values("wanted_mw", ascending=False)
    last = load.loc[load.groupby("site", sort=False)["year"].idxmax()].sort_values("wanted_mw", ascending=False)
    first = [(str(site), int(year)) for site, year in zip(last["site"], last["year"], strict=True)]
    rest = [(str(site), int(year)) for site, year in zip(load["site"], load["year"], strict=True)]
    energised = {
        (str(site), int(year))
        for site, year, mw in zip(load["site"], load["year"], load["energised_mw"], strict=True)
        if mw > SMALLEST_SHOWN_MW
    }
    yield from (key for key in dict.fromkeys([*first, *rest]) if key in keys and key in energised)


def _pack(run: Run, site: str, year: int, name: str) -> dict[str, Any]:
    hours = run.hourly(site, year)
    supply, use = supply_and_use(hours)
    series = [
        *({"label": label, "colour": colour, "use": True} for _, label, colour in reversed(use)),
        *({"label": label, "colour": colour, "use": False} for _, label, colour in supply),
    ]
    columns = [*(name for name, _, _ in reversed(use)), *(name for name, _, _ in supply), "load_mw", MARGINAL_COST]
    values, largest = packed_series([hours[name].to_numpy(dtype=float) for name in columns])
    return {
        "site": site,
        "name": name,
        "year": year,
        "series": series,
        "largest": [round(top, 4) for top in largest],
        "hours": _where(hours["hour"].tolist()),
        "steps": len(hours),
        "week": dearest_week(hours),
        "values": values,
    }


def _where(hours: list[int]) -> dict[str, Any]:
    """Hour of the year of every step: the first and the distance where all are alike, else the list of them."""
    width = min((after - before for before, after in pairwise(hours)), default=24)
    even = hours == list(range(hours[0], hours[0] + width * len(hours), width))
    return {"first": hours[0], "width": width, "list": None if even else hours}
