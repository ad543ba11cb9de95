"""What a feature sees when it prepares its arrays: one scenario's inputs, looked up by site, technology and year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gigasite.finance.construction import delay_factor, interest_during_construction_factor
from gigasite.inputs.finance_terms import Terms
from gigasite.inputs.lead_times import first_month, first_year, lead_months
from gigasite.inputs.scenario import TechnologySpec, technology_options
from gigasite.inputs.tables import Figure, Tables
from gigasite.system.fuel_prices import fuel_price_usd_per_mmbtu
from gigasite.system.money import Money
from gigasite.system.place import Place
from gigasite.system.quantity import Array, Quantity, weakest
from gigasite.system.time_axis import TimeAxis

CAPACITY_ROOM = 3.0
"""Where nobody sets a limit, firm capacity at a site stays below this many times its largest wanted load."""


@dataclass(frozen=True)
class Context:
    """Inputs of one scenario, the only way a feature reaches them.

    Attributes:
        scenario: the checked scenario.
        tables: cited figures, with the scenario's overrides applied.
        time: modelled years and steps.
        money: deflator and discounting.
        places: one per site, in the order of the `site` set.
        zones: grid zones that any site uses, in order.
        regions: the regions whose headroom those zones share.
        grid_steps: number of steps of added load in a zone.
        load_room_mw: largest load of a site to make room for where its own ramp stays below: that of all futures, so
            that capacity common to them may be as large as any of them needs.
    """

    scenario: Any
    tables: Tables
    time: TimeAxis
    money: Money
    places: tuple[Place, ...]
    zones: tuple[str, ...]
    regions: tuple[str, ...]
    grid_steps: int
    load_room_mw: Mapping[str, float] = field(default_factory=dict)

    @property
    def seed(self) -> int:
        """Seed of every synthetic series."""
        return int(self.scenario.horizon.seed)

    @cached_property
    def terms(self) -> Terms | None:
        """Terms of the section `finance:`; None where the scenario has none."""
        spec = self.scenario.finance
        return None if spec is None else Terms(spec, self.tables)

    @property
    def years(self) -> tuple[int, ...]:
        """Modelled years."""
        return self.time.years

    def options(self, site: str, technology: str) -> TechnologySpec | None:
        """A technology's options at a site, or None where the site does not have it."""
        if technology not in self.scenario.sites[site].technologies:
            return None
        return technology_options(self.scenario, site, technology)

    def machine_class(self, site: str, technology: str) -> str:
        """The class of machine a site uses: its own choice, or the technology's default."""
        options = self.options(site, technology)
        chosen = options.machine_class if options is not None else None
        return chosen or self._default(technology, "machine_class")

    def cost_case(self, site: str, technology: str) -> str:
        """The cost case a site uses: its own choice, or the technology's default."""
        options = self.options(site, technology)
        chosen = options.cost_case if options is not None else None
        return chosen or self._default(technology, "cost_case")

    def _default(self, technology: str, column: str) -> str:
        found = self.tables.values("technology_defaults", column, technology=technology)
        return found[0] if found else ""

    def figure(
        self, site: str, technology: str, parameter: str, year: int | None = None, default: float | None = None
    ) -> Figure:
        """A cited figure of a technology as a site uses it (its machine class and cost case)."""
        return self.tables.figure(
            "technologies",
            year=year,
            default=default,
            technology=technology,
            machine_class=self.machine_class(site, technology),
            cost_case=self.cost_case(site, technology),
            parameter=parameter,
        )

    def finance(self, topic: str, item: str) -> Figure:
        """A cited figure of `finance.csv`."""
        return self.tables.figure("finance", topic=topic, item=item)

    def fuel_price_usd_per_mmbtu(self, technology: str, fuel: str) -> tuple[Array, str]:
        """Price of a technology's fuel by site, year and month, and its confidence; see `fuel_prices`."""
        return fuel_price_usd_per_mmbtu(self, technology, fuel)

    def usd(
        self, site: str, technology: str, parameter: str, year: int | None = None, default: float | None = None
    ) -> float:
        """A cited figure of a technology in 2024 dollars."""
        return self.money.usd_2024(self.figure(site, technology, parameter, year, default))

    def chosen_usd(self, site: str, technology: str, option: str) -> float:
        """An option of a technology as the scenario gives it, or the cited figure of the same name in 2024 dollars."""
        given = getattr(self.options(site, technology), option, None)
        return self.usd(site, technology, option) if given is None else float(given)

    def economic_life_years(self, site: str, technology: str) -> float:
        """Years over which a technology is paid for, and after which it retires: min(life, contract)."""
        options = self.options(site, technology)
        life = self.figure(site, technology, "lifetime_years", default=float("inf")).value
        if options is not None and options.economic_life_years is not None:
            return min(life, float(options.economic_life_years))
        return min(life, self.figure(site, technology, "economic_life_years").value)

    def cost_of_capital(self, site: str, technology: str) -> float:
        """Real cost of capital of a technology: its own, that of its tranches, or the discount rate."""
        options = self.options(site, technology)
        if options is not None and options.cost_of_capital_real is not None:
            return float(options.cost_of_capital_real)
        if self.terms is not None:
            return self.terms.cost_of_capital_real(site, technology)
        rate = self.time.discount_rate_real
        return self.figure(site, technology, "cost_of_capital_real", default=rate).value

    def construction_factor(self, site: str, technology: str) -> float:
        """Interest during construction on overnight cost; 1 for an all-in cost, which already holds it."""
        kind = (technology, self.machine_class(site, technology), self.cost_case(site, technology))
        rate = self.cost_of_capital(site, technology)
        factor = self.construction_factor_of(*kind, rate=rate)
        late = 0.0 if self.terms is None else self.terms.delay_months(site, technology)
        return factor * delay_factor(rate, late) if late else factor

    def cost_factor(self, site: str, technology: str) -> float:
        """What a plant costs over the figure of inputs/: overrun and learning of the section `finance:`, else 1."""
        return 1.0 if self.terms is None else self.terms.cost_factor(site, technology)

    def construction_factor_of(
        self, technology: str, machine_class: str, cost_case: str = "", *, rate: float | None = None
    ) -> float:
        """The same for what stands at no site: lines and trunks."""
        shares, all_in = self.spending_of(technology, machine_class, cost_case)
        if all_in or not shares:
            return 1.0
        return interest_during_construction_factor(shares, self.time.discount_rate_real if rate is None else rate)

    def spending_of(self, technology: str, machine_class: str, cost_case: str = "") -> tuple[list[float], bool]:
        """Share of overnight cost spent in each year of construction, and whether the cost is an all-in one."""

        def share(parameter: str) -> float:
            return self.tables.figure(
                "technologies",
                default=0.0,
                technology=technology,
                machine_class=machine_class,
                cost_case=cost_case,
                parameter=parameter,
            ).value

        shares: list[float] = []
        while spent := share(f"spending_year_{len(shares) + 1}"):
            shares.append(spent)
        return shares, bool(share("capex_all_in"))

    def first_month(self, site: str, technology: str) -> int | None:
        """Number of the first month in which new capacity can run, see `inputs.lead_times`; None where nobody says."""
        keys = {
            "technology": technology,
            "machine_class": self.machine_class(site, technology),
            "cost_case": self.cost_case(site, technology),
        }
        return first_month(self.tables, self.options(site, technology), keys, self.time.base_year)

    def earliest_year(self, site: str, technology: str) -> int:
        """First year in which new capacity can run: order, delivery and construction counted."""
        month = self.first_month(site, technology)
        return self.years[0] if month is None else first_year(month, self.place(site).settings.start_month)

    def lead_months(self, site: str, technology: str) -> int:
        """Months from the order of new capacity to its first power; 0 where nobody says, or the site has none of it."""
        options = self.options(site, technology)
        if options is None:
            return 0
        keys = {
            "technology": technology,
            "machine_class": self.machine_class(site, technology),
            "cost_case": self.cost_case(site, technology),
        }
        return lead_months(self.tables, options, keys)

    def earliest_year_of(self, technology: str, machine_class: str) -> int:
        """The same for what stands at no site: lines and trunks."""
        keys = {"technology": technology, "machine_class": machine_class, "cost_case": ""}
        month = first_month(self.tables, None, keys, self.time.base_year)
        return self.years[0] if month is None else first_year(month, {})

    def largest_load_mw(self, site: str) -> float:
        """Largest load the site may have to carry: its own ramp, or for off-site supply the ramps its lines lead to."""
        own = {
            place.name: max([self.load_room_mw.get(place.name, 0.0), *(place.ramp_mw(year) for year in self.years)])
            for place in self.places
        }
        reached = [line.to_site for line in self.scenario.lines.values() if line.from_site == site]
        return max([own[site], *(own[other] for other in reached)])

    def capex_multiplier(self, site: str, technology: str, kind: str | None) -> float:
        """Regional capital cost multiplier: the site's own, that of its county for a kind of plant, or 1 where none
        is cited.
        """
        place = self.place(site)
        given = None if kind is None else place.properties.get(f"capex_multiplier_{kind}")
        given = place.settings.capex_multiplier.get(technology, given)
        return 1.0 if given is None else float(given)

    def place(self, site: str) -> Place:
        """The site's place."""
        return next(place for place in self.places if place.name == site)

    def by_site(
        self, technology: str, value: Callable[[str], float], unit: str, *, absent: float = 0.0, confidence: str = ""
    ) -> Quantity:
        """One number per site, `absent` where the site does not have the technology."""
        values = [absent if self.options(p.name, technology) is None else value(p.name) for p in self.places]
        return Quantity(np.array(values), ("site",), unit, confidence or "estimate")

    def by_site_year(
        self, technology: str, value: Callable[[str, int], float], unit: str, *, absent: float = 0.0
    ) -> Quantity:
        """One number per site and modelled year, `absent` where the site does not have the technology."""
        values = [
            [absent if self.options(p.name, technology) is None else value(p.name, y) for y in self.years]
            for p in self.places
        ]
        return Quantity(np.array(values).reshape(len(self.places), len(self.years)), ("site", "year"), unit)

    def confidence(self, technology: str, parameter: str) -> str:
        """Weakest confidence of a parameter over the sites that have the technology and the modelled years."""
        places = [p.name for p in self.places if self.options(p.name, technology) is not None]
        return weakest(
            [self.figure(s, technology, parameter, year, default=0.0).confidence for s in places for year in self.years]
        )

    def temperature_rating(self, site: str, technology: str, temperature_c: Array | float) -> Array:
        """Share of the ISO rating a machine still gives in warm air.

            rating = 1 - loss * max(0, T - reference)

        Args:
            site: the site, for its machine class.
            technology: the technology.
            temperature_c: air temperature T, any shape, in Celsius.
        """
        loss = self.figure(site, technology, "rating_loss_per_k", default=0.0).value
        reference = self.figure(site, technology, "rating_reference_c", default=15.0).value
        return np.asarray(1.0 - loss * np.maximum(0.0, np.asarray(temperature_c) - reference), dtype=float)
