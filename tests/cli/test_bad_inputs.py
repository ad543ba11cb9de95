"""A bad input: told with its place, exit code 2, no traceback, nothing written."""

import re

import pytest
from tests.cli.conftest import CAMPUS, Desk

HEADER = "hour,price_usd_per_mwh\n"
GOOD = CAMPUS.format(name="bad")


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


BAD = {
    "unknown key": (edited("title:", "titel:"), r"bad\.yaml:3:1: titel", "title"),
    "unit in the wrong words": (
        edited("2030: 400", "2030: 400 MW"),
        r"bad\.yaml:7:26: sites\.piketon\.load_ramp_mw",
        "MW",
    ),
    "not a number": (edited("2035: 1000", "2035: .nan"), r"bad\.yaml:7:37: sites\.piketon\.load_ramp_mw\.2035", "nan"),
    "negative capacity": (
        edited("[combined_cycle, gas_turbine, grid_connection]", "{combined_cycle: {capacity_mw: -5}}"),
        r"bad\.yaml:8:50: sites\.piketon\.technologies\.combined_cycle\.capacity_mw",
        "-5",
    ),
    "unknown site": (edited("piketon:", "piketown:"), r"bad\.yaml:6:3: sites\.piketown", "piketon"),
    "empty ramp": (edited("{2030: 400, 2035: 1000}", "{}"), r"bad\.yaml:7:\d+: sites\.piketon\.load_ramp_mw", "ramp"),
    "ramp of no plant": (
        GOOD + "requirements: {ramp_share_per_hour: {combined_cycel: 0.5}}\n",
        r"bad\.yaml:\d+:38: requirements\.ramp_share_per_hour\.combined_cycel",
        "did you mean 'combined_cycle'",
    ),
    "ramp of more than all": (
        GOOD + "requirements: {ramp_share_per_hour: {gas_turbine: 1.4}}\n",
        r"bad\.yaml:\d+:51: requirements\.ramp_share_per_hour\.gas_turbine",
        "1 or less",
    ),
    "clean share above one": (
        GOOD + "requirements: {clean_share: {2030: 0.6, 2035: 1.4}}\n",
        r"bad\.yaml:\d+:47: requirements\.clean_share\.2035",
        "1 or less",
    ),
    "minimum take above one": (
        GOOD + "requirements: {minimum_take_share: 1.4}\n",
        r"bad\.yaml:\d+:36: requirements\.minimum_take_share",
        "1 or less",
    ),
    "not YAML": (edited("sites:", "sites: ]["), r"bad\.yaml:5:", "YAML"),
}


def refused(desk: Desk, *arguments: str) -> str:
    """Solve in a process, see that it is refused as it should be, and return what was told."""
    before = sorted(desk.folder.rglob("*"))
    ended = desk.run("solve", *arguments)
    assert ended.code == 2, ended.stdout + ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert sorted(desk.folder.rglob("*")) == before
    return ended.stderr


@pytest.mark.parametrize("fault", BAD)
def test_a_fault_in_a_scenario_is_told_with_file_line_and_key(desk: Desk, fault: str) -> None:
    text, place, word = BAD[fault]
    (desk.folder / "bad.yaml").write_text(text, encoding="utf-8")
    told = refused(desk, "bad.yaml")
    assert re.search(f"^{place}", told, flags=re.MULTILINE), told
    assert word in told


def test_all_faults_of_a_file_are_told_at_once(desk: Desk) -> None:
    text = edited("title:", "titel:").replace("2030: 400", "2030: lots").replace("gas_turbine", "gas_turbin")
    (desk.folder / "bad.yaml").write_text(text, encoding="utf-8")
    told = refused(desk, "bad.yaml")
    assert "(3 problems)" in told
    assert "did you mean 'gas_turbine'?" in told


def test_an_hourly_file_with_a_missing_hour_is_told_with_its_line(desk: Desk) -> None:
    hours = [f"{hour},30" for hour in range(8760) if hour != 100]
    (desk.folder / "price.csv").write_text(HEADER + "\n".join(hours) + "\n", encoding="utf-8")
    (desk.folder / "bad.yaml").write_text(GOOD + "    hourly: {price: price.csv}\n", encoding="utf-8")
    told = refused(desk, "bad.yaml")
    assert "price.csv" in told
    assert "bad.yaml:9:" in told or "price.csv:102" in told


def test_a_file_that_is_not_there_is_told_with_the_nearest_name(desk: Desk) -> None:
    desk.write("campus")
    told = refused(desk, "campos.yaml")
    assert "the file campos.yaml does not exist" in told
    assert "campus.yaml" in told


def test_a_name_that_nothing_has_is_told_with_the_nearest_scenario(desk: Desk) -> None:
    ended = desk.run_here("solve", "portsmuth")
    assert ended.code == 2
    assert "did you mean 'portsmouth'?" in ended.stderr


def test_a_file_that_is_not_utf_8_is_told_with_its_byte(desk: Desk) -> None:
    (desk.folder / "bad.yaml").write_bytes(GOOD.replace("A campus", "Ein Gelände").encode("latin-1"))
    told = refused(desk, "bad.yaml")
    assert "bad.yaml:3:" in told
    assert "UTF-8" in told


def test_a_folder_is_no_scenario(desk: Desk) -> None:
    (desk.folder / "scenarios").mkdir()
    ended = desk.run_here("solve", "scenarios/")
    assert ended.code == 2
    assert "is a folder, not a file" in ended.stderr


def test_a_template_is_not_solved(desk: Desk) -> None:
    ended = desk.run_here("solve", "base")
    assert ended.code == 2
    assert "template" in ended.stderr


@pytest.mark.parametrize("arguments", [["solve"], ["solve", "--unknown", "x"], ["unknown"], ["show"]])
def test_a_command_line_nobody_knows_ends_with_2(desk: Desk, arguments: list[str]) -> None:
    ended = desk.run_here(*arguments)
    assert ended.code == 2
    assert "Traceback" not in ended.stderr
