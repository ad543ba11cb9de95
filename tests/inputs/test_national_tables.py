"""Trajectories continue after 2028 as their notes say, and growth limits follow from what they cite."""

from __future__ import annotations

import pandas as pd
import pytest

from gigasite.inputs.folders import data_folder
from gigasite.inputs.tables import load_tables


def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(data_folder() / f"{name}.csv")


def path(trajectory: str) -> dict[int, float]:
    demand = rows("demand")
    chosen = demand[demand["trajectory"] == trajectory]
    return dict(zip(chosen["year"], chosen["value"], strict=True))


@pytest.mark.parametrize(("name", "end_2028", "end_2030"), [("lbnl_low", 325, 383), ("lbnl_high", 580, 793)])
def test_after_2028_growth_leads_to_epri_2030_then_halves_and_from_2035_quarters(
    name: str, end_2028: float, end_2030: float
) -> None:
    twh = path(name)
    growth = (end_2030 / end_2028) ** 0.5 - 1
    assert twh[2029] == pytest.approx(end_2028 * (1 + growth), abs=1e-3)
    assert twh[2030] == end_2030 == path(name.replace("lbnl", "epri"))[2030]
    assert twh[2035] == pytest.approx(end_2030 * (1 + growth / 2) ** 5, rel=1e-5)
    assert twh[2040] == pytest.approx(twh[2035] * (1 + growth / 4) ** 5, rel=1e-5)


def test_the_middle_path_is_that_of_the_iea_then_of_bloomberg() -> None:
    twh = path("middle")
    assert {year: twh[year] for year in (2024, 2030)} == path("iea")
    assert twh[2035] == pytest.approx(106 * 0.69 * 8.76, abs=0.05)  # GW at their utilisation
    low, high = path("lbnl_low"), path("lbnl_high")
    assert all(low[year] <= twh[year] <= high[year] for year in (2030, 2035))
    tables = load_tables([data_folder()])
    assert tables.figure("demand", trajectory="middle", year=2027).value == pytest.approx((183 + 426) / 2)


def test_growth_limits_are_a_share_of_what_utilities_forecast() -> None:
    growth = rows("growth_limits").set_index(["scope", "place"])["value"]
    assert growth["region", "pjm"] == 30_000 / 5
    limits = rows("rest_of_state_limits").set_index(["state", "year"])["note"]
    for state in ("VA", "TX"):
        weight = float(str(limits[state, 2030]).split("Weight ")[1].split(" ")[0])
        assert growth["state", state] == pytest.approx(weight * 90_000 / 5, abs=0.5)
