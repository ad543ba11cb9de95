"""What a cross-check found: figures of both sides, whether they agree, and what PyPSA could not say by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

DISPATCH, SIZING = "dispatch", "sizing"
OPERATION, ALL_SITES = "operation_cost", "all sites"
COST, CAPACITY, ENERGY = "cost", "capacity", "energy_capacity"
COLUMNS = ("question", "site", "year", "quantity", "unit", "gigasite", "pypsa", "difference", "share")


@dataclass(frozen=True)
class Compared:
    """One figure on both sides.

    Attributes:
        question: `dispatch` or `sizing`.
        site: a site, or `all sites`.
        year: modelled year.
        quantity: what is compared.
        unit: its unit.
        gigasite: our figure.
        pypsa: that of PyPSA.
        size: what the difference is measured by; the larger figure where not given.
    """

    question: str
    site: str
    year: int
    quantity: str
    unit: str
    gigasite: float
    pypsa: float
    size: float = 0.0

    @property
    def difference(self) -> float:
        """PyPSA less gigasite."""
        return self.pypsa - self.gigasite

    @property
    def share(self) -> float:
        """The difference as a share of the size."""
        size = self.size or max(abs(self.gigasite), abs(self.pypsa))
        return self.difference / size if size > 0 else 0.0


@dataclass(frozen=True)
class CrossCheck:
    """A run beside PyPSA.

    Attributes:
        run: folder of the run.
        compared: every figure.
        faults: sentences on what does not agree; empty where all does.
        remarks: sentences on what differs for a reason.
        added_rows: what PyPSA has no attribute for, added to its model as rows through linopy.
        left_out: what neither side of a comparison holds, or PyPSA cannot say.
        seconds: time of each step.
        tolerance: share by which costs may differ.
        sizing_resolution_h: hours in a step of the sizing.
        versions: of PyPSA and linopy.
    """

    run: str
    compared: tuple[Compared, ...]
    faults: tuple[str, ...]
    remarks: tuple[str, ...]
    added_rows: tuple[str, ...]
    left_out: tuple[str, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)
    tolerance: float = 0.0
    sizing_resolution_h: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        """Whether both sides say the same within the tolerance."""
        return not self.faults

    @property
    def frame(self) -> pd.DataFrame:
        """Every figure as a table."""
        rows = [[getattr(one, column) for column in COLUMNS] for one in self.compared]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def as_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        from gigasite.results.run import plain_json

        found: dict[str, Any] = plain_json(
            {
                "run": self.run,
                "agrees": self.agrees,
                "tolerance": self.tolerance,
                "faults": self.faults,
                "remarks": self.remarks,
                "compared": self.frame.to_dict(orient="records"),
                "added_rows": self.added_rows,
                "left_out": self.left_out,
                "sizing_resolution_h": self.sizing_resolution_h,
                "seconds": self.seconds,
                "versions": self.versions,
            }
        )
        return found
