"""The dictionary of the columns of a run's money, in its folder `finance`.

Amounts are USD of their year (nominal) or of 2024 (real), as their names say; a price says its money in `price_money`.
What the project receives is above zero, what it pays below. A year is a calendar year.
"""

from __future__ import annotations

from gigasite.foundation.column import Column

_YEAR, _PLANT, _PRICE, _TRANCHE = ("year",), ("site", "technology"), ("target_equity_return",), ("tranche",)

FINANCE_COLUMNS = (
    # metrics and prices
    Column("price_usd_per_mwh", "USD/MWh", _PRICE, "price of power: looked at, or needed for a return or a cover"),
    Column("price_money", "", (), "money of the prices: of 2024 where they rise with prices, else of every year"),
    Column("money", "", (), "money of the amounts"),
    Column("lcoe_usd_per_mwh", "USD/MWh", (), "price at which one owner without loans earns the cost of capital"),
    Column("lcoe_before_tax_usd_per_mwh", "USD/MWh", (), "the same if income were not taxed"),
    Column("funded_usd_nominal", "USD", (), "all that building takes: interest, fees and first reserve inside"),
    Column("lent_share", "1", (), "part of it that is lent"),
    Column("project_irr_nominal", "1/year", (), "return of the project without loans, after tax"),
    Column(
        "project_npv_usd_nominal", "USD", (), "its present value at the after-tax cost of capital, USD of `npv_year`"
    ),
    Column("npv_year", "year", (), "year whose money the present value is: the first of the project"),
    Column("equity_irr_nominal", "1/year", _PRICE, "return of all owners together, after tax"),
    Column("equity_payback_year", "year", (), "year in which the owners have back what they put in, not discounted"),
    Column("dscr_min", "1", _PRICE, "cash over debt service, the worst year"),
    Column("dscr_mean", "1", _PRICE, "cash over debt service, mean of the years that have some"),
    Column("target_equity_return", "1/year", (), "return that the owners ask, nominal and after tax"),
    Column("target_dscr", "1", (), "cash over debt service that the lenders ask in every year"),
    Column("part", "", (), "what a price is made of: building, loans, fuel, tax ..."),
    # years
    Column("price_usd_per_mwh_nominal", "USD/MWh", _YEAR, "price of the year in its money"),
    Column("revenue_usd_nominal", "USD", _YEAR, "earned with power"),
    Column("operation_usd_nominal", "USD", _YEAR, "fuel and operation"),
    Column("tax_usd_nominal", "USD", _YEAR, "tax on income, losses of earlier years counted"),
    Column("tax_credit_usd_nominal", "USD", _YEAR, "tax credits and aid of the state"),
    Column("construction_usd_nominal", "USD", _YEAR, "spent on building, without interest and fees"),
    Column("project_usd_nominal", "USD", _YEAR, "cash before who pays: earned less operation, tax and building"),
    Column("drawn_usd_nominal", "USD", _YEAR, "paid in by lenders"),
    Column("building_interest_usd_nominal", "USD", _YEAR, "interest and fees of loans while plants are built"),
    Column("debt_service_usd_nominal", "USD", _YEAR, "interest, fees and principal once plants run"),
    Column("reserve_usd_nominal", "USD", _YEAR, "out of the reserve account, or into it"),
    Column("equity_usd_nominal", "USD", _YEAR, "what the owners receive; put in below zero"),
    Column("equity_sum_usd_nominal", "USD", _YEAR, "the same summed up to the year"),
    Column("equity_usd_real_2024", "USD", _YEAR, "what the owners receive, 2024 USD"),
    Column("equity_jpy_nominal", "JPY", _YEAR, "the same in yen, at one rate for all years"),
    Column("dscr", "1", _YEAR, "cash after tax over debt service"),
    # cash flow
    Column("amount_jpy_nominal", "JPY", ("year", "party", "item"), "payment in yen, at one rate for all years"),
    Column("exchange_rate_per_usd", "JPY/USD", (), "yen for one dollar"),
    Column("exchange_date", "", (), "day of that rate"),
    # tranches
    Column("tranche", "", (), "source of money"),
    Column("share", "1", _TRANCHE, "part of all that building takes"),
    Column("rate_nominal", "1/year", _TRANCHE, "interest of a loan or return of equity; a mean over plants"),
    Column("cost_nominal", "1/year", _TRANCHE, "the same with all fees, before tax"),
    Column("tenor_years", "years", _TRANCHE, "years in which a loan is paid back after the start"),
    Column("repayment", "", _TRANCHE, "how a loan is paid back: annuity, level_principal, sculpted"),
    Column("paid_usd_nominal", "USD", _TRANCHE, "paid in while plants are built"),
    Column("irr_nominal", "1/year", _TRANCHE, "return of an owner, after tax"),
    # cost of capital
    Column("wacc_before_tax_nominal", "1/year", _PLANT, "mean cost of the tranches as they are paid"),
    Column("wacc_before_tax_real", "1/year", _PLANT, "the same after inflation"),
    Column("wacc_after_tax_nominal", "1/year", _PLANT, "the mean with interest and fees deducted from taxed income"),
    Column("wacc_after_tax_real", "1/year", _PLANT, "the same after inflation"),
    Column("risk_adder_real", "1/year", _PLANT, "what the technology asks more for its risk"),
    Column("cost_of_capital_real", "1/year", _PLANT, "after tax and inflation, with the risk adder"),
    Column("plan_cost_of_capital_real", "1/year", _PLANT, "what the plan was sized with"),
)
"""Every column of the tables of `gigasite finance`."""
