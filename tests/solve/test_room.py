"""Large arrays are worked through in parts that leave nothing out."""

import gc

import numpy as np
import pytest

from gigasite.solve import room


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 9])
def test_parts_cover_every_member_once(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "PART", 4)
    members = np.arange(count)
    parts = [members[part] for part in room.parts_of(count)]
    assert [one for part in parts for one in part] == members.tolist()
    assert all(0 < len(part) <= 4 for part in parts)


def test_memory_is_given_back_after_large_problems_only(monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda: collected.append(1))
    room.give_back_memory(room.LARGE_ROWS - 1)
    assert collected == []
    room.give_back_memory(room.LARGE_ROWS)
    assert collected == [1]
