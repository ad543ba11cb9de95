"""A run that can be spoilt: tables and prepared inputs that may be changed without touching the real ones."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gigasite.system.quantity import FeatureData, Quantity
from gigasite.system.system import System

PIKETON, LAST = "piketon", 2036


@dataclass
class Spoilt:
    """Tables and inputs that can be changed without touching the real ones."""

    system: System
    tables: dict[str, Any]
    given: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, system: System, tables: dict[str, Any]) -> Spoilt:
        return cls(system, copy.deepcopy({name: table for name, table in tables.items() if name != "checks"}))

    def add(self, table: str, column: str, amount: float, **where: Any) -> None:
        """Add to a column in the rows that fit."""
        frame = self.tables[table]
        rows = np.ones(len(frame), dtype=bool)
        for name, value in where.items():
            rows &= (frame[name] == value).to_numpy()
        assert rows.any(), f"no row of {table} fits {where}"
        frame[column] = frame[column].astype(float)
        frame.loc[rows, column] += amount

    def hour(self, series: str, amount: float, step: int | slice = 3, site: str = PIKETON) -> None:
        """Add to an hourly series of the last year, or begin one."""
        frame = self.tables["hourly"][site, LAST]
        values = frame[series].to_numpy(dtype=float) if series in frame else np.zeros(len(frame))
        values = values.copy()
        values[step] += amount
        frame[series] = values

    def inputs(self, feature: str, **changed: Callable[[np.ndarray], np.ndarray]) -> None:
        """Change input arrays, so that the tables no longer fit them."""
        before = self.system.features[feature]
        after = {}
        for name, change in changed.items():
            old = before[name]
            after[name] = Quantity(change(old.values.copy()), old.dims, old.unit, old.confidence)
        self.system = self.system.with_feature(feature, after)

    def new_feature(self, name: str, data: FeatureData) -> None:
        """Add a feature that the model does not know."""
        self.system = System(self.system.context, {**self.system.features, name: data})

    def setting(self, section: str, **changed: Any) -> None:
        """Change settings of the scenario after its arrays have been prepared."""
        context = self.system.context
        changes = {section: getattr(context.scenario, section).model_copy(update=changed)}
        scenario = context.scenario.model_copy(update=changes)
        self.system = replace(self.system, context=replace(context, scenario=scenario))

    def ramp(self, site: str, amount: float) -> None:
        """Raise what the ramp of a site wants in every year."""
        raised = self.system.ramp_mw.copy()
        raised[self.system.sites.index(site)] += amount
        self.system.__dict__["ramp_mw"] = raised


def times(factor):
    return lambda values: factor * values


zero = times(0.0)
