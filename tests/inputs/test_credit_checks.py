"""Tax credits that do not exist, and existing reactors that are none, are told where they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gigasite.foundation.errors import InputError
from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import check_scenario_file


def written(folder: Path, requirements: str) -> Path:
    path = folder / "a.yaml"
    base = scenarios_folder() / "idaho-smr.yaml"
    path.write_text(f"extends: {base}\nname: a\nrequirements: {{{requirements}}}\n", encoding="utf-8")
    return path


def problems_of(folder: Path, requirements: str) -> Any:
    with pytest.raises(InputError) as error:
        check_scenario_file(written(folder, requirements))
    return error.value.problems


@pytest.mark.parametrize(
    "requirements",
    ["tax_credits: true", "tax_credits: false", "tax_credits: [48e, 45y, 45u, 45q]",
     "tax_credits: [45u], existing_nuclear_sites: [inl], existing_nuclear_receipts_usd_per_mwh: 30"],
)  # fmt: skip
def test_what_can_be_asked_for(tmp_path: Path, requirements: str) -> None:
    check_scenario_file(written(tmp_path, requirements))


@pytest.mark.parametrize(
    ("name", "remedy"), [("48f", "did you mean '48e'?"), ("45Y", "did you mean '45y'?"), ("itc", "write true for all")]
)
def test_an_unknown_credit_is_told_with_those_that_are_known(tmp_path: Path, name: str, remedy: str) -> None:
    (problem,) = problems_of(tmp_path, f"tax_credits: [45q, {name}]")
    assert problem.message == "this tax credit is not known"
    assert (problem.key, problem.given) == ("requirements.tax_credits.1", name)
    assert problem.allowed == "48e, 45y, 45u, 45q"
    assert problem.remedy.startswith(remedy)
    assert str(problem.origin).endswith("a.yaml:3:35")


def test_a_credit_asked_for_twice_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "tax_credits: [48e, 48e]")
    assert (problem.key, problem.message) == ("requirements.tax_credits.1", "this tax credit is asked for twice")


@pytest.mark.parametrize("asked", ["", "tax_credits: [48e], "])
def test_existing_reactors_without_their_credit_are_told(tmp_path: Path, asked: str) -> None:
    (problem,) = problems_of(tmp_path, f"{asked}existing_nuclear_sites: [inl]")
    assert problem.key == "requirements.existing_nuclear_sites"
    assert problem.message == "existing_nuclear_sites is for the credit 45u, which is not counted"


def test_an_existing_reactor_at_no_site_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "tax_credits: true, existing_nuclear_sites: [inn]")
    assert (problem.key, problem.given, problem.allowed) == ("requirements.existing_nuclear_sites.0", "inn", "inl")


def test_receipts_of_nobody_are_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "tax_credits: true, existing_nuclear_receipts_usd_per_mwh: 30")
    assert problem.message.startswith("nobody earns these receipts")


def test_a_site_without_a_reactor_is_told(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text(
        f"extends: {scenarios_folder() / 'abilene.yaml'}\nname: b\n"
        "requirements: {tax_credits: true, existing_nuclear_sites: [abilene]}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as error:
        check_scenario_file(path)
    assert [problem.message for problem in error.value.problems] == [
        "abilene has no reactor that could have stood before"
    ]


# -- outside the United States -----------------------------------------------------------------------------------------


def in_japan(folder: Path, text: str = "", asked: str = "true") -> Path:
    path = folder / "japan.yaml"
    base = scenarios_folder() / "tomakomai-sakai.yaml"
    path.write_text(f"extends: {base}\nname: a\nrequirements: {{tax_credits: {asked}}}\n{text}", encoding="utf-8")
    return path


def test_credits_that_no_site_can_have_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        check_scenario_file(in_japan(tmp_path))
    (problem,) = error.value.problems
    assert problem.message == (
        "tax credits are those of the United States, where none of the sites lies: tomakomai, sakai"
    )
    assert (problem.key, problem.remedy) == ("requirements.tax_credits", "take the key out, or write false")
    assert str(problem.origin).endswith("japan.yaml:3:16")


def test_a_site_abroad_beside_one_at_home_is_a_hint(tmp_path: Path) -> None:
    home = "sites: {abilene: {load_ramp_mw: {2028: 10}, technologies: [grid_connection]}}\n"
    (note,) = check_scenario_file(in_japan(tmp_path, home, "[48e]")).notes
    assert note.message == "tax credits are those of the United States: tomakomai, sakai have none"
    assert str(note.origin).endswith("japan.yaml:3:16")


def test_a_place_built_like_one_abroad_lies_abroad(tmp_path: Path) -> None:
    home = "abilene: {load_ramp_mw: {2028: 10}, technologies: [grid_connection]}"
    sites = f"sites: {{{home}, two: {{like: sakai}}, sakai: null, tomakomai: null}}\n"
    (note,) = check_scenario_file(in_japan(tmp_path, sites)).notes
    assert note.message.endswith(": two has none")


def test_no_credit_asked_for_is_no_hint(tmp_path: Path) -> None:
    assert check_scenario_file(in_japan(tmp_path, asked="false")).notes == ()
