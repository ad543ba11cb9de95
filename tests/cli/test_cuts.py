"""Scenarios help one another, in one call and through `--cuts DIR`; whatever lies in DIR, the answer stays right."""

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.cli.conftest import CAMPUS, COMMAND, Desk, _environment

from gigasite.solve.decomposed.level import Carried
from gigasite.solve.decomposed.memory import Memory
from gigasite.solve.decomposed.multipliers import Path as MultiplierPath

GAP = 1e-5
ROUNDING = 1e-9
HOURLY = "extends: tomakomai-sakai.yaml\nname: {name}\ntitle: A harbour\nhorizon: {{years: [2030]}}\n"
"""One year over all hours; the resolution is left out, so it is that of every scenario."""

ONE_PASS = "requirements: {{units_lost: 0}}\n"
"""Without the rule for lost machines there is one linear programme, and the gap says all."""

SOLVE = f"solve: {{{{method: decomposed, gap: {GAP:.6f}}}}}\n" + ONE_PASS
COARSE = CAMPUS.replace("resolution_h: 24, days: 2", "resolution_h: 6") + SOLVE
OTHER = COARSE.replace(
    "technologies: [combined_cycle, gas_turbine, grid_connection]", "technologies: [gas_engine, solar, battery]"
)
"""The same site and months on other technologies."""

ELSEWHERE = COARSE.replace("piketon", "abilene").replace("2030: 400, 2035: 1000", "2030: 100, 2035: 300")
DEAR = "fuel: {{price_multiplier: 1.2}}\n"


@dataclass(frozen=True)
class Answered:
    """What a solve told, and its bounds."""

    cost_usd: float
    gap: float
    bounds: pd.DataFrame
    stderr: str

    def last_rounds(self) -> int:
        """Rounds over the finest steps."""
        return int((self.bounds["resolution_h"] == self.bounds["resolution_h"].min()).sum())


def answered(desk: Desk, *arguments: str, here: bool = True) -> list[Answered]:
    ended = (desk.run_here if here else desk.run)("solve", *arguments, "--json")
    assert ended.code == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    found = []
    for entry in json.loads(ended.stdout):
        folder = desk.folder / entry["run"]
        assert entry["checks_passed"] is True
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        bounds = pd.read_parquet(folder / "bounds.parquet")
        found.append(Answered(manifest["objective_usd"], entry["gap"], bounds, ended.stderr))
    return found


