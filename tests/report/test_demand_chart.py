"""The chart of a nation's demand draws what its table says, and says so where there is no nation."""

from __future__ import annotations

from pathlib import Path

import pytest

import gigasite
from gigasite.foundation.errors import InputError
from gigasite.report.run_with_charts import RunWithCharts

NATION = """\
extends: base.yaml
name: nation
horizon: {years: [2028, 2030], resolution_h: 24, days: 2}
national: {trajectory: lbnl_low, include_rest_of_state: false}
sites:
  abilene: {load_ramp_mw: {2028: 200, 2030: 500}, technologies: [gas_engine, grid_connection]}
"""


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> RunWithCharts:
    folder = tmp_path_factory.mktemp("nation")
    (folder / "nation.yaml").write_text(NATION, encoding="utf-8")
    return gigasite.solve(folder / "nation.yaml", results=folder / "results")


def test_bars_reach_the_trajectory_where_it_falls_short(nation: RunWithCharts) -> None:
    figure = nation.plot.demand()
    bars = {trace.name: trace.y for trace in figure.data if trace.type == "bar"}
    (line,) = [trace for trace in figure.data if trace.name == "Trajectory"]
    assert list(bars) == ["Existing fleet", "Named campuses", "Shortfall"]
    for position, (year, twh) in enumerate(zip(line.x, line.y, strict=True)):
        assert sum(float(values[position]) for values in bars.values()) == pytest.approx(float(twh))
        assert year == str(nation.demand["year"].iloc[position])


def test_it_is_written_and_has_a_dark_side(nation: RunWithCharts, tmp_path: Path) -> None:
    file = tmp_path / "demand.html"
    gigasite.save_figure(nation.plot.dark.demand(), file)
    assert file.stat().st_size > 1000


def test_a_run_without_a_nation_says_so(run: RunWithCharts) -> None:
    with pytest.raises(InputError, match="keeps no national account"):
        run.plot.demand()
