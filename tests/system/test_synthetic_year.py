"""The synthetic year: what is drawn, and what of the published figures it keeps."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gigasite.system.chronology import (
    chronological_means,
    day_of_month,
    day_of_year,
    hour_of_day,
    month_of_hour,
)
from gigasite.system.synthetic_year import price_series, synthetic_series, temperature_series, unit_noise

INPUTS = Path(__file__).parents[2] / "inputs"
SHAPES = pd.read_csv(INPUTS / "hourly_shapes.csv")
VARIABILITY = pd.read_csv(INPUTS / "hourly_variability.csv")


def means_of(series):
    rows = SHAPES[SHAPES["series"] == series].sort_values(["month", "hour"])
    return rows["value"].to_numpy(dtype=float).reshape(12, 24)


def statistics_of(series):
    table = VARIABILITY[VARIABILITY["series"] == series].pivot_table(index="month", columns="parameter", values="value")
    return {str(name): table[name].to_numpy(dtype=float) for name in table.columns}


def year_of(series, *, seed=1, lower=0.0, upper=None):
    return synthetic_series(means_of(series), statistics_of(series), seed=seed, name=series, lower=lower, upper=upper)


def month_hour_means(year):
    return pd.Series(year).groupby([month_of_hour(), hour_of_day()]).mean().to_numpy().reshape(12, 24)


def test_the_year_has_8760_hours_from_january_to_december():
    assert month_of_hour().shape == (8760,)
    assert month_of_hour()[0] == 1
    assert month_of_hour()[-1] == 12
    assert (month_of_hour() == 2).sum() == 28 * 24
    assert hour_of_day()[:25].tolist() == [*range(24), 0]
    assert day_of_year()[[0, 23, 24, -1]].tolist() == [1, 1, 2, 365]
    assert day_of_month()[31 * 24] == 1


def test_same_seed_and_name_give_the_same_year():
    assert np.array_equal(year_of("wind_pjm_west"), year_of("wind_pjm_west"))


def test_the_draw_is_seeded_with_a_hash_that_every_machine_shares():
    # crc32 of the nine ASCII digits is the check value 0xCBF43926 of the algorithm.
    by_hand = np.random.Generator(np.random.PCG64([7, 0xCBF43926])).standard_normal(8760)
    assert np.array_equal(unit_noise(np.zeros(12), seed=7, name="123456789"), by_hand)


def test_another_name_or_another_seed_gives_other_noise():
    rho = np.full(12, 0.9)
    first = unit_noise(rho, seed=1, name="wind_pjm_west")
    for other in (unit_noise(rho, seed=1, name="wind_erc_west"), unit_noise(rho, seed=2, name="wind_pjm_west")):
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.15


def test_noise_has_unit_variance_and_the_autocorrelation_asked_for():
    noise = unit_noise(np.full(12, 0.8), seed=3, name="anything")
    assert noise.std() == pytest.approx(1.0, abs=0.05)
    assert np.corrcoef(noise[:-1], noise[1:])[0, 1] == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("series", ["wind_pjm_west", "solar_pjm_west", "pjm_aep_zone_load", "wind_s_c_tva"])
def test_every_month_by_hour_mean_is_kept(series):
    year = year_of(series, lower=None)
    assert np.allclose(month_hour_means(year), means_of(series), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("series", ["pjm_aep_price", "ercot_hb_west_dam_2025", "japan_price"])
def test_every_month_by_hour_mean_of_a_price_is_kept_and_none_is_negative(series):
    year = price_series(means_of(series), statistics_of(series), seed=1, name=series)
    assert year.min() >= 0.0
    assert np.allclose(month_hour_means(year), means_of(series), rtol=1e-9)


def test_solar_is_zero_at_night_on_every_day():
    year, means = year_of("solar_pjm_west"), means_of("solar_pjm_west")
    night = means[month_of_hour() - 1, hour_of_day()] == 0.0
    assert night.sum() > 3000
    assert np.all(year[night] == 0.0)


def test_capacity_factors_stay_within_their_bounds_and_near_the_cited_mean():
    for series, cited in (("wind_pjm_west", 0.2418), ("solar_pjm_west", 0.1969), ("wind_erc_west", 0.3332)):
        year = year_of(series, upper=1.0)
        assert year.min() >= 0.0
        assert year.max() <= 1.0
        assert year.mean() == pytest.approx(cited, rel=0.02)


def test_wind_keeps_most_of_its_variability_after_bounding():
    year, statistics = year_of("wind_pjm_west"), statistics_of("wind_pjm_west")
    residual = year - means_of("wind_pjm_west")[month_of_hour() - 1, hour_of_day()]
    drawn = pd.Series(residual).groupby(month_of_hour()).std().to_numpy()
    assert 0.7 < (drawn / statistics["standard_deviation"]).mean() < 1.05


def test_load_meets_its_standard_deviation_and_observed_extremes():
    year, statistics = year_of("pjm_aep_zone_load", lower=None), statistics_of("pjm_aep_zone_load")
    residual = year - means_of("pjm_aep_zone_load")[month_of_hour() - 1, hour_of_day()]
    drawn = pd.Series(residual).groupby(month_of_hour()).std().to_numpy()
    assert (drawn / statistics["standard_deviation"]).mean() == pytest.approx(1.0, abs=0.15)
    assert year.max() <= statistics["maximum"].max()


def test_aep_price_year_meets_the_published_quantiles_of_2025():
    # PJM 12-hub day-ahead quantiles of 2025 at 5, 25, 50, 75, 90, 95 %, times the AEP ratio of 0.97.
    published = 0.97 * np.array([19.80, 28.58, 36.58, 49.47, 69.44, 87.49])
    statistics, means = statistics_of("pjm_aep_price"), means_of("pjm_aep_price")
    for seed in (1, 2, 3):
        year = price_series(means, statistics, seed=seed, name="pjm_aep_price")
        drawn = np.quantile(year, [0.05, 0.25, 0.50, 0.75, 0.90, 0.95])
        assert np.allclose(drawn, published, rtol=0.10)
        assert year.mean() == pytest.approx(0.97 * 43.71, rel=0.01)
        assert year.max() <= 0.97 * 502.65 + 1e-3


def test_a_price_floor_above_zero_holds_in_every_hour():
    year = price_series(
        means_of("ercot_hb_west_dam_2025"), statistics_of("ercot_hb_west_dam_2025"), seed=1, name="p", floor=5.0
    )
    assert year.min() >= 5.0


def test_temperature_keeps_the_monthly_means_of_the_site():
    monthly = np.array([-0.6, 1.0, 6.0, 12.0, 17.5, 22.0, 24.0, 23.0, 19.0, 13.0, 7.0, 2.0])
    year = temperature_series(
        monthly,
        means_of("temperature_diurnal_humid"),
        statistics_of("temperature_diurnal_humid"),
        seed=1,
        name="piketon",
    )
    assert pd.Series(year).groupby(month_of_hour()).mean().to_numpy() == pytest.approx(monthly, abs=1e-9)
    july = year[month_of_hour() == 7].reshape(-1, 24).mean(axis=0)
    assert 13 <= july.argmax() <= 17
    assert 3 <= july.argmin() <= 7


@pytest.mark.parametrize("resolution_h", [1, 2, 3, 6, 24])
def test_chronological_means_keep_the_sum(resolution_h):
    year = year_of("wind_erc_west")
    coarse = chronological_means(year, resolution_h)
    assert coarse.shape == (8760 // resolution_h,)
    assert coarse.sum() * resolution_h == pytest.approx(year.sum(), rel=1e-12)


def test_chronological_means_worked_by_hand():
    assert chronological_means(np.array([1.0, 3.0, 5.0, 9.0]), 2).tolist() == [2.0, 7.0]


def test_a_resolution_that_does_not_divide_the_year_is_refused():
    with pytest.raises(ValueError, match="does not divide"):
        chronological_means(np.zeros(8760), 7)


def test_a_wrong_shape_or_a_missing_figure_is_refused():
    good = {"standard_deviation": np.ones(12), "autocorrelation_1h": np.zeros(12)}
    with pytest.raises(ValueError, match=r"\(12, 24\)"):
        synthetic_series(np.zeros((24, 12)), good, seed=1, name="x")
    with pytest.raises(ValueError, match="standard_deviation"):
        synthetic_series(np.zeros((12, 24)), {"autocorrelation_1h": np.zeros(12)}, seed=1, name="x")
    with pytest.raises(ValueError, match="finite"):
        synthetic_series(np.full((12, 24), np.nan), good, seed=1, name="x")
    with pytest.raises(ValueError, match="outside its bounds"):
        synthetic_series(np.full((12, 24), 2.0), good, seed=1, name="x", lower=0.0, upper=1.0)
