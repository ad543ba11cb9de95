"""Where the figures of a partnership stand: most in finance.csv, the others in partnership_terms.csv."""

from __future__ import annotations

from gigasite.inputs.figure import Figure
from gigasite.inputs.tables import Tables

TABLE = "partnership_terms"
IN_FINANCE = {
    "investment": ("project", "ohio_gas_plant_cost"),
    "japan_share_before_recovery": ("jp_us_deal", "distribution_before_recovery_japan"),
    "japan_share_after_recovery": ("jp_us_deal", "distribution_after_recovery_japan"),
    "funding_business_days": ("jp_us_deal", "funding_deadline"),
    "fee_cut": ("fees", "softbank_fee_cut"),
    "equity_share": ("jp_us_deal", "equity_share_of_total"),
    "jbic_share_of_loans": ("pf", "jbic_share_of_debt"),
    "nexi_cover": ("jp_us_deal", "nexi_cover_of_commercial_tranche"),
    "loan_tenor_years": ("pf", "loan_tenor_years"),
}
"""Terms that finance.csv holds, by topic and item."""


def term_figure(tables: Tables, term: str) -> Figure:
    """Return the figure of a term; InputError if there is none."""
    if term in IN_FINANCE:
        topic, item = IN_FINANCE[term]
        return tables.figure("finance", topic=topic, item=item)
    return tables.figure(TABLE, term=term)
