"""A written run as the second way reads it: its resolved scenario, its tables, its calendar, and weights of money."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from ruamel.yaml import YAML
from tests.second_way import figures

MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True)
class Plan:
    run: object

    @cached_property
    def scenario(self):
        return YAML(typ="safe").load((self.run.path / "scenario.yaml").read_text(encoding="utf-8"))

    @cached_property
    def rate(self):
        said = self.scenario["money"].get("discount_rate_real")
        return figures.finance("discount_rate", "real") if said is None else said

    @property
    def horizon(self):
        return self.scenario["horizon"]

    @property
    def years(self):
        return list(self.horizon["years"])

    @cached_property
    def weights(self):
        """Dollars of the base year for one dollar paid in the middle of every calendar year of each span."""
        ends = [*self.years[1:], self.years[-1] + self.horizon["final_span_years"]]
        return {
            first: sum((1 + self.rate) ** -(t + 0.5 - self.horizon["base_year"]) for t in range(first, end))
            for first, end in zip(self.years, ends, strict=True)
        }

    @cached_property
    def chosen_days(self):
        return np.arange(self.horizon["days"]) * 365 // self.horizon["days"]

    @property
    def steps(self):
        return self.horizon["days"] * 24 // self.horizon["resolution_h"]

    @property
    def step_hours(self):
        return 8760 / self.steps

    @cached_property
    def month(self):
        """Month of every step, from 0."""
        return np.repeat(np.repeat(np.arange(12), MONTH_DAYS)[self.chosen_days], 24 // self.horizon["resolution_h"])

    def in_steps(self, hours, how="mean"):
        by_step = hours.reshape(365, 24)[self.chosen_days].reshape(self.steps, self.horizon["resolution_h"])
        return getattr(by_step, how)(axis=1)

    def table(self, name, **where):
        frame = self.run.table(name)
        for column, wanted in where.items():
            frame = frame[frame[column] == wanted]
        return frame

    def hourly(self, site, year):
        return pd.read_parquet(self.run.path / "hourly" / f"{site}_{year}.parquet").astype(float)

    def alive(self, vintage, year, life):
        return vintage <= year < vintage + life

    def recovery(self, rate, life):
        """Yearly payment that pays one dollar back over a life."""
        return rate / (1 - (1 + rate) ** -life)


def during_construction(shares, rate):
    """What one dollar of overnight cost has grown to at the start, each share spent in the middle of its year."""
    return sum(share * (1 + rate) ** (len(shares) - number - 0.5) for number, share in enumerate(shares))


def spending(look_up):
    """Shares of overnight cost by year of construction, from a function that looks a parameter up."""
    shares = []
    while share := look_up(f"spending_year_{len(shares) + 1}", default=0.0):
        shares.append(share)
    return shares
