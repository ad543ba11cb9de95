"""The section `finance:` as numbers: blocks resolved, one set of tranches by site and technology."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gigasite.finance import tranches as kinds
from gigasite.finance.currency import ExchangeRates
from gigasite.finance.depreciation import depreciation_shares
from gigasite.finance.learning import learning_rate_of, mean_cost_factor
from gigasite.finance.revenue import PriceTerms
from gigasite.finance.tranches import Tranche, wacc_real
from gigasite.inputs.finance_spec import FinanceSpec, FinanceTerms, TrancheSpec
from gigasite.inputs.tables import Tables

UTILITY = "utility"
BLOCKS = (UTILITY, "contracted", "merchant", "nuclear_first", "japan_us")
"""Blocks of tranches whose figures stand in inputs/finance.csv."""

REACTORS = ("small_modular_reactor", "large_reactor")
DARLINGTON_LATER_UNITS = (2, 4)
"""The ratio of Darlington sets its first unit against the mean of its second to fourth."""

_PROJECT_FINANCE = {
    "contracted": ("gas_contracted_debt_share", "gas_contracted_cost_of_equity"),
    "merchant": ("gas_merchant_pjm_debt_share", "gas_merchant_cost_of_equity"),
    "nuclear_first": ("nuclear_foak_debt_share", "nuclear_foak_cost_of_equity"),
}


@dataclass(frozen=True)
class Terms:
    """What `finance:` means for each plant.

    Attributes:
        spec: the section, with its defaults.
        tables: cited figures.
    """

    spec: FinanceSpec
    tables: Tables

    def _figure(self, topic: str, item: str) -> float:
        return self.tables.figure("finance", topic=topic, item=item).value

    @property
    def tax_rate(self) -> float:
        """Tax on income [fraction]."""
        given = self.spec.tax_rate
        return self._figure("atb_finance", "tax_rate") if given is None else given

    @property
    def inflation(self) -> float:
        """Rise of prices per year [fraction]."""
        return self._figure("inflation", "after_2025")

    @property
    def loss_limit(self) -> float:
        """Part of taxable income that losses of earlier years may take away [fraction]."""
        return self._figure("tax", "loss_limit")

    @property
    def price_terms(self) -> PriceTerms:
        """How the price moves."""
        price = self.spec.price
        return PriceTerms(price.kind, price.indexed_share, price.margin_share)

    def _said(self, site: str, technology: str) -> Iterator[FinanceTerms]:
        """What is said of a technology, then of a site."""
        for found in (self.spec.technologies.get(technology), self.spec.sites.get(site)):
            if found is not None:
                yield found

    def tranches(self, site: str = "", technology: str = "") -> tuple[Tranche, ...]:
        """Who pays for a technology at a site."""
        said: tuple[FinanceTerms | FinanceSpec, ...] = (*self._said(site, technology), self.spec)
        for terms in said:
            if terms.tranches is not None:
                return tuple(tranche_of(name, spec) for name, spec in terms.tranches.items())
            if terms.block is not None:
                return block(terms.block, self.tables)
        return block(UTILITY, self.tables)

    def risk_adder_real(self, site: str, technology: str) -> float:
        """What a technology asks more for its risk, real [fraction a year]."""
        said = (terms.risk_adder_real for terms in self._said(site, technology) if terms.risk_adder_real is not None)
        return next(said, self._figure("atb_finance", "nuclear_risk_adder_real") if technology in REACTORS else 0.0)

    def cost_of_capital_real(self, site: str, technology: str) -> float:
        """Real cost of capital after tax of a technology at a site [fraction a year]."""
        adder = self.risk_adder_real(site, technology)
        return wacc_real(self.tranches(site, technology), self.tax_rate, self.inflation, adder)

    def delay_months(self, site: str, technology: str) -> float:
        """Months between the last spending and the start."""
        return next((terms.delay_months for terms in self._said(site, technology) if terms.delay_months), 0.0)

    def cost_factor(self, site: str, technology: str) -> float:
        """What a plant costs over the figure of inputs/: overrun times learning."""
        said = tuple(self._said(site, technology))
        overrun = next((terms.overrun_factor for terms in said if terms.overrun_factor != 1.0), 1.0)
        learning = next((terms.learning for terms in said if terms.learning is not None), None)
        if learning is None:
            return overrun
        ratio = self._figure("smr_overrun", "darlington_first_unit_vs_fleet_avg")
        rate = learning_rate_of(ratio, *DARLINGTON_LATER_UNITS) if learning.rate is None else learning.rate
        return overrun * mean_cost_factor(learning.units_before + 1, learning.units, rate)

    def depreciation(self, technology: str) -> tuple[float, ...]:
        """Part of the cost of a plant that is deducted in each year from its start on."""
        years = self.tables.figure("finance", topic="macrs_class", item="other").value
        if technology in self.tables.values("finance", "item", topic="macrs_class"):
            years = self._figure("macrs_class", technology)
        shares = self.tables.values("finance", "item", topic=f"macrs_{years:.0f}_year")
        table = [self._figure(f"macrs_{years:.0f}_year", item) for item in shares]
        bonus = self.spec.bonus_depreciation
        share = self._figure("tax", "bonus_depreciation") if bonus is None else bonus
        return tuple(depreciation_shares(table, share).tolist())

    @property
    def exchange_rate(self) -> float:
        """Units of the second currency for one dollar; 1 where it is the dollar."""
        if self.spec.currency == "USD" or self.spec.exchange_date is None:
            return 1.0
        return exchange_rates(self.tables, self.spec.currency).at(date.fromisoformat(self.spec.exchange_date))


def tranche_of(name: str, spec: TrancheSpec) -> Tranche:
    """A tranche as a scenario writes it."""
    return Tranche(name, **spec.model_dump())


def block(name: str, tables: Tables) -> tuple[Tranche, ...]:
    """The tranches of a block of inputs/finance.csv; KeyError where there is none."""

    def figure(topic: str, item: str) -> float:
        return tables.figure("finance", topic=topic, item=item).value

    if name == UTILITY:
        debt, tenor = figure("atb_finance", "debt_fraction"), int(figure("atb_finance", "eval_period"))
        rate, equity = (figure("atb_finance", f"{item}_nominal") for item in ("interest_rate", "return_on_equity"))
        bank = Tranche("bank", kinds.COMMERCIAL_LOAN, debt, rate, tenor)
        return bank, Tranche("sponsor", kinds.SPONSOR_EQUITY, 1.0 - debt, equity)
    tenor = int(figure("pf", "loan_tenor_years"))
    if name in _PROJECT_FINANCE:
        debt, equity = (figure("pf", item) for item in _PROJECT_FINANCE[name])
        bank = Tranche("bank", kinds.COMMERCIAL_LOAN, debt, figure("pf", "cost_of_debt_us_ig"), tenor)
        return bank, Tranche("sponsor", kinds.SPONSOR_EQUITY, 1.0 - debt, equity)
    if name != "japan_us":
        raise KeyError(name)
    owned, rate = figure("jp_us_deal", "equity_share_of_total"), figure("pf", "jbic_nexi_debt_cost")
    lent, cover = figure("pf", "jbic_share_of_debt"), figure("jp_us_deal", "nexi_cover_of_commercial_tranche")
    banks = (1.0 - owned) * (1.0 - lent)
    return (
        Tranche("jbic", kinds.JBIC_LOAN, (1.0 - owned) * lent, rate, tenor),
        Tranche("banks_with_nexi", kinds.NEXI_LOAN, banks, rate, tenor, guarantee_share=cover),
        Tranche("sponsor", kinds.SPONSOR_EQUITY, owned, figure("pf", "gas_contracted_cost_of_equity")),
    )


def exchange_rates(tables: Tables, currency: str) -> ExchangeRates:
    """The dated rates of a currency."""
    days = tables.values("exchange_rates", "date", currency=currency)
    rates = {
        date.fromisoformat(day): tables.figure("exchange_rates", currency=currency, date=day).value for day in days
    }
    return ExchangeRates(currency, rates)
