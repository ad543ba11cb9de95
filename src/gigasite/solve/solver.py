"""A HiGHS object, and a quiet end for the threads behind it."""

from __future__ import annotations

import atexit
from functools import cache
from typing import Any, cast


def new_highs() -> Any:
    """A HiGHS object that writes nothing to the terminal."""
    import highspy

    _join_threads_at_exit()
    highs: Any = cast(Any, highspy).Highs()
    highs.setOptionValue("output_flag", False)
    return highs


@cache
def _join_threads_at_exit() -> None:
    """HiGHS keeps worker threads between solves; left running, they now and then abort the process at its very end."""
    import highspy

    atexit.register(cast(Any, highspy).Highs.resetGlobalScheduler, True)
