"""A planner's own hourly file gives 8,760 numbers, or a message that names the line."""

from datetime import datetime, timedelta

import pytest

from gigasite.foundation.errors import InputError, Origin
from gigasite.inputs.hourly_csv import HOURLY_COLUMNS, read_hourly_csv


def hourly(tmp_path, lines, header="hour,load_per_unit"):
    path = tmp_path / "load.csv"
    path.write_text("\n".join((header, *lines)) + "\n")
    return path


def hours(count=8760):
    return [f"{hour},0.5" for hour in range(count)]


def hourly_problem(path, **keywords):
    with pytest.raises(InputError) as error:
        read_hourly_csv(path, "load_per_unit", **keywords)
    return error.value.problems[0]


def test_hourly_file_gives_8760_numbers(tmp_path):
    values = read_hourly_csv(hourly(tmp_path, hours()), "load_per_unit", minimum=0.0)
    assert (values.shape, values.dtype, values.sum()) == ((8760,), "float64", 4380.0)


def test_hours_need_no_column_of_their_own(tmp_path):
    assert read_hourly_csv(hourly(tmp_path, ["1"] * 8760, header="load_per_unit"), "load_per_unit").sum() == 8760.0


def test_missing_hour_is_told_with_its_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = hours()
    del lines[100]
    problem = hourly_problem(hourly(tmp_path, lines))
    assert problem.message == "the hour 100 is missing or stands elsewhere"
    assert problem.origin == Origin("load.csv", 102)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("7,", "the value of this hour is missing"),
        ("7,nan", "not a number"),
        ("7,-0.1", "the value is too small"),
        ("7,x", "not a number"),
    ],
)
def test_bad_hour_is_told_with_its_line(tmp_path, monkeypatch, line, words):
    monkeypatch.chdir(tmp_path)
    lines = hours()
    lines[7] = line
    problem = hourly_problem(hourly(tmp_path, lines), minimum=0.0)
    assert (problem.message, problem.origin, problem.key) == (words, Origin("load.csv", 9), "load_per_unit")


@pytest.mark.parametrize(("count", "words"), [(8759, "1 hours are missing"), (8784, "24 hours too many")])
def test_wrong_number_of_hours_is_told(tmp_path, count, words):
    problem = hourly_problem(hourly(tmp_path, ["1"] * count, header="load_per_unit"))
    assert problem.message == words
    assert problem.remedy


def test_missing_column_suggests_the_nearest(tmp_path):
    problem = hourly_problem(hourly(tmp_path, hours(), header="hour,load_per_unti"))
    assert problem.remedy == "did you mean 'load_per_unti'?"


def test_times_of_a_leap_year_are_read_without_29_february(tmp_path):
    first = datetime(2024, 1, 1)  # noqa: DTZ001 (local time of the planner's file)
    times = [first + timedelta(hours=hour) for hour in range(8784)]
    lines = [f"{time.isoformat()},1" for time in times if (time.month, time.day) != (2, 29)]
    assert read_hourly_csv(hourly(tmp_path, lines, header="time,load_per_unit"), "load_per_unit").size == 8760


def test_times_that_begin_in_summer_are_refused(tmp_path):
    problem = hourly_problem(hourly(tmp_path, ["2023-07-01T00:00,1"], header="time,load_per_unit"))
    assert "2023-01-01 00:00:00 is missing" in problem.message


def test_missing_hourly_file_is_told_where_it_is_named(tmp_path):
    problem = hourly_problem(tmp_path / "none.csv", origin=Origin("a.yaml", 5, 9), key="sites.x.hourly.load")
    assert (problem.origin, problem.key) == (Origin("a.yaml", 5, 9), "sites.x.hourly.load")


def _told(tmp_path, lines, kind="load"):
    column, least, most = HOURLY_COLUMNS[kind]
    path = tmp_path / "own.csv"
    path.write_text("\n".join([column, *lines]) + "\n")
    with pytest.raises(InputError) as error:
        read_hourly_csv(path, column, minimum=least, maximum=most)
    return error.value.problems[0]


def test_decimal_comma_is_told(tmp_path):
    problem = _told(tmp_path, ["0.5"] * 3 + ["0,5"] + ["0.5"] * 8756)
    assert (problem.given, str(problem.origin).rsplit(":", 1)[1]) == ("0,5", "5")
    assert "use a point for decimals" in (problem.remedy or "")


def test_load_of_zero_in_every_hour_is_refused(tmp_path):
    assert _told(tmp_path, ["0"] * 8760).message == "the load is 0 in every hour"


def test_temperature_in_fahrenheit_is_refused(tmp_path):
    assert _told(tmp_path, ["86"] * 8760, "temperature").message == "the value is too large"


def test_quote_that_is_never_closed_does_not_print_the_file(tmp_path):
    assert len(str(_told(tmp_path, ['"0.5'] + ["0.5"] * 8759))) < 500
