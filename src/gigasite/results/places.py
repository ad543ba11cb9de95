"""Where the sites of a run lie, so that a run can be drawn without the inputs it was made from."""

from __future__ import annotations

import pandas as pd

from gigasite.results.outcome import Outcome
from gigasite.system.rest_of_state import PREFIX

COLUMNS = ("site", "place_name", "state", "latitude", "longitude", "zone", "is_aggregate")


def places_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site: its name, its point in degrees (WGS84), and whether it stands for the rest of a state."""
    rows = [
        (
            place.name,
            place.title,
            place.state,
            float(place.latitude),
            float(place.longitude),
            place.zone,
            place.name.startswith(PREFIX),
        )
        for place in outcome.system.context.places
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
