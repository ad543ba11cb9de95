"""The chart of recovery says what the study says."""

import math

import pytest

import gigasite
from gigasite.report.run_with_charts import RunWithCharts

PLANT = """\
extends: base.yaml
name: recovery
title: A plant of two countries
horizon: {years: [2030], resolution_h: 24, days: 2}
sites:
  piketon:
    load_ramp_mw: {2030: 1000}
    technologies:
      gas_turbine: {cost_case: headline, capacity_mw: 2000}
partnership:
  investment_usd: 7.2e9
  calls: [{date: "2026-03-20", share: 1}]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunWithCharts:
    folder = tmp_path_factory.mktemp("recovery")
    (folder / "recovery.yaml").write_text(PLANT, encoding="utf-8")
    return gigasite.solve(folder / "recovery.yaml", results=folder / "results")


def test_lines_are_the_years_of_recovery(run: RunWithCharts) -> None:
    prices = [60, 150, 250, 400]
    figure = run.plot.recovery(prices)
    table = gigasite.partnership(run, prices=prices).recovery
    alone, with_interest = figure.data
    assert list(alone.x) == prices
    assert list(alone.y) == pytest.approx(table["recovery_moment"].tolist(), nan_ok=True)
    assert list(with_interest.y) == pytest.approx(table["recovery_moment_with_interest"].tolist(), nan_ok=True)
    assert math.isnan(alone.y[0])
    assert figure.layout.xaxis.title.text == "Price of power, USD of 2024 per MWh, rising with prices"


def test_sixty_prices_around_the_cost_are_drawn_where_none_are_named(run: RunWithCharts) -> None:
    figure = run.plot.recovery()
    cost = float(run.summary["levelised_cost_usd_per_mwh"].iloc[0])
    assert figure.data[0].x[0] < cost < figure.data[0].x[-1]
    texts = [annotation.text for annotation in figure.layout.annotations]
    assert f"supply costs {cost:,.1f} USD/MWh" in texts
