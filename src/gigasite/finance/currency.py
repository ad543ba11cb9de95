"""Yen and dollars, by the rate of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

USD, JPY = "USD", "JPY"


@dataclass(frozen=True)
class ExchangeRates:
    """Dated rates of one currency to the dollar.

        usd = amount / e(d),    e(d) = rate of the last day on or before d

    | symbol | name       | unit             | dimensions |
    |--------|------------|------------------|------------|
    | e      | `per_usd`  | currency per USD | d          |
    | d      | day        | date             |            |

    Edge rule: a day before the first known rate has none: nothing is guessed about the past. After the last one that
    rate holds on.

    Raises:
        ValueError: no rates, or one that is not above zero.

    Source: the rates are inputs that carry their own source.

    >>> yen = ExchangeRates("JPY", {date(2025, 1, 22): 156.0, date(2026, 3, 19): 158.7})
    >>> yen.to_usd(156e9, date(2025, 6, 30))
    1000000000.0
    """

    currency: str
    per_usd: Mapping[date, float]

    def __post_init__(self) -> None:
        """Refuse rates that nothing can be divided by, and keep a copy nobody else can change."""
        if not self.per_usd or not all(rate > 0 for rate in self.per_usd.values()):
            raise ValueError(f"rates of {self.currency} must be above 0, one at least")
        object.__setattr__(self, "per_usd", dict(sorted(self.per_usd.items())))

    def at(self, day: date) -> float:
        """Rate of a day: units of the currency for one dollar.

        Raises:
            ValueError: the day lies before the first known rate.
        """
        known = [known for known in self.per_usd if known <= day]
        if not known:
            raise ValueError(f"no rate of {self.currency} on {day}: the first is of {min(self.per_usd)}")
        return self.per_usd[known[-1]]

    def day_of(self, day: date) -> date:
        """Day whose rate holds on a day."""
        self.at(day)
        return max(known for known in self.per_usd if known <= day)

    def to_usd(self, amount: float, day: date) -> float:
        """An amount of the currency in USD of the day, nominal."""
        return amount / self.at(day)


def forward_rate(spot_per_usd: float, years: float, inflation: float, inflation_usd: float) -> float:
    """Return the rate in some years at which prices stay level between two currencies (relative purchasing power).

        e_n = e_0 * ((1 + f) / (1 + f_usd))^n

    | symbol | name            | unit             | dimensions |
    |--------|-----------------|------------------|------------|
    | e_0    | `spot_per_usd`  | currency per USD | scalar     |
    | n      | `years`         | years            | scalar     |
    | f      | `inflation` of the currency, `inflation_usd` | fraction | scalar |

    Edge rule: the same inflation on both sides keeps the rate. Real amounts convert at the spot rate, nominal ones of a
    later year at this one.

    Source: Cassel, "Abnormal Deviations in International Exchanges", The Economic Journal 28, 1918.

    >>> round(forward_rate(158.7, 10, 0.02, 0.025), 2)
    151.13
    """
    return float(spot_per_usd * ((1.0 + inflation) / (1.0 + inflation_usd)) ** years)
