"""The chart of cash says what the yearly table says."""

from __future__ import annotations

from pathlib import Path

import pytest

import gigasite
from gigasite.inputs.folders import scenarios_folder
from gigasite.report.run_with_charts import RunWithCharts


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunWithCharts:
    folder: Path = tmp_path_factory.mktemp("cash")
    base = scenarios_folder() / "idaho-smr.yaml"
    coarse = "horizon: {resolution_h: 24, days: 4}"
    (folder / "cash.yaml").write_text(f"extends: {base}\nname: cash\n{coarse}\n", encoding="utf-8")
    return gigasite.solve(folder / "cash.yaml", results=folder / "results")


def test_bars_of_a_year_come_to_what_the_owners_have(run: RunWithCharts) -> None:
    figure = run.plot.cash(price=120.0)
    years = gigasite.finance(run, price=120.0).tables["years"]
    *bars, owners = figure.data
    assert list(owners.x) == [str(year) for year in years["year"]]
    assert list(owners.y) == pytest.approx((years["equity_usd_nominal"] / 1e9).tolist())
    for at in range(len(years)):
        assert sum(bar.y[at] for bar in bars) == pytest.approx(
            owners.y[at], abs=2e-3
        )  # what is below a million is left out
    assert "120.0 USD/MWh" in figure.layout.title.text
    assert "nominal" in figure.layout.yaxis.title.text


def test_the_chart_comes_in_dark_too(run: RunWithCharts) -> None:
    light, dark = run.plot.cash(price=120.0), run.plot.dark.cash(price=120.0)
    assert light.layout.paper_bgcolor != dark.layout.paper_bgcolor
