"""Machines lost of whole fleets, counted exactly.

How many machines are lost, k(n), rises by one at each of the sizes N_1 < N_2 < ... of a fleet (`fleets.loss_steps`). It
is a staircase, and nearly straight over long stretches: there a line l_i(n) rounded up gives it exactly. So the sizes
fall into a few pieces, each with its line, and one binary for each piece says which one a fleet is in:

    n[s, y] = sum over i of part_i[s, y],      sum over i of in_i[s, y] = 1
    from_i * in_i[s, y] <= part_i[s, y] <= to_i * in_i[s, y]
    lost[s, y] >= sum over i of (slope_i * part_i[s, y] + level_i * in_i[s, y]),      lost whole

| symbol | name                     | unit     | dimensions        |
|--------|--------------------------|----------|-------------------|
| n      | `units`                  | machines | site, year        |
| lost   | `lost_<technology>`      | machines | site, year        |
| in     | `in_piece_<technology>`  | 1        | site, year, piece |
| part   | `part_<technology>`      | machines | site, year, piece |

With one binary for each step instead, a fleet of 9,000 engines needs 529 of them; it has 41 pieces.

What is proven: with whole numbers a fleet of any size loses exactly k, so the bound of the mixed-integer programme over
all pieces is one of the staircase. Where whole numbers may be fractions, each fleet in each year moves in the convex
hull of the lines of its pieces, and a line may lie almost a machine below the staircase: that is a bound too, but a
weaker one. What is found among a few of the pieces (`pieces_near`) is a plan of the whole problem, and no bound. Where
continuous fleets stand beside whole ones, a bound holds for the tangents of its pass.

By the forced outage rate, every fleet loses its own machines. Where a number r is given, the largest machines of all
fleets go first. With the fleets in falling order of the firm megawatts p of a machine, and C_i the machines of the
first i fleets together, the loss is

    sum over i of (p_i - p_{i+1}) * min(C_i, r)

and min(C, r) is a staircase too, with the steps 1 to r.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.formulation.builder import Builder
from gigasite.formulation.fleets import loss_steps
from gigasite.system.quantity import Array, FeatureData, Quantity

PIECE = "fleet_piece"
SITE_YEAR = ("site", "year")
SITE_YEAR_PIECE = (*SITE_YEAR, PIECE)

CLEAR_OF_BELOW = 0.005
"""Machines by which a line stays above the whole number below, so that a solver's tolerance cannot round it down."""


@dataclass(frozen=True)
class Piece:
    """Sizes of a fleet over which a line, rounded up, is the number of machines lost.

    Attributes:
        first: smallest size, machines.
        last: largest size, machines.
        slope: machines lost per machine.
        level: the line at no machines.
    """

    first: int
    last: int
    slope: float
    level: float

    def lost(self, units: int) -> int:
        """Machines lost of a fleet of a size within the piece."""
        return int(np.ceil(self.slope * units + self.level - CLEAR_OF_BELOW / 2))


def pieces_of(steps: Sequence[int], most: int) -> tuple[Piece, ...]:
    """The sizes 0 to `most` in the fewest pieces from below, for a staircase that rises by one at each step.

    A run of sizes that lose j machines, from N_j to N_{j+1} - 1, asks of a rising line to stay above j - 1 at its
    beginning and not to pass j at its end. A piece takes run after run as long as one line does for all of them.

    >>> [(piece.first, piece.last) for piece in pieces_of((1, 2, 3), 100)]
    [(0, 2), (3, 100)]
    """
    reached = [step for step in steps if step <= most]
    begins, ends = [0, *reached], [*(step - 1 for step in reached), most]
    pieces: list[Piece] = []
    start = 0
    while start < len(begins):
        stop, slopes = start + 1, _slopes_with((0.0, np.inf), begins, ends, start, start)
        while stop < len(begins):
            wider = _slopes_with(slopes, begins, ends, start, stop)
            if wider[0] > wider[1]:
                break
            stop, slopes = stop + 1, wider
        pieces.append(_piece(slopes, begins, ends, start, stop))
        start = stop
    return tuple(pieces)


def _slopes_with(
    slopes: tuple[float, float], begins: list[int], ends: list[int], start: int, run: int
) -> tuple[float, float]:
    """Slopes that are left for a line over the runs from `start` on when another run joins them."""
    runs = np.arange(start, run + 1)
    first, last = np.array(begins[start : run + 1]), np.array(ends[start : run + 1])
    above, below = runs - 1 + CLEAR_OF_BELOW, runs.astype(float)
    least, most = slopes
    if len(runs) > 1:
        # the new beginning lies after every earlier end; the new end lies after every beginning
        least = max(least, float(((above[-1] - below[:-1]) / (first[-1] - last[:-1])).max()))
    after = last[-1] > first
    if after.any():
        most = min(most, float(((below[-1] - above[after]) / (last[-1] - first[after])).min()))
    return least, most


