"""Numbers and lists as a planner reads them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

from gigasite.foundation.units import MW_PER_GW, USD_PER_BILLION_USD, USD_PER_MILLION_USD

ONE_THOUSAND = 1e3


def listed(parts: Sequence[str]) -> str:
    """Several things in a sentence.

    >>> listed(["gas", "grid", "SMR"])
    'gas, grid and SMR'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else "nothing"


def technology_label(technology: str) -> str:
    """A technology inside a sentence.

    >>> technology_label("combined_cycle"), technology_label("no_such_thing")
    ('combined cycle', 'no such thing')
    """
    from gigasite.formulation.registry import technologies

    known = technologies()
    label = known[technology].label if technology in known else technology.replace("_", " ")
    return label if label.isupper() else label[0].lower() + label[1:]


def several(technology: str) -> str:
    """A technology as something one waits for: machines in the plural.

    >>> several("gas_engine"), several("battery"), several("combined_cycle"), several("grid_connection")
    ('gas engines', 'batteries', 'combined cycle', 'the grid')
    """
    if technology == "grid_connection":
        return "the grid"
    label = technology_label(technology)
    if label.endswith(("engine", "turbine", "cell", "reactor", "generator")):
        return f"{label}s"
    return f"{label[:-1]}ies" if label.endswith("battery") else label


def megawatts(mw: float) -> str:
    """Power without false precision.

    >>> megawatts(7193.2), megawatts(12.34), megawatts(0.0)
    ('7,193 MW', '12.3 MW', '0 MW')
    """
    return f"{mw:,.0f} MW" if abs(mw) >= MW_PER_GW / 10 or mw == 0 else f"{mw:,.1f} MW"


def dollars(usd: float) -> str:
    """Money in words, three figures.

    >>> dollars(46_342_480_297.0), dollars(84_210.0), dollars(6.5e6)
    ('46.3 bn USD', '84,200 USD', '6.50 million USD')
    """
    size = abs(usd)
    for unit, word in ((USD_PER_BILLION_USD, "bn USD"), (USD_PER_MILLION_USD, "million USD")):
        if size >= unit:
            return f"{_three_figures(usd / unit)} {word}"
    return f"{_three_figures(usd)} USD"


def _three_figures(value: float) -> str:
    size = abs(value)
    if size >= ONE_THOUSAND:
        rounded = float(f"{value:.3g}")
        return f"{rounded:,.0f}"
    digits = max(0, 2 - floor(log10(size))) if size >= 1 else 2
    return f"{value:,.{digits}f}"
