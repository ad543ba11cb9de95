"""The map of a run says what its tables say, and fits into a page."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from gigasite.foundation.errors import InputError
from gigasite.report.map import run_map
from gigasite.report.map_sites import joined_sites, levelised_costs, mapped_sites
from gigasite.report.run_with_charts import RunWithCharts
from gigasite.results.store import read_run, write_run

YEAR = 2030
PLACES = {
    "piketon": ("Piketon <Ohio>", "OH", 39.01, -83.0, False),
    "field": ("Field plant", "TX", 32.5, -99.8, False),
    "campus": ("Campus by wire", "TX", 32.5, -99.7, False),
    "sakai": ("Sakai", "Osaka", 34.6, 135.44, False),
    "rest_of_va": ("Virginia, rest of state", "VA", 39.0, -77.5, True),
}
LOAD = {  # wanted, energised, TWh served
    "piketon": (4000.0, 1000.0, 8.0),
    "field": (0.0, 0.0, 0.0),
    "campus": (1000.0, 1000.0, 8.0),
    "sakai": (250.0, 250.0, 2.0),
    "rest_of_va": (900.0, 900.0, 4.0),
}
CAPACITY = [
    ("piketon", "gas_turbine", 900.0),
    ("piketon", "battery", 300.0),
    ("piketon", "gas_trunk", 999.0),
    ("field", "combined_cycle", 1500.0),
    ("campus", "line", 1000.0),
    ("sakai", "grid_connection", 250.0),
    ("rest_of_va", "grid_connection", 900.0),
]
COSTS = {"piketon": 0.5, "field": 0.6, "campus": 0.2, "sakai": 0.2, "rest_of_va": 0.4}
WEIGHT = 0.9
LOAD_COLUMNS = [
    *("site", "year", "wanted_mw", "energised_mw", "waiting_mw", "waits_for"),
    *("load_mwh", "served_mwh", "unserved_mwh", "shed_mwh"),
]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., RunWithCharts]:
    def write(sites: tuple[str, ...] = tuple(PLACES), *, places: bool = True) -> RunWithCharts:
        load = pd.DataFrame(
            [
                (site, YEAR, wanted, up, wanted - up, "gas turbines (sold out); the <grid>", 0.0, twh * 1e6, 0.0, 0.0)
                for site, (wanted, up, twh) in LOAD.items()
                if site in sites
            ],
            columns=LOAD_COLUMNS,
        )
        rows = [(site, YEAR, name, mw) for site, name, mw in CAPACITY if site in sites]
        money = [
            (site, YEAR, "gas_turbine", component, WEIGHT * bn * 1e9 * part, bn * 1e9 * part)
            for site, bn in COSTS.items()
            if site in sites
            for component, part in (("fuel", 0.75), ("capital", 0.25), ("idle_load", 3.0))
        ]
        tables = {
            "load": load,
            "capacity": pd.DataFrame(rows, columns=["site", "year", "technology", "total_mw"]),
            "costs": pd.DataFrame(
                money,
                columns=["site", "year", "technology", "component", "cost_usd_present_value", "cost_usd_per_year"],
            ),
            "lines": pd.DataFrame([("wire", YEAR, 800.0)], columns=["line", "year", "total_mw"]),
            "places": pd.DataFrame(
                [(site, name, state, lat, lon, "zone", rest) for site, (name, state, lat, lon, rest) in PLACES.items()],
                columns=["site", "place_name", "state", "latitude", "longitude", "zone", "is_aggregate"],
            ).query("site in @sites"),
            "hourly": {},
        }
        if not places:
            del tables["places"]
        both = {"field", "campus"} <= set(sites)
        lines = {"wire": {"from_site": "field", "to_site": "campus", "length_km": 250.0}} if both else {}
        folder = write_run(tmp_path, "mapped", tables, {"scenario": "mapped", "title": "Five sites"}, {"lines": lines})
        return RunWithCharts.of(read_run(folder))

    return write


def texts(figure: object) -> str:
    return json.dumps(figure.to_plotly_json()["data"], default=str)  # type: ignore[attr-defined]


def hovers(figure: object) -> dict[str, str]:
    found = [trace for trace in figure.data if trace.hovertemplate]  # type: ignore[attr-defined]
    return {text.split("<br>")[0]: text for trace in found for text in trace.text}


def test_each_site_of_a_real_run_is_told_as_its_tables_say(run: RunWithCharts) -> None:
    words = hovers(run.plot.map())
    piketon = next(text for name, text in words.items() if "Piketon" in name)
    row = run.load[(run.load["site"] == "piketon") & (run.load["year"] == 2035)].iloc[0]
    assert f"{row['energised_mw']:,.0f} MW of load energised of {row['wanted_mw']:,.0f} MW wanted" in piketon
    assert f"{row['waiting_mw']:,.0f} MW wait for" in piketon
    assert str(row["waits_for"]).split("; ")[0] in piketon
    for _, plant in run.capacity[(run.capacity["site"] == "piketon") & (run.capacity["year"] == 2035)].iterrows():
        if plant["technology"] != "gas_trunk" and plant["total_mw"] >= 100:
            assert f": {plant['total_mw']:,.0f} MW" in piketon


def test_levelised_costs_of_the_sites_weigh_up_to_that_of_the_run(run: RunWithCharts) -> None:
    costs = levelised_costs(run, joined_sites(run))
    weights = run.costs.groupby("year")[["cost_usd_present_value", "cost_usd_per_year"]].sum()
    weight = weights["cost_usd_present_value"] / weights["cost_usd_per_year"]
    energy = run.load["served_mwh"] * run.load["year"].map(weight)
    by_site = energy.groupby(run.load["site"]).sum()
    mean = sum(costs[site] * by_site[site] for site in by_site.index) / by_site.sum()
    assert mean == pytest.approx(run.summary["levelised_cost_usd_per_mwh"].iloc[0], rel=1e-6)


def test_sites_that_share_a_line_share_their_cost(write: Callable[..., RunWithCharts]) -> None:
    sites = {site.site: site for site in mapped_sites(write(), YEAR)}
    assert sites["piketon"].levelised_usd_per_mwh == pytest.approx(0.5e9 / 8e6)
    assert sites["campus"].levelised_usd_per_mwh == pytest.approx((0.6e9 + 0.2e9) / 8e6)
    assert sites["field"].levelised_usd_per_mwh is None
    assert "together with Field" in sites["campus"].in_words


def test_discs_have_the_area_of_the_load_wanted_and_rings_of_what_waits(write: Callable[..., RunWithCharts]) -> None:
    figure = run_map(write(("piketon", "sakai", "rest_of_va")))
    slices = next(trace for trace in figure.data if trace.legendgroup == "gas_turbine" and trace.fill)
    ring = next(trace for trace in figure.data if trace.legendgroup == "Load that waits" and trace.fill)
    height = max(slices.y) - min(slices.y)  # three quarters of a disc, from the top, reach its bottom
    outer = max(ring.x) - min(ring.x)
    assert (height / outer) ** 2 == pytest.approx(1000.0 / 4000.0, rel=0.01)
    pale = [trace for trace in figure.data if trace.opacity == 0.45 and trace.fill]
    assert [trace.legendgroup for trace in pale] == ["grid_connection"]


def test_the_legend_names_each_technology_once_in_its_own_colour(write: Callable[..., RunWithCharts]) -> None:
    from gigasite.formulation.registry import technologies

    figure = run_map(write())
    keys = [(trace.name, trace.marker.color) for trace in figure.data if trace.showlegend is None and trace.name]
    assert len({name for name, _ in keys}) == len(keys)
    known = {technology.label: technology.colour for technology in technologies().values()}
    assert {name: known[name] for name, _ in keys if name in known} == {n: c for n, c in keys if n in known}
    assert "gas_trunk" not in texts(figure)


def test_sites_in_japan_stand_in_an_inset_beside_american_ones(write: Callable[..., RunWithCharts]) -> None:
    figure = run_map(write())
    assert "Japan, not to scale" in texts(figure)
    frame = (*figure.layout.xaxis.range, *figure.layout.yaxis.range)
    marks = next(trace for trace in figure.data if trace.hovertemplate and len(trace.x) == 5)
    assert all(frame[0] < x < frame[1] and frame[2] < y < frame[3] for x, y in zip(marks.x, marks.y, strict=True))


def test_sites_in_japan_alone_fill_the_map(write: Callable[..., RunWithCharts]) -> None:
    figure = run_map(write(("sakai",)))
    assert "Japan, not to scale" not in texts(figure)
    assert figure.layout.xaxis.range[1] - figure.layout.xaxis.range[0] < 3000
    assert "Supply of Sakai in 2030" in figure.layout.title.text


def test_a_line_between_sites_is_drawn_with_its_capacity(write: Callable[..., RunWithCharts]) -> None:
    words = " ".join(hovers(run_map(write(("field", "campus")))))
    assert "Line Field to Campus: 800 MW, 250 km" in words
    assert "1,500 MW of supply" in texts(run_map(write(("field", "campus"))))


def test_names_of_planners_are_text(write: Callable[..., RunWithCharts]) -> None:
    piketon = next(text for name, text in hovers(run_map(write())).items() if "Piketon" in name)
    assert "Piketon &lt;Ohio&gt;" in piketon
    assert "the &lt;grid&gt;" in piketon


def test_a_map_is_small_and_asks_nothing_of_the_network(write: Callable[..., RunWithCharts]) -> None:
    text = run_map(write()).to_json()
    assert len(text) < 250_000
    assert "http" not in text
    assert all(trace.type == "scatter" for trace in run_map(write()).data)  # a geo trace would fetch its outlines


def test_both_directions_have_one_scale(write: Callable[..., RunWithCharts]) -> None:
    figure = run_map(write())
    layout = figure.layout
    width = layout.width - layout.margin.l - layout.margin.r
    height = layout.height - layout.margin.t - layout.margin.b
    across = (layout.xaxis.range[1] - layout.xaxis.range[0]) / width
    up = (layout.yaxis.range[1] - layout.yaxis.range[0]) / height
    assert math.isclose(across, up, rel_tol=0.01)
    assert layout.yaxis.scaleanchor == "x"


def test_what_cannot_be_drawn_is_refused_in_words(run: RunWithCharts, write: Callable[..., RunWithCharts]) -> None:
    with pytest.raises(InputError, match="2030, 2035"):
        run.plot.map(year=2031)
    with pytest.raises(InputError, match="does not say where its sites lie"):
        run_map(write(places=False))
