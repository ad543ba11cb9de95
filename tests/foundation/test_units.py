"""Conversion factors agree with each other and with published equivalents."""

import pytest

from gigasite.foundation import units


def test_year_is_365_days_of_24_hours():
    assert units.HOURS_PER_YEAR == units.DAYS_PER_YEAR * units.HOURS_PER_DAY == sum(units.DAYS_PER_MONTH) * 24


def test_one_bcf_a_day_is_a_million_mcf():
    assert pytest.approx(1e6 * units.MMBTU_PER_MCF) == units.MMBTU_PER_BCF


def test_piketon_at_full_output_burns_1_94_bcf_a_day():
    mmbtu_per_day = 9200 * units.HOURS_PER_DAY * 9.12
    assert mmbtu_per_day / units.MMBTU_PER_BCF == pytest.approx(1.94, abs=0.005)


def test_short_ton_is_2000_pounds():
    assert pytest.approx(2000 * units.KG_PER_POUND) == units.KG_PER_SHORT_TON


def test_water_boils_at_100_degrees():
    assert units.celsius_from_fahrenheit(212.0) == pytest.approx(100.0)
    assert units.celsius_from_fahrenheit(65.0) == pytest.approx(18.3333, abs=1e-4)


def test_a_degree_fahrenheit_is_five_ninths_of_a_kelvin():
    assert pytest.approx(0.5555556) == units.KELVIN_PER_FAHRENHEIT_DEGREE
