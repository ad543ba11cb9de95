"""A comparison that draws itself: the table of `gigasite.compare`, with `comparison.plot.waterfall()` beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.results.compare import compare, run_labels
from gigasite.results.run import Run


class ComparisonCharts:
    """Charts of a comparison; each returns a Plotly figure."""

    def __init__(self, runs: Sequence[Run], *, is_dark: bool = False) -> None:
        self._runs = dict(zip(run_labels(runs), runs, strict=True))
        self._is_dark = is_dark

    @property
    def dark(self) -> ComparisonCharts:
        """The same charts for dark pages."""
        return ComparisonCharts(list(self._runs.values()), is_dark=True)

    def waterfall(self, second: str | None = None, first: str | None = None, *, by: str = "technology") -> Any:
        """Steps from the cost of supply of a run to that of another; from the first to the last where not named.

        Args:
            second: what is arrived at, by its name in the table.
            first: what is left from.
            by: steps by `technology` or by `component`.

        Raises:
            InputError: no such run, or a comparison of one run.
        """
        from gigasite.report.dark import in_dark
        from gigasite.report.waterfall_chart import waterfall_chart

        names = list(self._runs)
        if len(names) < 2:  # noqa: PLR2004
            raise InputError(Problem("one run has no difference to be drawn", given=names[0]))
        start, end = self._known(first, names[0]), self._known(second, names[-1])
        figure = waterfall_chart(start, end, by=by)
        return in_dark(figure) if self._is_dark else figure

    def __repr__(self) -> str:
        return "charts of a comparison: waterfall(); in dark: .dark.waterfall()"

    def _known(self, name: str | None, default: str) -> Run:
        asked = default if name is None else name
        if asked not in self._runs:
            allowed, near = ", ".join(self._runs), did_you_mean(asked, self._runs)
            raise InputError(Problem("the comparison has no such run", given=asked, allowed=allowed, remedy=near))
        return self._runs[asked]


class Comparison(pd.DataFrame):
    """Runs side by side: an ordinary DataFrame, whose `plot` draws the runs instead of columns.

    What is cut out of it is a plain DataFrame again.
    """

    _metadata = ["_runs"]  # noqa: RUF012 - pandas reads the class attribute
    _runs: list[Run]

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Comparison:
        """Compare runs."""
        found = cls(compare(runs))
        found._runs = list(runs)
        return found

    @property
    def plot(self) -> ComparisonCharts:  # type: ignore[override]
        """Charts of the comparison: waterfall()."""
        return ComparisonCharts(self._runs)
