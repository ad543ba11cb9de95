"""The wheel carries what the command needs in any folder."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["inputs", "scenarios"])
def test_the_wheel_carries_every_file_of(folder: str, wheel_names: set[str]) -> None:
    here = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert here
    assert {f"gigasite/_data/{path.as_posix()}" for path in here} <= wheel_names


def test_the_wheel_carries_every_source_file_and_the_type_marker(wheel_names: set[str]) -> None:
    here = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert here | {"gigasite/py.typed"} <= wheel_names


def test_the_wheel_carries_the_licence_and_no_tests(wheel_names: set[str]) -> None:
    assert any(name.endswith("/licenses/LICENSE") for name in wheel_names)
    assert not any(name.startswith("tests/") for name in wheel_names)
