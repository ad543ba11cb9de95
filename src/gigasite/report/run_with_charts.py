"""A run that draws itself, `run.plot.capacity()`, and replays itself, `run.replay()`. Results know of neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from gigasite.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.report.charts import Charts


@dataclass(frozen=True)
class RunWithCharts(Run):
    """A solved scenario on disk, with its tables as DataFrames and its charts below `plot`."""

    @classmethod
    def of(cls, run: Run) -> Self:
        """Return the same run with charts."""
        return cls(run.path, run.manifest)

    def replay(self, *, years: int = 1_000, seed: int = 1) -> pd.DataFrame:
        """Replay unit outages at random over all hours; returns the table `replay`, which it adds to the run.

        Args:
            years: outage years for every site and year.
            seed: seed of every random stream.
        """
        from gigasite.run.replay import replay_run

        return replay_run(self, years=years, seed=seed).table

    @property
    def plot(self) -> Charts:
        """Charts of the run: capacity(), costs(), demand(), dispatch(), duration(), energised(), map(), prices()."""
        from gigasite.report.charts import Charts

        return Charts(self)
