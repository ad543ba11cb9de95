"""A figure has a value that can be, in the unit of the shipped rows, in money of a year that can be deflated."""

import pytest

from gigasite.foundation.errors import InputError, Origin
from gigasite.inputs.sections import Override
from gigasite.inputs.tables import load_tables

HEADER = "fuel,parameter,value,low,high,unit,currency_year,source,locator,source_year,confidence,note"
SHIPPED = (
    "wind,capex,1000,,,USD/kW,2022,NREL,x,2024,published,",
    "wind,firm_credit,0.1,,,fraction,,NREL,x,2024,published,",
    "wind,round_trip_efficiency,0.8,,,fraction,,NREL,x,2024,published,",
    "gas,heat_rate_mmbtu_per_mwh,9,,,MMBtu/MWh,,NREL,x,2024,published,",
    "gas_basis,waha,-1,,,USD/MMBtu,2025,EIA,x,2025,published,",
)


@pytest.fixture
def folders(tmp_path):
    for name in ("own", "shipped"):
        (tmp_path / name).mkdir()
    (tmp_path / "shipped" / "technologies.csv").write_text("\n".join((HEADER, *SHIPPED)) + "\n")
    return tmp_path / "own", tmp_path / "shipped"


def problems_of(folders, overrides=(), origins=None):
    with pytest.raises(InputError) as error:
        load_tables(folders, overrides, origins)
    return error.value.problems


@pytest.mark.parametrize(
    ("row", "key", "message"),
    [
        ("wind,capex,-5,,,USD/kW,2022,me,x,2026,published,", "value", "cannot be negative"),
        ("wind,firm_credit,15,,,fraction,,me,x,2026,published,", "value", "never above 1"),
        ("wind,round_trip_efficiency,0,,,fraction,,me,x,2026,published,", "value", "must be above 0"),
        ("wind,capex,5,,,USD/MW,2022,me,x,2026,published,", "unit", "not the one of the shipped rows"),
        ("solar,capex,5,,,EUR/kW,2022,me,x,2026,published,", "unit", "not the one of the shipped rows"),
        ("wind,capex,5,,,USD/kW,,me,x,2026,published,", "currency_year", "money without a year"),
        ("wind,capex,5,,,USD/kW,1999,me,x,2026,published,", "currency_year", "money without a year"),
    ],
)
def test_own_row_that_cannot_be_is_told_at_its_line(folders, row, key, message):
    (folders[0] / "technologies.csv").write_text(f"{HEADER}\n{row}\n")
    (problem,) = problems_of(folders)
    assert problem.key == key
    assert message in problem.message
    assert str(problem.origin).endswith("own/technologies.csv:2")


def test_own_file_that_no_shipped_one_is_named_like_is_told(folders):
    (folders[0] / "technology.csv").write_text(f"{HEADER}\n")
    (folders[0] / "README.md").write_text("mine\n")
    assert problems_of(folders)[0].remedy == "did you mean 'technologies.csv'?"


@pytest.mark.parametrize(
    ("where", "value", "key", "message"),
    [
        ({"parameter": "capex"}, -1, "value", "cannot be negative"),
        ({"parameter": "firm_credit"}, 2, "value", "never above 1"),
        ({"parameter": "heat_rate_mmbtu_per_mwh"}, 0, "value", "must be above 0"),
        ({"fuel": "wind"}, 1, "where", "more than one parameter: capex, firm_credit, round_trip_efficiency"),
    ],
)
def test_override_that_cannot_be_is_told_where_it_is_written(folders, where, value, key, message):
    override = Override(table="technologies", where=where, value=value, reason="why")
    (problem,) = problems_of(folders, [override], [Origin("a.yaml", 3, 5)])
    assert (str(problem.origin), problem.key) == ("a.yaml:3:5", f"overrides.0.{key}")
    assert message in problem.message


def test_basis_of_a_gas_hub_may_be_negative(folders):
    override = Override(table="technologies", where={"fuel": "gas_basis"}, value=-2.0, reason="why")
    assert load_tables(folders, [override]).applied_overrides[0].value == -2.0
