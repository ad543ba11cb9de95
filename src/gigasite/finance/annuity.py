"""From an investment to equal yearly payments."""

import math


def capital_recovery_factor(rate: float, years: float) -> float:
    """Return the yearly payment that repays 1 USD with interest over `years`.

        CRF = r / (1 - (1 + r)^-n)

    | symbol | name    | unit     | dimensions |
    |--------|---------|----------|------------|
    | CRF    | (result)| 1/year   | scalar     |
    | r      | `rate`  | fraction | scalar     |
    | n      | `years` | years    | scalar     |

    Edge rule: at a rate of zero the payments are straight-line, CRF = 1 / n, which is also the limit of the equation.
    Rate and payments are both real or both nominal. The payments fall at the end of each year of the loan.

    Raises:
        ValueError: `years` is not above zero, or `rate` is not above -1, or either is not finite.

    Source: uniform-series capital recovery, e.g. Short, Packey and Holt, "A Manual for the Economic Evaluation of
    Energy Efficiency and Renewable Energy Technologies", NREL/TP-462-5173, 1995, section 2.

    >>> round(capital_recovery_factor(0.05358, 30), 6)
    0.06773
    """
    if not math.isfinite(years) or years <= 0:
        raise ValueError(f"years must be finite and above 0, given {years}")
    if not math.isfinite(rate) or rate <= -1:
        raise ValueError(f"rate must be finite and above -1, given {rate}")
    # expm1 and log1p keep all digits where 1 - (1 + r)^-n would cancel at tiny rates.
    discounted_away = -math.expm1(-years * math.log1p(rate))
    return 1.0 / years if discounted_away == 0 else rate / discounted_away
