"""Capacity by site, year and technology: what is new, goes and stands, in how many machines, and what holds it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gigasite.formulation.fleets import machines
from gigasite.results.bounds import bounds_in_words, bounds_of_lines, bounds_of_trunk, limit_is_set
from gigasite.results.frames import Values, site_year_rows, stacked
from gigasite.results.fuelled import fuelled_firm_mw
from gigasite.results.outcome import Outcome
from gigasite.system.quantity import Array

TRUNK = "gas_trunk"
COLUMNS = (
    "site",
    "year",
    "technology",
    "machine_class",
    "new_mw",
    "retired_mw",
    "total_mw",
    "firm_mw",
    "units",
    "unit_size_mw",
    "new_energy_mwh",
    "energy_capacity_mwh",
    "new_trunk_mmbtu_per_h",
    "trunk_mmbtu_per_h",
    "capacity_max_mw",
    "bound",
)


def capacity_table(outcome: Outcome) -> pd.DataFrame:
    """One row per site, year and technology that the site may have.

        total[y] = total[year before] + new[y] - retired[y]

    `firm_mw` counts at the peak: rating at the design temperature times firm credit, with firm gas where gas is under
    contract; of a grid connection it is the firm part, and the rest is non-firm. A gas trunk is counted in MMBtu/h. A
    line stands at the site it leads to.
    """
    names = list(dict.fromkeys(term.feature for term in outcome.builder.hubs.capacity))
    frames = [_rows(outcome, name) for name in names]
    if "line.capacity_mw" in outcome.variable_names:
        frames.append(_line_rows(outcome))
    frames.append(_trunk_rows(outcome))
    return stacked(frames, COLUMNS)


def capacity_mw(outcome: Outcome, technology: str) -> Array:
    """Capacity that stands, shape (site, year); zero for what has none, such as load that is shed."""
    if technology == "line":
        return _lines_to_sites(outcome, outcome.values("line.capacity_mw"))
    terms = [term for term in outcome.builder.hubs.capacity if term.feature == technology]
    total = np.zeros((len(outcome.sites), len(outcome.years)))
    for term in terms:
        total += outcome.term(term, ("site", "year"))
    return total


def new_mw(outcome: Outcome, technology: str) -> Array:
    """Capacity that enters, shape (site, year): what is built, or the rise of what has no vintages."""
    terms = [term for term in outcome.builder.hubs.built if term.feature == technology]
    total = capacity_mw(outcome, technology)
    if not terms:
        return np.maximum(np.diff(total, axis=1, prepend=0.0), 0.0)
    built = np.zeros_like(total)
    for term in terms:
        built += outcome.term(term, ("site", "vintage"))
    return built


def retired_mw(total: Array, new: Array) -> Array:
    """Capacity that leaves: what stood before and what is new, less what stands."""
    before = np.concatenate([np.zeros_like(total[:, :1]), total[:, :-1]], axis=1)
    gone: Array = before + new - total
    return np.where(np.abs(gone) < 1e-6 * (1.0 + total), 0.0, gone)


def _rows(outcome: Outcome, technology: str) -> pd.DataFrame:
    total, new = capacity_mw(outcome, technology), new_mw(outcome, technology)
    at, context = outcome.at_sites(technology), outcome.system.context
    classes = np.array([[context.machine_class(s, technology) if i in at else ""] for i, s in enumerate(outcome.sites)])
    firm = outcome.by_feature(outcome.builder.hubs.firm_capacity).get(technology, np.zeros_like(total))
    firm = fuelled_firm_mw(outcome).get(technology, firm)
    limit = outcome.data(technology, "capacity_max_mw") or outcome.data(technology, "contract_max_mw")
    columns: dict[str, Values | str | float] = {
        "technology": technology,
        "machine_class": np.broadcast_to(classes, total.shape),
        "new_mw": new,
        "retired_mw": retired_mw(total, new),
        "total_mw": total,
        "firm_mw": firm,
        "capacity_max_mw": np.full(total.shape, np.nan)
        if limit is None
        else _limit_set(outcome, technology, limit.values),
        "bound": bounds_in_words(outcome, technology, total),
    }
    columns |= _machines(outcome, technology, total) | _energy(outcome, technology)
    return site_year_rows(outcome.sites, outcome.years, columns, at)


def _limit_set(outcome: Outcome, technology: str, limit: Array) -> Array:
    """The limit on capacity where the scenario sets one; what is only the model's own room is not shown."""
    limited = [limit_is_set(outcome, technology, s) for s in range(len(outcome.sites))]
    return np.where(np.array(limited)[:, None], limit, np.nan)


