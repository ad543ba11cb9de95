"""The tables of a run as arrays beside what was prepared from the scenario's inputs: all that a check may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from gigasite.results.check import Labels, Values
from gigasite.results.series import series_name, sign_of
from gigasite.system.quantity import FeatureData
from gigasite.system.system import System


@dataclass(frozen=True)
class Books:
    """Tables and inputs, read as arrays over sites, years and steps.

    Attributes:
        system: the scenario's settings and the arrays prepared for the model.
        tables: every table of the run.
    """

    system: System
    tables: Mapping[str, Any]

    @property
    def sites(self) -> tuple[str, ...]:
        """Site ids."""
        return self.system.sites

    @property
    def years(self) -> tuple[int, ...]:
        """Modelled years."""
        return self.system.years

    @property
    def shape(self) -> tuple[int, int, int]:
        """Sites, years and steps."""
        return len(self.sites), len(self.years), self.system.context.time.hours

    @property
    def step_hours(self) -> float:
        """Hours of a year one step stands for."""
        return self.system.context.time.step_hours

    @cached_property
    def site_year(self) -> Labels:
        """Names of sites and years."""
        return Labels({"site": self.sites, "year": self.years})

    @cached_property
    def site_year_step(self) -> Labels:
        """Names of sites and years, numbers of steps."""
        return Labels({"site": self.sites, "year": self.years, "step": range(self.shape[2])})

    def data(self, feature: str) -> FeatureData:
        """Input arrays of a feature; none where the scenario does not have it."""
        return self.system.features.get(feature, {})

    def with_data(self, name: str) -> list[str]:
        """Features that have an array of a name."""
        return [feature for feature, data in self.system.features.items() if name in data]

    @cached_property
    def _hourly(self) -> dict[str, Values]:
        found: dict[str, Values] = {}
        for s, site in enumerate(self.sites):
            for y, year in enumerate(self.years):
                frame = self.tables["hourly"].get((site, year))
                if frame is None:
                    continue
                for name in frame.columns:
                    array = found.setdefault(name, np.zeros(self.shape))
                    array[s, y] = _fitted(frame[name].to_numpy(), self.shape[2])
        return found

    @property
    def power_series(self) -> dict[str, Values]:
        """Every hourly series of MW by name."""
        return {name: values for name, values in self._hourly.items() if sign_of(name)}

    def hourly(self, feature: str, series: str) -> Values:
        """An hourly series, shape (site, year, step); zero where no site has it."""
        return self._hourly.get(series_name(feature, series), np.zeros(self.shape))

    @property
    def lost_mw(self) -> Values:
        """Energised load that is shed or unserved, shape (site, year, step)."""
        shed = [self.hourly(name, "shed_mw") for name in self.with_data("shed_usd_per_mw_step")]
        return sum(shed, start=self.hourly("idle_load", "unserved_mw"))

    def planned(self, table: str, column: str, **where: str) -> Values:
        """A column of a table by site and year, summed over the rows that fit; zero where there is no row.

        Many checks ask for the same: it is read once, and each is given a copy of its own.
        """
        key = (table, column, *where.items())
        if key not in self._planned:
            axes = {"site": self.sites, "year": self.years}
            self._planned[key] = self.spread(self._rows(table, **where), column, axes)
        return self._planned[key].copy()

    def capacity(self, technology: str, column: str = "total_mw") -> Values:
        """A column of the capacity table of one technology, shape (site, year)."""
        return self.planned("capacity", column, technology=technology)

    def vintages(self, technology: str, column: str) -> Values:
        """Capacity by vintage, shape (site, vintage, year)."""
        axes = {"site": self.sites, "vintage": self.years, "year": self.years}
        return self.spread(self._rows("vintages", technology=technology), column, axes)

    def by_step(self, column: str) -> Values:
        """A column of the table of grid steps, shape (site, year, step)."""
        steps = range(1, self.system.context.grid_steps + 1)
        return self.spread(self.tables["grid"], column, {"site": self.sites, "year": self.years, "step": steps})

    def by_line(self, column: str) -> Values:
        """A column of the table of lines, shape (line, year)."""
        lines = tuple(self.system.context.scenario.lines)
        return self.spread(self.tables["lines"], column, {"line": lines, "year": self.years})

    @cached_property
    def billed_mw(self) -> Values:
        """Billed demand, shape (site, year, month)."""
        axes = {"site": self.sites, "year": self.years, "month": range(1, 13)}
        return self.spread(self.tables["billed_demand"], "billed_mw", axes)

    @cached_property
    def _planned(self) -> dict[tuple[Any, ...], Values]:
        return {}

    def _rows(self, table: str, **where: str) -> pd.DataFrame:
        frame: pd.DataFrame = self.tables[table]
        for column, wanted in where.items():
            frame = frame[frame[column] == wanted]
        return frame

    def spread(self, frame: pd.DataFrame, column: str, axes: Mapping[str, Any]) -> Values:
        """A column of a long table as an array over its keys; rows with unknown keys are left out."""
        positions = [pd.Index(list(members)).get_indexer(frame[name]) for name, members in axes.items()]
        found = np.zeros(tuple(len(members) for members in axes.values()))
        known = np.all([position >= 0 for position in positions], axis=0)
        values = np.nan_to_num(frame[column].to_numpy(dtype=float))
        np.add.at(found, tuple(position[known] for position in positions), values[known])
        return found


def _fitted(values: Values, steps: int) -> Values:
    """A column of an hourly table; not a number where rows are missing."""
    column = values.astype(float)
    return column if len(column) == steps else np.full(steps, np.nan)
