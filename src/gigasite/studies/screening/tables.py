"""From a loaded study to its tables: rules asked, distances and costs of what stays, candidates in their order.

rank by one column, the least first; then by id. No weights: weighing is the optimisation's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.inputs.load import input_folders
from gigasite.siting.candidates import OWN_COLUMNS, Candidates, counties_of, features_of
from gigasite.siting.ground import Ground
from gigasite.siting.rule import Array
from gigasite.siting.screening import Screened, screen
from gigasite.studies.screening.costs import connections
from gigasite.studies.screening.study_file import LoadedStudy

if TYPE_CHECKING:
    import pandas as pd

ID = "site"
COST = "connection_and_lateral_usd"


@dataclass(frozen=True)
class ScreeningTables:
    """What a screen found.

    Attributes:
        candidates: those that stay, ranked, with place, distances, costs and reasons; only the best where so many are
            asked for.
        excluded: one row for every candidate and rule that excludes it.
        rules: one row for every rule.
        connections: where lines and laterals of the candidates would end.
        screened: how many places were looked at.
        kept: how many stayed, before the best of them were taken.
        ranked_by: the column they are ranked by.
        measures: columns that rules, distances and costs added.
        of_counties: whether the candidates are counties.
    """

    candidates: pd.DataFrame
    excluded: pd.DataFrame
    rules: pd.DataFrame
    connections: pd.DataFrame
    screened: int
    kept: int
    ranked_by: str
    measures: tuple[str, ...]
    of_counties: bool


def screening_tables(loaded: LoadedStudy) -> ScreeningTables:
    """Ask every rule about every candidate, and measure, cost and rank those that stay.

    Raises:
        InputError: ids that are not unique, two distances of one name, or a column to rank by that is not there.
    """
    study = loaded.study
    candidates = described(_candidates(loaded), input_folders(loaded.source))
    ground = Ground(candidates, loaded.layers)
    found = screen(ground, study.rules)
    connected = connections(study.connections, ground, input_folders(loaded.source))
    measures = _measures(loaded, ground, found, connected.columns)
    table = candidates.table.drop(columns=[column for column in measures if column in candidates.table.columns])
    table = table.assign(**measures, reasons=found.reasons())
    ranked_by = _ranked_by(loaded, table)
    kept = table[found.kept].sort_values([ranked_by, ID], kind="stable", na_position="last")
    best = _best(kept, study.best, study.best_within).reset_index(drop=True)
    best.insert(0, "rank", np.arange(1, len(best) + 1))
    return ScreeningTables(
        candidates=best,
        excluded=found.excluded_table(),
        rules=found.rules_table(),
        connections=_of(best, connected.ends),
        screened=len(candidates),
        kept=len(kept),
        ranked_by=ranked_by,
        measures=tuple(measures),
        of_counties=study.candidates.layer is None,
    )


def described(candidates: Candidates, folders: Sequence[Path]) -> Candidates:
    """Return the candidates with what the model needs to know of their place; what they say themselves wins."""
    from gigasite.siting.regional import describe

    if not len(candidates):
        return candidates
    table = candidates.table
    known = describe(table[["latitude", "longitude", *({"county_fips"} & set(table.columns))]], folders=folders)
    said = [column for column in table.columns if column in known.columns and table[column].notna().all()]
    added = known.drop(columns=[*said, *({"latitude", "longitude"} & set(known.columns))])
    kept = table.drop(columns=[column for column in added.columns if column in table.columns])
    joined = kept.join(added)
    first = [column for column in OWN_COLUMNS if column in joined.columns]
    of_place = [column for column in known.columns if column in joined.columns and column not in first]
    rest = [column for column in joined.columns if column not in (*first, *of_place)]
    return Candidates(joined[[*first, *of_place, *rest]], candidates.areas)


def _candidates(loaded: LoadedStudy) -> Candidates:
    said = loaded.study.candidates
    if said.layer is None:
        return counties_of(said.counties_of if isinstance(said.counties_of, tuple) else None)
    layer = loaded.layers[said.layer]
    found = features_of(layer, id_column=said.id_column, name_column=said.name_column)
    twice = found.table[ID][found.table[ID].duplicated()]
    if len(twice):
        key = "id_column" if said.id_column is not None else "layer"
        origin = loaded.source.origin_of(("candidates", key))
        message = "two candidates have the same id, as scenarios write it: small letters, digits and _"
        given = ", ".join(dict.fromkeys(twice.head(5)))
        raise InputError(Problem(message, origin, f"candidates.{key}", given, remedy="name a column of unique ids"))
    return found


def _best(ranked: pd.DataFrame, number: int | None, within: str | None) -> pd.DataFrame:
    """Return the first so many, of all or of each state or zone by itself, in their order."""
    if number is None:
        return ranked
    return ranked.head(number) if within is None else ranked.groupby(within, sort=False, dropna=False).head(number)


def _of(candidates: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    """Return the ends of the candidates that are written, best first."""
    ranks = dict(zip(candidates[ID], candidates["rank"], strict=True))
    kept = ends[ends[ID].isin(ranks)]
    kept = kept.assign(rank=kept[ID].map(ranks)).sort_values(["rank", "kind"], kind="stable")
    return kept[["rank", ID, "kind", "latitude", "longitude", "distance_km"]].reset_index(drop=True)


def _measures(loaded: LoadedStudy, ground: Ground, found: Screened, costs: Mapping[str, Array]) -> dict[str, Array]:
    """Return costs, distances and what the rules measured, by column; nan where nothing was found.

    Raises:
        InputError: a distance has the column of a rule or a cost, but other numbers.
    """
    study = loaded.study
    distances: dict[str, Array] = {
        f"{name}_km": ground.distance_km(spec.layer, column=spec.column, at_least=spec.at_least)
        for name, spec in study.distances.items()
    }
    others = {**costs, **found.measured}
    for name in study.distances:
        column = f"{name}_km"
        if column in others and not np.array_equal(distances[column], others[column], equal_nan=True):
            at = loaded.source.key_origin_of(("distances", name))
            message = f"another distance stands in the column {column} already: that of a rule or a connection"
            raise InputError(Problem(message, at, f"distances.{name}", remedy="give it another name"))
    added = {**costs, **distances, **found.measured}
    return {column: np.where(np.isinf(values), np.nan, values) for column, values in added.items()}


def _ranked_by(loaded: LoadedStudy, table: pd.DataFrame) -> str:
    """Return the column to rank by."""
    from pandas.api.types import is_numeric_dtype

    said = loaded.study.rank_by
    numbers = [str(column) for column in table.columns if is_numeric_dtype(table[column])]
    if said is None:
        distances = [f"{name}_km" for name in loaded.study.distances]
        return next((column for column in (COST, *distances) if column in numbers), ID)
    if said not in numbers and said != ID:
        origin = loaded.source.origin_of(("rank_by",))
        allowed, near = ", ".join((ID, *numbers)), did_you_mean(said, (ID, *numbers))
        raise InputError(Problem("candidates have no such column of numbers", origin, "rank_by", said, allowed, near))
    return said
