"""What compiles a model, whole or part by part, as often as asked: quick, and its arrays are too large to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gigasite.formulation.modelling import Maker
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.plain import compile_model
from gigasite.solve.year_part import LARGE_ROWS, YearPart, parts_of_model


@dataclass(frozen=True)
class Compiler:
    """A model and the Maker that declared it.

    Attributes:
        model: the model.
        maker: the Maker that declared it.
        large_rows: rows from which it is compiled in parts.
    """

    model: Any
    maker: Maker
    large_rows: int = LARGE_ROWS

    def __call__(self, part: YearPart | None = None) -> CompiledLP:
        """The arrays of a part, or of the whole where none is named."""
        return compile_model(self.model, self.maker, part)

    @cached_property
    def parts(self) -> tuple[YearPart | None, ...]:
        """The parts to compile it in; only the whole, None, where it is small or cannot be parted."""
        return parts_of_model(self.maker, self.large_rows)
