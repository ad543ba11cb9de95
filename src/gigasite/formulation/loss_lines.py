"""Lines of the unit-loss row at a plan: slope, loss, and whether they agree; for a fleet, and for cases of a site."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from gigasite.formulation.fleets import Fleet, marginal_survival
from gigasite.formulation.loss_on_gas import machines_out
from gigasite.system.context import Context
from gigasite.system.quantity import Array, FeatureData

SETTLED_MW = 0.1
"""Survivors that fall short of those counted on by less than this have settled."""

AGREED_SHARE = 2e-4
"""Survivors that pass those counted on by less than this share of the firm capacity agree: 2 MW in 10 GW."""


def slope_of(context: Context, fleet: Fleet, survivors_mw: float) -> float:
    """Slope of the tangent; never below the mean, so that no fixed loss is negative."""
    rule = context.scenario.requirements
    mean = survivors_mw / fleet.firm_mw if fleet.firm_mw > 0 else 1.0
    return max(mean, marginal_survival(fleet, rule.units_lost, rule.units_lost_probability))


def agrees_with(over_mw: float, fleets: Mapping[str, Fleet], *, settle: bool) -> bool:
    """Whether a plan counted on no more survivors than there are, nor on far fewer."""
    room = AGREED_SHARE * sum(fleet.firm_mw for fleet in fleets.values())
    return bool(over_mw <= SETTLED_MW and (settle or over_mw >= -SETTLED_MW - room))


def refine_cases(
    context: Context,
    data: FeatureData,
    fleets: Mapping[str, Fleet],
    at: tuple[int, int],
    slopes: dict[str, Array],
    by_case: dict[str, Array],
    *,
    settle: bool,
) -> bool:
    """Slopes and losses of a site that shares out its gas, fleet by fleet; whether the plan agrees with them.

    A fleet smaller than a given number of machines loses all it has, and its line would count on whatever is added. So
    where such a line counted on too much, it settles at the loss of the whole number: that is safe for any fleet.
    """
    rule, agrees = context.scenario.requirements, True
    cases = machines_out(fleets, list(by_case), rule.units_lost, rule.units_lost_probability)
    for (case, out), (name, losses) in product(enumerate(cases), by_case.items()):
        here = (*at, case)
        if name not in fleets:
            losses[here] = losses[here] if settle else 0.0
            continue
        fleet = fleets[name]
        left = max(0.0, fleet.capacity_mw - out[name] * fleet.unit_mw) * fleet.firm_rating
        over = float(data[f"surviving_{name}"].values[at] * fleet.firm_mw - losses[here]) - left
        agrees &= agrees_with(over, fleets, settle=settle)
        if not settle:
            slopes[name][at] = slope_of(context, fleet, left)
            losses[here] = slopes[name][at] * fleet.firm_mw - left
        elif over > 0:
            number = 0 if rule.units_lost == "binomial" else out[name]
            losses[here] = max(losses[here] + over, slopes[name][at] * number * fleet.unit_mw * fleet.firm_rating)
    return agrees
