"""Cooling of steam plants: what dry and once-through cooling change against towers that recirculate their water.

    heat rate, capital, variable O&M = figure for recirculating cooling * factor of the cooling
    water per MWh                    = figure of the cooling

Figures of inputs/ are those of recirculating cooling; rows of another cooling carry its name at the end
(`heat_rate_factor_dry`). Factors are yearly means; hot afternoons with dry cooling are worse than the mean.
"""

from __future__ import annotations

from typing import Literal

from gigasite.inputs.scenario import TechnologySpec
from gigasite.system.context import Context

RECIRCULATING = "recirculating"


class CooledSpec(TechnologySpec):
    """Options of a plant with a steam cycle."""

    cooling: Literal["recirculating", "dry", "once_through"] | None = None
    """How the steam is condensed; left out: recirculating (towers). Dry cooling needs hardly any water, but more fuel
    and capital; once-through takes most from the river and gives nearly all of it back."""


def cooling_of(context: Context, site: str, technology: str) -> str:
    """The cooling of a plant at a site."""
    options = context.options(site, technology)
    chosen = options.cooling if isinstance(options, CooledSpec) else None
    return chosen or RECIRCULATING


def cooling_factor(context: Context, site: str, technology: str, figure: str) -> float:
    """By what a figure is multiplied: `heat_rate`, `capex` or `variable_om`."""
    cooling = cooling_of(context, site, technology)
    return 1.0 if cooling == RECIRCULATING else context.figure(site, technology, f"{figure}_factor_{cooling}").value


def water_m3_per_mwh(context: Context, site: str, technology: str, kind: Literal["consumption", "withdrawal"]) -> float:
    """Water consumed or withdrawn by a plant, as it is cooled."""
    cooling = cooling_of(context, site, technology)
    parameter = f"water_{kind}_m3_per_mwh"
    if cooling == RECIRCULATING:
        return context.figure(site, technology, parameter, default=0.0).value
    return context.figure(site, technology, f"{parameter}_{cooling}").value