def _machines(outcome: Outcome, technology: str, total: Array) -> dict[str, Values | str | float]:
    """Whole machines, one begun counting as one; nothing for what is not made of machines.

    Where a site builds whole ones, the number is that of the plan.
    """
    size = outcome.data(technology, "unit_size_mw")
    if size is None:
        return {}
    sizes = np.broadcast_to(size.values[:, None], total.shape)
    units = [machines(float(mw), float(one)) if one > 0 else 0 for mw, one in zip(total.flat, sizes.flat, strict=True)]
    counted = np.array(units, dtype=float).reshape(total.shape)
    whole = outcome.data(technology, "whole_units")
    if whole is not None:
        counted = np.where(whole.values[:, None] > 0, np.round(outcome.values(f"{technology}.units")), counted)
    return {"units": counted, "unit_size_mw": np.array(sizes)}


def _energy(outcome: Outcome, technology: str) -> dict[str, Values | str | float]:
    name = f"{technology}.capacity_energy_mwh"
    if name not in outcome.variable_names:
        return {}
    return {
        "energy_capacity_mwh": outcome.values(name),
        "new_energy_mwh": outcome.values(f"{technology}.built_energy_mwh"),
    }


def _lines_to_sites(outcome: Outcome, by_line: Array) -> Array:
    found: Array = outcome.system.features["line"]["ends_at"].values.T @ by_line
    return found


def _line_rows(outcome: Outcome) -> pd.DataFrame:
    total = capacity_mw(outcome, "line")
    new = _lines_to_sites(outcome, outcome.values("line.built_mw"))
    limit = _lines_to_sites(outcome, outcome.system.features["line"]["capacity_max_mw"].values)
    lines = outcome.system.context.scenario.lines.values()
    ends = {line.to_site for line in lines}
    classes = [
        [", ".join(sorted({f"ac_{line.voltage_kv}kv" for line in lines if line.to_site == site}))]
        for site in outcome.sites
    ]
    columns: dict[str, Values | str | float] = {
        "technology": "line",
        "machine_class": np.broadcast_to(np.array(classes), total.shape),
        "new_mw": new,
        "retired_mw": retired_mw(total, new),
        "total_mw": total,
        "firm_mw": outcome.values("line.firm_net_mw"),
        "capacity_max_mw": limit,
        "bound": bounds_of_lines(total, limit),
    }
    at = [i for i, site in enumerate(outcome.sites) if site in ends]
    return site_year_rows(outcome.sites, outcome.years, columns, at)


def _trunk_rows(outcome: Outcome) -> pd.DataFrame:
    data = outcome.system.features["fuel_lateral"]
    new = outcome.values("fuel_lateral.trunk_mmbtu_per_h")
    laid = new @ data["in_life"].values
    at = [i for i, needed in enumerate(data["trunk_needed"].values) if needed]
    context = outcome.system.context
    defaults = context.tables.frame("technology_defaults").set_index("technology")["machine_class"]
    columns: dict[str, Values | str | float] = {
        "technology": TRUNK,
        "machine_class": str(defaults[TRUNK]),
        "new_trunk_mmbtu_per_h": new,
        "trunk_mmbtu_per_h": laid,
        "bound": bounds_of_trunk(laid),
    }
    return site_year_rows(outcome.sites, outcome.years, columns, at)