def _piece(slopes: tuple[float, float], begins: list[int], ends: list[int], start: int, stop: int) -> Piece:
    """The piece of some runs, its line as high as their ends allow."""
    runs, last = np.arange(start, stop), np.array(ends[start:stop])
    chord = 0.0 if stop - start == 1 else (runs[-1] - runs[0]) / (last[-1] - last[0])
    slope = float(np.clip(chord, *slopes))
    return Piece(begins[start], ends[stop - 1], slope, float((runs - slope * last).min()))


@dataclass(frozen=True)
class Staircase:
    """How many machines are lost of the fleets that one count adds up.

    Attributes:
        counts: which fleets the count adds up, by technology and site; shape (site,) each.
        mw: firm megawatts that go with each machine lost, shape (site,).
        steps: sizes at which one more is lost, by site.
        most: largest count, shape (site, year).
    """

    counts: dict[str, Array]
    mw: Array
    steps: tuple[tuple[int, ...], ...]
    most: Array

    def pieces(self, s: int, y: int) -> tuple[Piece, ...]:
        """Pieces at a site in a year; none where nothing that counts can be lost."""
        most = round(float(self.most[s, y]))
        if self.mw[s] <= 0 or not any(step <= most for step in self.steps[s][:1]):
            return ()
        return pieces_of(self.steps[s], most)


def staircases(data: FeatureData, most: dict[str, Array], rule: str | int, probability: float) -> dict[str, Staircase]:
    """The staircase of every technology that has whole fleets.

    Args:
        data: arrays of the unit-loss row.
        most: largest number of machines by technology, shape (site, year).
        rule: `binomial`, or how many of the largest machines are out.
        probability: see `fleets.lost_units`.
    """
    names = [name for name in most if f"exact_{name}" in data]
    exact = {name: data[f"exact_{name}"].values for name in names}
    firm = {name: data[f"unit_mw_{name}"].values * data[f"rating_{name}"].values * exact[name] for name in names}
    if rule == "binomial":
        return {
            name: Staircase(
                {name: exact[name]}, firm[name], _binomial_steps(data, name, most[name], probability), most[name]
            )
            for name in names
        }
    return {name: _largest_first(name, firm, most, int(rule)) for name in names}


def _binomial_steps(data: FeatureData, name: str, most: Array, probability: float) -> tuple[tuple[int, ...], ...]:
    rates = data[f"rate_{name}"].values
    return tuple(
        loss_steps(round(float(largest)), float(rate), probability)
        for largest, rate in zip(most.max(axis=1), rates, strict=True)
    )


def _largest_first(name: str, firm: dict[str, Array], most: dict[str, Array], number: int) -> Staircase:
    """A given number of machines out: the count of this fleet and all of larger machines, up to that number."""
    sites = len(firm[name])
    counts = {other: np.zeros(sites) for other in firm}
    mw = np.zeros(sites)
    for s in range(sites):
        order = sorted((other for other in firm if firm[other][s] > 0), key=lambda other: -firm[other][s])
        if name not in order:
            continue
        place = order.index(name)
        for other in order[: place + 1]:
            counts[other][s] = 1.0
        smaller = firm[order[place + 1]][s] if place + 1 < len(order) else 0.0
        mw[s] = firm[name][s] - smaller
    together = np.zeros(most[name].shape)
    for other, counted in counts.items():
        together += counted[:, None] * most[other]
    return Staircase(counts, mw, (tuple(range(1, number + 1)),) * sites, together)


def build_lost_machines(
    builder: Builder, block: Any, stairs: dict[str, Staircase]
) -> dict[str, Callable[[Any, Any], Any]]:
    """Variables and rows of every staircase.

    Returns:
        Firm megawatts lost of whole fleets by technology, as expressions by site and year; none where nothing can be
        lost. Where a number of machines is given, only their sum is what is lost.
    """
    pieces = {name: {at: stair.pieces(*at) for at in np.ndindex(*stair.most.shape)} for name, stair in stairs.items()}
    number = max((len(some) for of in pieces.values() for some in of.values()), default=0)
    if not number:
        return {}
    builder.add_set(PIECE, list(range(1, number + 1)))
    lost = {name: _add_staircase(builder, block, name, stair, pieces[name], number) for name, stair in stairs.items()}
    for name, stair in stairs.items():
        builder.parameter(block, f"lost_mw_{name}", Quantity(stair.mw, ("site",), "MW"))

    def lost_mw(name: str) -> Callable[[Any, Any], Any]:
        return lambda site, year: getattr(block, f"lost_mw_{name}")[site] * lost[name][site, year]

    return {name: lost_mw(name) for name in lost}


