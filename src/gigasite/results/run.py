"""A written run: its tables as DataFrames, read when they are asked for."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.inputs.futures_spec import NAME as FUTURE_NAME

MANIFEST, SCENARIO, HOURLY = "manifest.json", "scenario.yaml", "hourly"
FUTURES = "futures"
"""Folder, in the run of a scenario with futures, of the runs of each; and the table that holds them side by side."""

NOT_POWER = ("gas_trunk",)
"""Rows of the capacity table that are not counted in megawatts."""


def _read_parquet(file: Path) -> pd.DataFrame:
    """A table of a run; a damaged file is told as one."""
    try:
        return pd.read_parquet(file)
    except (OSError, ValueError) as damage:  # what Arrow raises for a damaged file is a ValueError
        raise InputError(_damaged(file)) from damage


def _damaged(file: Path) -> Problem:
    return Problem(f"{file} is damaged or missing and cannot be read", remedy="solve the scenario again")


def read_manifest(file: Path) -> dict[str, Any]:
    """What a run says of itself.

    Raises:
        InputError: the file is damaged or missing, or is no manifest.
    """
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(Problem(f"{file} cannot be read: {error}", remedy="solve the scenario again")) from error
    if not isinstance(manifest, dict) or "scenario" not in manifest:
        raise InputError(Problem(f"{file} is not the manifest of a run", remedy="solve the scenario again"))
    return manifest


@dataclass(frozen=True)
class Run:
    """A solved scenario on disk.

    Attributes:
        path: its folder.
        manifest: versions, inputs, solver, gap, times, whether the checks passed.
    """

    path: Path
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return str(self.manifest["scenario"])

    @property
    def title(self) -> str:
        """What a planner reads above the answer."""
        return str(self.manifest.get("title") or self.scenario)

    @property
    def question(self) -> str:
        """What the scenario asks; empty where it does not say."""
        return str(self.settings.get("question") or "").strip()

    @property
    def run_id(self) -> str:
        """Name of the folder: when it was written, and a short hash."""
        return self.path.name

    @property
    def checks_passed(self) -> bool:
        """Whether every check passed."""
        return bool(self.manifest.get("checks_passed", False))

    @property
    def table_names(self) -> tuple[str, ...]:
        """Every table of the run but the hourly ones."""
        return tuple(sorted(path.stem for path in self.path.glob("*.parquet")))

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run by its name.

        Raises:
            InputError: the run has no such table.
        """
        if name not in self._frames:
            file = self.path / f"{name}.parquet"
            if not file.is_file():
                known = self.table_names
                raise InputError(
                    Problem(
                        f"the run {self.path} has no table {name!r}",
                        given=name,
                        allowed=", ".join(known),
                        remedy=did_you_mean(name, known),
                    )
                )
            self._frames[name] = _read_parquet(file)
        return self._frames[name]

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        return {}

    def forget(self, name: str) -> None:
        """Read a table anew when it is next asked for."""
        self._frames.pop(name, None)

    @property
    def summary(self) -> pd.DataFrame:
        """One row: cost, capacity, energised load, emissions, what waits."""
        return self.table("summary")

    @property
    def costs(self) -> pd.DataFrame:
        """Cost by site, year, technology and component."""
        return self.table("costs")

    @property
    def capacity(self) -> pd.DataFrame:
        """Capacity by site, year and technology, and what holds it."""
        return self.table("capacity")

    @property
    def energy(self) -> pd.DataFrame:
        """Energy, fuel, emissions and water by site, year and technology."""
        return self.table("energy")

    @property
    def load(self) -> pd.DataFrame:
        """Load wanted, energised, waiting and served by site and year."""
        return self.table("load")

    @property
    def demand(self) -> pd.DataFrame:
        """National account by year; empty where the scenario has none."""
        return self.table("demand")

    @property
    def cash_flow(self) -> pd.DataFrame:
        """Payments by year, party and item."""
        return self.table("cash_flow")

    @property
    def prices(self) -> pd.DataFrame:
        """Shadow prices by site, year and requirement, with a sentence each."""
        return self.table("prices")

    @property
    def breakeven(self) -> pd.DataFrame:
        """Capital cost at which a technology that was not built would enter."""
        return self.table("breakeven")

    @property
    def checks(self) -> pd.DataFrame:
        """What was recomputed without the model."""
        return self.table("checks")

    @property
    def hourly_keys(self) -> tuple[tuple[str, int], ...]:
        """Sites and years that have hourly values."""
        names = sorted(path.stem for path in (self.path / HOURLY).glob("*.parquet"))
        split = (name.rpartition("_") for name in names)
        return tuple((site, int(year)) for site, _, year in split)

    def hourly(self, site: str | None = None, year: int | None = None) -> pd.DataFrame:
        """Hourly values of a site and year; of the first site, and the last year, where they are not named.

        Raises:
            InputError: the run has no such site or year.
        """
        keys = self.hourly_keys
        site = keys[0][0] if site is None and keys else site
        year = max((y for s, y in keys if s == site), default=None) if year is None else year
        if (site, year) not in keys:
            sites = tuple(dict.fromkeys(s for s, _ in keys))
            years = tuple(dict.fromkeys(str(y) for s, y in keys if s == site))
            allowed = "years " + ", ".join(years) if years else "sites " + ", ".join(sites)
            remedy = None if years else did_you_mean(str(site), sites)
            given = f"{site}, {year}"
            raise InputError(
                Problem(f"the run {self.path} has no hours of it", given=given, allowed=allowed, remedy=remedy)
            )
        return _read_parquet(self.path / HOURLY / f"{site}_{year}.parquet")

    @property
    def future_names(self) -> tuple[str, ...]:
        """Names of its futures; none where the scenario has no futures.

        Raises:
            InputError: the manifest names what cannot be futures.
        """
        told = self.manifest.get(FUTURES) or {}
        if not isinstance(told, dict) or not all(re.fullmatch(FUTURE_NAME, name) for name in told):
            raise InputError(_damaged(self.path / MANIFEST))
        return tuple(told)

    def future(self, name: str) -> Self:
        """The run of one of its futures.

        Raises:
            InputError: it is damaged, or leads out of this run.
        """
        folder = self.path / FUTURES / name
        if name not in self.future_names or folder.is_symlink() or folder.parent.is_symlink():
            raise InputError(_damaged(folder))
        return type(self)(folder, read_manifest(folder / MANIFEST))

    @cached_property
    def futures(self) -> Mapping[str, Self]:
        """The run of each future by its name, where the scenario has futures: this run then holds their means."""
        return {name: self.future(name) for name in self.future_names}

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """The scenario as it was solved, with every default."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        file = self.path / SCENARIO
        try:
            found = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, YAMLError) as damage:
            raise InputError(_damaged(file)) from damage
        if not isinstance(found, Mapping):
            raise InputError(_damaged(file))
        return found

    def json_summary(self) -> dict[str, Any]:
        """The object that `gigasite solve --json` prints for a scenario: plain numbers, texts and None."""
        row, manifest = self.summary.iloc[0], self.manifest
        last_year = self.capacity["year"].max()
        standing = self.capacity[(self.capacity["year"] == last_year) & ~self.capacity["technology"].isin(NOT_POWER)]
        energy = self.energy[self.energy["year"] == last_year]
        found = {
            "scenario": self.scenario,
            "run": str(self.path),
            "status": manifest["status"],
            "gap": manifest["gap"],
            "present_value_usd": row["present_value_usd"],
            "levelised_cost_usd_per_mwh": row["levelised_cost_usd_per_mwh"],
            "overnight_capex_usd": row["overnight_capex_usd"],
            "announced_capex_usd": row["announced_capex_usd"],
            "energised_mw": _totals(self.load, "year", "energised_mw"),
            "capacity_mw": _totals(standing, "technology", "total_mw"),
            "energy_mwh": _totals(energy, "technology", "energy_mwh"),
            "co2_t": row["co2_t"],
            "idle_mw_years": row["idle_mw_years"],
            "unserved_mwh": row["unserved_mwh"],
            "resolution_h": manifest["resolution_h"],
            "method": manifest["method"],
            "solve_seconds": manifest["solve_seconds"],
            "total_seconds": manifest["total_seconds"],
            "checks_passed": self.checks_passed,
            "futures": self.table(FUTURES).to_dict(orient="records") if self.manifest.get(FUTURES) else None,
        }
        plain: dict[str, Any] = plain_json(found)
        return plain

    def _repr_html_(self) -> str:
        """What a notebook shows: the answer in sentences, then capacity by year."""
        from gigasite.results.sentences import answer

        sentences = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in answer(self))
        power = self.capacity[~self.capacity["technology"].isin(NOT_POWER)]
        wide = power.pivot_table(index="technology", columns="year", values="total_mw", aggfunc="sum")
        shown = wide[wide.max(axis=1) > 0].to_html(float_format=lambda mw: f"{mw:,.0f}", border=0)
        head = f"<h4>{html.escape(self.title)}</h4>"
        return (
            f"<div>{head}{sentences}<p>Capacity in MW</p>{shown}<p><code>{html.escape(str(self.path))}</code></p></div>"
        )


def _totals(frame: pd.DataFrame, by: str, column: str) -> dict[str, float]:
    sums = frame.groupby(by, sort=False)[column].sum()
    return {str(key): float(value) for key, value in sums.items()}


def plain_json(value: Any) -> Any:
    """Numpy numbers as Python ones and what is not a number as None, ready for JSON.

    >>> plain_json({"gap": float("nan"), 2030: (1, 2.5)})
    {'gap': None, '2030': [1, 2.5]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124
        return None
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)


def to_json_text(value: Any) -> str:
    """JSON that any reader takes: no NaN, no infinity."""
    return json.dumps(plain_json(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
