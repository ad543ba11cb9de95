"""The discount rate from a capital structure."""

import math


def wacc_nominal_after_tax(
    *, debt_fraction: float, interest_rate_nominal: float, return_on_equity_nominal: float, tax_rate: float
) -> float:
    """Return the weighted average cost of debt and equity, nominal and after tax.

        w = D * i * (1 - T) + (1 - D) * e

    | symbol | name                       | unit     | dimensions |
    |--------|----------------------------|----------|------------|
    | w      | (result)                   | fraction | scalar     |
    | D      | `debt_fraction`            | fraction | scalar     |
    | i      | `interest_rate_nominal`    | fraction | scalar     |
    | e      | `return_on_equity_nominal` | fraction | scalar     |
    | T      | `tax_rate`                 | fraction | scalar     |

    Edge rule: interest is deducted from taxable income in full, dividends are not.

    Raises:
        ValueError: a share or tax rate outside 0 to 1, a return that is not finite.

    Source: NREL Annual Technology Baseline, financial cases and methods, "weighted average cost of capital".

    >>> round(wacc_nominal_after_tax(debt_fraction=0.55, interest_rate_nominal=0.08,
    ...                              return_on_equity_nominal=0.105, tax_rate=0.2574), 5)
    0.07992
    """
    for name, share in (("debt_fraction", debt_fraction), ("tax_rate", tax_rate)):
        if not 0 <= share <= 1:
            raise ValueError(f"{name} must lie between 0 and 1, given {share}")
    if not (math.isfinite(interest_rate_nominal) and math.isfinite(return_on_equity_nominal)):
        raise ValueError(f"returns must be finite, given {interest_rate_nominal} and {return_on_equity_nominal}")
    after_tax_interest = interest_rate_nominal * (1.0 - tax_rate)
    return debt_fraction * after_tax_interest + (1.0 - debt_fraction) * return_on_equity_nominal


def real_from_nominal(nominal: float, inflation: float) -> float:
    """Return the real rate that a nominal rate leaves after inflation (Fisher).

        r = (1 + n) / (1 + f) - 1

    | symbol | name        | unit     | dimensions |
    |--------|-------------|----------|------------|
    | r      | (result)    | fraction | scalar     |
    | n      | `nominal`   | fraction | scalar     |
    | f      | `inflation` | fraction | scalar     |

    Raises:
        ValueError: a rate or inflation not above -1.

    Source: Fisher, "The Theory of Interest", 1930, chapter 2.

    >>> round(real_from_nominal(0.07992, 0.025), 5)
    0.05358
    """
    if not nominal > -1 or not inflation > -1:
        raise ValueError(f"rates must be above -1, given {nominal} and inflation {inflation}")
    return (1.0 + nominal) / (1.0 + inflation) - 1.0
