"""The whole of a scenario as frozen, unit-clean arrays: all that the formulation and the results ever see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData


@dataclass(frozen=True)
class System:
    """One scenario, ready to be built.

    Attributes:
        context: the inputs it was made from.
        features: arrays by feature name, then by parameter name.
    """

    context: Context
    features: Mapping[str, FeatureData] = field(repr=False)

    @property
    def sites(self) -> tuple[str, ...]:
        """Site ids, in order."""
        return tuple(place.name for place in self.context.places)

    @property
    def years(self) -> tuple[int, ...]:
        """Modelled years."""
        return self.context.time.years

    @cached_property
    def ramp_mw(self) -> Array:
        """Facility MW wanted, shape (site, year)."""
        return np.array([[place.ramp_mw(year) for year in self.years] for place in self.context.places])

    def with_feature(self, name: str, changed: FeatureData) -> System:
        """The same system with some arrays of one feature replaced."""
        return System(self.context, {**self.features, name: {**self.features[name], **changed}})
