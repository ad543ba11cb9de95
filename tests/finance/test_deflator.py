"""The deflator against ratios worked by hand."""

import pytest

from gigasite.finance.deflator import Deflator

SERIES = {2022: 0.65, 2023: 0.62, 2024: 0.60, 2025: 0.58}


@pytest.fixture
def deflator() -> Deflator:
    return Deflator(SERIES, growth_after=0.025)


def test_money_of_2024_stays_as_it_is(deflator: Deflator) -> None:
    assert deflator.to_2024(3_620, 2024) == 3_620


def test_older_money_is_worth_more_today(deflator: Deflator) -> None:
    assert deflator.to_2024(6_000, 2022) == pytest.approx(6_500)  # 6,000 x 0.65 / 0.60


def test_money_after_the_series_deflates_at_the_constant_rate(deflator: Deflator) -> None:
    assert deflator.to_2024(100, 2027) == pytest.approx(100 * (0.58 / 1.025**2) / 0.60)


@pytest.mark.parametrize("year", [2022, 2025, 2035])
def test_there_and_back_is_the_same_money(deflator: Deflator, year: int) -> None:
    assert deflator.from_2024(deflator.to_2024(123.45, year), year) == pytest.approx(123.45, rel=1e-14)


def test_the_base_year_of_the_series_cancels(deflator: Deflator) -> None:
    rescaled = Deflator({year: 7.0 * value for year, value in SERIES.items()}, growth_after=0.025)
    assert rescaled.to_2024(100, 2022) == pytest.approx(deflator.to_2024(100, 2022))


def test_a_series_that_ends_before_2024_is_extended_to_it() -> None:
    assert Deflator({2022: 1.0}, growth_after=0.10).to_2024(100, 2022) == pytest.approx(121.0)


def test_a_year_before_the_series_is_refused(deflator: Deflator) -> None:
    with pytest.raises(ValueError, match="no deflator for 1999"):
        deflator.to_2024(1, 1999)


def test_a_gap_in_the_series_is_refused() -> None:
    with pytest.raises(ValueError, match="no deflator for 2023"):
        Deflator({2022: 0.65, 2024: 0.60}, growth_after=0.0).to_2024(1, 2023)


@pytest.mark.parametrize("series", [{}, {2024: 0.0}, {2024: -1.0}, {2024: float("nan")}])
def test_a_series_that_cannot_be_divided_by_is_refused(series: dict[int, float]) -> None:
    with pytest.raises(ValueError, match="deflator"):
        Deflator(series, growth_after=0.025)


@pytest.mark.parametrize("growth", [-1.0, float("nan")])
def test_a_growth_that_means_nothing_is_refused(growth: float) -> None:
    with pytest.raises(ValueError, match="growth_after"):
        Deflator(SERIES, growth_after=growth)


def test_the_series_cannot_be_changed_from_outside() -> None:
    series = dict(SERIES)
    deflator = Deflator(series, growth_after=0.025)
    series[2022] = 99.0
    assert deflator.to_2024(6_000, 2022) == pytest.approx(6_500)
