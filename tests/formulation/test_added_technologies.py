"""Technologies from outside the package: registered by a program, or brought by an installed one."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import gigasite
from gigasite.formulation import added_technologies as added
from gigasite.formulation.registry import house_technologies, technologies, technology_specs

SOLAR = house_technologies()["solar"]
OURS = replace(SOLAR, name="canopy", label="Solar canopy", colour="#f0a000", order=81)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """Nothing that a test adds is left for the next one."""
    kept: dict[str, object] = {}
    monkeypatch.setattr(added, "_registered", kept)
    added._installed.cache_clear()
    yield kept
    added._installed.cache_clear()


def package(folder: Path, code: str, value: str = "warm:TECHNOLOGY") -> None:
    """Install a package that brings a technology, as pip would leave it."""
    (folder / "warm.py").write_text(code, encoding="utf-8")
    about = folder / "gigasite_warm-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: gigasite-warm\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[gigasite.technologies]\nwarm = {value}\n", encoding="utf-8")


CODE = """\
from dataclasses import replace
from gigasite.formulation.technologies.solar import TECHNOLOGY as SOLAR

TECHNOLOGY = replace(SOLAR, name="warm", label="Warm", colour="#8c564b", order=55)
"""


def test_without_any_the_house_is_all_there_is() -> None:
    assert technologies() is house_technologies()


def test_a_registered_technology_joins_the_others_in_its_place() -> None:
    gigasite.register(OURS)
    names = list(technologies())
    assert names.index("canopy") == names.index("solar") + 1
    assert technology_specs()["canopy"] is OURS.spec
    assert "canopy" not in house_technologies()


def test_one_that_is_registered_again_is_replaced() -> None:
    gigasite.register(OURS)
    gigasite.register(replace(OURS, label="Canopy"))
    assert technologies()["canopy"].label == "Canopy"


def test_a_scenario_may_list_it_and_an_editor_is_told(tmp_path: Path) -> None:
    gigasite.register(OURS)
    assert "canopy" in str(gigasite.schema())
    file = tmp_path / "s.yaml"
    file.write_text("extends: abilene.yaml\nsites: {abilene: {technologies: {canopi: {}}}}\n", encoding="utf-8")
    with pytest.raises(gigasite.InputError) as told:
        gigasite.check(file)
    assert "did you mean 'canopy'?" in str(told.value)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("solar", "is no Technology"),
        (SOLAR, "has a technology of this name itself"),
        (replace(OURS, name="Solar canopy"), "cannot name a technology"),
        (replace(OURS, name="class"), "cannot name a technology"),
        (replace(OURS, colour="orange"), "colour of canopy is none"),
        (replace(OURS, label=" "), "has no label"),
    ],
)
def test_what_cannot_serve_is_refused_and_nothing_is_added(wrong: object, words: str) -> None:
    with pytest.raises(gigasite.InputError, match=words):
        gigasite.register(wrong)  # type: ignore[arg-type]
    assert technologies() is house_technologies()


def test_an_installed_package_brings_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, CODE)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert technologies()["warm"].label == "Warm"
    gigasite.register(replace(technologies()["warm"], label="Warmer"))
    assert technologies()["warm"].label == "Warmer"


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("import nothing_of_this_name\n", "warm:TECHNOLOGY", "gigasite-warm cannot be loaded: No module named"),
        ("x = 1\n", "warm:TECHNOLOGY", "gigasite-warm cannot be loaded: .*has no attribute"),
        ("def f(:\n", "warm:TECHNOLOGY", "gigasite-warm cannot be loaded"),
        ("TECHNOLOGY = 3\n", "warm:TECHNOLOGY", "which gigasite-warm brings as a technology, is 3"),
        ("from gigasite.formulation.technologies.wind import TECHNOLOGY\n", "warm:TECHNOLOGY", "of this name itself"),
    ],
)
def test_a_package_at_fault_is_named(
    code: str, value: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, code, value)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "warm", raising=False)
    with pytest.raises(gigasite.InputError, match=words):
        technologies()


def test_the_command_finds_it_and_tells_what_is_wrong_with_it(tmp_path: Path) -> None:
    package(tmp_path, "TECHNOLOGY = 3\n")
    done = subprocess.run(
        [sys.executable, "-m", "gigasite.cli", "check", "abilene"],
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "gigasite-warm" in done.stderr
    assert "Traceback" not in done.stderr
