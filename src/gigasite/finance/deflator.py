"""Money of one year in the money of another."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

MONEY_YEAR = 2024
"""The year whose money the whole model counts in."""


@dataclass(frozen=True)
class Deflator:
    """A price index, extended past its last published year at a constant rate.

        d(c) = series[c]                                  up to the last published year
        d(c) = series[last] * (1 + g)^-(c - last)         after it
        value_2024 = value_c * d(c) / d(2024)

    | symbol | name           | unit                              | dimensions |
    |--------|----------------|-----------------------------------|------------|
    | d      | `series`       | base-year USD per USD of the year | c          |
    | g      | `growth_after` | fraction a year                   | scalar     |
    | c      | currency year  | year                              | c          |

    Edge rule: the base year of the series cancels, so any base year serves. A year before the first published one, or a
    gap between published years, is refused: nothing is guessed about the past.

    Raises:
        ValueError: an empty series, a value that is not finite and above zero, growth not above -1.

    Source: ratio of a published price index; the series and the growth after it are inputs that carry their own source.
    """

    series: Mapping[int, float]
    growth_after: float

    def __post_init__(self) -> None:
        """Refuse an index that cannot be divided by, and keep a copy nobody else can change."""
        if not self.series:
            raise ValueError("a deflator needs at least one year, given none")
        for year, value in self.series.items():
            if not math.isfinite(value) or value <= 0:
                raise ValueError(f"deflator of {year} must be finite and above 0, given {value}")
        if not math.isfinite(self.growth_after) or self.growth_after <= -1:
            raise ValueError(f"growth_after must be finite and above -1, given {self.growth_after}")
        object.__setattr__(self, "series", dict(self.series))

    def to_2024(self, value: float, year: int) -> float:
        """Return `value`, in USD of `year`, in USD of 2024: value_2024 = value_c * d(c) / d(2024).

        Raises:
            ValueError: `year` or 2024 lies before the series or in a gap of it.
        """
        return value * self._index(year) / self._index(MONEY_YEAR)

    def from_2024(self, value: float, year: int) -> float:
        """Return `value`, in USD of 2024, in USD of `year`: value_c = value_2024 * d(2024) / d(c).

        Raises:
            ValueError: `year` or 2024 lies before the series or in a gap of it.
        """
        return value * self._index(MONEY_YEAR) / self._index(year)

    def _index(self, year: int) -> float:
        last = max(self.series)
        if year > last:
            return self.series[last] * (1.0 + self.growth_after) ** -(year - last)
        if year not in self.series:
            raise ValueError(f"no deflator for {year}: the series has {min(self.series)} to {last}")
        return self.series[year]
