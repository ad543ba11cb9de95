"""Stocks made by hand: what a plan has, without a plan."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gigasite.run.replay.stock import Machines, Stock

HOURS = 8760


def machines(
    number: int,
    mw: float = 1.0,
    *,
    rate: float = 0.05,
    repair_h: float = 48.0,
    planned: Any = 0,
    technology: str = "gas_engine",
    name: str = "",
    energy_mwh: float = float("inf"),
) -> Machines:
    """Machines of one kind, the same in every hour."""
    out = np.broadcast_to(np.asarray(planned, dtype=np.int64), (HOURS,))
    return Machines(
        name or technology, technology, number, np.full(HOURS, mw), rate, repair_h, out, energy_mwh=energy_mwh
    )


def stock(*fleets: Machines, load_mw: Any = 0.0, site: str = "alpha", **others: Any) -> Stock:
    """A site with machines and a load."""
    load = np.broadcast_to(np.asarray(load_mw, dtype=float), (HOURS,))
    nothing: dict[str, Any] = {
        "standby": (),
        "steady_mw": np.zeros(HOURS),
        "store": None,
        "shed_mw": np.zeros(HOURS),
        "shed_mwh": 0.0,
        "feeders": (),
    }
    return Stock(site=site, energised_mw=float(load.max()), load_mw=load, machines=fleets, **{**nothing, **others})


@pytest.fixture
def stocks() -> Callable[..., Any]:
    """What the replay asks of the stocks of a plan."""

    def of(*of_sites: Stock, lines: Any = ()) -> Any:
        by_site = {one.site: one for one in of_sites}
        named = {f"line{i}": SimpleNamespace(from_site=a, to_site=b) for i, (a, b) in enumerate(lines)}
        context = SimpleNamespace(scenario=SimpleNamespace(lines=named))
        return SimpleNamespace(at=lambda site, _: by_site[site], context=context)

    return of
