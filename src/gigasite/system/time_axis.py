"""The years and hours a scenario is solved over, and what each of them weighs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gigasite.finance.discounting import year_weights
from gigasite.foundation.units import DAYS_PER_MONTH, DAYS_PER_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR

RESOLUTIONS_H = (1, 2, 3, 6, 24)


@dataclass(frozen=True)
class TimeAxis:
    """Modelled years and the steps within each.

    A step is one hour or the mean of `resolution_h` consecutive hours. Steps keep their order through the year;
    nothing is clustered. `days` below 365 takes an even selection of whole days for a short look, each weighted up to
    a year: for tests and for trying things out, never for an answer.

    Attributes:
        years: modelled years, strictly increasing; gaps are allowed.
        base_year: year that money is discounted to.
        final_span_years: calendar years the last modelled year stands for.
        discount_rate_real: real rate per year.
        resolution_h: hours in a step.
        days: days modelled in each year.
    """

    years: tuple[int, ...]
    base_year: int
    final_span_years: int
    discount_rate_real: float
    resolution_h: int = 1
    days: int = DAYS_PER_YEAR

    @property
    def hours(self) -> int:
        """Number of steps in a year."""
        return self.days * HOURS_PER_DAY // self.resolution_h

    @property
    def step_hours(self) -> float:
        """Hours of a year one step stands for; all steps together stand for 8,760."""
        return float(HOURS_PER_YEAR) / self.hours

    @property
    def selected_days(self) -> npt.NDArray[np.int64]:
        """Days of the year (from 0) that are modelled, evenly spread where fewer than 365."""
        return np.arange(self.days) * DAYS_PER_YEAR // self.days

    @property
    def month(self) -> npt.NDArray[np.int64]:
        """Month (1 to 12) of each step."""
        month_of_day = np.repeat(np.arange(1, 13), DAYS_PER_MONTH)
        return np.repeat(month_of_day[self.selected_days], HOURS_PER_DAY // self.resolution_h)

    @property
    def previous(self) -> npt.NDArray[np.int64]:
        """The step before each step; the year is a ring, so the first follows the last."""
        return (np.arange(self.hours) - 1) % self.hours

    @property
    def year_weight(self) -> npt.NDArray[np.float64]:
        """W_y: present value of one dollar spent in every calendar year that a modelled year stands for."""
        return year_weights(
            self.years, rate=self.discount_rate_real, base_year=self.base_year, final_span_years=self.final_span_years
        )

    def steps(self, hourly: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Means over the steps of an 8,760-hour series.

        Args:
            hourly: shape (..., 8760).

        Returns:
            Shape (..., hours).
        """
        by_day = hourly.reshape(*hourly.shape[:-1], DAYS_PER_YEAR, HOURS_PER_DAY)[..., self.selected_days, :]
        return np.asarray(by_day.reshape(*hourly.shape[:-1], self.hours, self.resolution_h).mean(axis=-1))

    def peaks(self, hourly: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Hourly maxima within each step, for peaks that a mean would hide. Same shapes as `steps`."""
        by_day = hourly.reshape(*hourly.shape[:-1], DAYS_PER_YEAR, HOURS_PER_DAY)[..., self.selected_days, :]
        return np.asarray(by_day.reshape(*hourly.shape[:-1], self.hours, self.resolution_h).max(axis=-1))
