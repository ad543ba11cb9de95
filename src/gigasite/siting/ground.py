"""What rules may ask of the candidates and the layers around them: distances, shares, columns, each found once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gigasite.siting.candidates import Candidates
from gigasite.siting.coverage import Cut, Shapes, area_ha, cut, mean_over, projected, share_covered

if TYPE_CHECKING:
    from gigasite.siting.layers import Layer

Array = NDArray[np.float64]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Ground:
    """The candidates and the layers of a study.

    Attributes:
        candidates: the places.
        layers: layers by the name the study gives them.
    """

    candidates: Candidates
    layers: Mapping[str, Layer]
    _found: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    def distance_km(self, layer: str, *, column: str | None = None, at_least: float = 0.0) -> Array:
        """Return the geodesic distance from each candidate's point to the nearest feature [km]; inf where none is.

        Args:
            layer: name of the layer.
            column: only features count whose number in this column is `at_least` so much.
            at_least: the least number that counts.
        """
        asked = ("distance", layer, column, at_least if column else None)
        return self._once(asked, lambda: self._distance_km(layer, column, at_least))

    def _distance_km(self, layer: str, column: str | None, at_least: float) -> Array:
        from gigasite.siting.distances import nearest_km

        where = None if column is None else {column: (at_least, None)}
        found = nearest_km(self.candidates.table[["latitude", "longitude"]], self.layers[layer], where=where)
        return found["distance_km"].to_numpy(dtype=float)

    def share_covered(self, *layers: str) -> Array:
        """Return the share of each candidate's area that layers of areas take together; of a point 1 or 0 [-]."""
        return self._once(("share", *sorted(layers)), lambda: self._share_covered(layers))

    def _share_covered(self, layers: tuple[str, ...]) -> Array:
        if self.candidates.areas is not None:
            return share_covered(self._grounds(), [self._cut(layer) for layer in layers])
        within = np.zeros(len(self.candidates), dtype=bool)
        for layer in layers:
            within[self._within(layer)[0]] = True
        return within.astype(float)

    def mean_of(self, layer: str, column: str) -> Array:
        """Return the mean of a column of a layer of areas over each candidate's area; of a point the value there.

        Where areas overlap at a point it is their mean; nan where the layer does not reach.
        """
        return self._once(("mean", layer, column), lambda: self._mean_of(layer, column))

    def _mean_of(self, layer: str, column: str) -> Array:
        frame = self.layers[layer].frame
        values = frame[column].to_numpy(dtype=float, na_value=np.nan)
        if self.candidates.areas is not None:
            return mean_over(self._grounds(), self._cut(layer), values)
        owner, cover = self._within(layer)
        known = np.isfinite(values[cover])
        number = np.bincount(owner[known], minlength=len(self.candidates))
        total = np.bincount(owner[known], weights=values[cover[known]], minlength=len(self.candidates))
        means: Array = np.divide(total, number, out=np.full(len(number), np.nan), where=number > 0)
        return means

    def _within(self, layer: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the numbers of candidates and of the areas of a layer that hold their points."""
        import shapely

        points = shapely.points(self.candidates.table[["longitude", "latitude"]].to_numpy(dtype=float))
        tree = shapely.STRtree(np.asarray(self.layers[layer].frame.geometry.array))
        owner, cover = tree.query(points, predicate="intersects")
        return owner, cover

    def area_ha(self) -> Array:
        """Return the area of each candidate [ha]; nan of a point."""
        if self.candidates.areas is None:
            return np.full(len(self.candidates), np.nan)
        return self._once(("area",), lambda: area_ha(self._grounds()))

    def _grounds(self) -> Shapes:
        """Return the areas of the candidates, projected."""
        areas = self.candidates.areas
        assert areas is not None  # asked before
        return self._once(("grounds",), lambda: projected(areas))

    def _cut(self, layer: str) -> Cut:
        """Return what a layer of areas takes of the candidates."""
        shapes = self.layers[layer].frame.geometry
        return self._once(("cut", layer), lambda: cut(self._grounds(), projected(shapes)))

    def numbers(self, column: str) -> Array:
        """Return a column of numbers of the candidates."""
        return self.candidates.table[column].to_numpy(dtype=float, na_value=np.nan)

    def _once(self, asked: tuple[object, ...], find: Callable[[], Found]) -> Found:
        if asked not in self._found:
            self._found[asked] = find()
        found: Found = self._found[asked]
        return found
