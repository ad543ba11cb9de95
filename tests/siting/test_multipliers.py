"""Regional multipliers: printed where they are printed, and between them close to what the source prints there."""

from __future__ import annotations

import numpy as np
import pytest

from gigasite.inputs.folders import data_folder
from gigasite.siting.multipliers import MULTIPLIERS, county_multipliers
from gigasite.siting.place_tables import place_table

FOLDERS = (data_folder(),)

# Printed for counties that are not shipped: combined cycle, gas turbine, nuclear, battery, each less 1.
NOT_SHIPPED = {
    "01043": (-0.0259, -0.0247, -0.0055, 0.013),
    "04025": (0.0437, 0.0404, 0.0409, 0.0163),
    "05045": (-0.0275, -0.0182, 0.0013, 0.0296),
    "06107": (0.1588, 0.1466, 0.1348, 0.0729),
    "06007": (0.1982, 0.1794, 0.1601, 0.0814),
    "08109": (-0.0082, -0.0084, -0.0023, 0.0017),
    "12117": (-0.0382, -0.029, -0.0158, 0.005),
    "13175": (-0.0244, -0.0187, 0.0015, 0.0189),
    "16037": (0.0174, 0.016, 0.0253, 0.0218),
    "17113": (0.0669, 0.062, 0.0625, 0.0327),
    "18095": (0.0109, 0.01, 0.0179, 0.019),
    "19169": (0.0062, 0.0043, 0.0085, 0.0058),
    "20113": (-0.0149, -0.0152, -0.0061, 0.0012),
    "21125": (-0.0082, -0.0062, 0.0043, 0.0115),
    "22043": (-0.0343, -0.0298, -0.0116, 0.0113),
    "23011": (0.0467, 0.0419, 0.0492, 0.0274),
    "26111": (0.0418, 0.037, 0.0361, 0.0103),
    "27145": (0.0676, 0.0599, 0.039, 0.0074),
    "28121": (-0.028, -0.0252, -0.0069, 0.0119),
    "29051": (0.0423, 0.0398, 0.0463, 0.0323),
    "30049": (-0.01, -0.0108, -0.0017, -0.0035),
    "31041": (-0.0081, -0.0089, -0.0049, -0.0051),
    "32011": (0.109, 0.0995, 0.0975, 0.0587),
    "35027": (0.0064, 0.0062, 0.0218, 0.0218),
    "36109": (0.0769, 0.0654, 0.0603, 0.0278),
    "37063": (-0.0049, -0.0027, 0.0024, 0.0074),
    "38093": (0.0196, 0.0188, 0.0097, -0.0086),
    "39119": (0.0109, 0.009, 0.012, 0.0051),
    "40017": (-0.0382, -0.0381, -0.0281, -0.009),
    "41039": (0.1115, 0.1069, 0.0954, 0.0607),
    "42085": (0.0386, 0.0326, 0.0311, 0.0119),
    "45041": (-0.0258, -0.018, 0.0065, 0.0329),
    "46005": (0.0149, 0.0128, 0.0084, -0.0039),
    "47149": (-0.0113, -0.0035, 0.0157, 0.0341),
    "48121": (-0.0308, -0.0287, -0.0168, 0.0017),
    "48491": (-0.0492, -0.043, -0.031, -0.0021),
    "49041": (0.018, 0.0161, 0.032, 0.0291),
    "51165": (0.0232, 0.0198, 0.0186, 0.0089),
    "53007": (0.1196, 0.1113, 0.0944, 0.0634),
    "54067": (0.0032, 0.0031, 0.0058, 0.0008),
    "55141": (0.0629, 0.0552, 0.0381, 0.0052),
    "56007": (-0.0104, -0.0104, -0.0066, -0.0051),
}


def of(*fips: str | None) -> np.ndarray:
    found = county_multipliers(np.array(fips, dtype=object), FOLDERS)
    return np.column_stack([found[name] for name in MULTIPLIERS])


def test_a_shipped_county_has_its_printed_multipliers():
    table = place_table("county_multipliers", FOLDERS)
    assert len(table) > 500
    assert set(table["confidence"]) == {"published", "derived"}
    assert of(*table["fips"]) == pytest.approx(table[list(MULTIPLIERS)].to_numpy(), abs=1e-12)
    assert table.groupby("state").size().min() >= 1
    assert set(place_table("county_points", FOLDERS)["state"]) - set(table["state"]) == {"AK", "HI"}


def test_other_counties_come_within_a_third_of_a_point_on_average_and_one_and_a_quarter_at_most():
    assert not set(NOT_SHIPPED) & set(place_table("county_multipliers", FOLDERS)["fips"])
    printed = 1.0 + np.array(list(NOT_SHIPPED.values()))
    error = np.abs(of(*NOT_SHIPPED) - printed)
    assert error.mean(axis=0).max() < 0.0033
    assert error.max() < 0.0125


def test_between_three_counties_the_multiplier_is_linear():
    # Holt County of Nebraska lies among shipped counties: no multiplier beyond those around it.
    around = of("31031", "31107", "31079", "31055")
    holt = of("31089")
    assert (holt >= around.min(axis=0) - 1e-9).all()
    assert (holt <= around.max(axis=0) + 1e-9).all()


def test_alaska_hawaii_and_no_county_have_none():
    found = county_multipliers(np.array(["02020", "15003", None, "39131", "31089"], dtype=object), FOLDERS)
    assert np.isnan(found["capex_multiplier_nuclear"]).tolist() == [True, True, True, False, False]
    assert found["multiplier_confidence"].tolist() == [None, None, None, "published", "derived"]
