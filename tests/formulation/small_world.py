"""A small world worked by hand: one or two sites, three hours, round figures.

`world(...)` makes real arrays from tables held in memory, builds the real model and reads it back by the names of its
rows and columns. What the figures are is written here once; what follows from them is worked out in each test.

Time: two hours of January and one of July. Each stands for 2,920 hours, so that the year has 8,760.
Modelled years 2030 and 2032 (a gap), the last standing for three years. At a real rate of 21 % the root of 1.21 is 1.1:

    W_2030 = 1/1.1 + 1/1.1^3           = 0.909090909 + 0.751314801               = 1.660405710
    W_2032 = 1/1.1^5 + 1/1.1^7 + 1/1.1^9 = 0.620921323 + 0.513158118 + 0.424097618 = 1.558177059
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from tests.formulation.figures import FIRST_HOURS_OF, STEPS, TECHNOLOGIES, ZONE, scenario_model, tables_of

from gigasite.finance.deflator import Deflator
from gigasite.formulation.build import build_model
from gigasite.formulation.builder import Builder
from gigasite.formulation.registry import preparers
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.plain import compile_model
from gigasite.solve.solution import Solution
from gigasite.solve.whole import SolverOptions, solve_whole
from gigasite.system.context import Context
from gigasite.system.money import Money
from gigasite.system.place import Place
from gigasite.system.quantity import FeatureData, Quantity
from gigasite.system.system import System
from gigasite.system.time_axis import TimeAxis


class ThreeHours(TimeAxis):
    """Three hours, each for 2,920 of the year. A series of three is taken as it stands."""

    @property
    def hours(self) -> int:
        return 3

    @property
    def month(self) -> np.ndarray:
        return np.array([1, 1, 7])

    def steps(self, hourly: np.ndarray) -> np.ndarray:
        return hourly if hourly.shape[-1] == 3 else hourly[..., FIRST_HOURS_OF]

    def peaks(self, hourly: np.ndarray) -> np.ndarray:
        return self.steps(hourly)


SITE = {
    "load_ramp_mw": {2030: 100.0, 2032: 200.0},
    "gas": {"trunk": False},
}

HOURLY = {
    "price": np.array([20.0, 40.0, 60.0]),
    "solar": np.array([0.0, 0.0, 0.8]),
    "wind": np.array([0.5, 0.25, 0.1]),
}


def place_of(name: str, settings: Any, *, load: Iterable[float], **said: Any) -> Place:
    """A site of the small world: 15, 25 and 35 C in its three hours, 33 C for the design."""
    fields: dict[str, Any] = {
        "name": name,
        "title": name.title(),
        "state": "OH",
        "latitude": 39.0,
        "longitude": -83.0,
        "zone": "north",
        "region": "east",
        "census_division": "midwest",
        "design_temperature_c": 33.0,
        "temperature_c": np.array([15.0, 25.0, 35.0]),
        "load_mw_per_mw": np.array(list(load), dtype=float),
        "pue_peak": 1.2,
        "idle_value_usd_per_mw_year": 1e6,
        "unserved_cost_usd_per_mwh": 10_000.0,
        "counts_in_national": True,
        "settings": settings,
        "properties": {
            "capex_multiplier_combined_cycle": 1.1,
            "capex_multiplier_gas_turbine": 1.2,
            "capex_multiplier_nuclear": 1.3,
            "capex_multiplier_battery": 1.4,
        },
        "hourly": HOURLY,
    }
    return Place(**(fields | said))


@dataclass
class RowOf:
    """One row: its entries by the names of the columns, and between what it must lie."""

    entries: dict[str, float]
    lower: float
    upper: float

    def is_(self, entries: Mapping[str, float], *, lower: float = -np.inf, upper: float = np.inf) -> None:
        """Assert coefficients, sense and right side to 1e-9."""
        assert self.entries == pytest.approx(entries, rel=1e-9, abs=1e-12)
        assert (self.lower, self.upper) == pytest.approx((lower, upper), rel=1e-9, abs=1e-12)


@dataclass
class World:
    """A system with its model and the arrays compiled from it, read by names."""

    system: System
    solved: dict[str, Solution] = field(default_factory=dict)

    @cached_property
    def builder(self) -> Builder:
        return build_model(self.system, traced=True)

    @cached_property
    def lp(self) -> CompiledLP:
        return compile_model(self.builder.model, self.builder.maker)

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {self.lp.column_name(i): i for i in range(self.lp.shape[1])}

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {self.lp.row_name(i): i for i in range(self.lp.shape[0])}

    @property
    def rows(self) -> set[str]:
        return set(self._rows)

    @property
    def columns(self) -> set[str]:
        return set(self._columns)

    def row(self, name: str) -> RowOf:
        number, lp = self._rows[name], self.lp
        part = slice(lp.row_starts[number], lp.row_starts[number + 1])
        names = [lp.column_name(int(column)) for column in lp.column_indices[part]]
        assert len(set(names)) == len(names)
        entries = dict(zip(names, lp.values[part].tolist(), strict=True))
        return RowOf(entries, float(lp.row_lower[number]), float(lp.row_upper[number]))

    def cost(self, column: str) -> float:
        """Objective coefficient, USD of present value per unit."""
        return float(self.lp.column_cost[self._columns[column]])

    def bounds(self, column: str) -> tuple[float, float]:
        number = self._columns[column]
        return float(self.lp.column_lower[number]), float(self.lp.column_upper[number])

    def data(self, feature: str) -> FeatureData:
        return self.system.features[feature]

    @cached_property
    def solution(self) -> Solution:
        return solve_whole(self.lp, SolverOptions(algorithms=("simplex",)))

    def value(self, column: str) -> float:
        """Solved value of a column."""
        return float(self.solution.column_values[self._columns[column]])

    def changed(self, feature: str, **arrays: Any) -> World:
        """The same world with some numbers of one feature replaced."""
        data = self.system.features[feature]
        new = {name: Quantity(np.array(a, dtype=float), data[name].dims, data[name].unit) for name, a in arrays.items()}
        return World(self.system.with_feature(feature, new))


def make_world(
    technologies: Any = (),
    *,
    load: Iterable[float] = (0.5, 0.75, 1.0),
    figures: Mapping[Any, float] | None = None,
    zone: Mapping[str, float] | None = None,
    years: tuple[int, ...] = (2030, 2032),
    rate: float = 0.21,
    span: int = 3,
    site: Mapping[str, Any] | None = None,
    sites: Mapping[str, Mapping[str, Any]] | None = None,
    places: Mapping[str, Mapping[str, Any]] | None = None,
    requirements: Mapping[str, Any] | None = None,
    time: TimeAxis | None = None,
    **scenario: Any,
) -> World:
    """The world of one site `alpha` with some technologies; or of several sites.

    Args:
        technologies: of the one site, by name or with options.
        load: load per energised megawatt in each hour.
        figures: technology figures beside or in place of those above.
        zone: figures of the grid zones in place of those above.
        years: modelled years.
        rate: real discount rate.
        span: years the last modelled year stands for.
        site: what a scenario says of the one site, in place of `SITE`.
        sites: what a scenario says of several sites.
        places: fields of the places, by site.
        requirements: what a plan must fulfil.
        time: another time axis.
        scenario: other sections of the scenario.
    """
    if sites is None:
        sites = {"alpha": {**SITE, "technologies": technologies, **(site or {})}}
    checked = scenario_model().model_validate(
        {
            "name": "by-hand",
            "horizon": {"years": list(years), "base_year": years[0], "final_span_years": span},
            "fuel": {"case": "by_hand"},
            "sites": {name: dict(said) for name, said in sites.items()},
            "requirements": {"reserve_margin": 0.1, "units_lost": 0, "build_slots": False, **(requirements or {})},
            **scenario,
        }
    )
    time = time or ThreeHours(years, years[0], span, rate)
    made = tuple(
        place_of(name, settings, **{"load": load, **(places or {}).get(name, {})})
        for name, settings in checked.sites.items()
    )
    context = Context(
        scenario=checked,
        tables=tables_of(tuple({**TECHNOLOGIES, **(figures or {})}.items()), tuple({**ZONE, **(zone or {})}.items())),
        time=time,
        money=Money(Deflator({2024: 1.0}, 0.0), time),
        places=made,
        zones=tuple(dict.fromkeys(place.zone for place in made)),
        regions=tuple(dict.fromkeys(place.region for place in made)),
        grid_steps=len(STEPS),
    )
    return World(System(context, {name: prepare(context) for name, prepare in preparers(checked).items()}))
