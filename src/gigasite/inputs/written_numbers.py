"""What a planner is told who writes a text where a number belongs: "800 MW", "0.8 GW", "1,000", "15 %"."""

from __future__ import annotations

import re
from typing import Any, Final

from gigasite.foundation.names import unit_of_name
from gigasite.foundation.units import KM_PER_MILE, KW_PER_MW, MW_PER_GW, MWH_PER_GWH, MWH_PER_TWH

_NUMBER_AND_REST = re.compile(r"^\s*([-+]?[0-9][0-9.,_' ]*(?:[eE][-+]?[0-9]+)?)\s*(.*?)\s*$")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}([,_' ][0-9]{3})+(\.[0-9]+)?")
_FACTORS: Final = {
    ("gw", "MW"): MW_PER_GW,
    ("kw", "MW"): 1.0 / KW_PER_MW,
    ("gwh", "MWh"): MWH_PER_GWH,
    ("twh", "MWh"): MWH_PER_TWH,
    ("mi", "km"): KM_PER_MILE,
    ("miles", "km"): KM_PER_MILE,
    ("%", None): 0.01,
}
_LONGEST = 60


def unit_of_path(path: tuple[str | int, ...]) -> str | None:
    """Return the unit that the last key with a unit in its name gives to a value.

    >>> unit_of_path(("sites", "piketon", "load_ramp_mw", 2028))
    'MW'
    """
    names = [step for step in path if isinstance(step, str)]
    return unit_of_name(names[-1]) if names else None


def plain_number(unit: str | None) -> str:
    """Return what is allowed where a number belongs."""
    return f"a plain number in {unit}" if unit else "a plain number"


def remedy_for_text(text: str, unit: str | None) -> str:
    """Return how to write the number that a text means, in the unit of its key.

    >>> remedy_for_text("0.8 GW", "MW")
    'write a plain number in MW: 800'
    >>> remedy_for_text("lots", "MW")
    'write a plain number in MW'
    """
    wanted = f"write {plain_number(unit)}"
    found = _NUMBER_AND_REST.match(text)
    if not found:
        return wanted
    number = _value(found[1])
    said = found[2].casefold()
    if number is None:
        return wanted
    if not said:
        quotes = "without quotes" if found[1].strip() == text.strip() and _THOUSANDS.fullmatch(text) is None else ""
        return f"write {number:.12g} {quotes}".strip()
    if unit is not None and said == unit.casefold():
        return f"{wanted}: {number:.12g}"
    factor = _FACTORS.get((said, unit))
    return f"{wanted}: {number * factor:.12g}" if factor is not None else wanted


def shown(value: Any) -> str:
    """Return a value as the file has it, cut where it is long."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(shown(item) for item in value) + "]"
    elif isinstance(value, float):
        text = f"{value:.12g}"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _value(digits: str) -> float | None:
    compact = re.sub(r"[,_' ]", "", digits) if _THOUSANDS.fullmatch(digits.strip()) else digits.strip()
    try:
        return float(compact)
    except ValueError:
        return None
