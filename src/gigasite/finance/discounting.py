"""Present-value weights of modelled years, and of the annuities of vintages."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


def calendar_years(years: Sequence[int], final_span_years: int) -> list[tuple[int, ...]]:
    """Return for each modelled year the calendar years it stands for.

        span(y_i) = {y_i, ..., y_(i+1) - 1},   span(last y) = {y, ..., y + F - 1}

    | symbol | name               | unit  | dimensions |
    |--------|--------------------|-------|------------|
    | y      | `years`            | year  | y          |
    | F      | `final_span_years` | years | scalar     |

    Edge rule: the last modelled year stands for `final_span_years` calendar years, itself included.

    Raises:
        ValueError: no years, years that do not increase, or a final span below one year.

    Source: definition of this model (money: a modelled year stands for the span to the next one).

    >>> calendar_years([2028, 2030], 3)
    [(2028, 2029), (2030, 2031, 2032)]
    """
    if len(years) == 0:
        raise ValueError("at least one modelled year is needed, given none")
    if final_span_years < 1:
        raise ValueError(f"final_span_years must be at least 1, given {final_span_years}")
    if any(later <= earlier for earlier, later in pairwise(years)):
        raise ValueError(f"modelled years must increase, given {list(years)}")
    ends = [*years[1:], years[-1] + final_span_years]
    return [tuple(range(start, end)) for start, end in zip(years, ends, strict=True)]


def year_weights(years: Sequence[int], *, rate: float, base_year: int, final_span_years: int) -> NDArray[np.float64]:
    """Return the present value of 1 USD paid in every calendar year a modelled year stands for.

        W_y = sum over t in span(y) of (1 + r)^-(t + 0.5 - b)

    | symbol | name               | unit     | dimensions |
    |--------|--------------------|----------|------------|
    | W      | (result)           | years    | y          |
    | t      | calendar year      | year     |            |
    | r      | `rate`             | fraction | scalar     |
    | b      | `base_year`        | year     | scalar     |
    | y      | `years`            | year     | y          |

    Edge rule: money moves in the middle of its calendar year, and present value means the first of January of the base
    year; a year before the base year weighs more than 1.

    Raises:
        ValueError: as `calendar_years`, or `rate` is not above -1.

    Source: definition of this model; the mid-year convention as in NREL/TP-462-5173, 1995, section 2.

    >>> year_weights([2028, 2030], rate=0.0, base_year=2026, final_span_years=20).tolist()
    [2.0, 20.0]
    """
    if not rate > -1:
        raise ValueError(f"rate must be above -1, given {rate}")
    spans = calendar_years(years, final_span_years)
    return np.array([sum((1.0 + rate) ** -(t + 0.5 - base_year) for t in span) for span in spans], dtype=np.float64)


def alive(years: Sequence[int], life_years: float) -> NDArray[np.bool_]:
    """Return whether capacity built in modelled year v still runs in modelled year y.

        alive[v, y] = (y >= v) and (y < v + L)

    | symbol | name         | unit  | dimensions |
    |--------|--------------|-------|------------|
    | v, y   | `years`      | year  | v, y       |
    | L      | `life_years` | years | scalar     |

    Edge rule: a modelled year decides for its whole span, so capacity whose life ends inside a span runs to
    the end of it.

    Raises:
        ValueError: `life_years` is not above zero.

    Source: definition of this model (capacity by vintage).
    """
    if not life_years > 0:
        raise ValueError(f"life_years must be above 0, given {life_years}")
    year = np.asarray(years, dtype=np.int64)
    vintage = year[:, None]
    return np.asarray((year >= vintage) & (year < vintage + life_years), dtype=np.bool_)


def vintage_weights(
    years: Sequence[int], *, life_years: float, rate: float, base_year: int, final_span_years: int
) -> NDArray[np.float64]:
    """Return the present value of a vintage's annuity of 1 USD a year, by the modelled year in whose span it is paid.

        A[v, y] = alive[v, y] * W_y

    | symbol | name           | unit  | dimensions |
    |--------|----------------|-------|------------|
    | A      | (result)       | years | v, y       |
    | alive  | `alive`        | 0, 1  | v, y       |
    | W      | `year_weights` | years | y          |

    Edge rule: 0 before the vintage starts and once its life has ended. A vintage whose life ends inside a span is paid
    to the end of that span, because it runs there; no payment falls beyond the horizon, so no salvage value is needed.

    Raises:
        ValueError: as `alive` and `year_weights`.

    Source: definition of this model (money: a vintage costs its annuity in each calendar year of its life).
    """
    weights = year_weights(years, rate=rate, base_year=base_year, final_span_years=final_span_years)
    return np.where(alive(years, life_years), weights, 0.0)
