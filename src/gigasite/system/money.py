"""Money of any year into 2024 dollars, and yearly costs into present value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gigasite.finance.annuity import capital_recovery_factor
from gigasite.finance.deflator import Deflator
from gigasite.finance.discounting import vintage_weights
from gigasite.inputs.tables import Figure
from gigasite.system.time_axis import TimeAxis

MONEY_YEAR = 2024


@dataclass(frozen=True)
class Money:
    """The money rules of one scenario.

    Attributes:
        deflator: brings money of any year to 2024 dollars.
        time: the modelled years, the base year and the discount rate.
    """

    deflator: Deflator
    time: TimeAxis

    def usd_2024(self, figure: Figure) -> float:
        """A cited figure in 2024 dollars; figures without a currency year are already in them."""
        if figure.currency_year is None:
            return figure.value
        return float(self.deflator.to_2024(figure.value, figure.currency_year))

    def annuity_weights(
        self, *, life_years: float, cost_of_capital_real: float | None = None
    ) -> npt.NDArray[np.float64]:
        """Present value of the annuity of one dollar invested, by vintage and by the year it falls in.

            a[v, y] = crf(k, L) * sum over calendar years t of y in the life of v of (1 + r)^-(t + 0.5 - base)

        Args:
            life_years: economic life L, in years.
            cost_of_capital_real: the owner's real cost of capital k; the discount rate r where not given.

        Returns:
            Shape (vintage, year); zero before the vintage and after its life.
        """
        time = self.time
        rate = time.discount_rate_real if cost_of_capital_real is None else cost_of_capital_real
        return capital_recovery_factor(rate, life_years) * vintage_weights(
            time.years,
            life_years=life_years,
            rate=time.discount_rate_real,
            base_year=time.base_year,
            final_span_years=time.final_span_years,
        )
