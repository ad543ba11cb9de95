"""A planner's own shape of wind, sun or temperature: whole and possible, or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gigasite.foundation.errors import InputError, Problem
from gigasite.inputs.folders import data_folder
from gigasite.inputs.tables import load_tables
from gigasite.run.solve_run import check_scenario_file
from gigasite.system.hourly import zone_series

SCENARIO = """\
name: a
horizon: {{years: [2034], resolution_h: 24, days: 2}}
sites:
  ours:
    place: {{lat: 39.0, lon: -83.0, grid_zone: pjm_aep, census_division: east_north_central, gas_hub: columbia_tco,
            temperature_like_site: piketon, wind_series: {wind}}}
    load_ramp_mw: {{2034: 400}}
    technologies: [combined_cycle, grid_connection, wind]
"""
REST = "per unit,,own,x,2026,reported,"
OF_NO_UNIT = REST.replace("per unit", "-")
SHAPE = [f"wind_ours,{month},{hour},0.3,,,{REST}" for month in range(1, 13) for hour in range(24)]
STATISTICS = [
    f"wind_ours,{month},{figure}"
    for month in range(1, 13)
    for figure in (f"standard_deviation,0.1,,,{REST}", f"autocorrelation_1h,0.9,,,{OF_NO_UNIT}")
]
Check = Callable[..., None]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inputs").mkdir()

    def checked(shape: list[str], statistics: list[str] = STATISTICS, *, wind: str = "wind_ours") -> None:
        for name, rows in (("hourly_shapes", shape), ("hourly_variability", statistics)):
            header = (data_folder() / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
            (tmp_path / "inputs" / f"{name}.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        (tmp_path / "a.yaml").write_text(SCENARIO.format(wind=wind), encoding="utf-8")
        check_scenario_file("a.yaml")

    return checked


def refused(check: Check, *arguments: list[str], **options: str) -> Problem:
    with pytest.raises(InputError) as error:
        check(*arguments, **options)
    (problem,) = error.value.problems
    return problem


def test_an_own_shape_serves(check: Check) -> None:
    check(SHAPE)


def test_a_series_that_is_not_there_gets_the_nearest_name(check: Check) -> None:
    problem = refused(check, SHAPE, wind="wind_our")
    assert (problem.message, problem.key) == ("this series is not known", "sites.ours.place.wind_series")
    assert problem.remedy == "did you mean 'wind_ours'?"
    assert str(problem.origin) == "a.yaml:6:58"


def test_hours_that_are_missing_are_counted(check: Check) -> None:
    problem = refused(check, SHAPE[3:])
    assert "3 hours of the series wind_ours are not in" in problem.message
    assert str(problem.origin) == "inputs/hourly_shapes.csv:2"


@pytest.mark.parametrize("missing", ["standard_deviation", "autocorrelation_1h"])
def test_statistics_that_are_missing_are_named(check: Check, missing: str) -> None:
    problem = refused(check, SHAPE, [row for row in STATISTICS if f",7,{missing}," not in row])
    assert f"does not say the {missing} of wind_ours in every month" in problem.message
    assert str(problem.origin) == "inputs/hourly_shapes.csv:2"


def test_figures_that_no_year_can_have_are_told(check: Check) -> None:
    lowest = f"pjm_aep_price,5,minimum,1000,,,{REST.replace('per unit,', 'USD/MWh,2024')}"
    problem = refused(check, SHAPE, [*STATISTICS, lowest])
    assert problem.message.startswith("no year can be made of the series pjm_aep_price: the minimum")
    assert problem.origin is not None
    assert problem.origin.line is not None
    assert "the minimum of month 5 lies above one of its hourly means" in problem.message


def test_a_zone_of_which_nothing_is_known_gets_the_nearest_name() -> None:
    with pytest.raises(InputError, match="nothing is known of the price of the grid zone pjm_aepp") as refused:
        zone_series(load_tables([data_folder()]), "pjm_aepp", "price")
    assert refused.value.problems[0].remedy == "did you mean 'pjm_aep'?"


@pytest.mark.parametrize(("row", "column"), [("other,,0", "month"), ("other,1,", "hour"), (",1,0", "series")])
def test_a_row_of_no_hour_is_told_with_its_line(check: Check, row: str, column: str) -> None:
    problem = refused(check, [*SHAPE, f"{row},0.3,,,{REST}"])
    assert problem.message == f"a row of hourly_shapes.csv without {column}"
    assert (problem.key, str(problem.origin)) == (column, "inputs/hourly_shapes.csv:290")


@pytest.mark.parametrize(("cells", "column"), [("13,0", "month"), ("0,0", "month"), ("1,24", "hour"), ("1,x", "hour")])
def test_a_time_that_is_none_is_told_with_its_line(check: Check, cells: str, column: str) -> None:
    problem = refused(check, [*SHAPE, f"wind_ours,{cells},0.3,,,{REST}"])
    assert (problem.message, problem.key) == (f"there is no such {column}", column)
    assert str(problem.origin) == "inputs/hourly_shapes.csv:290"
