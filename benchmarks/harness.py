"""What every benchmark shares: fresh processes, peak memory, medians, versions, CSV files with a date, tables.

A measurement is a function of a module in this folder, called in a process of its own:

    fresh("route_raw:build", case="case.npz")       the function's dictionary, or what went wrong

Its result must be plain data (numbers, text, lists, dictionaries): it comes back as JSON.
"""

from __future__ import annotations

import csv
import gc
import importlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SCENARIOS = FOLDER / "scenarios"
PACKAGES = ("gigasite", "numpy", "highspy", "highspy-extras", "pyomo", "linopy", "pypsa")
MARK = "measured: "
Row = dict[str, Any]


def fresh(function: str, *, longest_s: float | None = None, tree: Path | None = None, **arguments: Any) -> Row:
    """Call `module:function` in a new Python process.

    Args:
        function: module of this folder and its function.
        longest_s: the process is ended after so many seconds.
        tree: another unpacked state of the project, whose benchmarks and package are meant.
        arguments: plain data.

    Returns:
        What the function returned, or `{"failed": why}`.
    """
    harness = Path(__file__) if tree is None else tree / "benchmarks" / "harness.py"
    command = [sys.executable, str(harness), function, json.dumps(arguments)]
    there = None if tree is None else {**os.environ, "PYTHONPATH": str(tree / "src")}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=longest_s, check=False, env=there)
    except subprocess.TimeoutExpired:
        return {"failed": f"ended after {longest_s:.0f} s"}
    for line in done.stdout.splitlines():
        if line.startswith(MARK):
            found: Row = json.loads(line.removeprefix(MARK))
            return found
    said = [line for line in done.stderr.splitlines() if line.strip()]
    return {"failed": " ".join(said[-2:]) if said else f"exit code {done.returncode}"}


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of one call, and what it returned; garbage is collected before, not within."""
    gc.collect()
    started = time.perf_counter()
    answer = function()
    return time.perf_counter() - started, answer


def reset_peak() -> None:
    """Forget the peak so far, where the system can (Linux); elsewhere the peak of the imports counts too."""
    gc.collect()
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5", encoding="ascii")


def peak_mb() -> float:
    """Peak resident memory of this process since it began, or since `reset_peak`, MB of 2^20 bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        return _status_kb(status, "VmHWM:") / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def now_mb() -> float:
    """Resident memory of this process at this moment, MB; the peak where the system does not tell."""
    status = Path("/proc/self/status")
    return _status_kb(status, "VmRSS:") / 1024 if status.exists() else peak_mb()


def family_peak_mb(done: Callable[[], bool], every_s: float = 0.2) -> float:
    """Largest memory of this process and its children together, sampled until `done`; shared pages count once each."""
    largest = 0.0
    while not done():
        largest = max(largest, sum(_proportional_mb(process) for process in _family(os.getpid())))
        time.sleep(every_s)
    return largest


def _family(process: int) -> list[int]:
    """A process and all that descend from it, whichever of its threads they were started by."""
    try:
        born = [
            int(child)
            for thread in Path(f"/proc/{process}/task").iterdir()
            for child in (thread / "children").read_text(encoding="ascii").split()
        ]
    except OSError:  # it has just ended, or this system has no such files
        return [process]
    return [process, *(each for child in born for each in _family(child))]


def _proportional_mb(process: int) -> float:
    """Memory of a process with shared pages divided among those that share them, MB; 0 once it has ended."""
    try:
        return _status_kb(Path(f"/proc/{process}/smaps_rollup"), "Pss:") / 1024
    except OSError:
        return 0.0


def _status_kb(file: Path, key: str) -> float:
    return next(
        float(line.split()[1]) for line in file.read_text(encoding="ascii").splitlines() if line.startswith(key)
    )


def median_rows(runs: Iterable[Row]) -> Row:
    """The median of every number over several runs; the first run's value of everything else."""
    rows = list(runs)
    failed = next((row for row in rows if "failed" in row), None)
    if failed is not None:
        return failed

    def middle(key: str) -> Any:
        values = [row[key] for row in rows]
        return statistics.median(values) if isinstance(values[0], float) else values[0]

    return {key: middle(key) for key in rows[0]}


def ratio(number: float | None, reference: float | None) -> float | None:
    """`number` over `reference`, or None where one of them was not measured."""
    return None if number is None or not reference else number / reference


def versions() -> dict[str, str]:
    """Versions of Python and of every package that takes part; empty where it is not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def machine() -> dict[str, Any]:
    """Cores this process may use, memory, and how busy the machine was (a shared machine gives other figures)."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"cores": cores, "memory_gib": round(memory, 1), "load_average": round(os.getloadavg()[0], 2)}


def write_csv(path: Path, rows: list[Row]) -> None:
    """Write the rows, each with the date, the machine and the versions behind it."""
    about = {"date": datetime.now(UTC).date().isoformat(), **machine(), **versions()}
    columns = list(dict.fromkeys([*(key for row in rows for key in row if key not in about), *about]))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({**about, **{key: _rounded(value) for key, value in row.items()}} for row in rows)


def _rounded(value: Any) -> Any:
    return float(f"{value:.5g}") if isinstance(value, float) and abs(value) < 1e6 else value


def show(title: str, rows: list[Row], columns: dict[str, str]) -> None:
    """Print rows as a table.

    Args:
        title: what was measured.
        rows: the measurements.
        columns: heading by key, in order.
    """
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_edge=False)
    for heading in columns.values():
        table.add_column(heading, justify="right" if heading != next(iter(columns.values())) else "left")
    for row in rows:
        table.add_row(*(_shown(row.get(key)) for key in columns))
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(table)
    about = machine()
    console.print(
        f"{about['cores']} cores, {about['memory_gib']} GiB, load average {about['load_average']}; "
        + ", ".join(f"{name} {number}" for name, number in versions().items() if number),
        style="dim",
    )


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _called() -> None:
    """The other end of `fresh`."""
    name, _, function = sys.argv[1].partition(":")
    found = getattr(importlib.import_module(name), function)(**json.loads(sys.argv[2]))
    sys.stdout.write(f"\n{MARK}{json.dumps(found)}\n")


if __name__ == "__main__":
    _called()
