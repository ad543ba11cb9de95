"""Checks of the losses that a scenario asks to survive: trunk, grid circuit, grid outage, cold snap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, largest, worst_of
from gigasite.results.reliability import Loss, losses

IN_WORDS = {
    "gas_trunk": "Without the gas trunk",
    "far_gas_trunk": "Without the gas trunk of the plant that feeds it by a line",
    "grid_circuit": "Without the grid circuit",
    "grid_outage": "In a grid outage",
    "cold_snap_peak": "On the coldest day",
    "cold_snap_mean": "Over the cold snap",
}


def reliability_checks(books: Books) -> Iterator[Check]:
    """A check for each loss that the scenario asks to survive."""
    for loss in losses(books):
        yield loss_is_survived(books, loss)


def loss_is_survived(books: Books, loss: Loss) -> Check:
    """What is left in a loss: at least what has to be carried, in power and, where energy runs out, in energy."""
    name, words = f"{loss.name}_is_survived", IN_WORDS[loss.name]
    room = RELATIVE * np.maximum(loss.needed_mw, loss.carried_mw) + FLOOR_MW
    parts = [
        largest(
            name,
            loss.counts * (loss.needed_mw - loss.carried_mw),
            room,
            books.site_year,
            unit="MW",
            holds="",
            broken=f"{words} the load that has to be carried is missed",
        )
    ]
    if loss.spare_mwh is not None:
        hours = float(books.system.context.scenario.requirements.outage_survival_h)
        parts.append(
            largest(
                name,
                -loss.counts * loss.spare_mwh,
                room * hours,
                books.site_year,
                unit="MWh",
                holds="",
                broken=f"{words} stores and tanks run out",
            )
        )
    return worst_of(name, parts, holds=f"{words} the load that has to be carried is carried.")
