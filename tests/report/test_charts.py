"""Charts say what the tables say: the numbers drawn are added up and compared."""

from pathlib import Path

import pytest

from gigasite.formulation.hubs import SUPPLY_COMPONENTS
from gigasite.formulation.registry import technologies
from gigasite.foundation.errors import InputError
from gigasite.report.dispatch_chart import dearest_week
from gigasite.report.run_with_charts import RunWithCharts


def traces(figure: object) -> dict[str, object]:
    return {trace.name: trace for trace in figure.data if trace.name}  # type: ignore[attr-defined]


def test_capacity_bars_add_up_to_the_table(run: RunWithCharts) -> None:
    figure = run.plot.capacity()
    bars = [trace for trace in figure.data if trace.type == "bar"]
    drawn_gw = sum(float(bar.y[-1]) for bar in bars)
    table = run.capacity[(run.capacity["year"] == 2035) & (run.capacity["technology"] != "gas_trunk")]
    assert drawn_gw * 1000 == pytest.approx(table["total_mw"].sum(), abs=2.0)
    assert list(bars[0].x) == ["2030", "2035"]
    assert figure.layout.yaxis.title.text == "Capacity, GW"


def test_a_technology_has_its_own_label_and_colour_in_every_chart(run: RunWithCharts) -> None:
    turbine = technologies()["gas_turbine"]
    for figure in (run.plot.capacity(site="abilene"), run.plot.costs(site="abilene")):
        assert traces(figure)[turbine.label].marker.color == turbine.colour  # type: ignore[attr-defined]
    assert traces(run.plot.dispatch(site="abilene"))[turbine.label].fillcolor == turbine.colour  # type: ignore[attr-defined]


def test_cost_bars_add_up_to_the_cost_of_supply(run: RunWithCharts) -> None:
    figure = run.plot.costs()
    drawn = sum(sum(bar.x) for bar in figure.data if bar.type == "bar")
    supply = run.costs[run.costs["component"].isin(SUPPLY_COMPONENTS)]["cost_usd_present_value"].sum()
    assert drawn * 1e9 == pytest.approx(supply, rel=0.005)
    assert figure.layout.xaxis.title.text == "Present value, bn USD of 2024"


def test_supply_less_use_meets_the_load_in_every_hour_drawn(run: RunWithCharts) -> None:
    figure = run.plot.dispatch()
    stacked = [trace for trace in figure.data if trace.stackgroup]
    (load,) = [trace for trace in figure.data if trace.name == "Load"]
    for hour in range(len(load.x)):
        assert sum(float(trace.y[hour]) for trace in stacked) == pytest.approx(float(load.y[hour]), abs=2e-3)


def test_the_week_of_the_dearest_power_is_drawn_first(run: RunWithCharts) -> None:
    hours = run.hourly("piketon", 2035)
    week = dearest_week(hours)
    assert f"week {week} of 2035" in run.plot.dispatch().layout.title.text
    assert f"week {week} of 2035" in run.plot.dispatch(week=week, site="piketon").layout.title.text


def test_energised_and_waiting_load_add_up_to_the_load_wanted(run: RunWithCharts) -> None:
    drawn = traces(run.plot.energised(site="piketon"))
    wanted = list(drawn["Wanted"].y)  # type: ignore[attr-defined]
    parts = [list(drawn[name].y) for name in ("Energised", "Waiting")]  # type: ignore[attr-defined]
    assert [sum(pair) for pair in zip(*parts, strict=True)] == pytest.approx(wanted)
    assert parts[1][-1] > 0


def test_what_a_run_does_not_hold_is_refused_in_words(run: RunWithCharts) -> None:
    with pytest.raises(InputError, match="did you mean 'piketon'"):
        run.plot.capacity(site="piketown")
    with pytest.raises(InputError, match="no hours of this week"):
        run.plot.dispatch(week=99)
    assert "capacity()" in repr(run.plot)


def test_a_chart_is_written_as_a_page_that_needs_no_network(run: RunWithCharts, tmp_path: Path) -> None:
    page = tmp_path / "capacity.html"
    run.plot.capacity().write_html(page, include_plotlyjs=True)
    assert "Two campuses for a test" in page.read_text(encoding="utf-8")
