"""Every column has a unit and a meaning, and its name tells the unit."""

import pytest

from gigasite.foundation.names import COLUMNS, column, unit_of_name


def test_every_column_says_what_it_means():
    assert all(entry.meaning.strip() for entry in COLUMNS.values())
    assert not any(entry.meaning.endswith(".") and not entry.meaning.endswith("...") for entry in COLUMNS.values())


def test_no_column_is_listed_twice():
    assert all(name == entry.name for name, entry in COLUMNS.items())


def test_unit_in_a_name_is_the_unit_of_the_column():
    told = {name: unit_of_name(name) for name in COLUMNS if "<" not in name}
    assert {name: unit for name, unit in told.items() if unit and unit != COLUMNS[name].unit} == {}


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("capacity_gas_turbine_mw", "capacity_<technology>_mw"),
        ("energised_2030_mw", "energised_<year>_mw"),
        ("cost_share_published", "cost_share_<confidence>"),
        ("import_mw", "<series>_mw"),
    ],
)
def test_column_that_carries_a_label_is_found(name, family):
    assert column(name).name == family


def test_unknown_column_suggests_the_nearest():
    with pytest.raises(KeyError, match="did you mean 'shortfall_twh'"):
        column("shortfal_twh")


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("load_ramp_mw", "MW"),
        ("idle_value_usd_per_mw_year", "USD/MW-year"),
        ("transport_usd_per_mmbtu", "USD/MMBtu"),
        ("length_km", "km"),
        ("elevation_m", "m"),
        ("mw", "MW"),
        ("reserve_margin", None),
        ("earliest_year", None),
    ],
)
def test_unit_is_read_from_the_end_of_a_name(name, unit):
    assert unit_of_name(name) == unit
