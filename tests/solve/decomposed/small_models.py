"""Models of a few columns, declared by hand, for tests of how a problem is cut into blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from gigasite.formulation.modelling import Maker, new_model
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.decomposed.block import Block
from gigasite.solve.decomposed.cutting import Pieces, cut, make_block
from gigasite.solve.plain import compile_model

MONTH = np.array([1, 1, 2])
"""Two steps in January and one in February."""


class Model:
    """Declares a model over one or two sites, one or two years and three steps."""

    def __init__(self, sites: Iterable[str] = ("a",), years: Iterable[int] = (2030,)) -> None:
        self.model = new_model(traced=True)
        self.make = Maker(self.model, traced=True)
        self.site = self.make.set(self.model, "site", sites)
        self.year = self.make.set(self.model, "year", years)
        self.month = self.make.set(self.model, "month", range(1, 13))
        self.hour = self.make.set(self.model, "hour", range(3))
        self.planned, self.hourly = (self.site, self.year), (self.site, self.year, self.hour)
        self.make.param(self.model, "before", np.array([2, 0, 1]), (self.hour,))
        self.make.param(self.model, "month_of", MONTH, (self.hour,))

    def var(self, name: str, sets: Any, **said: Any) -> Any:
        return self.make.var(self.model, name, sets, **{"upper": 1000.0, **said})

    def rows(self, name: str, sets: Any, rule: Any) -> None:
        self.make.constraint(self.model, name, sets, rule)

    def cut(self) -> tuple[Pieces, list[Block]]:
        lp = compile_model(self.model, self.make)
        pieces = cut(lp, MONTH)
        return pieces, [make_block(pieces, number) for number in range(pieces.count)]


def with_output(**sets: Any) -> Model:
    """Capacity `x`, decided once, and output `y` of every step."""
    made = Model(**sets)
    made.var("x", made.planned, upper=500.0)
    made.var("y", made.hourly)
    return made


def names_of(lp: CompiledLP, columns: Any) -> list[str]:
    return [lp.column_name(int(column)) for column in columns]


def in_one_month(made: Model) -> tuple[Pieces, Block]:
    """All three steps in January: with a few days modelled, a year may have a single month."""
    pieces = cut(compile_model(made.model, made.make), np.array([1, 1, 1]))
    assert pieces.count == 1
    return pieces, make_block(pieces, 0)
