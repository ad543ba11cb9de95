"""What is installed, what this machine offers, and what a command would lack."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata

from gigasite.cli.frames import ShownColumn, rich_table
from gigasite.cli.outcomes import ExitCode
from gigasite.cli.screen import answers, print_json, remark

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
GIB = 2**30
LEAST_GIB, LEAST_FREE_GIB = 4.0, 1.0
"""Memory a gigawatt campus over five years of hours takes with room to spare, and disk for its runs."""

EXTRAS = {
    "crosscheck": ("gigasite crosscheck", ("pypsa",)),
    "images": ("charts and maps as PNG or SVG", ("kaleido",)),
    "notebook": ("the notebooks", ("ipykernel", "nbclient", "nbformat")),
    "serve": ("gigasite serve", ("starlette", "uvicorn")),
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `ok`, `missing` (a command lacks it) or `broken` (nothing can be solved)."""

    what: str
    found: str
    state: str
    remedy: str = ""


def diagnose_and_tell(*, as_json: bool) -> ExitCode:
    """Look at everything, print it, and return whether a solve has what it needs."""
    findings = list(_findings())
    if as_json:
        print_json([asdict(one) for one in findings])
    else:
        told = {"ok": "ok", "missing": "not there", "broken": "broken"}
        answers().print(
            rich_table(
                [
                    ShownColumn("what", "", tuple(one.what for one in findings), is_number=False),
                    ShownColumn("found", "", tuple(one.found for one in findings), is_number=False),
                    ShownColumn("state", "", tuple(told[one.state] for one in findings), is_number=False),
                ]
            )
        )
        for one in findings:
            if one.remedy:
                remark(f"{one.what}: {one.remedy}")
    return ExitCode.FAILED if any(one.state == "broken" for one in findings) else ExitCode.SOLVED


def _findings() -> Iterator[Finding]:
    yield Finding("Python", f"{platform.python_version()} ({sys.executable})", "ok")
    yield from _packages()
    yield _solver()
    yield _data()
    yield from _machine()
    yield from _extras()
    yield _browser()


def _packages() -> Iterator[Finding]:
    """Every package that gigasite itself needs, by what its own metadata asks for."""
    from packaging.requirements import Requirement

    for line in metadata.requires("gigasite") or ():
        asked = Requirement(line)
        if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(asked.name)
        except metadata.PackageNotFoundError:
            yield Finding(asked.name, "", "broken", "pip install gigasite installs it")
            continue
        if asked.specifier.contains(version, prereleases=True):
            yield Finding(asked.name, version, "ok")
        else:
            yield Finding(
                asked.name, version, "broken", f"gigasite was tested with {asked.specifier}; pip install gigasite"
            )


def _solver() -> Finding:
    """A problem of one column, solved."""
    from gigasite.solve.solver import new_highs

    highs = new_highs()
    highs.addVar(1.0, 2.0)
    highs.changeColCost(0, 1.0)
    highs.run()
    value = float(highs.getInfo().objective_function_value)
    solved = value == 1.0
    return Finding("HiGHS solves", f"{highs.version()}" if solved else f"{value}", "ok" if solved else "broken")


def _data() -> Finding:
    from gigasite.inputs.folders import data_folder, scenarios_folder

    figures, scenarios = (
        len(list(folder.glob(kind))) for folder, kind in ((data_folder(), "*.csv"), (scenarios_folder(), "*.yaml"))
    )
    found = f"{figures} tables, {scenarios} scenarios"
    return Finding("figures and scenarios", found, "ok" if figures and scenarios else "broken")


def _machine() -> Iterator[Finding]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding("cores", f"{cores}", "ok")
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB
        few = "" if memory >= LEAST_GIB else "solve fewer sites or years, or a coarser horizon: {resolution_h: 6}"
        yield Finding("memory", f"{memory:.1f} GiB", "missing" if few else "ok", few)
    free = shutil.disk_usage(os.curdir).free / GIB
    full = "" if free >= LEAST_FREE_GIB else "runs hold every hour; --results DIR writes them elsewhere"
    yield Finding("free disk here", f"{free:.1f} GiB", "missing" if full else "ok", full)


def _extras() -> Iterator[Finding]:
    for extra, (used_for, packages) in EXTRAS.items():
        versions = [_version(name) for name in packages]
        missing = [name for name, version in zip(packages, versions, strict=True) if not version]
        remedy = f'pip install "gigasite[{extra}]"' if missing else ""
        yield Finding(used_for, ", ".join(filter(None, versions)), "missing" if missing else "ok", remedy)


def _version(name: str) -> str:
    try:
        return f"{name} {metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return ""


def _browser() -> Finding:
    named = os.environ.get("BROWSER_PATH", "")
    path = next((found for name in (named, *BROWSERS, *MAC_BROWSERS) if name and (found := shutil.which(name))), "")
    remedy = "" if path else "install Chromium or Chrome to write PNG and SVG; HTML needs none"
    return Finding("a browser for images", path, "ok" if path else "missing", remedy)
