"""How long a planner waits before anything happens: `gigasite --help`, `gigasite check`, and `import gigasite`.

Each runs as a process of its own; beside it stands the time of an empty Python, so that a slow machine's figure can be
read. Prints medians and writes them with versions to `benchmarks/start_up.csv`.
"""

from __future__ import annotations

import csv
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

RUNS = 9
COMMANDS = {
    "empty Python": ["-c", "pass"],
    "import gigasite": ["-c", "import gigasite"],
    "gigasite --help": ["-m", "gigasite.cli", "--help"],
    "gigasite check portsmouth": ["-m", "gigasite.cli", "check", "portsmouth"],
}


def seconds_of(arguments: list[str]) -> float:
    """Seconds of one run of Python with these arguments."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    """Time every command in turn, round by round, so that a slow moment hits all of them."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, arguments in COMMANDS.items():
            times[name].append(seconds_of(arguments))
    python = statistics.median(times["empty Python"])
    with (Path(__file__).parent / "start_up.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["command", "median_s", "over_empty_python", "runs", "python", "gigasite"])
        for name, all_seconds in times.items():
            median = statistics.median(all_seconds)
            sys.stdout.write(f"{name:<28}{median:8.3f} s   {median / python:5.1f} x an empty Python\n")
            row = [
                name,
                f"{median:.4f}",
                f"{median / python:.2f}",
                RUNS,
                platform.python_version(),
                version("gigasite"),
            ]
            writer.writerow(row)


if __name__ == "__main__":
    main()
