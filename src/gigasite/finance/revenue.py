"""What the power of a plant earns: at a fixed price, at one that rises with prices, or at cost plus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIXED, INDEXED, COST_PLUS = "fixed", "indexed", "cost_plus"
PRICE_KINDS = (FIXED, INDEXED, COST_PLUS)


@dataclass(frozen=True)
class PriceTerms:
    """How the price of a megawatt-hour moves over the years.

    Attributes:
        kind: `fixed`, `indexed` or `cost_plus`.
        indexed_share: part of the price that rises with prices, for `indexed` [fraction].
        margin_share: added to fuel and operation that the buyer pays for, for `cost_plus` [fraction].
    """

    kind: str = INDEXED
    indexed_share: float = 1.0
    margin_share: float = 0.0

    def __post_init__(self) -> None:
        """Refuse terms that mean nothing."""
        if self.kind not in PRICE_KINDS:
            raise ValueError(f"the price is one of {', '.join(PRICE_KINDS)}, given {self.kind}")
        if not 0 <= self.indexed_share <= 1:
            raise ValueError(f"the indexed share must lie between 0 and 1, given {self.indexed_share}")


def price_factor(terms: PriceTerms, price_level: Sequence[float]) -> NDArray[np.float64]:
    """Return what each year's price is of the price agreed on.

        fixed and cost plus:  f_t = 1
        indexed:              f_t = 1 - s + s * I_t

    | symbol | name                                        | unit     | dimensions |
    |--------|---------------------------------------------|----------|------------|
    | f      | (result)                                    | 1        | t          |
    | s      | `indexed_share`                             | fraction | scalar     |
    | I      | `price_level`: USD of t per USD of the money year | 1  | t          |

    Source: definition of this model.
    """
    level = np.asarray(price_level, dtype=np.float64)
    if terms.kind != INDEXED:
        return np.ones_like(level)
    return 1.0 - terms.indexed_share + terms.indexed_share * level


def revenue_usd(
    terms: PriceTerms,
    price_usd_per_mwh: float,
    *,
    energy_mwh: Sequence[float],
    operating_cost_usd: Sequence[float],
    price_level: Sequence[float],
) -> NDArray[np.float64]:
    """Return what is earned each year, in the money of the year.

        fixed, indexed:  R_t = p * f_t * E_t
        cost plus:       R_t = (1 + m) * O_t + p * E_t,   p pays for capital alone

    | symbol | name                                                     | unit     | dimensions |
    |--------|----------------------------------------------------------|----------|------------|
    | R      | (result)                                                 | USD      | t          |
    | p      | `price_usd_per_mwh`: of the money year where indexed, else of every year | USD/MWh | scalar |
    | f      | `price_factor`                                           | 1        | t          |
    | E      | `energy_mwh`                                             | MWh      | t          |
    | O      | `operating_cost_usd`: fuel and operation                 | USD      | t          |
    | m      | `margin_share`                                           | fraction | scalar     |

    Edge rule: revenue is linear in the price whatever the terms. An indexed price is one in money of the year whose
    level is 1, a fixed one is the same number of dollars in every year.
    Source: definition of this model.

    >>> revenue_usd(PriceTerms("indexed"), 50.0, energy_mwh=[2, 2], operating_cost_usd=[0, 0], price_level=[1, 1.1])
    array([100., 110.])
    """
    energy = np.asarray(energy_mwh, dtype=np.float64)
    earned = price_usd_per_mwh * price_factor(terms, price_level) * energy
    if terms.kind == COST_PLUS:
        earned = earned + (1.0 + terms.margin_share) * np.asarray(operating_cost_usd, dtype=np.float64)
    return earned
