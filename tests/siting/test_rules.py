"""Exclusion rules: each takes out what it says and nothing else, and says what it found."""

import math
from typing import Any

import pytest
import shapely
from pydantic import ValidationError
from tests.siting.grounds import areas, ground, layer, points

from gigasite.siting.rule_registry import rules
from gigasite.siting.rules import (
    flood,
    grid_zones,
    parcel,
    people,
    pipeline,
    protected_land,
    slope,
    states,
    transmission_line,
    water,
)

DEGREE_KM = 2 * math.pi * 6_378.137 / 360
"""One degree along the equator of WGS84 [km]."""
ONE_HA_OF_DEGREE = 1.230_9e6
"""One degree by one degree at the equator [ha]: a^2 (1 - e^2) (pi / 180)^2, with a = 6,378.137 km, e^2 = 0.00669438."""


def test_rules_are_found_by_their_place_and_cheap_ones_come_first() -> None:
    assert list(rules()) == [
        "states",
        "grid_zones",
        "slope",
        "flood",
        "protected_land",
        "people",
        "parcel",
        "transmission_line",
        "pipeline",
        "water",
    ]


def test_states_allowed_keeps_only_them() -> None:
    candidates = points([(40, -83)] * 3, state=["OH", "TX", None])
    verdict = states.mask(ground(candidates), states.Spec(allowed=("OH", "PA")))
    assert verdict.excluded.tolist() == [False, True, True]
    assert verdict.reason[1] == "state TX, not allowed"
    assert verdict.reason[2] == "state not known, not allowed"


def test_states_excluded_takes_out_only_them_and_what_is_not_known() -> None:
    candidates = points([(40, -83)] * 3, state=["OH", "TX", None])
    verdict = states.mask(ground(candidates), states.Spec(excluded=("TX",)))
    assert verdict.excluded.tolist() == [False, True, True]


def test_grid_zones_are_allowed_or_excluded_in_the_same_way() -> None:
    found = ground(points([(40, -83)] * 3, grid_zone=["pjm_aep", "tva", None]))
    assert grid_zones.mask(found, grid_zones.Spec(allowed=("pjm_aep",))).excluded.tolist() == [False, True, True]
    verdict = grid_zones.mask(found, grid_zones.Spec(excluded=("tva",)))
    assert verdict.excluded.tolist() == [False, True, True]
    assert verdict.reason.tolist() == [
        "grid zone pjm_aep, allowed",
        "grid zone tva, not allowed",
        "grid zone not known, not allowed",
    ]


@pytest.mark.parametrize("rule", [states, grid_zones])
@pytest.mark.parametrize("keys", [{}, {"allowed": ("OH",), "excluded": ("TX",)}])
def test_one_list_is_needed(rule: Any, keys: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValidationError, match="one list of"):
        rule.Spec(**keys)


def test_slope_of_a_column_at_its_limit_stays_and_what_is_not_known_goes() -> None:
    candidates = points([(40, -83)] * 3, mean_slope_percent=[5.0, 5.1, math.nan])
    verdict = slope.mask(ground(candidates), slope.Spec(maximum_percent=5.0))
    assert verdict.excluded.tolist() == [False, True, True]
    assert verdict.reason.tolist() == [
        "mean slope 5 %, at most 5 %",
        "mean slope 5.1 %, at most 5 %",
        "mean slope not known, at most 5 %",
    ]


def test_slope_of_a_layer_is_the_mean_over_the_part_it_covers() -> None:
    """A box of which the west third has 2 % and the east third 8 %, the middle unknown: (2 + 8) / 2 = 5 %."""
    strips = layer("areas", [shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)], steep=[2.0, 8.0])
    found = ground(areas([(0, 0, 3, 1), (5, 0, 6, 1)]), {"slopes": strips})
    verdict = slope.mask(found, slope.Spec(maximum_percent=5.0, layer="slopes", column="steep"))
    assert verdict.measured["mean_slope_percent"][0] == pytest.approx(5.0, rel=1e-9)
    assert math.isnan(verdict.measured["mean_slope_percent"][1])
    assert verdict.excluded.tolist() == [False, True]


def test_slope_of_a_layer_at_a_point_is_the_value_there() -> None:
    strips = layer("areas", [shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)], steep=[2.0, 8.0])
    found = ground(points([(0.5, 0.5), (0.5, 2.5), (0.5, 1.5)]), {"slopes": strips})
    verdict = slope.mask(found, slope.Spec(maximum_percent=5.0, layer="slopes", column="steep"))
    assert verdict.excluded.tolist() == [False, True, True]


@pytest.mark.parametrize(("rule", "column"), [(flood, "flood_share"), (protected_land, "protected_share")])
def test_areas_that_overlap_count_once(rule: Any, column: str) -> None:
    """Two halves that overlap by a quarter cover three quarters of the box, whatever the latitude."""
    cover = layer("areas", [shapely.box(0, 40, 2, 41), shapely.box(1, 40, 3, 41)])
    found = ground(areas([(0, 40, 4, 41), (10, 40, 11, 41)]), {"cover": cover})
    verdict = rule.mask(found, rule.Spec(layer="cover", maximum_share=0.7))
    assert verdict.measured[column].tolist() == pytest.approx([0.75, 0.0], abs=1e-9)
    assert verdict.excluded.tolist() == [True, False]
    assert "75 %, at most 70 %" in verdict.reason[0]


