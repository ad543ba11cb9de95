"""Packed multipliers come back bit by bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gigasite.solve.decomposed.packed import Packed


@given(arrays(np.float64, st.integers(0, 70), elements=st.floats(allow_nan=False) | st.just(0.0)))
def test_what_is_packed_comes_back(array: np.ndarray) -> None:
    packed = Packed.of(array)
    back = packed.unpacked()
    assert back.dtype == array.dtype
    assert np.array_equal(back, array)
    assert packed.any == bool((array != 0).any())


def test_zeros_take_a_bit_each() -> None:
    packed = Packed.of(np.r_[np.zeros(8_000), 1.5])
    assert packed.values.tolist() == [1.5]
    assert packed.places.nbytes == pytest.approx(1_001)


def test_single_precision_stays_single() -> None:
    assert Packed.of(np.array([0.0, 2.5], dtype=np.float32)).unpacked().dtype == np.float32
