"""What it costs to bring a line and a gas pipe to a place, from its distances and the cited cost per kilometre.

    line_usd[p]    = route_factor * distance_km[p] * circuits[p] * rating_mw[kv] * usd_per_mw_km[kv]
    circuits[p]    = mw[p] / rating_mw[kv]                                     (whole_units: rounded up)
    connection_usd = line_usd + mw * 1000 * substation_usd_per_kw
    lateral_usd[p] = route_factor * distance_km[p] * pipes[p] * (pipe_usd_per_km + compression_usd_per_km)
    pipes[p]       = gas_mmbtu_per_h[p] / pipe_mmbtu_per_h                     (whole_units: rounded up)

| symbol                 | name in `technologies.csv`      | unit      | of                                      |
|------------------------|---------------------------------|-----------|-----------------------------------------|
| usd_per_mw_km          | `line_capex_usd_per_mw_km`      | USD/MW-km | line, ac_138kv to ac_765kv              |
| rating_mw              | `unit_size_mw`                  | MW        | the same: thermal rating of one circuit |
| substation_usd_per_kw  | `substation_capex_usd_per_kw`   | USD/kW    | grid_connection, beside a line          |
| pipe_usd_per_km        | `pipeline_cost_usd_per_km`      | USD/km    | gas_trunk, steel_42in                   |
| compression_usd_per_km | `compression_cost_usd_per_km`   | USD/km    | gas_trunk, steel_42in                   |
| pipe_mmbtu_per_h       | `pipeline_capacity_mmbtu_per_h` | MMBtu/h   | gas_trunk, steel_42in                   |

In 2024 USD, overnight. Without `whole_units` these are the costs of the model itself
(technology `line`, requirement `fuel_lateral`): a share of a circuit or pipe costs its share. With them a site pays for
every circuit it needs, as one that builds alone does. Edge rules: no distance costs no line and no pipe; an infinite
distance costs infinitely much. The distance is the straight one: a route is longer by `route_factor`, which is 1 unless
you say yours.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gigasite.finance.deflator import Deflator
from gigasite.inputs.folders import data_folder
from gigasite.inputs.tables import Figure, Tables, load_tables
from gigasite.siting.planes import Floats
from gigasite.siting.voltage_classes import VOLTAGE_CLASSES, distance_column

if TYPE_CHECKING:
    import pandas as pd

KW_PER_MW = 1000.0


def line_usd(
    distance_km: Any,
    mw: Any,
    *,
    voltage_kv: int,
    route_factor: float = 1.0,
    whole_units: bool = False,
    tables: Tables | None = None,
) -> Floats:
    """Return the overnight cost of a line of so many km and MW at a voltage class, 2024 USD, element by element.

    Raises:
        KeyError: the voltage is no class of :data:`VOLTAGE_CLASSES`.
        ValueError: a distance, power or factor below 0.
        InputError: a row is missing in the tables.
    """
    used = tables or _shipped()
    of_class = _line_class(voltage_kv)
    rating = _figure(used, "line", of_class, "unit_size_mw").value
    per_km = rating * _usd_2024(used, "line", of_class, "line_capex_usd_per_mw_km")
    return _laid(distance_km, mw, rating, per_km * route_factor, whole_units=whole_units)


def connection_usd(
    distance_km: Any,
    mw: Any,
    *,
    voltage_kv: int,
    route_factor: float = 1.0,
    whole_units: bool = False,
    tables: Tables | None = None,
) -> Floats:
    """Return the overnight cost of line and substation, 2024 USD; raises what :func:`line_usd` raises."""
    line = line_usd(
        distance_km, mw, voltage_kv=voltage_kv, route_factor=route_factor, whole_units=whole_units, tables=tables
    )
    substation = _usd_2024(tables or _shipped(), "grid_connection", "transmission", "substation_capex_usd_per_kw")
    return line + np.asarray(mw, dtype=float) * KW_PER_MW * substation


def lateral_usd(
    distance_km: Any,
    gas_mmbtu_per_h: Any,
    *,
    route_factor: float = 1.0,
    whole_units: bool = False,
    tables: Tables | None = None,
) -> Floats:
    """Return the overnight cost of a gas pipe of so many km for so many MMBtu/h, 2024 USD, element by element.

    Raises:
        ValueError: a distance, flow or factor below 0.
        InputError: a row is missing in the tables.
    """
    used = tables or _shipped()
    pipe, compression = (
        _usd_2024(used, "gas_trunk", "steel_42in", key)
        for key in ("pipeline_cost_usd_per_km", "compression_cost_usd_per_km")
    )
    capacity = _figure(used, "gas_trunk", "steel_42in", "pipeline_capacity_mmbtu_per_h").value
    per_km = (pipe + compression) * route_factor
    return _laid(distance_km, gas_mmbtu_per_h, capacity, per_km, whole_units=whole_units)


def cheapest_connection(
    distances: pd.DataFrame,
    mw: Any,
    *,
    route_factor: float = 1.0,
    whole_units: bool = False,
    tables: Tables | None = None,
) -> pd.DataFrame:
    """Return the voltage class whose nearest line costs least to reach.

    Args:
        distances: those columns `line_138kv_km` ... of :func:`gigasite.siting.voltage_classes.nearest_lines` there are.
        mw: power of the connection, one number or one for each row.
        route_factor: length of the route over the straight distance.
        whole_units: every circuit begun is paid whole.
        tables: figures; the shipped ones if None.

    Returns:
        A table with the index of `distances`: `connection_kv`, `connection_km` (straight), `connection_usd`,
        `connection_usd_per_kw`. Where no line is known the cost is infinite and the class 0.

    Raises:
        ValueError: none of the columns is there; a distance, power or factor below 0.
        InputError: a row is missing in the tables.
    """
    import pandas as pd

    classes = [kv for kv in VOLTAGE_CLASSES if distance_column(kv) in distances.columns]
    if not classes:
        raise ValueError("no column of distances to lines, as line_345kv_km")
    km = np.column_stack([distances[distance_column(kv)].to_numpy(dtype=float) for kv in classes])
    power = np.broadcast_to(np.asarray(mw, dtype=float), len(distances))
    options: dict[str, Any] = {"route_factor": route_factor, "whole_units": whole_units, "tables": tables}
    usd = np.column_stack(
        [connection_usd(km[:, number], power, voltage_kv=kv, **options) for number, kv in enumerate(classes)]
    )
    best, row = usd.argmin(axis=1), np.arange(len(distances))
    cost = usd[row, best]
    per_kw = np.divide(cost, power * KW_PER_MW, out=np.full(len(cost), np.nan), where=power > 0)
    found = {
        "connection_kv": np.where(np.isfinite(cost), np.asarray(classes)[best], 0),
        "connection_km": km[row, best],
        "connection_usd": cost,
        "connection_usd_per_kw": per_kw,
    }
    return pd.DataFrame(found, index=distances.index)


def _laid(distance_km: Any, wanted: Any, capacity: float, usd_per_km: float, *, whole_units: bool) -> Floats:
    """Return distance x circuits or pipes x cost per km; nothing is laid where nothing is wanted."""
    distance, amount = np.broadcast_arrays(np.asarray(distance_km, dtype=float), np.asarray(wanted, dtype=float))
    if (distance < 0).any() or (amount < 0).any() or usd_per_km < 0:
        raise ValueError("distances, power, flow and route factor cannot be below 0")
    number = amount / capacity
    if whole_units:
        number = np.ceil(number)
    laid: Floats = np.zeros(distance.shape)
    np.multiply(distance, number * usd_per_km, out=laid, where=number > 0)
    return laid


def _line_class(voltage_kv: int) -> str:
    if voltage_kv not in VOLTAGE_CLASSES:
        raise KeyError(f"no voltage class {voltage_kv}: {', '.join(str(kv) for kv in VOLTAGE_CLASSES)} kV")
    return f"ac_{voltage_kv}kv"


def _figure(tables: Tables, technology: str, machine_class: str, parameter: str) -> Figure:
    return tables.figure("technologies", technology=technology, machine_class=machine_class, parameter=parameter)


def _usd_2024(tables: Tables, technology: str, machine_class: str, parameter: str) -> float:
    figure = _figure(tables, technology, machine_class, parameter)
    if figure.currency_year is None:
        return figure.value
    rows = tables.frame("finance")
    rows = rows[(rows["topic"] == "deflator") & (rows["item"] == "usd_2004_per_usd")]
    series = {int(year): float(value) for year, value in zip(rows["year"], rows["value"], strict=True)}
    growth = tables.figure("finance", topic="deflator", item="growth_after").value
    return Deflator(series, growth).to_2024(figure.value, figure.currency_year)


@lru_cache(maxsize=1)
def _shipped() -> Tables:
    return load_tables((data_folder(),))