def test_a_point_is_in_a_flood_zone_or_not() -> None:
    zone = layer("areas", [shapely.box(0, 0, 1, 1)])
    verdict = flood.mask(ground(points([(0.5, 0.5), (2.0, 2.0)]), {"zone": zone}), flood.Spec(layer="zone"))
    assert verdict.excluded.tolist() == [True, False]
    assert verdict.reason[0] == "in a flood zone 100 %, at most 0 %"


def test_people_count_from_a_population_on() -> None:
    """On the equator, one and two degrees away: 111.3 and 222.6 km."""
    towns = layer("points", [shapely.Point(1, 0), shapely.Point(2, 0)], people=[900, 9000])
    found = ground(points([(0.0, 0.0)]), {"towns": towns})
    near = people.mask(found, people.Spec(layer="towns", minimum_km=150.0))
    assert near.measured["people_km"][0] == pytest.approx(DEGREE_KM, rel=1e-3)
    assert near.excluded.tolist() == [True]
    large = people.Spec(layer="towns", minimum_km=150.0, minimum_population=5000.0, population_column="people")
    assert people.mask(found, large).measured["people_km"][0] == pytest.approx(2 * DEGREE_KM, rel=1e-3)
    assert people.mask(found, large).excluded.tolist() == [False]


def test_where_nobody_lives_nobody_is_too_near() -> None:
    towns = layer("points", [shapely.Point(1, 0)], people=[900])
    found = ground(points([(0.0, 0.0)]), {"towns": towns})
    spec = people.Spec(layer="towns", minimum_km=150.0, minimum_population=5000.0, population_column="people")
    verdict = people.mask(found, spec)
    assert verdict.excluded.tolist() == [False]
    assert verdict.reason[0] == "distance to people none found, at least 150 km"


def test_a_least_population_needs_its_column() -> None:
    with pytest.raises(ValidationError, match="population_column"):
        people.Spec(layer="towns", minimum_km=5.0, minimum_population=100.0)


def test_land_left_is_the_area_without_what_is_taken_out() -> None:
    half = layer("areas", [shapely.box(0, 0, 0.5, 1)])
    found = ground(areas([(0, 0, 1, 1)]), {"half": half})
    whole = parcel.mask(found, parcel.Spec(minimum_ha=1.0))
    left = parcel.mask(found, parcel.Spec(minimum_ha=1.0, without=("half",)))
    assert whole.measured["land_ha"][0] == pytest.approx(ONE_HA_OF_DEGREE, rel=1e-3)
    assert left.measured["land_ha"][0] == pytest.approx(whole.measured["land_ha"][0] / 2, rel=1e-9)


def test_an_acre_is_a_bit_more_than_four_tenths_of_a_hectare() -> None:
    """1,000 acres are 404.686 ha."""
    candidates = points([(40, -83)] * 2, owned_ha=[404.6, 404.7])
    verdict = parcel.mask(ground(candidates), parcel.Spec(minimum_acres=1000.0, column="owned_ha"))
    assert verdict.excluded.tolist() == [True, False]
    assert verdict.reason[0] == "land 405 ha, at least 405 ha"


def test_a_point_without_a_column_of_land_goes() -> None:
    verdict = parcel.mask(ground(points([(40, -83)])), parcel.Spec(minimum_ha=1.0))
    assert verdict.excluded.tolist() == [True]
    assert verdict.reason[0] == "land not known, at least 1 ha"


@pytest.mark.parametrize("keys", [{}, {"minimum_ha": 1.0, "minimum_acres": 1.0}])
def test_the_least_land_is_said_in_one_unit(keys: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="one least size"):
        parcel.Spec(**keys)


def test_only_lines_of_a_voltage_count() -> None:
    lines = layer(
        "lines",
        [shapely.LineString([(0.1, -1), (0.1, 1)]), shapely.LineString([(1, -1), (1, 1)])],
        voltage=[138, 345],
    )
    found = ground(points([(0.0, 0.0)]), {"lines": lines})
    low = transmission_line.mask(found, transmission_line.Spec(layer="lines", maximum_km=20.0, minimum_kv=138.0))
    high = transmission_line.mask(found, transmission_line.Spec(layer="lines", maximum_km=20.0, minimum_kv=345.0))
    assert low.measured["transmission_line_km"][0] == pytest.approx(0.1 * DEGREE_KM, rel=1e-3)
    assert high.measured["transmission_line_km"][0] == pytest.approx(DEGREE_KM, rel=1e-3)
    assert (low.excluded.item(), high.excluded.item()) == (False, True)
    assert high.reason[0] == "distance to a line of 345 kV or more 111 km, at most 20 km"


@pytest.mark.parametrize(("rule", "column"), [(pipeline, "pipeline_km"), (water, "water_km")])
def test_what_is_too_far_goes(rule: Any, column: str) -> None:
    line = layer("lines", [shapely.LineString([(0.1, -1), (0.1, 1)])])
    found = ground(points([(0.0, 0.0), (0.0, -1.0)]), {"line": line})
    verdict = rule.mask(found, rule.Spec(layer="line", maximum_km=50.0))
    assert verdict.measured[column].tolist() == pytest.approx([0.1 * DEGREE_KM, 1.1 * DEGREE_KM], rel=1e-3)
    assert verdict.excluded.tolist() == [False, True]


def test_every_key_of_every_rule_says_what_it_is() -> None:
    silent = [
        f"{name}.{key}"
        for name, rule in rules().items()
        for key, field in rule.spec.model_fields.items()
        if not field.description
    ]
    assert silent == []