def _add_staircase(
    builder: Builder, block: Any, name: str, stair: Staircase, pieces: dict[Any, tuple[Piece, ...]], number: int
) -> Any:
    arrays = _arrays(stair, pieces, number)
    for key, quantity in arrays.items():
        builder.parameter(block, f"{key}_{name}", quantity)
    for other, counted in stair.counts.items():
        counts = Quantity(counted[:, None] * arrays["any"].values, SITE_YEAR, "1")
        builder.parameter(block, f"counts_{name}_{other}", counts)
    there, most = arrays["there"].values, np.zeros(stair.most.shape)
    for (s, y), some in pieces.items():
        most[s, y] = some[-1].lost(some[-1].last) if some else 0.0
    lost = builder.variable(block, f"lost_{name}", SITE_YEAR, upper=most, unit="machines", integer=True)
    builder.variable(block, f"in_piece_{name}", SITE_YEAR_PIECE, upper=there, unit="1", integer=True)
    builder.variable(block, f"part_{name}", SITE_YEAR_PIECE, upper=arrays["last"].values, unit="machines")
    _add_rows(builder, block, name, stair, lost)
    return lost


def _arrays(stair: Staircase, pieces: dict[Any, tuple[Piece, ...]], number: int) -> dict[str, Quantity]:
    """The pieces of all sites and years, zero beyond the last."""
    values = {key: np.zeros((*stair.most.shape, number)) for key in ("there", "first", "last", "slope", "level")}
    for (s, y), some in pieces.items():
        for i, piece in enumerate(some):
            values["there"][s, y, i] = 1.0
            for key in ("first", "last", "slope", "level"):
                values[key][s, y, i] = getattr(piece, key)
    arrays = {key: Quantity(array, SITE_YEAR_PIECE, "1") for key, array in values.items()}
    return arrays | {"any": Quantity(values["there"].max(axis=2), SITE_YEAR, "1")}


def _add_rows(builder: Builder, block: Any, name: str, stair: Staircase, lost: Any) -> None:
    units = {term.feature: term.variable for term in builder.hubs.units}
    piece = builder.sets[PIECE]
    inside, part = getattr(block, f"in_piece_{name}"), getattr(block, f"part_{name}")
    first, last, slope, level = (getattr(block, f"{key}_{name}") for key in ("first", "last", "slope", "level"))
    anywhere = getattr(block, f"any_{name}")
    counted_by = {other: getattr(block, f"counts_{name}_{other}") for other in stair.counts}

    def count_is_the_sum(_: Any, site: Any, year: Any) -> Any:
        count: Any = 0.0
        for other, counts in counted_by.items():
            count += counts[site, year] * units[other][site, year]
        return count == sum(part[site, year, one] for one in piece)

    def in_one_piece(_: Any, site: Any, year: Any) -> Any:
        return sum(inside[site, year, one] for one in piece) == anywhere[site, year]

    def part_within_piece(_: Any, site: Any, year: Any, one: Any) -> Any:
        return part[site, year, one] - last[site, year, one] * inside[site, year, one] <= 0

    def part_from_piece(_: Any, site: Any, year: Any, one: Any) -> Any:
        return first[site, year, one] * inside[site, year, one] - part[site, year, one] <= 0

    def enough_are_lost(_: Any, site: Any, year: Any) -> Any:
        line = sum(
            slope[site, year, one] * part[site, year, one] + level[site, year, one] * inside[site, year, one]
            for one in piece
        )
        return line - lost[site, year] <= 0

    for rule, dims in (
        (count_is_the_sum, SITE_YEAR),
        (in_one_piece, SITE_YEAR),
        (part_within_piece, SITE_YEAR_PIECE),
        (part_from_piece, SITE_YEAR_PIECE),
        (enough_are_lost, SITE_YEAR),
    ):
        builder.constraint(block, f"{rule.__name__}_{name}", dims, rule)


def largest_fleets(builder: Builder) -> dict[str, Array]:
    """Largest number of machines of every technology that has whole ones, shape (site, year)."""
    return {term.feature: builder.maker.variable_record(term.variable).upper for term in builder.hubs.units}


def pieces_near(builder: Builder, values: Callable[[str], Array]) -> dict[str, Array]:
    """The pieces that hold the fleets of a plan, and those beside them: 1 or 0 for each variable that has pieces.

    Args:
        builder: the model.
        values: the plan, values of a variable by its name.
    """
    arrays = {record.name: record.array for record in builder.maker.parameters}
    near: dict[str, Array] = {}
    for key, first in arrays.items():
        block, _, name = key.partition(".first_")
        if not name or f"{block}.in_piece_{name}" not in {record.name for record in builder.maker.variables}:
            continue
        there = arrays[f"{block}.there_{name}"] > 0
        count = values(f"{block}.part_{name}").sum(axis=-1, keepdims=True)
        holds = (there & (first <= count + CLEAR_OF_BELOW)).sum(axis=-1, keepdims=True) - 1
        beside = (np.abs(np.arange(first.shape[-1]) - holds) <= 1).astype(float)
        near[f"{block}.in_piece_{name}"] = near[f"{block}.part_{name}"] = beside
    return near
