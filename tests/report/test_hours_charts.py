"""Charts over the hours of a year: duration curves and marginal cost."""

import numpy as np
import pytest

from gigasite.foundation.errors import InputError
from gigasite.report.duration_chart import duration, duration_chart
from gigasite.report.prices_chart import prices_chart
from gigasite.report.run_with_charts import RunWithCharts


def test_a_duration_curve_falls_and_holds_the_energy() -> None:
    values = np.random.default_rng(1).uniform(0.0, 100.0, 8760)
    hours, power = duration(values, points=2001)
    assert (np.diff(power) <= 0).all()
    energy = (np.diff(hours) * (power[1:] + power[:-1]) / 2).sum()
    assert energy == pytest.approx(values.sum(), rel=1e-3)
    at = np.interp(2000.0, hours, power)
    assert (values >= at).sum() == pytest.approx(2000, abs=10)


def test_the_load_curve_has_the_peak_and_the_energy_of_the_hours(run: RunWithCharts) -> None:
    hours = run.hourly("piketon", 2035)
    figure = run.plot.duration(site="piketon")
    load = next(trace for trace in figure.data if trace.name == "Load")
    factor = 1000.0 if "GW" in figure.layout.yaxis.title.text else 1.0
    assert load.y[0] * factor == pytest.approx(hours["load_mw"].max())
    mean = np.nanmean(np.asarray(load.y, dtype=float)) * factor
    assert mean == pytest.approx(hours["load_mw"].mean(), rel=0.02)


def test_marginal_costs_are_the_means_of_month_and_hour(run: RunWithCharts) -> None:
    hours = run.hourly("abilene", 2030)
    figure = run.plot.prices(site="abilene", year=2030)
    (field,) = figure.data
    assert list(field.y) == [0, 6, 12, 18]
    july = hours[(hours["hour"] >= 181 * 24) & (hours["hour"] < 212 * 24) & (hours["hour"] % 24 == 12)]
    expected = july["marginal_cost_usd_per_mwh"].mean()
    assert field.z[2][list(field.x).index("Jul")] == pytest.approx(expected, abs=0.01)


def test_days_have_no_hours(run: RunWithCharts, monkeypatch: pytest.MonkeyPatch) -> None:
    daily = run.hourly("abilene", 2030).iloc[::4]
    monkeypatch.setattr(type(run), "hourly", lambda *_: daily)
    with pytest.raises(InputError, match="no hours of the day"):
        prices_chart(run, site="abilene", year=2030)
    assert duration_chart(run, site="abilene", year=2030).data
