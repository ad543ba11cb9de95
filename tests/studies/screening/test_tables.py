"""What a screen finds: who stays, in which order, at what distance and cost, and why."""

import pytest
from tests.studies.screening.conftest import PARCELS, STUDY, StudyDesk

from gigasite.siting.connection_costs import connection_usd, lateral_usd, line_usd
from gigasite.studies.screening.tables import ScreeningTables


def test_candidates_are_ranked_by_the_cost_of_line_and_lateral(desk: StudyDesk) -> None:
    found = desk.screen(STUDY)
    table = found.candidates
    assert found.ranked_by == "connection_and_lateral_usd"
    assert (found.screened, len(table)) == (88, 10)
    assert table["rank"].tolist() == list(range(1, 11))
    assert table["connection_and_lateral_usd"].is_monotonic_increasing
    assert (table["transmission_line_km"] <= 30).all()
    assert (table["protected_share"] <= 0.2).all()
    assert (table["people_km"] >= 20).all()


def test_every_place_is_in_one_of_the_two_tables(ohio: ScreeningTables) -> None:
    found = ohio
    assert len(found.candidates) == found.kept
    assert found.kept + found.excluded["site"].nunique() == found.screened == 88
    assert not set(found.candidates["site"]) & set(found.excluded["site"])
    assert found.rules["left_after"].iloc[-1] == found.kept
    assert found.rules["excluded"].sum() == len(found.excluded)


def test_distances_and_costs_of_a_candidate_by_hand(ohio: ScreeningTables) -> None:
    """A 345 kV line along 39.5 and a 138 kV line along 40.5 degrees north, a pipeline along 83 degrees west."""
    ross = ohio.candidates.set_index("site").loc["ross_oh"]
    by_latitude = abs(ross["latitude"] - 39.5) * 111.03  # one degree of latitude there, km
    by_longitude = abs(ross["longitude"] + 83.0) * 111.32 * 0.7743  # cos 39.25
    assert ross["transmission_line_km"] == pytest.approx(by_latitude, rel=5e-3)
    assert ross["trunk_distance_km"] == pytest.approx(by_longitude, rel=2e-2)
    assert ross["connection_kv"] == 345
    km, gas = ross["connection_km"], 1000 * 6.0
    assert ross["connection_usd"] == pytest.approx(connection_usd(km, 1000.0, voltage_kv=345).item(), rel=1e-9)
    assert ross["lateral_usd"] == pytest.approx(lateral_usd(ross["trunk_distance_km"], gas).item(), rel=1e-9)
    assert ross["line_usd_per_kw"] == pytest.approx(line_usd(km, 1000.0, voltage_kv=345).item() / 1e6, rel=1e-9)
    both = ross["connection_usd"] + ross["lateral_usd"]
    assert ross["connection_and_lateral_usd"] == pytest.approx(both, rel=1e-9)


def test_a_route_is_longer_than_the_straight_line(desk: StudyDesk, ohio: ScreeningTables) -> None:
    straight = ohio.candidates.set_index("site")
    longer = desk.screen(STUDY.replace("capacity_mw: 1000", "capacity_mw: 1000\n  route_factor: 1.3")).candidates
    longer = longer.set_index("site")
    straight = straight.loc[longer.index]
    assert longer["trunk_distance_km"].tolist() == pytest.approx((1.3 * straight["trunk_distance_km"]).tolist())
    assert longer["lateral_usd"].tolist() == pytest.approx((1.3 * straight["lateral_usd"]).tolist())


def test_connections_end_on_what_they_reach(ohio: ScreeningTables) -> None:
    ends = ohio.connections
    assert set(ends["site"]) == set(ohio.candidates["site"])
    assert ends["rank"].is_monotonic_increasing
    pipelines = ends[ends["kind"] == "pipeline"]
    assert pipelines["longitude"].tolist() == pytest.approx([-83.0] * ohio.kept, abs=1e-6)
    lines = ends[ends["kind"] == "line"]
    assert all(min(abs(lat - 39.5), abs(lat - 40.5)) < 0.01 for lat in lines["latitude"])


def test_a_candidate_says_what_was_found_of_it(ohio: ScreeningTables) -> None:
    ross = ohio.candidates.set_index("site").loc["ross_oh"]
    parts = str(ross["reasons"]).split("; ")
    assert len(parts) == 3
    assert parts[0] == f"protected {100 * ross['protected_share']:.3g} %, at most 20 %"
    assert parts[2] == f"distance to a line of 345 kV or more {ross['transmission_line_km']:.3g} km, at most 30 km"


def test_what_the_model_needs_to_know_of_a_place_stands_beside_it(ohio: ScreeningTables) -> None:
    table = ohio.candidates
    for column in ("grid_zone", "gas_hub", "census_division", "temperature_site", "capex_multiplier_combined_cycle"):
        assert table[column].notna().all(), column
    assert set(table["state"]) == {"OH"}


def test_parcels_keep_their_columns_and_lose_what_is_protected(desk: StudyDesk) -> None:
    found = desk.screen(PARCELS)
    assert found.candidates["site"].tolist() == ["big_1"]
    assert found.candidates["name"].tolist() == ["A"]
    assert found.candidates["slope"].tolist() == [2.0]
    assert found.candidates["state"].tolist() == ["OH"]
    assert list(zip(found.excluded["site"], found.excluded["rule"], strict=True)) == [
        ("small_2", "parcel"),
        ("park_3", "slope"),
        ("park_3", "parcel"),
    ]
    assert found.ranked_by == "site"


def test_the_best_within_each_zone_are_those_of_that_zone(desk: StudyDesk) -> None:
    text = "candidates: {counties_of: [OH]}\nrank_by: capex_multiplier_combined_cycle\n"
    whole = desk.screen(text).candidates
    each = desk.screen(f"{text}best: 2\nbest_within: grid_zone\n").candidates
    zones = whole.groupby("grid_zone", sort=False)["site"]
    assert sorted(each["site"]) == sorted(site for _, sites in zones for site in sites.head(2))
    assert each["capex_multiplier_combined_cycle"].is_monotonic_increasing


def test_a_distance_that_reaches_nothing_is_empty_and_ranks_last(desk: StudyDesk) -> None:
    text = STUDY.replace("  town: {layer: towns}", "  city: {layer: towns, column: people, at_least: 1e7}")
    table = desk.screen(text).candidates
    assert table["city_km"].isna().all()


def test_a_study_in_which_nothing_stays_has_an_empty_table(desk: StudyDesk) -> None:
    found = desk.screen("candidates: {counties_of: [OH]}\nrules: {states: {allowed: [TX]}}\n")
    assert found.kept == 0
    assert found.candidates.empty
    assert "rank" in found.candidates
