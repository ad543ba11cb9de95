"""From a draft to a PyPSA network, its solve, and what it found; no answer is taken without its status."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigasite.foundation.errors import InputError, Problem, SolverFailure
from gigasite.run.crosscheck.draft import Draft, Key, Part, Row
from gigasite.system.quantity import Array

RECOUNTED = 1e-6
"""Share of its cost by which PyPSA's own objective may differ from power times price, added up again."""

STDOUT = 1
"""Number of the stream, which a library written in C writes to."""

_NOMINAL = {"Generator": "p_nom", "Link": "p_nom", "Store": "e_nom"}


def require_pypsa() -> Any:
    """PyPSA, an extra of gigasite.

    Raises:
        InputError: it is not installed.
    """
    with _quiet():
        try:
            return importlib.import_module("pypsa")
        except ImportError as missing:
            problem = Problem(
                "a cross-check needs PyPSA, which is not installed",
                given=str(missing),
                remedy='install "gigasite[crosscheck]", such as: pip install "gigasite[crosscheck]"',
            )
            raise InputError(problem) from missing


@dataclass(frozen=True)
class Found:
    """What PyPSA found.

    Attributes:
        draft: what it was asked.
        cost_usd: its objective, USD in a calendar year.
        capacity: of every part.
        power: MW of every generator and link, shape (hour,); of a link, what goes in.
    """

    draft: Draft
    cost_usd: float
    capacity: Mapping[Key, float]
    power: Mapping[Key, Array]

    def amounts_usd(self, site: str) -> list[float]:
        """What a site's parts cost in a calendar year, from their power and from the capacity that was chosen."""
        found = []
        for key, part in self.draft.parts.items():
            if part.site == site:
                running = (self.power[key] * usd_per_mwh for usd_per_mwh in part.costs.values())
                found += [float(one.sum()) * self.draft.step_hours for one in running]
                if part.capacity.fixed is None:
                    found.append(part.capacity.usd_per_year * self.capacity[key])
        return found


def solve_draft(draft: Draft) -> Found:
    """Build a draft in PyPSA and solve it with HiGHS.

    Raises:
        InputError: PyPSA is not installed.
        SolverFailure: it did not end with an optimum, or its cost is not that of its own dispatch.
    """
    pypsa = require_pypsa()
    with _quiet(), _nothing_printed():
        network = _network(pypsa, draft)
        ended, condition = network.optimize(
            solver_name="highs",
            io_api="direct",
            include_objective_constant=False,
            extra_functionality=lambda n, _: _add_rows(n.model, draft),
            solver_options={"output_flag": False},
        )
        if (ended, condition) != ("ok", "optimal"):
            raise SolverFailure(f"PyPSA ended without an optimum: status {ended}, {condition}")
        found = _read(network, draft)
    _recount(found)
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep warnings and log lines of PyPSA and what it uses off the terminal; its status is read instead."""
    loggers = [logging.getLogger(name) for name in ("pypsa", "linopy")]
    before = [one.level for one in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for one in loggers:
                one.setLevel(logging.CRITICAL)
            yield
        finally:
            for one, level in zip(loggers, before, strict=True):
                one.setLevel(level)


@contextmanager
def _nothing_printed() -> Iterator[None]:
    """Keep the banner of HiGHS off stdout: linopy hands the problem over before it can be told to be silent."""
    sys.stdout.flush()
    kept, nowhere = os.dup(STDOUT), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, STDOUT)
        yield
    finally:
        os.dup2(kept, STDOUT)
        os.close(kept)
        os.close(nowhere)


def _network(pypsa: Any, draft: Draft) -> Any:
    network = pypsa.Network()
    network.set_snapshots(list(range(draft.steps)))
    network.snapshot_weightings["objective"] = draft.step_hours
    network.snapshot_weightings["generators"] = draft.step_hours
    network.snapshot_weightings["stores"] = draft.width_h
    network.add("Bus", draft.buses)
    for site, load in draft.loads.items():
        network.add("Load", f"{site} load", bus=site, p_set=load)
    for part in draft.parts.values():
        network.add(part.kind, part.name, **_attributes(part, draft))
    if draft.co2_cap_t is not None:
        emitters = draft.emissions_t_per_mwh
        network.add("Carrier", list(emitters), co2_emissions=list(emitters.values()))
        network.add(
            "GlobalConstraint",
            "co2 cap",
            type="primary_energy",
            carrier_attribute="co2_emissions",
            sense="<=",
            constant=draft.co2_cap_t,
        )
    return network


def _attributes(part: Part, draft: Draft) -> dict[str, Any]:
    nominal, capacity = _NOMINAL[part.kind], part.capacity
    found = dict(part.attributes)
    if capacity.fixed is not None:
        found[nominal] = capacity.fixed
    else:
        found |= {f"{nominal}_extendable": True, f"{nominal}_min": capacity.least, f"{nominal}_max": capacity.most}
        found["capital_cost"] = capacity.usd_per_year
    if part.costs:
        found["marginal_cost"] = sum(part.costs.values(), np.zeros(draft.steps))
    if draft.co2_cap_t is not None and part.name in draft.emissions_t_per_mwh:
        found["carrier"] = part.name
    return found


def _add_rows(model: Any, draft: Draft) -> None:
    for row in draft.rows:
        _add_row(model, draft, row)


def _add_row(model: Any, draft: Draft, row: Row) -> None:
    limit, left = row.limit, []
    for key, coefficient in row.capacity.items():
        known = draft.known(key)
        if known is not None:
            limit -= coefficient * known
        elif coefficient:
            kind, name = key
            left.append(coefficient * model.variables[f"{kind}-{_NOMINAL[kind]}"].sel(name=name, drop=True))
    for key, each in row.power.items():
        if key in draft.parts and np.any(each):
            kind, name = key
            power = model.variables[f"{kind}-p"].sel(name=name, drop=True)
            term = power * _over_steps(power, each)
            left.append(term if row.each_step else term.sum("snapshot"))
    if left:
        total = left[0] + 0
        for term in left[1:]:
            total = total + term
        model.add_constraints(total, row.sense, limit, name=row.name)


def _over_steps(power: Any, each: float | Array) -> Any:
    if np.ndim(each) == 0:
        return float(each)
    xarray: Any = importlib.import_module("xarray")
    return xarray.DataArray(np.asarray(each), coords={"snapshot": power.coords["snapshot"]}, dims=["snapshot"])


def _read(network: Any, draft: Draft) -> Found:
    generators, links, stores = network.generators, network.links, network.stores
    capacity: dict[Key, float] = {}
    power: dict[Key, Array] = {}
    for kind, name in draft.parts:
        frame, nominal = {"Generator": generators, "Link": links, "Store": stores}[kind], _NOMINAL[kind]
        capacity[kind, name] = float(frame.at[name, f"{nominal}_opt"])
        if kind != "Store":
            series = network.generators_t.p if kind == "Generator" else network.links_t.p0
            power[kind, name] = np.asarray(series[name], dtype=float)
    return Found(draft, float(network.objective), capacity, power)


def _recount(found: Found) -> None:
    """PyPSA's cost again, from its capacities and its power."""
    sites = dict.fromkeys(part.site for part in found.draft.parts.values())
    amounts = [amount for site in sites for amount in found.amounts_usd(site)]
    counted, size = sum(amounts), sum(abs(amount) for amount in amounts)
    if not np.isfinite(found.cost_usd) or abs(counted - found.cost_usd) > RECOUNTED * max(size, 1.0):
        raise SolverFailure(
            f"PyPSA reports a cost of {found.cost_usd:,.0f} USD a year, but its own plan costs {counted:,.0f}"
        )
