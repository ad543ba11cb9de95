"""The page of a run: bytes, seconds to write it, seconds until it can be used.

    python benchmarks/report.py

Each page is opened from disk in headless Chromium, and timed from the request until every chart is drawn and the week
can be moved. A nation of 30 sites over six years is solved over daily means of 28 days; its page is also written with
every hour, each day's figures drawn out over 24 hours with noise, so that they are as many as those of a solve over
every hour, and harder to pack. Targets are judged by the clock; the load of the machine and the seconds of a core stand
beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from harness import FOLDER, Row, show, write_csv

from gigasite import api

RESULT = Path(__file__).with_suffix(".csv")
SCENARIOS = FOLDER.parent / "scenarios"
MOST_BYTES, MOST_WRITE_S, MOST_READY_S = 5_000_000, 5.0, 2.0
CASES = {
    "portsmouth": ("portsmouth.yaml", "horizon: {resolution_h: 24}\n", False),
    "national-580": ("national-580.yaml", "horizon: {resolution_h: 24, days: 28}\n", False),
    "national-580, every hour": ("national-580.yaml", "horizon: {resolution_h: 24, days: 28}\n", True),
}
HOURS = 8_760
READY = "html[data-ready=yes]"
HEADINGS = {
    "case": "run",
    "site_years": "sites and years",
    "steps": "steps of a year",
    "bytes": "bytes",
    "write_seconds": "s to write",
    "write_cpu_seconds": "s of a core",
    "ready_seconds": "s to use",
    "ready_cpu_seconds": "s of its thread",
    "met": "met",
    "load_of_machine": "busy",
}


def measured(name: str, folder: Path, times: int) -> Row:
    base, text, every_hour = CASES[name]
    path = folder / f"{base.removesuffix('.yaml')}-page.yaml"
    path.write_text(f"extends: {SCENARIOS / base}\nname: {path.stem}\n{text}", encoding="utf-8")
    known = list((folder / "results" / path.stem).glob("2*"))
    run = api.load(known[0]) if known else api.solve(path, results=folder / "results")
    if every_hour:
        run = api.load(with_every_hour(run.path, folder / "every-hour"))
    begun, used = time.perf_counter(), time.process_time()
    page = api.report(run, folder / "page.html")
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    opened = [seconds_to_use(page) for _ in range(times)]
    ready, ready_cpu = (statistics.median(each) for each in zip(*opened, strict=True))
    size = page.stat().st_size
    met = size < MOST_BYTES and seconds < MOST_WRITE_S and ready < MOST_READY_S
    site, year = run.hourly_keys[0]
    return {
        "case": name,
        "site_years": len(run.hourly_keys),
        "steps": len(run.hourly(site, year)),
        "bytes": size,
        "write_seconds": round(seconds, 2),
        "write_cpu_seconds": round(cpu, 2),
        "ready_seconds": round(ready, 2),
        "ready_cpu_seconds": round(ready_cpu, 2),
        "met": "yes" if met else "no",
        "load_of_machine": round(os.getloadavg()[0], 1),
    }


def with_every_hour(run: Path, folder: Path) -> Path:
    """A copy of a run whose steps are drawn out to the hours of a year, with a course of the day and noise."""
    shutil.copytree(run, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, "resolution_h": 1}), encoding="utf-8")
    chance, hour = np.random.default_rng(1), np.arange(HOURS)
    for file in (folder / "hourly").glob("*.parquet"):
        steps = pd.read_parquet(file)
        drawn_out = steps.iloc[hour * len(steps) // HOURS].reset_index(drop=True)
        day = 1.0 + 0.08 * np.sin(2.0 * np.pi * hour / 24.0)
        for column in drawn_out.select_dtypes("float"):
            drawn_out[column] *= day * (1.0 + 0.02 * chance.normal(size=HOURS))
        drawn_out.assign(hour=hour).to_parquet(file, index=False)
    return folder


def seconds_to_use(page: Path) -> tuple[float, float]:
    """Seconds from the request of a page until all of it is drawn, in an open browser; and of its thread alone."""
    from playwright.sync_api import sync_playwright

    browser = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        tab: Any = running.new_page()
        watch = tab.context.new_cdp_session(tab)
        watch.send("Performance.enable", {"timeDomain": "threadTicks"})
        begun = time.perf_counter()
        tab.goto(page.resolve().as_uri(), wait_until="commit")
        tab.wait_for_selector(READY, state="attached", timeout=60_000)
        seconds = time.perf_counter() - begun
        told = {one["name"]: one["value"] for one in watch.send("Performance.getMetrics")["metrics"]}
        running.close()
    return seconds, float(told["TaskDuration"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3, help="how often each page is opened; the median counts")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        rows = [measured(name, Path(folder), times) for name in CASES]
    show("Pages of runs", rows, HEADINGS)
    write_csv(RESULT, rows)


if __name__ == "__main__":
    main()
