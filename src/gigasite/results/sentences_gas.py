"""Gas under contract and distillate beside it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gigasite.results.run import Run

SMALL_MMBTU_PER_H = 0.5
SMALL_SHARE = 0.0005


def gas_supply(run: Run) -> Iterator[str]:
    """What carries the gas of the last year at every site with contracts or tanks, and what its region pays."""
    if "gas_supply" not in run.table_names:
        return  # a run of before this table
    table = run.table("gas_supply")
    for _, row in table[table["year"] == table["year"].max()].iterrows():
        parts = [*_carried(row), *_tanks(row)]
        if parts:
            yield f"At {row['site']} in {int(row['year'])} {'; '.join(parts)}."
    regions = run.table("gas_regions")
    for _, row in regions[regions["year"] == regions["year"].max()].iterrows():
        limit = row["limit_bcf_per_day"]
        allowed = "" if pd.isna(limit) else f" of the {limit:,.2f} it may"
        yield (
            f"The gas region {row['gas_region']} burns {row['burnt_bcf_per_day']:,.2f} Bcf a day{allowed} in "
            f"{int(row['year'])} and pays {row['mean_adder_usd_per_mmbtu']:,.2f} USD/MMBtu more for it."
        )


def _carried(row: Any) -> Iterator[str]:
    if row["firm_contract_mmbtu_per_h"] > SMALL_MMBTU_PER_H:
        yield f"{row['firm_contract_mmbtu_per_h']:,.0f} MMBtu/h of pipeline are firm"
    if row["interruptible_mmbtu"] > 0:
        share = 100.0 * row["interruptible_mmbtu"] / row["pipeline_mmbtu"]
        yield f"{share:,.0f} % of the gas is interruptible and stops on the {row['stopped_days']:,.0f} coldest days"


def _tanks(row: Any) -> Iterator[str]:
    if row["burner_mmbtu_per_h"] <= SMALL_MMBTU_PER_H:
        return
    burnt = row["liquid_mmbtu"] + row["pipeline_mmbtu"]
    share = row["liquid_mmbtu"] / burnt if burnt > 0 else 0.0
    lasts = row["tank_mmbtu"] / row["burner_mmbtu_per_h"]
    told = f"tanks hold {row['tank_mmbtu']:,.0f} MMBtu of distillate, {lasts:,.0f} hours of the burners fitted"
    yield f"{told}, and stand for {100.0 * share:.2g} % of the gas" if share > SMALL_SHARE else told
