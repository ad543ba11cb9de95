"""What a run rests on: every cited figure it looked up, with the row it stands in."""

from __future__ import annotations

import pandas as pd

from gigasite.inputs.tables import Tables

COLUMNS = {
    "table": "str",
    "figure": "str",
    "year": "Int64",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "unit": "str",
    "currency_year": "Int64",
    "confidence": "str",
    "source": "str",
    "locator": "str",
    "note": "str",
    "input_file": "str",
    "input_line": "Int64",
}


def assumptions_table(tables: Tables) -> pd.DataFrame:
    """One row per figure and year that was looked up, in the unit and the money it was cited in.

    A row without a year serves every year. A figure between two given years is marked so in its note; its file and line
    are those of the earlier year.
    """
    rows = {
        (
            table,
            " ".join(value for value in keys.values() if value),
            None if year is None else int(year),
            figure.value,
            figure.low,
            figure.high,
            figure.unit,
            figure.currency_year,
            figure.confidence,
            figure.source,
            figure.locator,
            figure.note,
            "" if figure.origin is None else figure.origin.file,
            None if figure.origin is None else figure.origin.line,
        ): None
        for table, year, keys, figure in tables.used()
    }
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(COLUMNS)
    return frame.sort_values(["table", "figure", "year"], na_position="first", ignore_index=True)
