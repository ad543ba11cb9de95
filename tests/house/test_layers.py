"""The rules of the house, so that nobody has to remember them."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "gigasite").rglob("*.py"))
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-lowest.lock"]
ANY = SpecifierSet()
MAX_LINES = 400
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "misc", "common", "stuff"}
HEAVY = ["geopandas", "highspy", "pandas", "pandera", "plotly", "pyarrow", "pyomo", "scipy"]
# Written in pieces, so that this file does not find itself.
PLACES_OUTSIDE = re.compile(r"(?<![\w.$}])/" + r"work/|\.\./" + r"shared\b|/tmp/" + r"gs\b")


def committed_files() -> list[Path]:
    """Return the files that git tracks or would take, or skip outside a checkout."""
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    names = listing.stdout.decode().split("\0")
    return [path for name in names if name and (path := ROOT / name).is_file()]


def test_every_layer_imports_only_what_stands_below_it() -> None:
    check = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr


def test_every_folder_of_the_source_is_a_package() -> None:
    folders = {path.parent for path in SOURCES}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_no_source_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_every_module_is_named_after_a_concept() -> None:
    assert [path for path in SOURCES if VAGUE_NAMES & {path.stem, path.parent.name}] == []


def test_nothing_committed_names_a_place_outside_the_repository() -> None:
    found = []
    for path in committed_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in PLACES_OUTSIDE.finditer(text)]
    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_server_and_no_folder(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.search(r"://|^-|file:|\s@\s", line)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_a_hash(name: str) -> None:
    pinned = re.split(r"^(?=[a-z0-9])", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert len(pinned) > 10
    assert [
        entry for entry in pinned if not re.match(r"[a-z0-9-]+==\S+.*(\n    --hash=sha256:[0-9a-f]{64}.*)+", entry)
    ] == []


def test_the_development_lock_holds_the_versions_of_the_run_time_lock() -> None:
    def versions(name: str) -> set[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"^[a-z0-9-]+==[^\s\\]+", text, flags=re.MULTILINE))

    assert versions("requirements.lock") - versions("requirements-dev.lock") == set()


def bounds() -> list[Requirement]:
    """Return what pyproject.toml asks for, without the groups that only include others."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [written["project"]["dependencies"], *written["project"]["optional-dependencies"].values()]
    groups += written["dependency-groups"].values()
    return [Requirement(each) for group in groups for each in group if isinstance(each, str)]


def test_every_dependency_has_an_upper_bound() -> None:
    assert [str(each) for each in bounds() if not {"<", "=="} & {part.operator for part in each.specifier}] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_keeps_within_the_bounds(name: str) -> None:
    pins = re.findall(r"^([a-z0-9-]+)==([^\s\\]+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    asked = {canonicalize_name(each.name): each.specifier for each in bounds()}
    assert [f"{package} {version}" for package, version in pins if version not in asked.get(package, ANY)] == []


def test_importing_gigasite_leaves_heavy_libraries_for_when_they_are_used() -> None:
    assert all(importlib.util.find_spec(name) for name in HEAVY)
    report = "import gigasite, sys; print(*sorted(set(sys.argv[1:]) & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", report, *HEAVY], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []
