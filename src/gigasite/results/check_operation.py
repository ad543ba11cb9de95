"""Checks of every hour: balance, limits of machines, stores, fuel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gigasite.results.books import Books
from gigasite.results.check import FLOOR_MW, RELATIVE, Check, Values, largest, worst_of
from gigasite.results.gas_burnt import HIGHEST_HEAT_RATE, firm_gas_mmbtu_per_h, gas_mmbtu_per_h
from gigasite.results.series import sign_of


def operation_checks(books: Books) -> Iterator[Check]:
    """Every check of the hourly tables."""
    yield power_balance(books)
    yield load_follows_energised(books)
    yield nothing_negative(books)
    yield output_within_availability(books)
    yield stored_energy_follows(books)
    yield storage_within_limits(books)
    yield gas_within_trunk(books)
    yield firm_gas_within_trunk(books)
    yield lines_carry_what_is_sent(books)
    yield run_hours_within_permit(books)
    yield shedding_within_limits(books)


def _peak(values: Values) -> Values:
    """Largest value of the steps, kept as an axis."""
    found: Values = np.abs(values).max(axis=-1, keepdims=True)
    return found


def power_balance(books: Books) -> Check:
    """Supply less use in every step: output + import + discharge + shed + unserved = load + charge + export + sent."""
    left, supply = np.zeros(books.shape), np.zeros(books.shape)
    for name, values in books.power_series.items():
        left += sign_of(name) * values
        supply += np.maximum(0.0, sign_of(name) * values)
    return largest(
        "power_balance",
        np.abs(left),
        RELATIVE * _peak(supply) + FLOOR_MW,
        books.site_year_step,
        unit="MW",
        holds="Supply meets use in every step.",
        broken="Supply misses use",
    )


def load_follows_energised(books: Books) -> Check:
    """Load of every step: load per energised megawatt times energised megawatts."""
    energised = energised_by_step(books)
    expected = books.data("idle_load")["load_mw_per_mw"].values[:, None, :] * energised
    return largest(
        "load_follows_energised",
        np.abs(books.hourly("idle_load", "load_mw") - expected),
        RELATIVE * _peak(expected) + FLOOR_MW,
        books.site_year_step,
        unit="MW",
        holds="The load of every step is that of what is energised.",
        broken="The load differs from what is energised",
    )


def energised_by_step(books: Books) -> Values:
    """Energised megawatts of every step: before the start month of a year those of the year before."""
    energised = books.planned("load", "energised_mw")[:, :, None] * np.ones(books.shape[2])
    for s, place in enumerate(books.system.context.places):
        for y, year in enumerate(books.years):
            early = books.system.context.time.month < place.settings.start_month.get(year, 1)
            energised[s, y, early] = energised[s, y - 1, -1] if y else 0.0
    return energised


def nothing_negative(books: Books) -> Check:
    """No series of power below zero, and no more unserved or shed than there is load."""
    least = np.zeros(books.shape)
    for values in books.power_series.values():
        least = np.minimum(least, values)
    load = books.hourly("idle_load", "load_mw")
    lost = books.lost_mw
    return largest(
        "nothing_negative",
        np.maximum(-least, lost - load),
        RELATIVE * _peak(load) + FLOOR_MW,
        books.site_year_step,
        unit="MW",
        holds="No power is negative, and no more is lost than there is load.",
        broken="A series is negative, or more is lost than there is load,",
    )


def output_within_availability(books: Books) -> Check:
    """Output of every machine, panel and turbine: at most availability times capacity."""
    parts = []
    for technology in books.with_data("availability"):
        most = books.data(technology)["availability"].values[:, None, :] * books.capacity(technology)[:, :, None]
        parts.append(
            largest(
                "output_within_availability",
                books.hourly(technology, "output_mw") - most,
                RELATIVE * _peak(most) + FLOOR_MW,
                books.site_year_step,
                unit="MW",
                holds="",
                broken=f"Output of {technology} passes what is available",
            )
        )
    return worst_of("output_within_availability", parts, holds="No output passes availability times capacity.")


def stored_energy_follows(books: Books) -> Check:
    """Energy stored at the end of a step: what was kept of the step before, and what went in and out.

    stored[h] = kept * stored[h before] + w (eta charge[h] - discharge[h] / eta)        the year is a ring
    """
    parts = []
    width, previous = float(books.system.context.time.resolution_h), books.system.context.time.previous
    for name in books.with_data("efficiency_one_way"):
        eta = books.data(name)["efficiency_one_way"].values[:, None, None]
        kept = books.data(name)["kept_per_step"].values[:, None, None]
        stored, charge, discharge = (books.hourly(name, key) for key in ("stored_mwh", "charge_mw", "discharge_mw"))
        expected = kept * stored[..., previous] + width * (eta * charge - discharge / eta)
        allowed = RELATIVE * books.capacity(name, "energy_capacity_mwh")[:, :, None] + FLOOR_MW * (1.0 + width)
        parts.append(
            largest(
                "stored_energy_follows",
                np.abs(stored - expected),
                allowed,
                books.site_year_step,
                unit="MWh",
                holds="",
                broken=f"Energy stored in {name} differs from what went in and out",
            )
        )
    return worst_of("stored_energy_follows", parts, holds="Stored energy is what went in less what came out.")


def storage_within_limits(books: Books) -> Check:
    """Charge and discharge within the power of a store, stored energy within its size."""
    parts = []
    for name in books.with_data("efficiency_one_way"):
        power, energy = books.capacity(name), books.capacity(name, "energy_capacity_mwh")
        for series, most in (("charge_mw", power), ("discharge_mw", power), ("stored_mwh", energy)):
            parts.append(
                largest(
                    "storage_within_limits",
                    books.hourly(name, series) - most[:, :, None],
                    RELATIVE * most[:, :, None] + FLOOR_MW,
                    books.site_year_step,
                    unit="MWh" if series == "stored_mwh" else "MW",
                    holds="",
                    broken=f"{series} of {name} passes its size",
                )
            )
    return worst_of("storage_within_limits", parts, holds="Stores stay within their power and energy.")


def _pipe_that_lies(books: Books) -> Values:
    """What an existing pipe brings, shape (site, 1)."""
    given = [place.settings.gas.existing_pipe_mmbtu_per_h or 0.0 for place in books.system.context.places]
    return np.array(given)[:, None]


def gas_within_trunk(books: Books) -> Check:
    """Gas burnt in every step at a site that needs a trunk: at most what the trunk carries."""
    burnt = gas_mmbtu_per_h(books)
    laid = (books.capacity("gas_trunk", "trunk_mmbtu_per_h") + _pipe_that_lies(books))[:, :, None]
    needed = books.data("fuel_lateral")["trunk_needed"].values[:, None, None]
    return largest(
        "gas_within_trunk",
        needed * burnt - laid,
        RELATIVE * laid + FLOOR_MW * HIGHEST_HEAT_RATE,
        books.site_year_step,
        unit="MMBtu/h",
        holds="No more gas is burnt than the trunk carries.",
        broken="More gas is burnt than the trunk carries",
    )


def firm_gas_within_trunk(books: Books) -> Check:
    """Gas that the firm megawatts of a site would burn all at once: at most what the trunk carries, where it needs one.

    Megawatts count as firm only with fuel at the peak, so the trunk is laid for all of them, not for those that run.
    """
    burnt = firm_gas_mmbtu_per_h(books)
    laid = books.capacity("gas_trunk", "trunk_mmbtu_per_h") + _pipe_that_lies(books)
    return largest(
        "firm_gas_within_trunk",
        books.data("fuel_lateral")["trunk_needed"].values[:, None] * burnt - laid,
        RELATIVE * laid + FLOOR_MW * HIGHEST_HEAT_RATE,
        books.site_year,
        unit="MMBtu/h",
        holds="The trunk carries the gas of every firm megawatt.",
        broken="Firm megawatts would burn more gas than the trunk carries",
    )


def lines_carry_what_is_sent(books: Books) -> Check:
    """Power over lines: within their capacity at both ends, and what arrives is what was sent less the loss."""
    data = books.data("line")
    if "starts_at" not in data or not len(books.by_line("total_mw")):
        return worst_of("lines_carry_what_is_sent", [], holds="")
    starts, ends, share = (data[name].values for name in ("starts_at", "ends_at", "delivered_share"))
    capacity = books.by_line("total_mw")
    out, into = starts.T @ capacity, (ends * share[:, None]).T @ capacity
    sent, delivered = books.hourly("line", "sent_mw"), books.hourly("line", "delivered_mw")
    arriving = np.maximum(
        share.min() * sent.sum(axis=0) - delivered.sum(axis=0), delivered.sum(axis=0) - share.max() * sent.sum(axis=0)
    )
    over = np.maximum(sent - out[:, :, None], delivered - into[:, :, None])
    return largest(
        "lines_carry_what_is_sent",
        np.maximum(over, arriving[None, :, :]),
        RELATIVE * capacity.sum(axis=0)[None, :, None] + FLOOR_MW,
        books.site_year_step,
        unit="MW",
        holds="Lines stay within their capacity and deliver what was sent, less the loss.",
        broken="A line passes its capacity, or delivers what was not sent,",
    )


def run_hours_within_permit(books: Books) -> Check:
    """Hours a year at full output of machines with a permit for so many."""
    parts = []
    for name in books.with_data("run_hours_max"):
        energy = books.hourly(name, "output_mw").sum(axis=-1) * books.step_hours
        allowed = books.data(name)["run_hours_max"].values[:, None] * books.capacity(name)
        parts.append(
            largest(
                "run_hours_within_permit",
                energy - allowed,
                RELATIVE * allowed + FLOOR_MW * books.step_hours,
                books.site_year,
                unit="MWh",
                holds="",
                broken=f"{name} runs more than its permit",
            )
        )
    return worst_of("run_hours_within_permit", parts, holds="Machines with a permit stay within its hours.")


def shedding_within_limits(books: Books) -> Check:
    """Load shed: at most its share in every step, at most its hours in a year."""
    parts = []
    load = books.hourly("idle_load", "load_mw")
    for name in books.with_data("shed_share"):
        share = books.data(name)["shed_share"].values
        shed = books.hourly(name, "shed_mw")
        hours = (
            share[:, None]
            * books.data(name)["shed_hours_per_year"].values[:, None]
            * books.planned("load", "energised_mw")
        )
        parts += [
            largest(
                "shedding_within_limits",
                shed - share[:, None, None] * load,
                RELATIVE * _peak(load) + FLOOR_MW,
                books.site_year_step,
                unit="MW",
                holds="",
                broken="More load is shed in a step than may be",
            ),
            largest(
                "shedding_within_limits",
                shed.sum(axis=-1) * books.step_hours - hours,
                RELATIVE * hours + FLOOR_MW * books.step_hours,
                books.site_year,
                unit="MWh",
                holds="",
                broken="More load is shed in a year than may be",
            ),
        ]
    return worst_of("shedding_within_limits", parts, holds="No more load is shed than may be.")
