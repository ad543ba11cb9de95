"""Numbers as a scenario writes them: plain, finite, in the unit that the key names; and numbers that change by year.

Every model of a scenario inherits from :class:`Frozen`: unknown keys are forbidden, a text or a truth value is never
taken for a number, NaN and infinity are refused, and nothing can be changed after reading.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

FIRST_YEAR = 1990
LAST_YEAR = 2150

STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True)


def tuples_for_lists(value: Any) -> Any:
    """Return `value` with every list in it as a tuple: what is read is frozen."""
    if isinstance(value, list | tuple):
        return tuple(tuples_for_lists(item) for item in value)
    if isinstance(value, dict):
        return {key: tuples_for_lists(item) for key, item in value.items()}
    return value


class Frozen(BaseModel):
    """Base of every model a scenario is made of. Sequences are tuples (a YAML list is taken for one)."""

    model_config = STRICT

    @model_validator(mode="before")
    @classmethod
    def _freeze_lists(cls, data: Any) -> Any:
        return tuples_for_lists(data)


NonNegative = Annotated[float, Field(ge=0.0)]
"""A number that is 0 or more."""

Positive = Annotated[float, Field(gt=0.0)]
"""A number above 0."""

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
"""A share between 0 and 1 (15 % is written 0.15)."""

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
"""A calendar year."""


@dataclass(frozen=True)
class YearSeries:
    """A number for every year: one number for all years, or steps {year: number}.

    Between two given years the earlier value holds; before the first given year either the first value holds or 0,
    as `before_first` says.

    >>> wanted = YearSeries(points=((2028, 800.0), (2030, 4000.0)), before_first="zero")
    >>> [wanted.at(year) for year in (2027, 2028, 2029, 2030, 2040)]
    [0.0, 800.0, 800.0, 4000.0, 4000.0]
    """

    points: tuple[tuple[int, float], ...] = ()
    constant: float | None = None
    before_first: Literal["first", "zero"] = "first"

    def at(self, year: int) -> float:
        """Return the value that holds in `year`."""
        if self.constant is not None:
            return self.constant
        position = bisect_right(self.years, year)
        if position == 0:
            return self.points[0][1] if self.before_first == "first" and self.points else 0.0
        return self.points[position - 1][1]

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are written out (none for a single number)."""
        return tuple(year for year, _ in self.points)

    @property
    def largest(self) -> float:
        """The largest value of all years."""
        return self.constant if self.constant is not None else max((value for _, value in self.points), default=0.0)

    def items(self) -> Iterator[tuple[int, float]]:
        """Iterate over the written (year, value) pairs."""
        return iter(self.points)

    def plain(self) -> float | dict[int, float]:
        """Return what a scenario file would write."""
        return self.constant if self.constant is not None else dict(self.points)


@dataclass(frozen=True)
class SeriesRule:
    """What a field takes for a YearSeries; stands in the field's `Annotated`."""

    minimum: float | None = None
    maximum: float | None = None
    before_first: Literal["first", "zero"] = "first"
    number_allowed: bool = True

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        values = core_schema.float_schema(strict=True, allow_inf_nan=False, ge=self.minimum, le=self.maximum)
        years = core_schema.int_schema(ge=FIRST_YEAR, le=LAST_YEAR)
        return core_schema.no_info_wrap_validator_function(
            self._validate,
            core_schema.dict_schema(keys_schema=years, values_schema=values, strict=True),
            serialization=core_schema.plain_serializer_function_ser_schema(YearSeries.plain),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        number: JsonSchemaValue = {"type": "number"}
        if self.minimum is not None:
            number["minimum"] = self.minimum
        if self.maximum is not None:
            number["maximum"] = self.maximum
        by_year = {
            "type": "object",
            "description": "year: value",
            "patternProperties": {"^[0-9]{4}$": number},
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {"anyOf": [number, by_year]} if self.number_allowed else by_year

    def _validate(self, value: Any, by_year: ValidatorFunctionWrapHandler) -> YearSeries:
        if isinstance(value, YearSeries):
            value = value.plain()
        if isinstance(value, int | float) and not isinstance(value, bool) and self.number_allowed:
            return YearSeries(constant=self._number(float(value)), before_first=self.before_first)
        if not isinstance(value, Mapping):
            raise PydanticCustomError("year_series_type" if self.number_allowed else "ramp_type", "not a series")
        if not value:
            raise PydanticCustomError("empty_series", "no year is given")
        points = tuple(sorted(by_year(dict(value)).items()))
        return YearSeries(points=points, before_first=self.before_first)

    def _number(self, value: float) -> float:
        if not math.isfinite(value):
            raise PydanticKnownError("finite_number")
        if self.minimum is not None and value < self.minimum:
            raise PydanticKnownError("greater_than_equal", {"ge": self.minimum})
        if self.maximum is not None and value > self.maximum:
            raise PydanticKnownError("less_than_equal", {"le": self.maximum})
        return value


AnySeries = Annotated[YearSeries, SeriesRule()]
"""A number, or {year: number}, of any sign; before the first year the first value holds."""

NonNegativeSeries = Annotated[YearSeries, SeriesRule(minimum=0.0)]
"""A number, or {year: number}, 0 or more; before the first year the first value holds."""

NonNegativeSeriesFromZero = Annotated[YearSeries, SeriesRule(minimum=0.0, before_first="zero")]
"""A number, or {year: number}, 0 or more; 0 before the first year."""

LARGEST_RAMP_MW = 1e6
"""Largest load or floor of one site [MW]: near all power plants of the United States together, so a slip beyond."""

Ramp = Annotated[
    YearSeries, SeriesRule(minimum=0.0, maximum=LARGEST_RAMP_MW, before_first="zero", number_allowed=False)
]
"""{year: MW}, 0 to a million, not empty; 0 before the first year."""
