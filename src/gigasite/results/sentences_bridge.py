"""Bridge power in a sentence: how much, from when to when, what it costs, and what stands when it has gone."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.results.run import Run
from gigasite.results.words import dollars, listed, megawatts, technology_label

NAME = "bridge_power"
SMALL_MW = 0.5


def bridge(run: Run) -> Iterator[str]:
    """The sentence on every site that rents power."""
    rows = run.capacity[(run.capacity["technology"] == NAME) & (run.capacity["total_mw"] > SMALL_MW)]
    paid = run.costs[(run.costs["technology"] == NAME) & (run.costs["component"] == "rental")]
    for site, rented in rows.groupby("site", sort=False):
        first, last = int(rented["year"].min()), int(rented["year"].max())
        years = f"in {first}" if first == last else f"from {first} to {last}"
        usd = float(paid.loc[paid["site"] == site, "cost_usd_present_value"].sum())
        told = f"Bridge power at {site} {years}: up to {megawatts(rented['total_mw'].max())} rented for {dollars(usd)}"
        yield f"{told} in present value{_followed_by(run, str(site), last)}."


def _followed_by(run: Run, site: str, last: int) -> str:
    """What has come in the first modelled year after the last in which power is rented."""
    here = run.capacity[(run.capacity["site"] == site) & run.capacity["firm_mw"].gt(SMALL_MW)]
    later = sorted(year for year in run.capacity["year"].unique() if year > last)
    if not later:
        return ""
    firm = here.pivot_table(index="technology", columns="year", values="firm_mw", aggfunc="sum").fillna(0.0)
    if later[0] not in firm or last not in firm:
        return ""
    rise = (firm[later[0]] - firm[last]).drop(NAME, errors="ignore")
    rise = rise[rise > SMALL_MW].sort_values(ascending=False)
    parts = [f"{megawatts(float(mw))} of {technology_label(str(name))}" for name, mw in rise.items()]
    return f"; in {later[0]} it has gone, and {listed(parts)} more are firm" if parts else ""
