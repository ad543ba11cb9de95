"""A text where a number belongs is answered with the number it means, in the unit of its key."""

import pytest

from gigasite.inputs.written_numbers import remedy_for_text, shown


@pytest.mark.parametrize(
    ("text", "unit", "remedy"),
    [
        ("800 MW", "MW", "write a plain number in MW: 800"),
        ("0.8 GW", "MW", "write a plain number in MW: 800"),
        ("5,000", "MW", "write 5000"),
        ("10_000", "MW", "write 10000"),
        ("800", "MW", "write 800 without quotes"),
        ("10 miles", "km", "write a plain number in km: 16.09344"),
        ("15 %", None, "write a plain number: 0.15"),
        ("4 USD", "USD/MWh", "write a plain number in USD/MWh"),
        ("1.2.3", "MW", "write a plain number in MW"),
        ("lots", None, "write a plain number"),
    ],
)
def test_number_that_a_text_means_is_worked_out(text, unit, remedy):
    assert remedy_for_text(text, unit) == remedy


def test_long_value_is_cut_in_a_message():
    assert len(shown(dict.fromkeys(range(2000, 2100), 1.0))) == 60
