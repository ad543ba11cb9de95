"""The charts of a run behind one door: `run.plot.capacity()` and its like, each a Plotly figure."""

from __future__ import annotations

from typing import Any

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.results.run import Run


class Charts:
    """Charts of one run; each returns a Plotly figure, to be shown, changed or saved."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def capacity(self, site: str | None = None) -> Any:
        """Capacity by year and technology, with the load wanted; of all sites, or of one."""
        from gigasite.report.capacity_chart import capacity_chart

        return capacity_chart(self._run, site=self._known(site))

    def costs(self, site: str | None = None) -> Any:
        """Present value of supply by kind of cost and technology; of all sites, or of one."""
        from gigasite.report.cost_chart import cost_chart

        return cost_chart(self._run, site=self._known(site))

    def dispatch(self, site: str | None = None, year: int | None = None, week: int | None = None) -> Any:
        """A week of operation; of the site with the largest load, the last year, the week with the dearest power."""
        from gigasite.report.dispatch_chart import dispatch_chart

        return dispatch_chart(self._run, site=self._known(site), year=year, week=week)

    def energised(self, site: str | None = None) -> Any:
        """Load energised and waiting against the ramp wanted; of all sites, or of one."""
        from gigasite.report.energised_chart import energised_chart

        return energised_chart(self._run, site=self._known(site))

    def __repr__(self) -> str:
        return f"charts of {self._run.scenario}: capacity(), costs(), dispatch(), energised()"

    def _known(self, site: str | None) -> str | None:
        sites = [str(name) for name in self._run.load["site"].unique()]
        if site is None or site in sites:
            return site
        near = did_you_mean(site, sites)
        raise InputError(Problem("the run has no such site", given=site, allowed=", ".join(sites), remedy=near))
