"""The benchmarks still measure what they say: the same programme, however it is written."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PROVE = """
import json, sys
from pathlib import Path
import build_and_hand_over as bench
files = bench.draw_cases("one-site", sys.argv[1])
told = bench.same_entries(files["full"], str(Path(sys.argv[1]) / "full.npz"))
for route in ("gigasite", "pypsa"):
    told[route] = bench.optimum(route, bench._start(route, files, Path(sys.argv[1]), "coarse"))["objective_usd"]
print("told " + json.dumps(told))
"""


@pytest.mark.slow
def test_raw_arrays_gigasite_and_pypsa_mean_the_same(tmp_path: Path) -> None:
    pytest.importorskip("pypsa")
    done = subprocess.run(
        [sys.executable, "-c", PROVE, str(tmp_path)], cwd=BENCHMARKS, capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("told ")]
    assert lines, done.stderr
    told = json.loads(lines[0].removeprefix("told "))
    assert told["same"]
    assert told["pypsa"] == pytest.approx(told["gigasite"], rel=1e-6)


@pytest.mark.parametrize("path", sorted(BENCHMARKS.glob("*.py")), ids=lambda path: path.stem)
def test_what_a_benchmark_takes_from_gigasite_is_there(path: Path) -> None:
    """Also what it imports within functions: a benchmark nobody ran for a while finds it gone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gigasite"):
            module = importlib.import_module(str(node.module))
            for name in node.names:
                assert hasattr(module, name.name) or importlib.import_module(f"{node.module}.{name.name}")
        elif isinstance(node, ast.Import):
            for name in node.names:
                if name.name.startswith("gigasite"):
                    importlib.import_module(name.name)
