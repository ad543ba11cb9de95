"""The small world worked by hand; see `small_world`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.formulation.small_world import World, make_world


@pytest.fixture
def world() -> Callable[..., World]:
    """Makes the small world; see `make_world`."""
    return make_world
