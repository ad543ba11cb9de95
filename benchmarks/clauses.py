"""What the clauses of a campus cost: nothing where a scenario uses none of them, and how much where it uses them all.

    python benchmarks/clauses.py [--repeats 5]

Clauses are lead times, grid contracts, gas transport, reliability, permits, flexible load, bridge power, tax credits.
The package as it was before the first of them is taken out of the history beside this one, and both build and solve the
same scenarios, in turns, each time in a process of its own with imports apart. Later work made solving faster, so that
a ratio of building below 1.1 is what shows that clauses which are not used cost nothing. Figures of inputs/ are each
package's own; that both build problems of the same rows, columns and entries is made sure of. Without the history (an
unpacked archive) that part is left out, and said to be.

All clauses are those of `portsmouth-all-clauses`; the plain scenario beside it has its years and machines and none.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import tarfile
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from harness import FOLDER, Row, fresh, ratio, show, write_csv

BEFORE = "09f1bbf982f6794668223463dfbacd4e39e9aa5d"
"""The last commit without a clause."""

RESULT = Path(__file__).with_suffix(".csv")
ROOT = FOLDER.parent
WITHIN_NOISE = 1.1
PLAIN = ("one-site", "four-sites")
ALL = ROOT / "scenarios" / "portsmouth-all-clauses.yaml"
NONE = FOLDER / "scenarios" / "portsmouth-no-clauses.yaml"
LONGEST_S = 900.0
HEADINGS = {
    "measure": "measure",
    "seconds": "now s",
    "reference_s": "against s",
    "value": "ratio",
    "target": "target",
    "met": "met",
}


def measured(tree: Path, function: str, **arguments: Any) -> Row:
    """What a function of a tree's benchmarks returns; a failure ends everything, as there is nothing to compare."""
    found = fresh(function, longest_s=LONGEST_S, tree=tree, **arguments)
    if "failed" in found:
        raise RuntimeError(f"{function} of {tree}: {found['failed']}")
    return found


def building(tree: Path, scenario: str) -> tuple[float, tuple[int, ...]]:
    """Seconds to build a scenario over all hours and hand it over, and its rows, columns and entries."""
    files = {"full": scenario, "small": "one-site"}
    paths = {name: str(tree / "benchmarks" / "scenarios" / f"{file}.yaml") for name, file in files.items()}
    found = measured(tree, "build_and_hand_over:measure", route="gigasite", **paths)
    return float(found["seconds"]), tuple(int(found[name]) for name in ("rows", "columns", "nonzeros"))


def solving_s(tree: Path, scenario: Path) -> float:
    """Seconds from YAML to written tables."""
    return float(measured(tree, "solving:solve", scenarios=[str(scenario)])["answers"][0]["seconds"])


def taken_out(folder: Path) -> Path | None:
    """The package before the clauses, unpacked; None without the history."""
    command = ["git", "-C", str(ROOT), "archive", "--format=tar", BEFORE]
    archive = subprocess.run(command, capture_output=True, check=False)
    if archive.returncode:
        return None
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder


def unused(before: Path, repeats: int) -> list[Row]:
    """Scenarios that use no clause: now against before."""
    rows = []
    for name in PLAIN:
        pairs = [(building(ROOT, name), building(before, name)) for _ in range(repeats)]
        sizes = {size for pair in pairs for _, size in pair}
        if len(sizes) != 1:
            raise RuntimeError(f"{name} is another problem now than before the clauses: {sizes}")
        now, then = (median([pair[at][0] for pair in pairs]) for at in (0, 1))
        rows.append(row(f"{name}: build, no clause used, against before them", now, then, WITHIN_NOISE))
    for name in PLAIN:
        file = Path("benchmarks") / "scenarios" / f"{name}.yaml"
        turns = [(solving_s(ROOT, ROOT / file), solving_s(before, before / file)) for _ in range(repeats)]
        now, then = (median([turn[at] for turn in turns]) for at in (0, 1))
        rows.append(row(f"{name}: YAML to tables, against before them", now, then, WITHIN_NOISE))
    return rows


def row(what: str, now: float, then: float, target: float | None) -> Row:
    """A measure; without a target it is told only."""
    value = ratio(now, then)
    met = "not asked" if target is None else "" if value is None else "yes" if value <= target else "no"
    told = "" if target is None else f"at most {target:g}"
    return {"measure": what, "seconds": now, "reference_s": then, "value": value, "target": told, "met": met}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--repeats", type=int, default=5)
    given = arguments.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        before = taken_out(Path(folder))
        if before is None:
            print("The package before the clauses is not in the history here: that part is left out.")
        else:
            rows += unused(before, given.repeats)
    every, plain = (solving_s(ROOT, scenario) for scenario in (ALL, NONE))
    rows.append(row(f"{ALL.stem} against {NONE.stem}", every, plain, None))
    show("Clauses of a campus", rows, HEADINGS)
    write_csv(RESULT, rows)


if __name__ == "__main__":
    main()
