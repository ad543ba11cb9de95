"""From one run to another: steps add up, in money where years agree, else per megawatt-hour."""

from pathlib import Path

import pandas as pd
import pytest

import gigasite
from gigasite.foundation.errors import InputError
from gigasite.report.comparison_with_charts import Comparison
from gigasite.report.run_with_charts import RunWithCharts

DEARER = """\
extends: {extends}
name: {name}
title: The same with dear gas
fuel: {{price_multiplier: 1.5}}
{more}
"""


@pytest.fixture(scope="module")
def others(run: RunWithCharts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunWithCharts]:
    folder = tmp_path_factory.mktemp("others")
    start = run.path.parents[2] / "charts.yaml"
    found = {}
    for name, more in (("dear", ""), ("later", "horizon: {years: [2030, 2035, 2040], resolution_h: 6, days: 14}")):
        file = folder / f"{name}.yaml"
        file.write_text(DEARER.format(extends=start, name=name, more=more), encoding="utf-8")
        found[name] = gigasite.solve(file, results=folder / "results")
    return found


def bars(figure: object) -> object:
    return next(trace for trace in figure.data if trace.type == "bar")  # type: ignore[attr-defined]


@pytest.mark.parametrize("by", ["technology", "component"])
def test_steps_lead_from_the_cost_of_one_run_to_that_of_the_other(
    run: RunWithCharts, others: dict[str, RunWithCharts], by: str
) -> None:
    drawn = bars(gigasite.compare([run, others["dear"]]).plot.waterfall(by=by))
    totals = [each.summary["present_value_usd"].iloc[0] / 1e9 for each in (run, others["dear"])]
    assert drawn.x[0] == pytest.approx(totals[0], rel=1e-6)  # type: ignore[attr-defined]
    assert drawn.x[-1] == pytest.approx(totals[1], rel=1e-6)  # type: ignore[attr-defined]
    assert sum(drawn.x[:-1]) == pytest.approx(totals[1], rel=1e-6)  # type: ignore[attr-defined]
    level = drawn.x[0]  # type: ignore[attr-defined]
    for start, step in zip(drawn.base[1:-1], drawn.x[1:-1], strict=True):  # type: ignore[attr-defined]
        assert start == pytest.approx(level)
        level += step


def test_runs_over_other_years_are_compared_per_megawatt_hour(
    run: RunWithCharts, others: dict[str, RunWithCharts]
) -> None:
    figure = gigasite.compare([run, others["later"]]).plot.waterfall()
    drawn = bars(figure)
    assert figure.layout.xaxis.title.text == "Levelised cost, USD of 2024 per MWh"
    expected = others["later"].summary["levelised_cost_usd_per_mwh"].iloc[0]
    assert sum(drawn.x[:-1]) == pytest.approx(expected, rel=1e-6)  # type: ignore[attr-defined]


def test_a_comparison_is_a_data_frame_and_what_is_cut_out_of_it_a_plain_one(
    run: RunWithCharts, others: dict[str, RunWithCharts]
) -> None:
    table = gigasite.compare([run, others["dear"]])
    assert isinstance(table, pd.DataFrame)
    part = table[table["quantity"].str.contains("levelised")]
    assert type(part) is pd.DataFrame
    assert len(table.copy()) == len(table)
    assert "waterfall()" in repr(table.plot)


def test_runs_of_a_comparison_are_picked_by_name(run: RunWithCharts, others: dict[str, RunWithCharts]) -> None:
    table = gigasite.compare([run, *others.values()])
    figure = table.plot.waterfall("dear")
    assert "The same with dear gas" in figure.layout.title.text
    assert table.plot.dark.waterfall("dear").layout.paper_bgcolor != figure.layout.paper_bgcolor
    with pytest.raises(InputError, match="did you mean 'dear'"):
        table.plot.waterfall("deer")
    with pytest.raises(InputError, match="technology, component"):
        table.plot.waterfall("dear", by="colour")


def test_one_run_has_no_waterfall(run: RunWithCharts, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no difference"):
        Comparison.of([run]).plot.waterfall()
