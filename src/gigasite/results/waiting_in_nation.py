"""Reasons to wait that only a national account has: the limit of a place, a campus that opens as a whole or not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.formulation.requirements.national_limits import KINDS, labels_of
from gigasite.results.outcome import Outcome
from gigasite.results.prices_of_nation import NATIONAL_LIMITS, ROWS
from gigasite.results.reasons import PLACE, WHOLE_CAMPUS, Reason
from gigasite.results.words import megawatts

CAMPUS = "whole_campus"
HALF = 0.5


def national_reasons(outcome: Outcome, s: int, y: int) -> Iterator[Reason]:
    """Limits that hold a site and have a price, and a whole campus that did not open."""
    data = outcome.system.features.get(NATIONAL_LIMITS, {})
    for row, (kind, *_) in ROWS.items():
        duals = outcome.duals(f"{NATIONAL_LIMITS}.{row}")
        if duals is None:
            continue
        labels = labels_of(outcome.system.context, kind)
        for p in np.flatnonzero((data[f"in_{kind}"].values[:, s] > 0) & (duals[:, y] < 0)):
            what = "growth" if KINDS[kind].startswith("growth") else "load"
            yield Reason(PLACE, f"room in {labels[p].partition('_')[2]} (the {what} allowed there is used up)")
    campus = outcome.system.features.get(CAMPUS, {})
    if campus and campus["is_whole"].values[s] and outcome.values(f"{CAMPUS}.open_campus")[s, y] < HALF:
        least = float(campus["least_mw"].values[s, y])
        if least > 0:
            yield Reason(WHOLE_CAMPUS, f"a campus worth opening (its smallest is {megawatts(least)})")
