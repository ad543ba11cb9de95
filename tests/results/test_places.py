"""A run says where its sites lie."""

import pytest


def test_every_site_has_its_point_and_its_zone(everything) -> None:
    table = everything.tables["places"].set_index("site")
    for place in everything.outcome.system.context.places:
        row = table.loc[place.name]
        assert (row["latitude"], row["longitude"]) == (pytest.approx(place.latitude), pytest.approx(place.longitude))
        assert (row["place_name"], row["state"], row["zone"]) == (place.title, place.state, place.zone)
        assert bool(row["is_aggregate"]) == place.name.startswith("rest_of_")
