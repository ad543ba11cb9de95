"""Charts and maps as files: PNG, SVG, PDF for papers, HTML that works from disk. Nothing is fetched.

Images are drawn by a Chrome or Chromium of the machine through kaleido (`gigasite[images]`), with the plotly.js of the
plotly package and without MathJax, which kaleido would fetch. The browser gets a proxy that leads nowhere, so that it
cannot reach out either.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gigasite.foundation.errors import InputError, Problem

IMAGE_SUFFIXES = (".png", ".svg", ".pdf")
SUFFIXES = (".html", *IMAGE_SUFFIXES)
PNG_SCALE = 2.0
"""Pixels of a PNG for each of the figure: sharp in print and on fine screens."""

INSTALL = "pip install 'gigasite[images]'"
BROWSER = (
    "install Chrome or Chromium (`apt install chromium`), or name one in the environment variable BROWSER_PATH; "
    "HTML needs neither"
)
_NOWHERE = "http://127.0.0.1:9"
"""The discard port of this machine."""

CONFIG = {"displaylogo": False, "responsive": True}
"""What a page lets its reader do with a figure."""


def save(figure: Any, path: str | Path) -> Path:
    """Write a figure by the suffix of its file: an image, or a page that works from disk.

    Args:
        figure: a Plotly figure.
        path: file ending in .html, .png, .svg or .pdf; one that is there is replaced.

    Returns:
        The file.

    Raises:
        InputError: another suffix, a folder that cannot be written, or kaleido or a browser is missing.
    """
    file = Path(path)
    refuse_suffix(file, SUFFIXES)
    if file.suffix.lower() == ".html":
        return _written(file, page_of(figure).encode())
    return save_image(figure, file)


def save_image(figure: Any, path: str | Path, *, scale: float = PNG_SCALE) -> Path:
    """Write a figure as PNG, SVG or PDF, by the suffix of its file.

    Args:
        figure: a Plotly figure.
        path: the file; one that is there is replaced.
        scale: pixels of a PNG for each of the figure; of no account for SVG and PDF.

    Raises:
        InputError: another suffix, a folder that cannot be written, or kaleido or a browser is missing.
    """
    file = Path(path)
    refuse_suffix(file, IMAGE_SUFFIXES)
    return _written(file, image_of(figure, file.suffix.lower().removeprefix("."), scale=scale))


def image_of(figure: Any, kind: str, *, scale: float = PNG_SCALE) -> bytes:
    """Return a figure as an image: png, svg or pdf.

    Raises:
        InputError: kaleido or a browser is missing, or the browser did not answer.
    """
    if importlib.util.find_spec("kaleido") is None:
        raise InputError(Problem(f"a {kind.upper()} needs kaleido, which is not installed", remedy=INSTALL))
    import kaleido
    from choreographer.errors import BrowserClosedError, BrowserDepsError, BrowserFailedError, ChromeNotFoundError

    options = {"format": kind, **({"scale": scale} if kind == "png" else {})}
    try:
        with _no_way_out():
            content: bytes = kaleido.calc_fig_sync(
                figure.to_dict(), opts=options, kopts={"page_generator": kaleido.PageGenerator(mathjax=False)}
            )
    except ChromeNotFoundError:
        raise InputError(
            Problem(f"a {kind.upper()} needs a Chrome or Chromium, and none was found", remedy=BROWSER)
        ) from None
    except (BrowserClosedError, BrowserDepsError, BrowserFailedError, RuntimeError, TimeoutError) as error:
        said = str(error.args[0]) if error.args else type(error).__name__
        message = f"the browser that draws a {kind.upper()} did not answer: {said}"
        raise InputError(Problem(message, remedy=BROWSER)) from error
    return content


def page_of(figure: Any) -> str:
    """Return a figure as a page of its own that needs no network: plotly.js is inside."""
    page: str = figure.to_html(
        include_plotlyjs=True,
        include_mathjax=False,
        full_html=True,
        div_id="figure",  # drawn by lot where it is not named
        config=CONFIG,
    )
    paper = figure.layout.paper_bgcolor or "white"
    head = f'<title>{_title(figure)}</title><link rel="icon" href="data:,"><style>body {{background: {paper}}}</style>'
    return page.replace("<head>", f"<head>{head}", 1)


def refuse_suffix(file: Path, allowed: tuple[str, ...]) -> None:
    """Raise InputError for a file whose suffix says nothing that can be written."""
    if file.suffix.lower() not in allowed:
        raise InputError(
            Problem("a figure cannot be written as this kind of file", given=str(file), allowed=", ".join(allowed))
        )


def _written(file: Path, content: bytes) -> Path:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError(Problem(f"{file} cannot be written: {error.strerror}", given=str(file))) from None
    return file


def _title(figure: Any) -> str:
    """The first line of a figure's title, as text."""
    from html import escape, unescape

    text = str(figure.layout.title.text or "gigasite").split("<br>")[0]
    return escape(unescape(text.replace("<b>", "").replace("</b>", "")))


@contextmanager
def _no_way_out() -> Iterator[None]:
    """Give the browser a proxy that leads nowhere while it draws."""
    name = "CHOREO_PROXY_SERVER"
    before = os.environ.get(name)
    os.environ[name] = _NOWHERE
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
