"""A run that draws itself: `run.plot.capacity()`. Results know nothing of charts, so the charts are added here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from gigasite.results.run import Run

if TYPE_CHECKING:
    from gigasite.report.charts import Charts


@dataclass(frozen=True)
class RunWithCharts(Run):
    """A solved scenario on disk, with its tables as DataFrames and its charts below `plot`."""

    @classmethod
    def of(cls, run: Run) -> Self:
        """Return the same run with charts."""
        return cls(run.path, run.manifest)

    @property
    def plot(self) -> Charts:
        """Charts of the run: capacity(), costs(), dispatch(), energised()."""
        from gigasite.report.charts import Charts

        return Charts(self)
