"""Exclusion rules over candidates: who stays, who goes and why, and what each rule takes out alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gigasite.siting.candidates import OWN_COLUMNS
from gigasite.siting.ground import Ground
from gigasite.siting.rule import Array, Mask, RuleSpec, Verdict
from gigasite.siting.rule_registry import rules

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Screened:
    """What the rules said.

    Attributes:
        ground: candidates and layers.
        verdicts: by rule, in the order of tables; every rule saw every candidate.
    """

    ground: Ground
    verdicts: Mapping[str, Verdict]

    @property
    def kept(self) -> Mask:
        """Whether no rule excludes a candidate."""
        excluded = np.zeros(len(self.ground.candidates), dtype=bool)
        for verdict in self.verdicts.values():
            excluded |= verdict.excluded
        return ~excluded

    @property
    def measured(self) -> dict[str, Array]:
        """Figures that rules found, by column."""
        return {column: values for verdict in self.verdicts.values() for column, values in verdict.measured.items()}

    def reasons(self) -> NDArray[np.object_]:
        """Return what each candidate was found to be, rule by rule, in one text."""
        parts = [verdict.reason.tolist() for verdict in self.verdicts.values()]
        texts = ["; ".join(told) for told in zip(*parts, strict=True)] or [""] * len(self.ground.candidates)
        return np.array(texts, dtype=object)

    def excluded_table(self) -> pd.DataFrame:
        """Return one row for every candidate and rule that excludes it: what and where it is, rule, reason."""
        import pandas as pd

        about = self.ground.candidates.table[list(OWN_COLUMNS)]
        parts = [
            about[verdict.excluded].assign(rule=name, reason=verdict.reason[verdict.excluded])
            for name, verdict in self.verdicts.items()
            if verdict.excluded.any()
        ]
        empty = about.iloc[:0].assign(rule=pd.Series(dtype=object), reason=pd.Series(dtype=object))
        order = {name: position for position, name in enumerate(self.verdicts)}
        table = pd.concat(parts) if parts else empty
        table = table.assign(_candidate=table.index, _rule=table["rule"].map(order))
        table = table.sort_values(["_candidate", "_rule"]).drop(columns=["_candidate", "_rule"])
        return table.reset_index(drop=True)

    def rules_table(self) -> pd.DataFrame:
        """Return one row for each rule: how many it excludes, how many only it excludes, and how many are left.

        Left are those that neither this rule nor one above it excludes.
        """
        import pandas as pd

        number = sum(
            (verdict.excluded.astype(int) for verdict in self.verdicts.values()),
            start=np.zeros(len(self.ground.candidates), dtype=int),
        )
        left = np.ones(len(self.ground.candidates), dtype=bool)
        rows = []
        for name, verdict in self.verdicts.items():
            left &= ~verdict.excluded
            rows.append(
                {
                    "rule": name,
                    "label": rules()[name].label,
                    "excluded": int(verdict.excluded.sum()),
                    "only_this_rule": int((verdict.excluded & (number == 1)).sum()),
                    "left_after": int(left.sum()),
                }
            )
        return pd.DataFrame(rows, columns=["rule", "label", "excluded", "only_this_rule", "left_after"])


def screen(ground: Ground, specs: Mapping[str, RuleSpec]) -> Screened:
    """Ask every rule of a study about every candidate.

    Args:
        ground: candidates and layers.
        specs: the keys of each rule, by its name.
    """
    return Screened(ground, {name: rule.mask(ground, specs[name]) for name, rule in rules().items() if name in specs})
