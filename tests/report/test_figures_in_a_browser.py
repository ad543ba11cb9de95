"""Figures as pages, opened in a headless Chromium that has no network: drawn whole, without an error or a request."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.browser import browser, opened

import gigasite
from gigasite.report.run_with_charts import RunWithCharts
from gigasite.report.siting_map import siting_map
from gigasite.siting.boundaries import counties

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
DRAWN = ".main-svg .scatterlayer, .main-svg .barlayer, .main-svg .heatmaplayer"


@pytest.fixture(scope="module")
def running() -> Iterator[object]:
    with browser() as one:
        yield one


def screen_map() -> object:
    table = counties()
    table = table[table["state"].isin(["OH", "PA"])].reset_index(drop=True)
    table = table.assign(site=table["fips"], county_fips=table["fips"])
    best = table.head(20).assign(rank=np.arange(1, 21), connection_and_lateral_usd=np.linspace(1e7, 9e7, 20))
    return siting_map(pd.DataFrame(best.drop(columns="geometry")), table.iloc[20:].assign(rule="slope"))


def test_every_figure_is_drawn_without_an_error_or_a_request(
    run: RunWithCharts, running: object, tmp_path: Path
) -> None:
    names = ("capacity", "costs", "dispatch", "duration", "energised", "map", "prices")
    figures = [*(getattr(run.plot, name)() for name in names), run.plot.dark.map(), screen_map()]
    first = gigasite.save_figure(figures[0], tmp_path / "figures.html")
    others = [figure.to_html(include_plotlyjs=False, full_html=False) for figure in figures[1:]]
    first.write_text(first.read_text(encoding="utf-8").replace("</body>", "\n".join([*others, "</body>"])), "utf-8")
    with opened(running, first) as watched:
        watched.page.wait_for_function(f"() => document.querySelectorAll('{DRAWN}').length >= {len(figures)}")
        assert watched.page.locator(".js-plotly-plot").count() == len(figures)
        assert watched.faults == []
        assert watched.left_the_machine == []


def test_the_map_tells_a_site_where_the_pointer_stands(run: RunWithCharts, running: object, tmp_path: Path) -> None:
    with opened(running, gigasite.save_figure(run.plot.map(), tmp_path / "map.html")) as watched:
        watched.page.wait_for_selector(DRAWN)
        at = watched.page.evaluate(
            """() => {
                const plot = document.querySelector('.js-plotly-plot'), layout = plot._fullLayout;
                const mark = plot.calcdata[plot.data.findIndex(each => each.hovertemplate)][0];
                const box = plot.getBoundingClientRect();
                return [
                    box.left + layout.xaxis._offset + layout.xaxis.c2p(mark.x),
                    box.top + layout.yaxis._offset + layout.yaxis.c2p(mark.y),
                ];
            }"""
        )
        watched.page.mouse.move(*at)
        watched.page.wait_for_selector(".hoverlayer .hovertext")
        words = watched.page.text_content(".hoverlayer")
        assert "Piketon" in words
        assert "MW of load energised" in words
        before = watched.page.locator(".scatterlayer .fills path").count()
        watched.page.locator(".legendtoggle").first.click()
        count = "document.querySelectorAll('.scatterlayer .fills path').length"
        watched.page.wait_for_function(f"() => {count} < {before}", timeout=5000)
        assert watched.faults == []
