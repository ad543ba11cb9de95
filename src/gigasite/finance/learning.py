"""How the cost of a plant falls from the first unit to the next ones."""

from __future__ import annotations

import math


def unit_cost_factor(unit: int, learning_rate: float) -> float:
    """Return the cost of the nth unit over that of the first.

        cost_n / cost_1 = n ^ log2(1 - LR)

    | symbol | name            | unit     | dimensions |
    |--------|-----------------|----------|------------|
    | n      | `unit`          | 1        | scalar     |
    | LR     | `learning_rate` | fraction | scalar     |

    Edge rule: each doubling takes away the share LR; a rate below zero is a cost that rises from unit to unit.

    Raises:
        ValueError: a unit below 1, or a rate not below 1.

    Source: Wright, "Factors Affecting the Cost of Airplanes", Journal of the Aeronautical Sciences 3, 1936.

    >>> [round(unit_cost_factor(n, 0.2), 4) for n in (1, 2, 4)]
    [1.0, 0.8, 0.64]
    """
    if unit < 1:
        raise ValueError(f"units are counted from 1, given {unit}")
    if not learning_rate < 1:
        raise ValueError(f"the learning rate must be below 1, given {learning_rate}")
    return float(unit ** math.log2(1.0 - learning_rate))


def mean_cost_factor(first_unit: int, units: int, learning_rate: float) -> float:
    """Return the mean cost of some units in a row over that of the first ever: mean of `unit_cost_factor`.

    >>> round(mean_cost_factor(1, 2, 0.2), 4)
    0.9
    """
    if units < 1:
        raise ValueError(f"there must be at least one unit, given {units}")
    each = (unit_cost_factor(unit, learning_rate) for unit in range(first_unit, first_unit + units))
    return math.fsum(each) / units


def learning_rate_of(first_over_later: float, first_later: int, last_later: int) -> float:
    """Return the learning rate that makes the first unit dearer than the mean of later ones by a given ratio.

        find LR:   1 / mean over n of cost_n / cost_1 = ratio,    n from `first_later` to `last_later`

    Raises:
        ValueError: a ratio not above zero, or later units that do not come after the first.

    Source: the equation of `unit_cost_factor`, solved by Brent's method. Darlington: 6.1 bn CAD for the first unit,
    4.4 for the mean of the second to fourth, a ratio of 1.386.

    >>> round(learning_rate_of(1.386, 2, 4), 4)
    0.1944
    """
    if not first_over_later > 0 or not 1 < first_later <= last_later:
        raise ValueError(f"no such units or ratio: {first_over_later}, {first_later} to {last_later}")
    from scipy.optimize import brentq

    units = last_later - first_later + 1

    def miss(rate: float) -> float:
        return mean_cost_factor(first_later, units, rate) * first_over_later - 1.0

    return float(brentq(miss, -10.0, 0.999, xtol=1e-12))
