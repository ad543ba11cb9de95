"""Bytes as text inside a page: gzip, then base64; a browser unpacks them itself.

Hours are rounded to 1/4,000 of the largest value of their series, kept as differences from hour to hour, and split into
low and high bytes, which pack better:

    step[h] = round(4000 * value[h] / largest), kept as step[h] - step[h - 1] in two bytes
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

STEPS = 4000


def script_json(value: Any) -> str:
    r"""JSON that may stand inside a script element: no text in it can end the element, or hide its end.

    >>> script_json({"title": "<!--<script>"})
    '{"title": "\\u003c!--\\u003cscript>"}'
    """
    return in_script(json.dumps(value, ensure_ascii=False))


def in_script(text: str) -> str:
    """JSON text as it may stand inside a script element."""
    return text.replace("<", "\\u003c")


def packed(content: bytes) -> str:
    """Content as text, smaller; the same content gives the same text."""
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")


def packed_series(series: Sequence[npt.NDArray[np.float64]]) -> tuple[str, list[float]]:
    """Several series of one length as text, and the largest absolute value of each.

    Args:
        series: values by step, each of shape (step,).

    >>> text, largest = packed_series([np.array([0.0, 5.0, 10.0])])
    >>> largest
    [10.0]
    """
    largest, parts = [], []
    for values in series:
        finite = np.nan_to_num(np.asarray(values, dtype=float))
        top = float(np.abs(finite).max(initial=0.0))
        largest.append(top)
        steps = np.rint(STEPS * finite / top if top else finite).astype(np.int16)
        parts.append(np.diff(steps, prepend=np.int16(0)).astype(np.int16))
    every = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int16)
    raw = every.astype("<i2").view(np.uint8)
    return packed(raw[0::2].tobytes() + raw[1::2].tobytes()), largest
