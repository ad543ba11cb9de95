"""Numbers as a planner reads them."""

import math

import pytest

from gigasite.report.numbers import style_of


@pytest.mark.parametrize(
    ("name", "values", "texts", "unit"),
    [
        ("total_mw", [9200.0, 54.1], ["9,200", "54"], "MW"),
        ("cost_usd", [1.5e9, 2.0e6], ["1.50", "0.00"], "bn USD"),
        ("announced_capex_usd", [33.3e9], ["33.3"], "bn USD"),
        ("usd_per_mwh", [61.23], ["61.2"], "USD/MWh"),
        ("energy_mwh", [71_360_000.0], ["71.4"], "TWh"),
        ("shadow_price", [37.5, 285000.0], ["37.5", "285,000"], ""),
        ("year", [2035.0], ["2035"], ""),
        ("capacity_factor", [0.8512], ["85.1 %"], ""),
        ("gap", [3e-9], ["0.0000 %"], ""),
        ("waiting_mw", [-1e-9, 100.0], ["0", "100"], "MW"),
    ],
)
def test_a_column_is_written_in_units_that_fit_its_largest_value(
    name: str, values: list[float], texts: list[str], unit: str
) -> None:
    style = style_of(name, values)
    assert [style.text(value) for value in values] == texts
    assert style.unit == unit


def test_what_is_missing_is_left_empty() -> None:
    style = style_of("total_mw", [1.0, math.nan])
    assert style.text(math.nan) == ""
    assert style.text(None) == ""
    assert style.text(math.inf) == "∞"
