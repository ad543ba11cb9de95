"""Load by site and year: wanted, energised, waiting and for what, served and not served."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gigasite.results.frames import site_year_rows
from gigasite.results.outcome import Outcome
from gigasite.results.waiting import waits_for


def load_table(outcome: Outcome, capacity: pd.DataFrame) -> pd.DataFrame:
    """One row per site and year; energy is that of one calendar year.

    served = load - unserved - shed
    """
    step = outcome.step_hours
    waiting = outcome.values("idle_load.waiting_mw")
    return site_year_rows(
        outcome.sites,
        outcome.years,
        {
            "wanted_mw": outcome.system.ramp_mw,
            "energised_mw": outcome.values("idle_load.energised_mw"),
            "waiting_mw": waiting,
            "waits_for": waits_for(outcome, waiting, capacity),
            "load_mwh": outcome.load_mw.sum(axis=-1) * step,
            "served_mwh": np.asarray(outcome.served_mwh),
            "unserved_mwh": outcome.unserved_mw.sum(axis=-1) * step,
            "shed_mwh": outcome.shed_mw.sum(axis=-1) * step,
        },
    )
