"""A site the second way: where it is, how warm it is, what load and which technologies it has.

Only the seeded series come from the package: random numbers cannot be drawn a second way.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import brentq
from tests.second_way import figures
from tests.second_way.plan import Plan, during_construction, spending

from gigasite.system.synthetic_year import price_series, synthetic_series, temperature_series

LOAD_ROWS = {
    "pue_peak": "pue_peak",
    "pue_mean": "pue_mean_target",
    "utilisation_mean": "utilisation_mean_ai_campus",
    "idle_value_usd_per_mw_year": "idle_value_usd_per_mw_year",
    "unserved_cost_usd_per_mwh": "unserved_cost_usd_per_mwh",
}
COINCIDENT_HOURS = 40


@dataclass(frozen=True)
class Site:
    plan: Plan
    name: str

    @property
    def said(self):
        return self.plan.scenario["sites"][self.name]

    @cached_property
    def layer(self):
        return figures.sites_of_the_layer()[self.said.get("like") or self.name]

    @property
    def zone(self):
        return self.said["grid"].get("zone") or self.layer["grid_zone"]

    @property
    def seed(self):
        return self.plan.horizon["seed"]

    @cached_property
    def temperature(self):
        like = self.layer.get("temperature_like_site") or self.said.get("like") or self.name
        means, statistics = figures.shape(self.layer["temperature_series"])
        name = f"temperature of {self.name}"
        return temperature_series(figures.monthly_temperature(like), means, statistics, seed=self.seed, name=name)

    def load_figure(self, key):
        for section in (self.said.get("load") or {}, self.plan.scenario.get("load") or {}):
            if section.get(key) is not None:
                return section[key]
        return figures.finance("load", LOAD_ROWS[key])

    @cached_property
    def load_per_mw(self):
        """Utilisation times PUE over its peak; the base of the PUE is what meets its yearly mean."""
        slope, threshold = (figures.finance("load", f"pue_{key}") for key in ("slope_per_k", "threshold_c"))
        cooling = slope * np.maximum(0, self.temperature - threshold)
        peak, mean = self.load_figure("pue_peak"), self.load_figure("pue_mean")
        base = brentq(lambda b: np.minimum(peak, b + cooling).mean() - mean, 0.0, peak)
        return self.load_figure("utilisation_mean") * np.minimum(peak, base + cooling) / peak

    @cached_property
    def price_shape(self):
        series = figures.zone_series(self.zone, "price")
        found = price_series(*figures.shape(series), seed=self.seed, name=series)
        return found / found.mean()

    @cached_property
    def coincident_weights(self):
        """Even over the 40 modelled summer hours of highest system load."""
        series = figures.zone_series(self.zone, "load")
        load = synthetic_series(*figures.shape(series), seed=self.seed, name=series)
        day = np.arange(8760) // 24
        modelled = np.isin(day, self.plan.chosen_days)
        summer = modelled & (day >= 151) & (day < 273)
        seen = summer if summer.any() else modelled
        order = np.argsort(np.where(seen, -load, np.inf), kind="stable")
        chosen = np.zeros(8760)
        chosen[order[: min(COINCIDENT_HOURS, seen.sum())]] = 1
        found = self.plan.in_steps(chosen)
        return found / found.sum()

    def machine(self, technology):
        return Machine(self, technology)


@dataclass(frozen=True)
class Machine:
    """A technology at a site, with the options of the scenario before the rows of the files."""

    site: Site
    technology: str

    @cached_property
    def options(self):
        everywhere = (self.site.plan.scenario.get("technologies") or {}).get(self.technology) or {}
        return everywhere | (self.site.said["technologies"][self.technology] or {})

    @cached_property
    def kind(self):
        defaults = figures.table("technology_defaults").set_index("technology").loc[self.technology]
        case = defaults.cost_case if isinstance(defaults.cost_case, str) else None
        return self.options.get("machine_class") or defaults.machine_class, self.options.get("cost_case") or case

    def __call__(self, parameter, year=None, default=None, *, money=False):
        return figures.technology(self.technology, *self.kind, parameter, year, default, money=money)

    @property
    def life(self):
        return min(
            self("lifetime_years", default=np.inf),
            self.options.get("economic_life_years") or self("economic_life_years"),
        )

    @property
    def rate(self):
        return self.options.get("cost_of_capital_real") or self("cost_of_capital_real", default=self.site.plan.rate)

    @property
    def all_in(self):
        return bool(self("capex_all_in", default=0.0))

    @property
    def start_cost(self):
        """Interest during construction; an all-in cost holds it already."""
        shares = spending(self)
        return 1.0 if self.all_in or not shares else during_construction(shares, self.rate)

    @property
    def yearly(self):
        """Yearly payment for one dollar of overnight cost, over its life."""
        return self.site.plan.recovery(self.rate, self.life) * self.start_cost

    def regional(self, kind):
        """Cost here over that of the files; an announced total is that of its place already."""
        said = (self.site.said.get("capex_multiplier") or {}).get(self.technology)
        here = self.site.layer.get(f"capex_multiplier_{kind}") if said is None else said
        return 1.0 if self.all_in or here is None else here
