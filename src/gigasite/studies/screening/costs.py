"""What the line and the gas lateral of every candidate cost, and where they would end.

    connection_usd             = line and substation of the voltage class that costs least
    gas_mmbtu_per_h            = capacity_mw * heat_rate_mmbtu_per_mwh
    lateral_usd                = the pipe that this gas takes
    connection_and_lateral_usd = connection_usd + lateral_usd,    of what the study asks for
    line_usd_per_kw            = the line alone / (1000 * capacity_mw)

A scenario takes `line_usd_per_kw` as the contribution of the site, since the model pays for the substation itself, and
`trunk_distance_km` as the length of its gas trunk. Equations and sources of the costs: `siting.connection_costs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gigasite.inputs.folders import data_folder
from gigasite.inputs.tables import Tables, load_tables
from gigasite.siting.connection_costs import KW_PER_MW, cheapest_connection, lateral_usd, line_usd
from gigasite.siting.distances import nearest_km
from gigasite.siting.rule import Array
from gigasite.siting.voltage_classes import VOLTAGE_CLASSES, distance_column, nearest_lines
from gigasite.studies.screening.study import StudyConnections, StudyLine

if TYPE_CHECKING:
    import pandas as pd

    from gigasite.siting.ground import Ground

HEAT_RATE_YEAR = 2030
"""Year of the heat rate by which a lateral is sized, where the study does not say one."""


@dataclass(frozen=True)
class Connections:
    """Distances and costs of what connects the candidates.

    Attributes:
        columns: by name, one number for each candidate; inf where nothing is there to be connected to.
        ends: where lines and laterals end: site, kind (line, pipeline), latitude, longitude, distance_km.
    """

    columns: dict[str, Array]
    ends: pd.DataFrame


def connections(said: StudyConnections | None, ground: Ground, folders: tuple[Path, ...]) -> Connections:
    """Return what the study's connections cost every candidate, and where they end.

    Args:
        said: what a campus is connected to; None for nothing.
        ground: candidates and layers.
        folders: folders of figures, the first winning.
    """
    import pandas as pd

    columns: dict[str, Array] = {}
    ends = [pd.DataFrame(columns=["site", "kind", "latitude", "longitude", "distance_km"])]
    tables = None if folders == (data_folder(),) else load_tables(folders)
    if said is not None and said.line is not None:
        line, end = _line(said, said.line, ground, tables)
        columns |= line
        ends.append(end)
    if said is not None and said.pipeline is not None:
        lateral, end = _lateral(said, ground, tables)
        columns |= lateral
        ends.append(end)
    parts = [columns[name] for name in ("connection_usd", "lateral_usd") if name in columns]
    if parts:
        columns = {"connection_and_lateral_usd": np.sum(parts, axis=0), **columns}
    return Connections(columns, pd.concat([each for each in ends if len(each)] or ends[:1], ignore_index=True))


def _line(
    said: StudyConnections, line: StudyLine, ground: Ground, tables: Tables | None
) -> tuple[dict[str, Array], pd.DataFrame]:
    """Return the cheapest connection of every candidate, and where it ends."""
    import pandas as pd

    points, layer = ground.candidates.table[["latitude", "longitude"]], ground.layers[line.layer]
    distances = nearest_lines(points, layer, column=line.voltage_column)
    too_low = [distance_column(kv) for kv in VOLTAGE_CLASSES if kv < line.minimum_kv]
    options: dict[str, Any] = {"route_factor": said.route_factor, "whole_units": said.whole_units, "tables": tables}
    best = cheapest_connection(distances.drop(columns=too_low), said.capacity_mw, **options)
    kv, km = best["connection_kv"].to_numpy(dtype=int), best["connection_km"].to_numpy(dtype=float)
    alone = np.full(len(best), np.inf)
    ends = []
    for of_class in sorted(set(kv) - {0}):
        chosen = kv == of_class
        alone[chosen] = line_usd(km[chosen], said.capacity_mw, voltage_kv=int(of_class), **options)
        where = {line.voltage_column: VOLTAGE_CLASSES[int(of_class)]}
        end = nearest_km(points[chosen], layer, where=where)[["latitude", "longitude", "distance_km"]]
        ends.append(end.assign(site=ground.candidates.table["site"], kind="line"))
    found = {name: best[name].to_numpy(dtype=float) for name in ("connection_usd", "connection_kv", "connection_km")}
    found["line_usd_per_kw"] = alone / (said.capacity_mw * KW_PER_MW)
    return found, pd.concat(ends).sort_index() if ends else pd.DataFrame()


def _lateral(said: StudyConnections, ground: Ground, tables: Tables | None) -> tuple[dict[str, Array], pd.DataFrame]:
    """Return the gas lateral of every candidate, and where it ends."""
    assert said.pipeline is not None  # asked for, or nobody calls this
    table = ground.candidates.table
    end = nearest_km(table[["latitude", "longitude"]], ground.layers[said.pipeline.layer])
    km = end["distance_km"].to_numpy(dtype=float)
    heat_rate = said.pipeline.heat_rate_mmbtu_per_mwh or _heat_rate(tables or load_tables((data_folder(),)))
    options: dict[str, Any] = {"route_factor": said.route_factor, "whole_units": said.whole_units, "tables": tables}
    usd = lateral_usd(km, said.capacity_mw * heat_rate, **options)
    told = end[["latitude", "longitude", "distance_km"]].assign(site=table["site"], kind="pipeline")
    return {"lateral_usd": usd, "trunk_distance_km": km * said.route_factor}, told[np.isfinite(km)]


def _heat_rate(tables: Tables) -> float:
    """Return the heat rate of the usual combined cycle [MMBtu/MWh]."""
    defaults = tables.frame("technology_defaults")
    usual = defaults[defaults["technology"] == "combined_cycle"]["machine_class"].iloc[0]
    keys = {"technology": "combined_cycle", "machine_class": usual, "parameter": "heat_rate_mmbtu_per_mwh"}
    return tables.figure("technologies", year=HEAT_RATE_YEAR, **keys).value
