"""A site as the model sees it: where it is, how warm it gets, what load it wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.foundation.errors import InputError, Problem
from gigasite.system.quantity import Array


@dataclass(frozen=True)
class Place:
    """One site of a scenario.

    Attributes:
        name: site id.
        title: what a planner reads.
        state: two-letter state, or the province abroad.
        latitude: degrees north.
        longitude: degrees east.
        zone: grid zone.
        region: region whose grid headroom the zone shares.
        census_division: division whose delivered gas price applies.
        design_temperature_c: summer design temperature, for reserve and unit loss.
        temperature_c: shape (8760,).
        load_mw_per_mw: load at the meter per MW of energised facility, shape (8760,).
        pue_peak: ratio of facility to IT power at the peak.
        idle_value_usd_per_mw_year: cost of a facility MW that waits for power for a year, 2024 USD.
        unserved_cost_usd_per_mwh: cost of energised load that is not served, 2024 USD.
        counts_in_national: whether its energy enters the national account.
        settings: the site's section of the scenario.
        properties: its row of `sites.geojson`, with what the scenario says of the place laid over it.
        hourly: the planner's own series by kind, shape (8760,).
        utilisation_mean: use of the IT behind the load, which full use would divide it by; None where the load is the
            planner's own.
    """

    name: str
    title: str
    state: str
    latitude: float
    longitude: float
    zone: str
    region: str
    census_division: str
    design_temperature_c: float
    temperature_c: Array
    load_mw_per_mw: Array
    pue_peak: float
    idle_value_usd_per_mw_year: float
    unserved_cost_usd_per_mwh: float
    counts_in_national: bool
    settings: Any
    properties: dict[str, Any]
    hourly: dict[str, Array]
    utilisation_mean: float | None = None

    def ramp_mw(self, year: int) -> float:
        """Facility MW the site wants energised in a year: the last step of the ramp that has been reached."""
        ramp = self.settings.load_ramp_mw
        return 0.0 if ramp is None else float(ramp.at(year))


def property_of(properties: Mapping[str, Any], key: str, site: str) -> Any:
    """What a site's row says under a key that is needed here.

    Raises:
        InputError: it says nothing.
    """
    value = properties.get(key)
    if value is None or value == "":
        remedy = f"write `{key}:` under `place:` of the site, or `{key}` in its row of sites.geojson"
        raise InputError(
            Problem(f"nothing says the {key} of this site", key=f"sites.{site}.place.{key}", remedy=remedy)
        )
    return value


def power_usage_effectiveness(
    temperature_c: Array, *, pue_mean: float, pue_peak: float, slope_per_k: float, threshold_c: float
) -> Array:
    """PUE of every hour: a base that cooling raises above a threshold temperature.

        pue[h] = min(pue_peak, base + slope * max(0, T[h] - threshold))     with mean(pue) = pue_mean

    | symbol    | name           | unit  | dimensions |
    |-----------|----------------|-------|------------|
    | T         | temperature_c  | C     | hour       |
    | slope     | slope_per_k    | 1/K   |            |
    | threshold | threshold_c    | C     |            |
    | base      | solved for     | -     |            |

    Edge rule: the base is found by bisection, since the cap bends the mean; it may fall below 1 only if `pue_mean`
    does.

    Raises:
        ValueError: the mean lies above the peak.

    Source: definition of PUE (ISO/IEC 30134-2); the straight line above a threshold is an estimate, in `finance.csv`.
    """
    if pue_mean > pue_peak:
        raise ValueError(f"mean PUE {pue_mean} lies above its peak {pue_peak}")
    cooling = slope_per_k * np.maximum(0.0, temperature_c - threshold_c)
    low, high = pue_mean - float(cooling.max()) - 1.0, pue_peak
    for _ in range(80):
        base = 0.5 * (low + high)
        mean = float(np.minimum(pue_peak, base + cooling).mean())
        low, high = (base, high) if mean < pue_mean else (low, base)
    return np.minimum(pue_peak, 0.5 * (low + high) + cooling)


def load_per_energised_mw(utilisation: Array | float, pue: Array, pue_peak: float) -> Array:
    """Load at the meter of one MW of energised facility.

        load[h] = utilisation[h] * pue[h] / pue_peak

    since a facility MW at the meter carries 1 / pue_peak MW of IT at its peak.
    """
    return np.asarray(utilisation * pue / pue_peak, dtype=float)
