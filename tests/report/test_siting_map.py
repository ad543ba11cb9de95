"""The map of a screen: candidates by cost, excluded counties by their first rule, connections to scale."""

import numpy as np
import pandas as pd
import pytest

from gigasite.foundation.errors import InputError
from gigasite.report.outlines import UNITED_STATES, project
from gigasite.report.siting_map import siting_map
from gigasite.siting.boundaries import counties


def candidates() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rank": [1, 2],
            "site": ["pike_oh", "scioto_oh"],
            "name": ["Pike, OH", "Scioto <b>, OH"],
            "state": ["OH", "OH"],
            "latitude": [39.08, 38.8],
            "longitude": [-83.07, -83.0],
            "substation_km": [4.2, np.nan],
            "connection_and_lateral_usd": [41.5e6, 90.0e6],
            "reasons": ["slope 2.1 %, at most 5 %; flood 0 %, at most 10 %", ""],
        }
    )


def excluded() -> pd.DataFrame:
    rows = [("ross_oh", "39141", "slope"), ("ross_oh", "39141", "flood"), ("adams_oh", "39001", "flood")]
    return pd.DataFrame(rows, columns=["site", "county_fips", "rule"]).assign(reason="too much", state="OH")


CONNECTIONS = pd.DataFrame(
    {"site": ["pike_oh", "nowhere"], "kind": "line", "latitude": 39.2, "longitude": -83.2, "distance_km": 17.0}
)


def named(figure: object) -> dict[str, object]:
    return {trace.name: trace for trace in figure.data if trace.name}  # type: ignore[attr-defined]


def test_candidates_are_coloured_by_cost_and_told_by_the_pointer() -> None:
    figure = siting_map(candidates())
    marks = next(trace for trace in figure.data if trace.hovertemplate)
    assert list(marks.marker.color) == [90.0, 41.5]  # the best is drawn last, on top
    assert "Cost of line and gas lateral: 41.5 million USD" in marks.text[1]
    assert "Substation: 4.2 km" in marks.text[1]
    assert "slope 2.1 %, at most 5 %<br>flood 0 %" in marks.text[1]
    assert "Scioto &lt;b&gt;" in marks.text[0]
    assert "Substation" not in marks.text[0]
    assert "2 places" in figure.layout.title.text


def test_an_excluded_county_is_shaded_once_by_its_first_rule() -> None:
    figure = siting_map(candidates(), excluded())
    assert {"Slope: 1", "Flood: 1"} <= set(named(figure))
    assert "2 of 4 places stay" in figure.layout.title.text
    shade = next(trace for trace in figure.data if trace.legendgroup == "slope" and trace.fill)
    ross = counties().set_index("fips").loc["39141"]
    x, y = project(UNITED_STATES, [ross["longitude"]], [ross["latitude"]])
    assert np.nanmin(shade.x) < x[0] < np.nanmax(shade.x)
    assert np.nanmin(shade.y) < y[0] < np.nanmax(shade.y)
    assert np.nanmax(shade.x) - np.nanmin(shade.x) < 80.0


def test_a_connection_runs_from_the_candidate_to_its_end() -> None:
    line = named(siting_map(candidates(), connections=CONNECTIONS))["To the nearest line"]
    x, y = project(UNITED_STATES, [-83.07, -83.2], [39.08, 39.2])
    assert list(line.x) == pytest.approx(list(x), abs=0.1)  # type: ignore[attr-defined]
    assert list(line.y) == pytest.approx(list(y), abs=0.1)  # type: ignore[attr-defined]


def test_excluded_parcels_are_crossed_out_where_they_lie() -> None:
    parcels = pd.DataFrame({"site": ["p1"], "rule": ["slope"], "latitude": [39.0], "longitude": [-83.3]})
    figure = siting_map(candidates().drop(columns="connection_and_lateral_usd"), parcels)
    crossed = next(trace for trace in figure.data if trace.legendgroup == "slope" and trace.marker.symbol == "x-thin")
    assert len(crossed.x) == 1


def test_a_screen_that_leaves_nothing_is_drawn_too() -> None:
    figure = siting_map(candidates().iloc[:0], excluded())
    assert "0 of 2 places stay" in figure.layout.title.text


def test_every_county_of_the_lower_48_fits_into_a_page() -> None:
    everywhere = counties()
    everywhere = everywhere[~everywhere["state"].isin(["AK", "HI"])]
    rules = np.array(["slope", "flood", "people", "water"])[np.arange(len(everywhere)) % 4]
    table = everywhere.assign(site=everywhere["fips"], county_fips=everywhere["fips"], rule=rules)
    figure = siting_map(candidates(), table[["site", "county_fips", "rule"]])
    assert len(figure.to_json()) < 1_500_000  # the worst case: no two neighbours share a rule


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(InputError, match="latitude"):
        siting_map(candidates().drop(columns="latitude"))
    with pytest.raises(InputError, match="rule"):
        siting_map(candidates(), excluded().drop(columns="rule"))
    with pytest.raises(InputError, match="neither a candidate nor"):
        siting_map(candidates().iloc[:0])
