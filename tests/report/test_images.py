"""Figures as files: pages that need no network, images of the right size, plain words where something is missing."""

import importlib.util
import os
import struct
import sys
from pathlib import Path

import plotly.graph_objects as go
import pytest
from tests.browser import chromium

import gigasite
from gigasite.foundation.errors import InputError
from gigasite.report.run_with_charts import RunWithCharts
from gigasite.report.theme import new_figure


def needs_a_browser() -> None:
    """Skip in words where no browser can draw, but never in CI."""
    chromium()
    if importlib.util.find_spec("kaleido") is None and os.environ.get("CI") != "true":
        pytest.skip("kaleido is not installed: images are not tested")


@pytest.fixture
def figure() -> go.Figure:
    found = new_figure("A title & more", "below it", y="GW")
    found.add_bar(x=["2030"], y=[1.0], name="Grid")
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_png_has_twice_the_pixels_of_the_figure(run: RunWithCharts, tmp_path: Path) -> None:
    needs_a_browser()
    figure = run.plot.map()
    file = gigasite.save_figure(figure, tmp_path / "map.png")
    head = file.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (2 * figure.layout.width, 2 * figure.layout.height)
    assert file.stat().st_size > 20_000


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_vectors_are_written_for_papers(figure: go.Figure, tmp_path: Path) -> None:
    needs_a_browser()
    svg = gigasite.save_figure(figure, tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert "A title &amp; more" in svg
    assert 'width="860"' in svg
    assert gigasite.save_figure(figure, tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")


def test_a_page_holds_all_it_needs(figure: go.Figure, tmp_path: Path) -> None:
    page = gigasite.save_figure(figure, tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "<title>A title &amp; more</title>" in page
    assert "<script src" not in page
    assert "<link" not in page.replace('<link rel="icon" href="data:,">', "")


def test_another_kind_of_file_is_refused_before_anything_is_drawn(figure: go.Figure, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.html, \.png, \.svg, \.pdf"):
        gigasite.save_figure(figure, tmp_path / "chart.gif")
    with pytest.raises(InputError, match="cannot be written"):
        gigasite.save_figure(figure, tmp_path / "nowhere" / "chart.html")
    assert list(tmp_path.iterdir()) == []


def test_missing_kaleido_is_told_with_what_to_install(
    figure: go.Figure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kaleido", None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"gigasite\[images\]"):
        gigasite.save_figure(figure, tmp_path / "chart.png")


@pytest.mark.filterwarnings("default")
def test_a_missing_browser_is_told_with_what_to_install(
    figure: go.Figure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("kaleido")
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "no-browser"))
    with pytest.raises(InputError, match="install Chrome or Chromium"):
        gigasite.save_figure(figure, tmp_path / "chart.png")
    assert list(tmp_path.iterdir()) == []
