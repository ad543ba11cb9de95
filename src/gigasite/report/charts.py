"""The charts of a run behind one door: `run.plot.capacity()` and its like, each a Plotly figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.results.run import Run


class Charts:
    """Charts of one run; each returns a Plotly figure, to be shown, changed or saved.

    `gigasite.save_figure(figure, "capacity.png")` writes one as HTML, PNG, SVG or PDF. `run.plot.dark` gives the same
    charts for dark pages.
    """

    def __init__(self, run: Run, *, is_dark: bool = False) -> None:
        self._run = run
        self._is_dark = is_dark

    @property
    def dark(self) -> Charts:
        """The same charts for dark pages."""
        return Charts(self._run, is_dark=True)

    def capacity(self, site: str | None = None) -> Any:
        """Capacity by year and technology, with the load wanted; of all sites, or of one."""
        from gigasite.report.capacity_chart import capacity_chart

        return self._themed(capacity_chart(self._run, site=self._known(site)))

    def costs(self, site: str | None = None) -> Any:
        """Present value of supply by kind of cost and technology; of all sites, or of one."""
        from gigasite.report.cost_chart import cost_chart

        return self._themed(cost_chart(self._run, site=self._known(site)))

    def demand(self) -> Any:
        """Demand of a nation against what is served, by year; needs a `national:` account."""
        from gigasite.report.demand_chart import demand_chart

        return self._themed(demand_chart(self._run))

    def dispatch(self, site: str | None = None, year: int | None = None, week: int | None = None) -> Any:
        """A week of operation; of the site with the largest load, the last year, the week with the dearest power."""
        from gigasite.report.dispatch_chart import dispatch_chart

        return self._themed(dispatch_chart(self._run, site=self._known(site), year=year, week=week))

    def duration(self, site: str | None = None, year: int | None = None) -> Any:
        """Load-duration curve, and that of each supply; of the site with the largest load, the last year."""
        from gigasite.report.duration_chart import duration_chart

        return self._themed(duration_chart(self._run, site=self._known(site), year=year))

    def energised(self, site: str | None = None) -> Any:
        """Load energised and waiting against the ramp wanted; of all sites, or of one."""
        from gigasite.report.energised_chart import energised_chart

        return self._themed(energised_chart(self._run, site=self._known(site)))

    def map(self, year: int | None = None) -> Any:
        """The sites on outlines of states: supply mix, load, what waits and cost; of the last year."""
        from gigasite.report.map import run_map

        return self._themed(run_map(self._run, year=year))

    def prices(self, site: str | None = None, year: int | None = None) -> Any:
        """Marginal cost of load by month and hour of the day; of the site with the largest load, the last year."""
        from gigasite.report.prices_chart import prices_chart

        return self._themed(prices_chart(self._run, site=self._known(site), year=year))

    def cash(self, price: float | None = None) -> Any:
        """Cash by year at a price of power, or at the one the owners' return needs; who pays as in `finance:`."""
        from gigasite.report.finance_chart import finance_chart
        from gigasite.studies.financing import finance_study

        return self._themed(finance_chart(finance_study(self._run, price=price)))

    def recovery(self, prices: Sequence[float] | None = None) -> Any:
        """Year in which Japan has its investment back against the price of power; needs a `partnership:`."""
        from gigasite.report.recovery_chart import recovery_chart

        return self._themed(recovery_chart(self._run, prices))

    def __repr__(self) -> str:
        names = "capacity(), costs(), demand(), dispatch(), duration(), energised(), map(), prices()"
        return f"charts of {self._run.scenario}: {names}; in dark: .dark.capacity() ..."

    def _themed(self, figure: Any) -> Any:
        from gigasite.report.dark import in_dark

        return in_dark(figure) if self._is_dark else figure

    def _known(self, site: str | None) -> str | None:
        sites = [str(name) for name in self._run.load["site"].unique()]
        if site is None or site in sites:
            return site
        near = did_you_mean(site, sites)
        raise InputError(Problem("the run has no such site", given=site, allowed=", ".join(sites), remedy=near))