def assert_same(one: Answered, other: Answered) -> None:
    """Two plans of one problem: each costs at least the bound of the other."""
    assert max(one.gap, other.gap) <= GAP
    assert one.cost_usd == pytest.approx(other.cost_usd, rel=one.gap + other.gap + ROUNDING)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk where the coarse campus, other technologies and another place have left their cuts, each in a folder."""
    desk = Desk(tmp_path_factory.mktemp("cuts"))
    for name, text in {"coarse": COARSE, "other": OTHER, "elsewhere": ELSEWHERE}.items():
        desk.write(name, text)
        answered(desk, name, "--cuts", f"left-by-{name}")
    return desk


@pytest.fixture(scope="module")
def alone(shared: Desk) -> Answered:
    """The coarse campus solved with no help."""
    (found,) = answered(shared, "coarse")
    return found


# -- one call ----------------------------------------------------------------------------------------------------------


def test_the_second_scenario_of_a_call_takes_fewer_rounds_and_has_the_same_answer(desk: Desk) -> None:
    desk.write("first", HOURLY + SOLVE)
    desk.write("dear", HOURLY + SOLVE + DEAR)
    (by_itself,) = answered(desk, "dear")
    _, helped = answered(desk, "first", "dear")
    assert_same(helped, by_itself)
    assert helped.bounds["resolution_h"].min() == by_itself.bounds["resolution_h"].min() == 1
    assert helped.last_rounds() < by_itself.last_rounds()


def test_the_order_of_scenarios_does_not_change_their_answers(desk: Desk) -> None:
    desk.write("first", COARSE)
    desk.write("other", OTHER)
    there = answered(desk, "first", "other")
    back = answered(desk, "other", "first")
    for one, same in zip(there, reversed(back), strict=True):
        assert_same(one, same)


def test_without_cuts_a_call_leaves_nothing_but_its_runs(desk: Desk) -> None:
    desk.write("coarse", COARSE)
    answered(desk, "coarse")
    assert sorted(path.name for path in desk.folder.iterdir()) == ["coarse.yaml", "results"]


IN_PASSES = CAMPUS.replace(", days: 2", "") + SOLVE.replace(ONE_PASS, "")
PASSES_APART = 1e-3


def test_passes_of_a_helped_solve_do_not_end_dearer_than_passes_are_apart(desk: Desk) -> None:
    """Lost machines are counted in passes: what another solve left must not end them early (0.8 % dearer, measured)."""
    desk.write("first", IN_PASSES)
    desk.write("again", IN_PASSES)
    first, again = answered(desk, "first", "again")
    assert again.cost_usd == pytest.approx(first.cost_usd, rel=PASSES_APART)


# -- from call to call -------------------------------------------------------------------------------------------------


def test_a_later_call_uses_what_an_earlier_one_left(desk: Desk) -> None:
    desk.write("first", HOURLY + SOLVE)
    desk.write("dear", HOURLY + SOLVE + DEAR)
    (by_itself,) = answered(desk, "dear")
    answered(desk, "first", "--cuts", "deep/er/cuts")
    (helped,) = answered(desk, "dear", "--cuts", "deep/er/cuts")
    assert_same(helped, by_itself)
    assert helped.last_rounds() < by_itself.last_rounds()
    files = sorted(path.name for path in (desk.folder / "deep/er/cuts").iterdir())
    assert [file for file in files if file != "cuts-3h.npz"] == ["cuts-1h.npz", "cuts-24h.npz", "cuts-6h.npz"]


def test_a_stale_file_of_the_same_scenario_changes_no_answer(shared: Desk, alone: Answered) -> None:
    for text in ("fuel: {{price_multiplier: 5}}\n", "load: {{utilisation_mean: 0.5}}\n"):
        shared.write("moved", COARSE + text)
        answered(shared, "moved", "--cuts", "stale")
    (found,) = answered(shared, "coarse", "--cuts", "stale")
    assert_same(found, alone)


@pytest.mark.parametrize("left_by", ["coarse", "other", "elsewhere"])
def test_what_any_scenario_left_changes_no_answer(shared: Desk, alone: Answered, left_by: str) -> None:
    shutil.copytree(shared.folder / f"left-by-{left_by}", shared.folder / f"from-{left_by}")
    (found,) = answered(shared, "coarse", "--cuts", f"from-{left_by}", here=False)
    assert_same(found, alone)
    assert "left aside" not in found.stderr


@pytest.mark.parametrize("size", [1.0, 1e4, 1e12])
def test_random_multipliers_under_the_right_names_change_no_answer(shared: Desk, alone: Answered, size: float) -> None:
    chance, folder = np.random.default_rng(7), shared.folder / f"random-{size:.0e}"
    for width in (24, 6):
        known = Memory(shared.folder / "left-by-coarse").recall(width)
        assert known is not None
        paths = {
            block: [
                MultiplierPath(
                    one.steps,
                    {
                        name: (steps, (size * chance.normal(size=len(steps))).astype(np.float32))
                        for name, (steps, _) in one.parts.items()
                    },
                )
                for one in of
            ]
            for block, of in known.paths.items()
        }
        plan = {name: float(size * chance.normal()) for name in known.plan}
        Memory(folder).keep(width, Carried(plan, paths))
    (found,) = answered(shared, "coarse", "--cuts", folder.name)
    assert_same(found, alone)


def _cut_off(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def _nothing(whole: bytes) -> bytes:
    del whole
    return b""


def _noise(whole: bytes) -> bytes:
    return np.random.default_rng(0).bytes(len(whole) // 50)


@pytest.mark.parametrize("spoilt", [_cut_off, _nothing, _noise])
def test_a_file_that_cannot_be_read_is_told_in_words_and_replaced(shared: Desk, alone: Answered, spoilt: Any) -> None:
    folder = shared.folder / f"spoilt{spoilt.__name__}"
    shutil.copytree(shared.folder / "left-by-coarse", folder)
    for file in folder.iterdir():
        file.write_bytes(spoilt(file.read_bytes()))
    (found,) = answered(shared, "coarse", "--cuts", folder.name, here=False)
    assert_same(found, alone)
    for width in (24, 6):
        assert f"{folder.name}/cuts-{width}h.npz cannot be read and are left aside" in found.stderr
        assert Memory(folder).recall(width) is not None
    again = answered(shared, "coarse", "--cuts", folder.name, here=False)
    assert "left aside" not in again[0].stderr


def test_a_folder_of_cuts_that_cannot_be_written_costs_a_warning_only(shared: Desk, alone: Answered) -> None:
    (shared.folder / "occupied").write_text("a file in the way", encoding="utf-8")
    (found,) = answered(shared, "coarse", "--cuts", "occupied", here=False)
    assert_same(found, alone)
    assert "cuts are not kept" in found.stderr
    assert (shared.folder / "occupied").read_text("utf-8") == "a file in the way"


# -- writing -----------------------------------------------------------------------------------------------------------

DIES_WRITING = """
import os, signal, sys
from pathlib import Path
import numpy as np
from gigasite.solve.decomposed.level import Carried
from gigasite.solve.decomposed.memory import Memory
folder, share = Path(sys.argv[1]), float(sys.argv[2])
write = np.savez
def dies(file, **arrays):
    write(file, **arrays)
    if share < 1.0:
        os.truncate(file, int(share * os.path.getsize(file)))
    os.kill(os.getpid(), signal.SIGKILL)
