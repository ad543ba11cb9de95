"""Energised load by quarter against the ramp, and what each gap waits for until when."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gigasite.foundation.units import MONTHS_PER_YEAR
from gigasite.inputs.lead_times import QUARTER_MONTHS
from gigasite.results.outcome import Outcome
from gigasite.results.reasons import SEPARATOR
from gigasite.results.waiting import reasons_to_wait

COLUMNS = ("site", "quarter", "wanted_mw", "energised_mw", "waiting_mw", "waits_for", "until")
NOT_KNOWN = "not known"
QUARTERS = MONTHS_PER_YEAR // QUARTER_MONTHS


def energised_by_quarter_table(outcome: Outcome, capacity: pd.DataFrame) -> pd.DataFrame:
    """One row per site and quarter of the modelled years, as it is at the end of the quarter.

    `until` says from which quarter each item in `waits_for` can be had, in the same order. A year that does not begin
    in January stands as the year before until then; before the first modelled year nothing is wanted.
    """
    wanted, energised = outcome.system.ramp_mw, outcome.values("idle_load.energised_mw")
    waiting = outcome.values("idle_load.waiting_mw")
    reasons = reasons_to_wait(outcome, waiting, capacity)
    rows: list[dict[str, Any]] = []
    for s, place in enumerate(outcome.system.context.places):
        for y, year in enumerate(outcome.years):
            for quarter in range(1, QUARTERS + 1):
                at = y if place.settings.start_month.get(year, 1) <= QUARTER_MONTHS * quarter else y - 1
                held = reasons.get((s, at), []) if at >= 0 else []
                mw = [float(array[s, at]) if at >= 0 else 0.0 for array in (wanted, energised, waiting)]
                waits = SEPARATOR.join(reason.words for reason in held)
                until = SEPARATOR.join(reason.until or NOT_KNOWN for reason in held)
                told = (place.name, f"{year}-Q{quarter}", *mw, waits, until)
                rows.append(dict(zip(COLUMNS, told, strict=True)))
    return pd.DataFrame(rows, columns=list(COLUMNS))
