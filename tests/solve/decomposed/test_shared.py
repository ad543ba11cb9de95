"""Equal arrays of blocks are held once, and blocks stay what they were."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from gigasite.solve.decomposed.shared import SharedArrays


@dataclass(frozen=True)
class Holder:
    name: str
    numbers: np.ndarray
    matrix: csr_array
    parts: tuple[np.ndarray, ...] = ()


def holder(name: str, *, first: float = 1.0, kind: type = np.float64) -> Holder:
    numbers = np.array([first, 2.0], dtype=kind)
    return Holder(name, numbers, csr_array(np.array([[first, 0.0], [0.0, 2.0]])), (numbers.copy(),))


def test_equal_arrays_are_one() -> None:
    shared = SharedArrays()
    one, two = shared.of(holder("one")), shared.of(holder("two"))
    assert one.numbers is two.numbers
    assert one.parts[0] is two.numbers
    assert np.shares_memory(one.matrix.data, two.matrix.data)
    assert np.shares_memory(one.matrix.indices, two.matrix.indices)
    assert (one.name, two.name) == ("one", "two")


def test_different_arrays_stay_different() -> None:
    shared = SharedArrays()
    one, two, single = (
        shared.of(holder("one")),
        shared.of(holder("two", first=3.0)),
        shared.of(holder("x", kind=np.float32)),
    )
    assert one.numbers.tolist() == [1.0, 2.0]
    assert two.numbers.tolist() == [3.0, 2.0]
    assert single.numbers.dtype == np.float32
    assert (one.matrix.toarray() == np.diag([1.0, 2.0])).all()
    assert (two.matrix.toarray() == np.diag([3.0, 2.0])).all()


def test_the_same_bytes_in_another_shape_or_type_are_not_the_same() -> None:
    shared = SharedArrays()
    whole, wide, real = np.zeros(4, dtype=np.int32), np.zeros((2, 2), dtype=np.int32), np.zeros(4, dtype=np.float32)
    found = [shared.of((array,))[0] for array in (whole, wide, real)]
    assert [one.shape for one in found] == [(4,), (2, 2), (4,)]
    assert [one.dtype for one in found] == [np.int32, np.int32, np.float32]


def test_a_part_does_not_keep_the_array_it_was_cut_from() -> None:
    large = np.arange(1_000.0)
    (part,) = SharedArrays().of((large[10:12],))
    assert part.tolist() == [10.0, 11.0]
    assert part.base is None