np.savez = dies
memory = Memory(folder)
known = memory.recall(6)
memory.keep(6, Carried({"another": 1.0}, known.paths))
"""


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_kill_while_writing_leaves_the_file_that_was_there(
    shared: Desk, tmp_path: Path, share: float, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "cuts"
    shutil.copytree(shared.folder / "left-by-coarse", folder)
    before = (folder / "cuts-6h.npz").read_bytes()
    killed = subprocess.run(
        [sys.executable, "-c", DIES_WRITING, str(folder), str(share)], check=False, capture_output=True, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert (folder / "cuts-6h.npz").read_bytes() == before
    assert len([path for path in folder.iterdir() if path.name.startswith(".")]) == 1
    found = Memory(folder).recall(6)
    assert found is not None
    assert "another" not in found.plan
    assert "cannot be read" not in caplog.text


def test_a_solve_killed_at_any_moment_leaves_cuts_that_can_be_read(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.write("coarse", COARSE)
    for moment_s in (0.0, 0.1, 0.4):
        solve = subprocess.Popen(
            [*COMMAND, "solve", "coarse", "--quiet", "--cuts", "cuts"], cwd=desk.folder, env=_environment()
        )
        give_up = time.monotonic() + 60
        while not (desk.folder / "cuts").exists() and solve.poll() is None and time.monotonic() < give_up:
            time.sleep(0.005)
        time.sleep(moment_s)
        solve.kill()
        solve.communicate(timeout=30)
        for width in (24, 6):
            exists = (desk.folder / f"cuts/cuts-{width}h.npz").exists()
            assert (Memory(desk.folder / "cuts").recall(width) is not None) == exists
        shutil.rmtree(desk.folder / "cuts")
    assert "cannot be read" not in caplog.text


@pytest.mark.slow  # three processes at once
def test_two_calls_that_write_one_folder_at_once_do_no_harm(shared: Desk, alone: Answered) -> None:
    started = [
        subprocess.Popen(
            [*COMMAND, "solve", name, "--json", "--cuts", "both", "--results", f"results-{number}"],
            cwd=shared.folder,
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number, name in enumerate(("coarse", "coarse", "other"))
    ]
    for number, one in enumerate(started):
        stdout, stderr = one.communicate(timeout=100)
        assert one.returncode == 0, stderr.decode()
        assert b"left aside" not in stderr
        (entry,) = json.loads(stdout)
        manifest = json.loads((shared.folder / entry["run"] / "manifest.json").read_text("utf-8"))
        if number < 2:
            assert manifest["objective_usd"] == pytest.approx(alone.cost_usd, rel=alone.gap + entry["gap"] + ROUNDING)
    assert sorted(path.name for path in (shared.folder / "both").iterdir()) == ["cuts-24h.npz", "cuts-6h.npz"]
    assert all(Memory(shared.folder / "both").recall(width) is not None for width in (24, 6))


# -- what `check` and `--help` tell ------------------------------------------------------------------------------------


def test_check_tells_that_hours_are_solved_where_nothing_is_said(desk: Desk) -> None:
    desk.write("silent", HOURLY)
    ended = desk.run_here("check", "silent")
    assert ended.code == 0, ended.stderr
    assert "1 h steps" in ended.stdout
    assert "days" not in ended.stdout


def test_check_tells_coarser_steps_as_they_are(desk: Desk) -> None:
    desk.write("coarse", COARSE)
    assert "6 h steps" in desk.run_here("check", "coarse").stdout


def test_help_names_the_folder_of_cuts(desk: Desk) -> None:
    assert "--cuts" in desk.run_here("solve", "--help").stdout
