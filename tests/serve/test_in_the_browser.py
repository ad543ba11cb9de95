"""The page as a planner uses it: a real server, a real browser, a real solve."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.browser import browser, opened, serious_accessibility_faults
from tests.serve.test_site import CAMPUS

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "campus.yaml").write_text(CAMPUS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with started(folder) as found:
        yield found


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server's address and its process; it is gone afterwards whatever happens, or it would disturb the next test."""
    command = [sys.executable, "-u", "-m", "gigasite.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[2], server
            server.terminate()
            server.wait(timeout=30)
        finally:
            server.kill()


@contextmanager
def started(folder: Path) -> Iterator[str]:
    with served(folder) as (address, _):
        yield address


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    with browser() as one:
        yield one


def test_edit_see_the_fault_mend_it_solve_and_read_the_report(address: str, running: Any, folder: Path) -> None:
    with opened(running, address, offline=False) as watched:
        page = watched.page
        assert serious_accessibility_faults(page) == []
        page.click("text=campus")
        page.wait_for_selector(".faults .good")
        assert serious_accessibility_faults(page) == []
        page.fill(".text", CAMPUS.replace("combined_cycle", "combined_cycel"))
        page.wait_for_selector(".faults pre")
        assert "did you mean 'combined_cycle'" in page.inner_text(".faults")
        assert page.inner_text(".lines .fault").strip() == "8"
        assert (folder / "scenarios" / "campus.yaml").read_text() == CAMPUS
        page.fill(".text", CAMPUS.replace("400", "450"))
        page.wait_for_selector(".faults .good")
        page.click(".solve")
        page.wait_for_selector(".result:not([hidden])", timeout=60_000)
        assert serious_accessibility_faults(page) == []
        page.click(".result")
        page.wait_for_selector("html[data-ready=yes]", state="attached", timeout=20_000)
        assert page.locator("[data-drawn=yes]").count() >= 5
    assert "450" in (folder / "scenarios" / "campus.yaml").read_text()
    assert watched.faults == []
    assert watched.left_the_machine == []


def test_a_shipped_scenario_is_saved_under_a_name_of_its_own(address: str, running: Any, folder: Path) -> None:
    with opened(running, f"{address}scenarios/abilene", offline=False, dark=True, width=420) as watched:
        page = watched.page
        page.wait_for_selector(".faults .good")
        assert serious_accessibility_faults(page) == []
        page.click(".save")
        page.wait_for_selector(".told:has-text('Saved as my-abilene.yaml')")
    assert (folder / "scenarios" / "my-abilene.yaml").is_file()
    assert watched.faults == []


def test_a_port_that_is_taken_is_told(address: str, folder: Path) -> None:
    port = address.rstrip("/").rpartition(":")[2]
    again = subprocess.run(
        [sys.executable, "-m", "gigasite.cli", "serve", "--port", port],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert again.returncode == 2
    assert "the port is taken" in again.stderr


def test_a_solve_outlives_a_page_that_is_killed_and_the_next_page_lists_its_run(folder: Path, running: Any) -> None:
    with (
        served(folder) as (address, server),
        opened(running, f"{address}scenarios/campus", offline=False) as watched,
    ):
        page = watched.page
        page.wait_for_selector(".faults .good")
        page.click(".solve")
        page.wait_for_url("**/jobs/*")
        asked = "performance.getEntriesByType('resource').some(one => one.name.endsWith('.json'))"
        page.wait_for_function(f"() => {asked}")  # the page's script is there: its first words are the server's own
        page.wait_for_selector(".state.solving")
        server.kill()
        server.wait(timeout=30)
        page.wait_for_selector(".told.bad:has-text('does not answer')")
    end = time.monotonic() + 120
    while not (written := list((folder / "results").glob("campus/2*/manifest.json"))) and time.monotonic() < end:
        time.sleep(0.1)
    assert len(written) == 1
    with started(folder) as again, opened(running, f"{again}jobs/1", offline=False) as watched:
        page = watched.page
        assert page.inner_text("h1") == "There is nothing here"
        assert serious_accessibility_faults(page) == []
        page.click("text=Back to scenarios and runs")
        page.wait_for_selector("td:has-text('optimal, checked')")  # a click does not wait for the next page
        assert page.locator("td:has-text('optimal, checked')").count() == 1
