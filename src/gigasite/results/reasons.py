"""What a reason to wait is: its words, its bottleneck, from when it can be had, and what it brings."""

from __future__ import annotations

from dataclasses import dataclass

from gigasite.results.bounds import GIVEN, OWN_UPPER, RAMP, SLOTS, STOCK, UPPER, ZONE

BUDGET = "money (the capital budget is spent)"
NOTHING_HOLDS = "cheaper supply (none on offer costs less than waiting)"
NOBODY_HAS = "plant (none can be had yet)"
NOT_NEEDED = "nothing (the trajectory is met without it)"
SEPARATOR = "; "
"""Between the reasons of a site and year in the table."""

GRID, GAS_TRUNK = "grid_connection", "gas_trunk"
IN_WORDS = {
    UPPER: "all that is allowed",
    OWN_UPPER: OWN_UPPER,
    GIVEN: GIVEN,
    SLOTS: "all that can be delivered",
    ZONE: "headroom used up",
    RAMP: "its contract rises no faster",
    STOCK: "all that is on order",
}
BOTTLENECKS = {
    "combined_cycle": "turbines",
    "gas_turbine": "turbines",
    "gas_engine": "engines",
    "bridge_power": "bridge power",
    "small_modular_reactor": "SMR",
    GRID: "grid",
}
"""Technologies whose bottleneck has a name of its own; the others are called what one waits for in the plural."""

MONEY, TRUNK, NO_OFFER, ANY_PLANT, NONE = "money", "trunk", "cheaper supply", "any plant", "nothing"
FIRM_GAS, CLEAN, PERMIT = "firm gas", "clean supply", "permits"
PLACE, WHOLE_CAMPUS = "room in a place", "whole campuses"
"""Bottlenecks that are no technology."""


@dataclass(frozen=True)
class Reason:
    """One thing that waiting load waits for.

    Attributes:
        bottleneck: what kind of thing it is.
        words: it, and what holds it, in a planner's words.
        until: quarter from which it can be had, such as 2031-Q1; empty where nobody knows.
        brings_mw: firm megawatts of it that come in the first later year in which less waits.
    """

    bottleneck: str
    words: str
    until: str = ""
    brings_mw: float = 0.0


Reasons = dict[tuple[int, int], list[Reason]]
"""What each site and year waits for, by their positions; only those in which something waits."""


def reasons_in(words: str) -> list[str]:
    """The reasons of a site and year, one by one."""
    return [reason for reason in str(words).split(SEPARATOR) if reason]
