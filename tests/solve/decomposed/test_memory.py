"""What solves leave for the next makes it quicker and never wrong, whatever is in the file."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from pathlib import Path as File
from typing import Any

import numpy as np
import pytest
from tests.solve.decomposed.systems import Small, level_of, small, solved

from gigasite.solve.decomposed.answer import solution_of
from gigasite.solve.decomposed.level import KEPT_PATHS, Carried
from gigasite.solve.decomposed.memory import MOST_STEPS, Memory
from gigasite.solve.decomposed.multipliers import Path
from gigasite.solve.decomposed.progress import Limits, Progress
from gigasite.solve.solution import violations_of
from gigasite.solve.whole import solve_whole

GAP = 1e-6
NAME = "cuts-24h.npz"


@pytest.fixture(scope="module")
def system() -> Small:
    return small(5, ("store", "ramp", "cap", "take", "clean", "peak", "fuel"))  # without a line: a block has one site


@pytest.fixture(scope="module")
def optimum(system: Small) -> float:
    return solve_whole(system.lp).objective_usd


@pytest.fixture(scope="module")
def left(system: Small) -> Carried:
    level = level_of(system)
    return level.leave(solved(level, Limits(gap=GAP)))


def same(one: Carried, other: Carried) -> bool:
    """Whether both hold the same, to the single precision that a file keeps."""
    if one.plan != other.plan or list(one.paths) != list(other.paths):
        return False
    for name, paths in one.paths.items():
        for mine, theirs in zip(paths, other.paths[name], strict=True):
            if mine.steps != theirs.steps or list(mine.parts) != list(theirs.parts):
                return False
            for part, (steps, values) in mine.parts.items():
                other_steps, other_values = theirs.parts[part]
                single, other_single = values.astype(np.float32), other_values.astype(np.float32)
                if not np.array_equal(steps, other_steps) or not np.array_equal(single, other_single):
                    return False
    return True


def assert_right(system: Small, carried: Carried | None, optimum: float) -> Progress:
    """Whatever is carried, the answer is within the gap and holds every row."""
    level = level_of(system)
    progress = solved(level, Limits(gap=GAP), carried)
    assert progress.stopped == "gap"
    mine = solution_of(level, progress, seconds=0.0, status="optimal")
    assert progress.lower * 1e6 <= optimum * (1 + 1e-9)
    assert optimum * (1 - 1e-9) <= mine.objective_usd <= optimum * (1 + 1.01 * GAP)
    broken = violations_of(level.scaled.lp, mine.column_values / level.scaled.column_factor)
    assert max(broken.column, broken.row) <= 1e-6
    return progress


# -- what is remembered ------------------------------------------------------------------------------------------------


def test_a_file_gives_back_what_was_kept(left: Carried, tmp_path: File) -> None:
    Memory(tmp_path / "cuts").keep(24, left)
    assert [one.name for one in (tmp_path / "cuts").iterdir()] == [NAME]
    found = Memory(tmp_path / "cuts").recall(24)
    assert found is not None
    assert same(found, left)
    assert Memory(tmp_path / "cuts").recall(6) is None


def test_without_a_folder_it_is_remembered_in_the_call_only(left: Carried) -> None:
    memory = Memory()
    assert memory.recall(24) is None
    memory.keep(24, left)
    assert memory.recall(24) is not None
    assert Memory().recall(24) is None


def test_it_knows_what_has_a_plan_and_paths_for_every_site_and_year(left: Carried) -> None:
    memory = Memory()
    memory.keep(1, left)
    assert memory.knows(1, ("s0", "s1"), (2030, 2033))
    assert not memory.knows(6, ("s0", "s1"), (2030, 2033))
    assert not memory.knows(1, ("s0", "s2"), (2030, 2033))
    assert not memory.knows(1, ("s0", "s1"), (2030, 2031))
    assert not memory.knows(1, ("s",), (2030,))  # a part of a name is none
    assert not memory.knows(1, ("s0",), (2030,), ("low",))
    planless = Memory()
    planless.keep(1, Carried(paths=left.paths))
    assert not planless.knows(1, ("s0",), (2030,))


def test_months_of_several_futures_or_joined_places_are_known_by_each(left: Carried) -> None:
    some = next(iter(left.paths.values()))
    memory = Memory()
    names = ("low s0+s1 2030-01", "high s0+s1 2030-01", "odd", "")
    memory.keep(1, Carried(left.plan, dict.fromkeys(names, some)))
    assert memory.knows(1, ("s0", "s1"), (2030,), ("low", "high"))
    assert not memory.knows(1, ("s0",), (2030,), ("low", "middle"))
    assert not memory.knows(1, ("s0",), (2030,))


def test_the_latest_paths_of_each_block_are_kept(left: Carried) -> None:
    memory = Memory()
    path = Path(1, {"balance[]": (np.array([0]), np.array([1.0], dtype=np.float32))})
    memory.keep(24, Carried({}, {"known": [path]}))
    many = [Path(1, {"balance[]": (np.array([0]), np.array([float(n)], dtype=np.float32))}) for n in range(30)]
    memory.keep(24, Carried({"x": 1.0}, {"new": many}))
    found = memory.recall(24)
    assert found is not None
    assert found.plan == {"x": 1.0}
    assert found.paths["known"] == [path]
    assert [float(one.parts["balance[]"][1][0]) for one in found.paths["new"]] == list(range(30 - KEPT_PATHS, 30))


def test_what_was_left_by_the_same_problem_makes_it_quick(system: Small, left: Carried, optimum: float) -> None:
    again = assert_right(system, left, optimum)
    cold = assert_right(system, None, optimum)
    assert len(again.rounds) < 0.5 * len(cold.rounds)


# -- stale and foreign -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_what_another_scenario_left_is_no_fault(system: Small, optimum: float, seed: int) -> None:
    other = level_of(small(seed, ("store", "cap", "line"), months=(1, 2, 5), steps=3))
    assert_right(system, other.leave(solved(other, Limits(gap=1e-4))), optimum)


@pytest.mark.parametrize("size", [1.0, 1e3, 1e6, 1e12, 3e38])
def test_random_numbers_under_the_right_names_are_no_fault(
    system: Small, left: Carried, optimum: float, size: float
) -> None:
    chance = np.random.default_rng(0)

    def drawn(count: int) -> np.ndarray:
        return (size * chance.uniform(-1.0, 1.0, count)).astype(np.float32)

    foreign = Carried(
        {name: float(drawn(1)[0]) for name in left.plan},
        {
            block: [
                Path(one.steps, {name: (steps, drawn(len(steps))) for name, (steps, _) in one.parts.items()})
                for one in paths
            ]
            for block, paths in left.paths.items()
        },
    )
    assert_right(system, foreign, optimum)


def test_paths_of_another_number_of_steps_are_no_fault(system: Small, left: Carried, optimum: float) -> None:
    odd = Carried(left.plan, {b: [Path(n, one.parts) for n, one in enumerate(of, 1)] for b, of in left.paths.items()})
    assert_right(system, odd, optimum)


# -- damaged -----------------------------------------------------------------------------------------------------------


def written(carried: Carried, folder: File) -> bytes:
    Memory(folder).keep(24, carried)
    return (folder / NAME).read_bytes()


def file_of(told: Any, steps: Any, values: Any) -> bytes:
    """A file of the right make with any content."""
    made = io.BytesIO()
    text = told if isinstance(told, bytes) else json.dumps(told).encode()
    np.savez(made, index=np.frombuffer(text, dtype=np.uint8), steps=np.asarray(steps), values=np.asarray(values))
    return made.getvalue()


def index(steps: Any = 1, length: Any = 1, version: Any = 1, plan: Any = None) -> dict[str, Any]:
    return {
        "version": version,
        "plan": {} if plan is None else plan,
        "paths": [["s0 2030-01", steps, [["balance[]", length]]]],
    }


def other_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("notes.txt", "nothing of ours")
    return made.getvalue()


def npy(values: Any) -> bytes:
    made = io.BytesIO()
    np.save(made, values)
    return made.getvalue()


ONE, FLOAT = np.zeros(1, dtype=np.int32), np.ones(1, dtype=np.float32)

DAMAGED = {
    "empty": b"",
    "text": b"not an archive at all",
    "zip of something else": other_zip(),
    "array without a name": npy(np.ones(3)),
    "another version": file_of(index(version=99), ONE, FLOAT),
    "no index": file_of(b"", ONE, FLOAT),
    "index that is no json": file_of(b"{", ONE, FLOAT),
    "index that is a list": file_of([], ONE, FLOAT),
    "plan that is a list": file_of(index(plan=[1.0]), ONE, FLOAT),
    "plan of texts": file_of(index(plan={"x": "much"}), ONE, FLOAT),
    "too short": file_of(index(length=5), ONE, FLOAT),
    "length below zero": file_of(index(length=-1), ONE, FLOAT),
    "length without end": file_of(index(length=float("inf")), ONE, FLOAT),
    "no number of steps": file_of(index(steps=None), ONE, FLOAT),
    "steps below zero": file_of(index(), ONE - 1, FLOAT),
    "a step far behind the month": file_of(index(), ONE + 2_000_000_000, FLOAT),
    "a step just behind the longest month": file_of(index(), ONE + MOST_STEPS, FLOAT),
    "no steps at all": file_of(index(steps=0), ONE, FLOAT),
    "steps that go backwards": file_of(index(steps=-4), ONE, FLOAT),
    "more steps than the longest month has": file_of(index(steps=MOST_STEPS + 1), ONE, FLOAT),
    "steps that are fractions": file_of(index(), ONE + 0.5, FLOAT),
    "steps that are texts": file_of(index(), np.array(["one"]), FLOAT),
    "more values than steps": file_of(index(), ONE, np.ones(2, dtype=np.float32)),
    "more steps than values": file_of(index(), np.zeros(2, dtype=np.int32), FLOAT),
    "values in a table": file_of(index(), ONE.reshape(1, 1), FLOAT.reshape(1, 1)),
    "one value alone": file_of(index(), ONE[0], FLOAT[0]),
    "values that are texts": file_of(index(), ONE, np.array(["much"])),
    "values that are complex": file_of(index(), ONE, FLOAT * 1j),
    "values that are objects": file_of(index(), ONE, np.array([None])),
    "paths that are names": file_of({**index(), "paths": ["s0 2030-01"]}, ONE, FLOAT),
    "an index without paths": file_of({"version": 1, "plan": {}}, ONE, FLOAT),
    "an index nested without end": file_of(b"[" * 100_000, ONE, FLOAT),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_left_aside_with_a_warning(
    content: bytes, tmp_path: File, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert Memory(tmp_path).recall(24) is None
    assert NAME in caplog.text


MALFORMED = {
    "values that are no numbers": file_of(index(), ONE, FLOAT * np.nan),
    "values without end": file_of(index(), ONE, FLOAT * np.inf),
    "a plan that is no number": file_of(index(plan={"plant.capacity_mw[s0,2030]": float("nan")}), ONE, FLOAT),
    "a plan without end": file_of(index(plan={"plant.capacity_mw[s0,2030]": float("inf")}), ONE, FLOAT),
    "a plan far outside": file_of(index(plan={"plant.capacity_mw[s0,2030]": 1e300}), ONE, FLOAT),
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_file_with_odd_numbers_is_left_aside_or_does_no_harm(
    content: bytes, tmp_path: File, system: Small, optimum: float
) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert_right(system, Memory(tmp_path).recall(24), optimum)


def with_header(header: str) -> bytes:
    """A file whose steps begin with the header of an array as given; its checksums are right."""
    text, made = header.encode(), io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("index.npy", npy(np.frombuffer(json.dumps(index()).encode(), dtype=np.uint8)))
        archive.writestr("steps.npy", b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(4))
        archive.writestr("values.npy", npy(FLOAT))
    return made.getvalue()


HEADERS = {
    "no dictionary": "[1, 2]\n",
    "no type of ours": "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n",
    "a length below zero": "{'descr': '<i4', 'fortran_order': False, 'shape': (-1,), }\n",
    "more than memory holds": "{'descr': '<i4', 'fortran_order': False, 'shape': (10000000000000,), }\n",
}
OPEN_HEADERS = {
    "a bracket that stays open": "{'descr': '<i4', 'fortran_order': False, 'shape': (1,\n",
    "a text that stays open": "{'descr': '''<i4', 'fortran_order': False, 'shape': (1,), }\n",
    "lines that step back": "  1\n 2\n",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_a_header_that_is_no_header_is_left_aside_with_a_warning(
    header: str, tmp_path: File, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).write_bytes(with_header(header))
    with caplog.at_level(logging.WARNING):
        assert Memory(tmp_path).recall(24) is None
    assert NAME in caplog.text


@pytest.mark.parametrize("header", OPEN_HEADERS.values(), ids=OPEN_HEADERS.keys())
def test_a_header_that_does_not_end_is_left_aside(header: str, tmp_path: File) -> None:
    (tmp_path / NAME).write_bytes(with_header(header))
    assert Memory(tmp_path).recall(24) is None


def test_the_longest_month_is_read(tmp_path: File) -> None:
    (tmp_path / NAME).write_bytes(file_of(index(steps=MOST_STEPS), ONE + MOST_STEPS - 1, FLOAT))
    found = Memory(tmp_path).recall(24)
    assert found is not None
    (path,) = found.paths["s0 2030-01"]
    assert (path.steps, path.parts["balance[]"][0].tolist()) == (MOST_STEPS, [MOST_STEPS - 1])


def test_a_truncated_file_is_left_aside(left: Carried, tmp_path: File) -> None:
    whole = written(left, tmp_path)
    for share in (0.0, 0.01, 0.3, 0.7, 0.99, 0.9999):
        (tmp_path / NAME).write_bytes(whole[: int(share * len(whole))])
        assert Memory(tmp_path).recall(24) is None


def test_a_file_with_wrong_bytes_is_read_or_left_aside(left: Carried, tmp_path: File) -> None:
    small_one = Carried(dict(list(left.plan.items())[:3]), {b: of[-1:] for b, of in list(left.paths.items())[:1]})
    whole = written(small_one, tmp_path)
    chance = np.random.default_rng(0)
    for _ in range(300):
        spoilt = bytearray(whole)
        first, many = chance.integers(len(whole)), chance.integers(1, 30)
        spoilt[first : first + many] = chance.bytes(int(many))
        (tmp_path / NAME).write_bytes(bytes(spoilt))
        Memory(tmp_path).recall(24)


# -- writing -----------------------------------------------------------------------------------------------------------


def test_a_file_is_written_whole_or_not_at_all(left: Carried, tmp_path: File, monkeypatch: Any) -> None:
    before = written(left, tmp_path)

    def full(file: File, **_: Any) -> None:
        File(file).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    Memory(tmp_path).keep(24, Carried({"x": 1.0}))
    assert [one.name for one in tmp_path.iterdir()] == [NAME]
    assert (tmp_path / NAME).read_bytes() == before


def test_a_folder_that_is_a_file_costs_a_warning_only(
    left: Carried, tmp_path: File, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cuts").write_text("a file", encoding="utf-8")
    memory = Memory(tmp_path / "cuts")
    assert memory.recall(24) is None
    with caplog.at_level(logging.WARNING):
        memory.keep(24, left)
    assert "not kept" in caplog.text
    assert memory.recall(24) is not None  # this call remembers all the same


def test_a_folder_where_the_file_should_be_costs_a_warning_only(
    left: Carried, tmp_path: File, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).mkdir()
    memory = Memory(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert memory.recall(24) is None
        memory.keep(24, left)
    assert "left aside" in caplog.text
    assert "not kept" in caplog.text
    assert [one.name for one in tmp_path.iterdir()] == [NAME]  # and nothing unfinished beside it
    assert memory.recall(24) is not None


def test_a_file_of_another_scenario_is_added_to(left: Carried, tmp_path: File) -> None:
    Memory(tmp_path).keep(24, left)
    memory = Memory(tmp_path)
    memory.keep(24, Carried({"x": 1.0}))
    found = Memory(tmp_path).recall(24)
    assert found is not None
    assert set(left.paths) <= set(found.paths)
