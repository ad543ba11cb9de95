"""What a site has in a year, as the replay needs it: machines, stores, lines and load, hour by hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

GRID, BATTERY, BACKUP, SHED = "grid_connection", "battery", "backup_generator", "flexible_load"
SMALL_MW = 1e-3


@dataclass(frozen=True)
class Machines:
    """Machines of one kind.

    Attributes:
        name: technology, and `, begun` for a last machine that is smaller than the others.
        technology: the technology.
        number: how many.
        machine_mw: what one gives when it is up, shape (hour,).
        outage_rate: share of the time one is down unplanned.
        repair_h: mean time to repair, hours.
        planned: how many are in planned outage, shape (hour,).
        energy_mwh: most energy of all in a year; infinite where no permit limits it.
        outage_rise: how often they fail as a multiple of the usual, shape (hour,); None where it is always 1.
    """

    name: str
    technology: str
    number: int
    machine_mw: Array
    outage_rate: float
    repair_h: float
    planned: IntArray
    energy_mwh: float = float("inf")
    outage_rise: Array | None = None


@dataclass(frozen=True)
class Store:
    """A battery.

    Attributes:
        power_mw: most it takes and gives.
        energy_mwh: most it holds.
        efficiency_one_way: square root of the round trip.
        kept_per_hour: share of its content that an hour leaves.
    """

    power_mw: float
    energy_mwh: float
    efficiency_one_way: float
    kept_per_hour: float


@dataclass(frozen=True)
class Feeder:
    """A line that brings what another site has to spare.

    Attributes:
        from_site: that site.
        share_of_spare: share that goes to this line of what the site has to spare, by the capacities of its lines.
        circuit: the line as one machine.
        delivered_share: what losses leave.
    """

    from_site: str
    share_of_spare: float
    circuit: Machines
    delivered_share: float


@dataclass(frozen=True)
class Stock:
    """Everything a site has in a year.

    Attributes:
        site: its name.
        energised_mw: facility megawatts energised.
        load_mw: load of energised facilities, shape (hour,).
        machines: what is there in all hours.
        standby: backup sets, with the energy their permits leave.
        steady_mw: solar and wind, shape (hour,).
        store: the battery, or None.
        shed_mw: load that may be shed, shape (hour,).
        shed_mwh: most energy shed in a year.
        feeders: lines to this site.
    """

    site: str
    energised_mw: float
    load_mw: Array
    machines: tuple[Machines, ...]
    standby: tuple[Machines, ...]
    steady_mw: Array
    store: Store | None
    shed_mw: Array
    shed_mwh: float
    feeders: tuple[Feeder, ...]
