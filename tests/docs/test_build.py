"""The documentation builds without a warning, from the code as it is, and needs nothing from anywhere else."""

import csv
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from tests.browser import browser, opened, serious_accessibility_faults

pytest.importorskip("material", reason="the documentation is built with the group docs")

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
OUTSIDE = re.compile(r"^(https?:)?//")
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
"""Elements that a browser fetches when it opens a page, and the attribute that names what."""


class _Page(HTMLParser):
    """Links, fetched files and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.anchors |= {value for name in ("id", "name") if (value := found.get(name))}
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        fetched = found.get(LOADED.get(tag, ""))
        if fetched and found.get("rel") not in ("canonical", "next", "prev"):
            self.fetched.append(fetched)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    site = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return site, done.stdout + done.stderr


@pytest.fixture(scope="module")
def html(built: tuple[Path, str]) -> dict[Path, _Page]:
    return {path.resolve(): _Page(path.read_text(encoding="utf-8")) for path in built[0].rglob("*.html")}


def _problems(html: dict[Path, _Page]) -> Iterator[str]:
    for path, page in html.items():
        for link in [*page.links, *page.fetched]:
            target, anchor = urldefrag(unquote(link))
            if re.match(r"^[a-z]+:", target) or OUTSIDE.match(target) or path.name == "404.html":
                continue
            file = (path.parent / target).resolve() if target else path
            if not file.is_file():
                yield f"{path.name}: {link}: no such file"
            elif anchor and file in html and anchor not in html[file].anchors and not anchor.startswith("__"):
                yield f"{path.name}: {link}: no such place on the page"


def test_it_builds_without_a_warning(built: tuple[Path, str]) -> None:
    assert "WARNING" not in built[1]


def test_every_block_of_code_is_shown_as_one(html: dict[Path, _Page]) -> None:
    assert [path.name for path in html if "```" in path.read_text(encoding="utf-8")] == []


def test_every_link_within_it_leads_somewhere(html: dict[Path, _Page]) -> None:
    assert len(html) > 30
    assert list(_problems(html)) == []


def test_no_page_fetches_anything_from_outside(html: dict[Path, _Page], built: tuple[Path, str]) -> None:
    fetched = {f"{path.name}: {name}" for path, page in html.items() for name in page.fetched if OUTSIDE.match(name)}
    assert fetched == set()
    styles = [path.read_text(encoding="utf-8") for path in built[0].rglob("*.css")]
    assert [
        url for text in styles for url in re.findall(r"(?:@import|url\()\s*['\"]?(?:https?:)?//[^'\")]*", text)
    ] == []


def test_pages_open_in_a_browser_without_a_fault_or_a_request_to_elsewhere(built: tuple[Path, str]) -> None:
    names = ("index", "tutorial", "how-good", "formulation/requirements", "reference/python", "reference/columns")
    with browser() as running:
        for name in names:
            with opened(running, built[0] / f"{name}.html") as watched:
                assert watched.page.locator("h1").is_visible()
                assert watched.page.evaluate("document.documentElement.scrollWidth") <= 1280
                assert (name, watched.faults, watched.left_the_machine) == (name, [], [])
        with opened(running, built[0] / "tutorial.html", width=390, dark=True) as watched:
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
            assert serious_accessibility_faults(watched.page) == []


def test_what_was_missed_is_found_and_what_was_not_asked_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("generated", ROOT / "docs" / "generated.py")
    assert spec is not None
    assert spec.loader is not None
    generated = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generated)
    building = [
        {"sites": "4", "route": "gigasite", "times_raw": "2.5", "times_gigasite": "1", "memory_times_gigasite": "1"},
        {"sites": "4", "route": "PyPSA", "times_raw": "20", "times_gigasite": "8", "memory_times_gigasite": "1.6"},
    ]
    clauses = [
        {"measure": "dear", "target": "at most 1.1", "value": "1.3", "met": "no"},
        {"measure": "cheap", "target": "at most 1.1", "value": "1.0", "met": "yes"},
        {"measure": "told", "target": "", "value": "10", "met": "not asked"},
        {"measure": "without answer", "target": "at most 2", "value": "", "met": ""},
    ]
    rows = {"build_and_hand_over": building, "clauses": clauses}
    monkeypatch.setattr(generated, "_rows_measured", lambda name: rows.get(name, []))
    found = [line.split(" | ")[0].removeprefix("| ") for line in generated._missed()][2:]
    assert found == [
        "building 4 sites: against raw arrays",
        "building 4 sites: times faster than PyPSA",
        "building 4 sites: memory as a share of PyPSA's",
        "dear",
        "without answer",
    ]
    monkeypatch.setattr(generated, "_rows_measured", lambda _name: [])
    assert list(generated._missed()) == ["Nothing."]


def test_what_is_generated_is_there(built: tuple[Path, str]) -> None:
    from gigasite.formulation.registry import house_technologies, requirements
    from gigasite.foundation.names import COLUMNS

    def text(page: str) -> str:
        return (built[0] / page).read_text(encoding="utf-8")

    for technology in house_technologies().values():
        assert technology.label in text("formulation/technologies.html")
    for requirement in requirements().values():
        assert requirement.label in text("formulation/requirements.html")
    nomenclature = text("reference/columns.html")
    assert [name for name in COLUMNS if f"<code>{escape(name)}</code>" not in nomenclature] == []
    assert "gigasite.solve" in text("reference/python.html")
    assert "gigasite solve" in text("reference/commands.html")
    assert len(re.findall("<tr>", text("measured.html"))) > 20
    with (ROOT / "benchmarks" / "decomposed.csv").open(encoding="utf-8", newline="") as file:
        missed = [row["measure"] for row in csv.DictReader(file) if row["met"] == "no"]
    with (ROOT / "benchmarks" / "build_and_hand_over.csv").open(encoding="utf-8", newline="") as file:
        built_4 = {row["route"]: row for row in csv.DictReader(file) if row["sites"] == "4"}
    missed += ["building 4 sites: against raw arrays"] * (float(built_4["gigasite"]["times_raw"]) > 2)
    assert [measure for measure in missed if escape(measure) not in text("how-good.html")] == []
