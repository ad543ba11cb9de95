"""PUE by temperature, and the load of an energised megawatt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gigasite.system.place import load_per_energised_mw, power_usage_effectiveness

CURVE = {"pue_mean": 1.15, "pue_peak": 1.2, "slope_per_k": 0.0029, "threshold_c": 10.0}


def test_pue_has_the_mean_asked_for_and_never_passes_its_peak() -> None:
    warmth = np.random.default_rng(5).normal(12.0, 11.0, 8760)
    pue = power_usage_effectiveness(warmth, **CURVE)
    assert pue.mean() == pytest.approx(1.15, rel=1e-9)
    assert pue.max() <= 1.2


def test_pue_rises_along_the_line_above_the_threshold_and_is_flat_below() -> None:
    warmth = np.array([0.0, 10.0, 20.0, 30.0])
    pue = power_usage_effectiveness(warmth, pue_mean=1.1, pue_peak=2.0, slope_per_k=0.01, threshold_c=10.0)
    # cooling 0, 0, 0.1, 0.2 has a mean of 0.075: base 1.025
    assert pue.tolist() == pytest.approx([1.025, 1.025, 1.125, 1.225], rel=1e-9)


def test_where_the_peak_cuts_the_line_off_the_base_rises_until_the_mean_fits() -> None:
    warmth = np.array([0.0, 10.0, 20.0, 30.0])
    pue = power_usage_effectiveness(warmth, pue_mean=1.1, pue_peak=1.15, slope_per_k=0.01, threshold_c=10.0)
    # 2 x base + (base + 0.1) + 1.15 = 4.4: base 1.05; base + 0.1 = 1.15 meets the peak
    assert pue.tolist() == pytest.approx([1.05, 1.05, 1.15, 1.15], rel=1e-9)


def test_a_mean_at_the_peak_is_the_peak_in_every_hour() -> None:
    pue = power_usage_effectiveness(
        np.array([-5.0, 25.0]), pue_mean=1.2, pue_peak=1.2, slope_per_k=0.01, threshold_c=10.0
    )
    assert pue.tolist() == pytest.approx([1.2, 1.2], rel=1e-9)


def test_a_mean_above_the_peak_is_refused() -> None:
    with pytest.raises(ValueError, match="above its peak"):
        power_usage_effectiveness(np.zeros(3), pue_mean=1.3, pue_peak=1.2, slope_per_k=0.0, threshold_c=10.0)


def test_load_is_it_power_times_utilisation_and_pue() -> None:
    # a facility MW carries 1/1.2 MW of IT; used at 0.85 with a PUE of 1.15 it takes 0.85 x 1.15 / 1.2 = 0.814583
    assert load_per_energised_mw(0.85, np.array([1.15]), 1.2).tolist() == pytest.approx([0.8145833333333], rel=1e-12)
    assert load_per_energised_mw(np.array([1.0, 0.5]), np.array([1.2, 1.2]), 1.2).tolist() == [1.0, 0.5]


@pytest.fixture
def piketon(context: Any) -> Any:
    return context(
        """
        sites:
          piketon: {load_ramp_mw: {2030: 500, 2032: 800}, technologies: [gas_turbine]}
        """
    ).place("piketon")


def test_a_place_of_the_layer_has_its_weather_and_its_mean_load(piketon: Any) -> None:
    assert (piketon.zone, piketon.region, piketon.census_division) == ("pjm_aep", "pjm", "east_north_central")
    assert piketon.load_mw_per_mw.mean() == pytest.approx(0.85 * 1.15 / 1.2, rel=1e-9)
    assert piketon.load_mw_per_mw.max() <= 0.85 + 1e-12  # mean utilisation at the peak PUE
    january = piketon.temperature_c[: 31 * 24].mean()
    assert january == pytest.approx(-0.646, abs=1e-6)  # site_months.csv


def test_the_ramp_holds_until_the_next_step(piketon: Any) -> None:
    assert [piketon.ramp_mw(year) for year in (2029, 2030, 2031, 2032, 2040)] == [0.0, 500.0, 500.0, 800.0, 800.0]


def test_a_scenario_may_describe_a_place_the_layer_does_not_hold(context: Any) -> None:
    place = context(
        """
        sites:
          elsewhere:
            place:
              name: Elsewhere
              lat: 40.0
              lon: -83.0
              state: OH
              grid_zone: pjm_aep
              census_division: east_north_central
              temperature_like_site: piketon
            load: {pue_mean: 1.1, utilisation_mean: 0.6}
            load_ramp_mw: {2030: 100}
            technologies: [gas_turbine]
        """
    ).place("elsewhere")
    assert (place.latitude, place.longitude) == (40.0, -83.0)
    assert place.design_temperature_c == 33.0  # Piketon's
    assert place.load_mw_per_mw.mean() == pytest.approx(0.6 * 1.1 / 1.2, rel=1e-9)
