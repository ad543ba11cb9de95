"""A real browser for tests of pages: headless Chromium, cut off from every network, watched.

Where no Chromium is installed the tests that need one are skipped with a clear line; in CI they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OWN = ("file:", "data:", "blob:", "http://127.0.0.1", "http://localhost")
"""What a page may ask for without leaving the machine."""


@dataclass
class Watched:
    """A page, and what it did that it should not."""

    page: Any
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def left_the_machine(self) -> list[str]:
        """Addresses it asked for elsewhere."""
        return [url for url in self.requests if not url.startswith(OWN)]


def chromium() -> str:
    """Path of a Chromium; skips the test where there is none, but never in CI."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        told = "no Chromium on this machine: apt-get install chromium (or the like) to test pages in a real browser"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    return path


@contextmanager
def browser() -> Iterator[Any]:
    """A running browser."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def opened(
    running: Any, address: str | Path, *, width: int = 1280, dark: bool = False, offline: bool = True
) -> Iterator[Watched]:
    """A page at an address, or of a file, opened and watched."""
    url = address.resolve().as_uri() if isinstance(address, Path) else address
    scheme = "dark" if dark else "light"
    context = running.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=offline)
    watched = Watched(context.new_page())
    watched.page.on("pageerror", lambda fault: watched.faults.append(str(fault)))
    watched.page.on(
        "console", lambda said: watched.faults.append(said.text) if said.type in {"error", "warning"} else None
    )
    watched.page.on("request", lambda asked: watched.requests.append(asked.url))
    try:
        watched.page.goto(url)
        yield watched
    finally:
        context.close()


def serious_accessibility_faults(page: Any) -> list[str]:
    """What axe-core finds on a page that is serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:120]})"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
