"""Tables of places: numbers as numbers, codes with their zeros, the planner's rows first."""

from __future__ import annotations

from pathlib import Path

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import data_folder
from gigasite.siting.place_tables import known_site_frame, place_table


def test_codes_keep_their_zeros_and_coordinates_are_numbers():
    table = place_table("county_points", (data_folder(),))
    assert table["fips"].iloc[0] == "01001"
    assert table["latitude"].dtype == float
    assert table["fips"].is_unique


def test_a_row_of_the_first_folder_wins_and_others_stay(tmp_path: Path):
    shipped = place_table("state_zones", (data_folder(),))
    header = ",".join(shipped.columns)
    own = shipped[shipped["zone_point"] == "oh_columbus"].assign(grid_zone="pjm_atsi")
    (tmp_path / "state_zones.csv").write_text(
        f"{header}\n" + ",".join(str(cell) for cell in own.iloc[0].replace({"AEP Ohio, PJM.": "mine"})) + "\n"
    )
    table = place_table("state_zones", (tmp_path, data_folder())).set_index("zone_point")
    assert len(table) == len(shipped)
    assert table.loc["oh_columbus", "grid_zone"] == "pjm_atsi"
    assert table.loc["oh_piketon", "grid_zone"] == "pjm_aep"


def test_what_a_caller_does_to_a_table_is_his_own():
    mine = place_table("state_zones", (data_folder(),))
    mine["state"] = "XX"
    assert "XX" not in set(place_table("state_zones", (data_folder(),))["state"])


def test_a_table_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(InputError, match=r"there is no table state_zones\.csv"):
        place_table("state_zones", (tmp_path,))


def test_the_known_sites_are_twenty():
    sites = known_site_frame((data_folder(),))
    assert len(sites) == 20
    assert {"site_id", "latitude", "longitude", "design_temperature_c"} <= set(sites.columns)
