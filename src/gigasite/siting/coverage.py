"""How much of an area lies within others.

Areas are measured in the equal-area projection EASE-Grid 2.0 (EPSG:6933), which keeps every area on the ellipsoid and
holds anywhere between 86 degrees south and north; an edge is taken as straight there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gigasite.foundation.units import SQUARE_METRES_PER_HECTARE

if TYPE_CHECKING:
    from geopandas import GeoSeries

EQUAL_AREA_CRS = "EPSG:6933"
Array = NDArray[np.float64]
Shapes = NDArray[np.object_]
Numbers = NDArray[np.intp]


@dataclass(frozen=True)
class Cut:
    """What covers take of grounds, piece by piece.

    Attributes:
        pieces: what one cover takes of one ground.
        ground: the number of the ground of each piece.
        cover: the number of the cover of each piece.
        covers: all covers, in the projection.
    """

    pieces: Shapes
    ground: Numbers
    cover: Numbers
    covers: Shapes


def projected(series: GeoSeries) -> Shapes:
    """Return shapes in the equal-area projection."""
    return np.asarray(series.to_crs(EQUAL_AREA_CRS).array)


def area_ha(grounds: Shapes) -> Array:
    """Return areas on the ellipsoid [ha]."""
    import shapely

    return np.asarray(shapely.area(grounds), dtype=float) / SQUARE_METRES_PER_HECTARE


def cut(grounds: Shapes, covers: Shapes) -> Cut:
    """Return what covers take of grounds; both projected.

    A cover that lies wholly within a ground is its own piece, which spares cutting most of them.
    """
    import shapely

    shapely.prepare(grounds)
    ground, cover = shapely.STRtree(covers).query(grounds, predicate="intersects")
    pieces = covers[cover]
    crossing = ~shapely.contains_properly(grounds[ground], pieces)
    pieces[crossing] = shapely.intersection(grounds[ground[crossing]], pieces[crossing])
    return Cut(pieces, ground, cover, covers)


def share_covered(grounds: Shapes, cuts: Sequence[Cut]) -> Array:
    """Return the share of each ground that any of the covers takes [-].

        share[c] = area of (c and the union of all covers) / area of c

    Covers that overlap, within one layer or of several, count once.
    """
    import shapely

    pieces = np.concatenate([each.pieces for each in cuts])
    ground = np.concatenate([each.ground for each in cuts])
    first_cover = np.cumsum([0, *(len(each.covers) for each in cuts[:-1])])
    cover = np.concatenate([each.cover + first for each, first in zip(cuts, first_cover, strict=True)])
    meets = _meets_another(np.concatenate([each.covers for each in cuts]))[cover]
    taken = np.bincount(ground[~meets], weights=shapely.area(pieces[~meets]), minlength=len(grounds))
    order = np.argsort(ground[meets], kind="stable")
    several, first = np.unique(ground[meets][order], return_index=True)
    for number, group in zip(several, np.split(pieces[meets][order], first[1:]), strict=False):
        taken[number] += shapely.area(shapely.union_all(group))
    return np.minimum(taken / shapely.area(grounds), 1.0)


def mean_over(grounds: Shapes, found: Cut, values: Array) -> Array:
    """Return the mean of the covers' values over the part of each ground that they take; nan where they take none.

        mean[c] = sum over f of value[f] * area of (c and f)  /  sum over f of area of (c and f)

    Covers whose value is nan do not count.
    """
    import shapely

    known = np.isfinite(values)[found.cover]
    size, ground = shapely.area(found.pieces[known]), found.ground[known]
    total = np.bincount(ground, weights=size, minlength=len(grounds))
    weighted = np.bincount(ground, weights=size * values[found.cover[known]], minlength=len(grounds))
    means: Array = np.divide(weighted, total, out=np.full(len(grounds), np.nan), where=total > 0)
    return means


def _meets_another(covers: Shapes) -> NDArray[np.bool_]:
    """Return which covers meet another one: only those have to be united before their areas are added."""
    import shapely

    one, other = shapely.STRtree(covers).query(covers, predicate="intersects")
    meets = np.zeros(len(covers), dtype=bool)
    meets[one[one != other]] = True
    return meets
