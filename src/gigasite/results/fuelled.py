"""Firm megawatts that have firm gas, by technology: what the plan gave, and what is left over to the best heat rate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gigasite.formulation.firm_gas import gas_plants
from gigasite.formulation.gas_burn import GAS_ONLY
from gigasite.results.outcome import Outcome
from gigasite.system.quantity import Array

TRANSPORT, DUAL_FUEL = "gas_transport", "dual_fuel"


def shared_out(
    firm_mw: Mapping[str, Array],
    heat_rate: Mapping[str, Array],
    contract: Array,
    liquid: Array,
    given_mw: Mapping[str, Array] | None = None,
) -> dict[str, Array]:
    """Megawatts that firm gas can run, the best heat rate first.

    Args:
        firm_mw: megawatts that could run, by technology, shape (site, year) each.
        heat_rate: MMBtu/MWh of each.
        contract: firm transport, MMBtu/h.
        liquid: distillate that counts at the peak, for what can burn it, MMBtu/h of gas it stands for.
        given_mw: what has its gas already; none where left out.

    Returns:
        Megawatts that run, by technology. With nothing given, no other sharing gives more in sum: distillate limits
        only some of the plants and the contract all of them, and limits one within the other may be filled in order.
    """
    runs = {name: np.zeros(contract.shape) if given_mw is None else given_mw[name].copy() for name in firm_mw}
    used = sum((heat_rate[name] * runs[name] for name in runs), start=np.zeros(contract.shape))
    only = sum((heat_rate[name] * runs[name] for name in runs if name in GAS_ONLY), start=np.zeros(contract.shape))
    for at in np.ndindex(*contract.shape):
        for name in sorted(firm_mw, key=lambda name: float(heat_rate[name][at])):
            rate = float(heat_rate[name][at])
            gas = float(contract[at] + liquid[at] - used[at])
            if name in GAS_ONLY:
                gas = min(gas, float(contract[at] - only[at]))
            more = max(0.0, float(firm_mw[name][at] - runs[name][at]))
            if rate > 0:
                more = max(0.0, min(more, gas / rate))
            runs[name][at] += more
            used[at] += rate * more
            only[at] += rate * more * (name in GAS_ONLY)
    return runs


def fuelled_firm_mw(outcome: Outcome) -> dict[str, Array]:
    """Firm megawatts of every gas plant that count at the peak; none where no site has gas under contract."""
    transport = outcome.data(TRANSPORT, "at_site")
    if transport is None:
        return {}
    at = np.broadcast_to(transport.values[:, None], (len(outcome.sites), len(outcome.years))) > 0
    firm, given, rates = {}, {}, {}
    for name, plant in gas_plants(outcome.builder).items():
        rating = plant.firm.coefficient_values[:, None]
        firm[name] = outcome.term(plant.firm, ("site", "year"))
        given[name] = firm[name] - rating * outcome.values(f"{TRANSPORT}.unfuelled_{name}_mw")
        ones = np.ones(firm[name].shape)
        rates[name] = np.divide(plant.gas.coefficient_values, rating * ones, out=0.0 * ones, where=rating * ones > 0)
    liquid = f"{DUAL_FUEL}.firm_liquid_mmbtu_per_h"
    distillate = outcome.values(liquid) if liquid in outcome.variable_names else np.zeros(at.shape)
    runs = shared_out(firm, rates, outcome.values(f"{TRANSPORT}.firm_mmbtu_per_h"), distillate, given)
    return {name: np.where(at, runs[name], firm[name]) for name in firm}
