"""What an exclusion rule is: its keys in a study, and a mask that says which candidates it takes out, and why.

A rule is one file in `siting/rules/`, found by its place. It excludes or it does not; it never weighs one candidate
against another, which is the business of the optimisation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from numpy.typing import NDArray

from gigasite.inputs.quantities import Frozen

if TYPE_CHECKING:
    from gigasite.siting.ground import Ground

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class NamesLayer:
    """Stands in the `Annotated` of a key that names a layer of the study: of which kinds it may be."""

    kinds: tuple[str, ...] = ("points", "lines", "areas")


@dataclass(frozen=True)
class NamesColumn:
    """Stands in the `Annotated` of a key that names a column of numbers.

    `of` is the key beside it that names the layer. Where that is left out, or `of` is None, the column is one of the
    candidates.
    """

    of: str | None = None


AreaLayer = Annotated[str, NamesLayer(("areas",))]
LineLayer = Annotated[str, NamesLayer(("lines",))]
AnyLayer = Annotated[str, NamesLayer()]


class RuleSpec(Frozen):
    """Base of the keys of a rule below `rules:` of a study."""


@dataclass(frozen=True)
class Verdict:
    """What a rule says of every candidate, in their order.

    Attributes:
        excluded: whether it takes the candidate out.
        reason: what was found and what is allowed, for those that stay as well as for those that go.
        measured: figures it found, by column name with unit.
    """

    excluded: Mask
    reason: NDArray[np.str_]
    measured: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A reason for which a place is no candidate.

    Attributes:
        name: its key below `rules:` and in the tables.
        label: what a planner reads.
        order: its place in tables, low first; cheap rules come first.
        spec: its keys.
        mask: which candidates it takes out: a pure function of the candidates, their layers and the keys.
    """

    name: str
    label: str
    order: int
    spec: type[RuleSpec]
    mask: Callable[[Ground, Any], Verdict]


def above(values: Array, limit: float, told: str, unit: str) -> tuple[Mask, NDArray[np.str_]]:
    """Exclude what lies above a limit, or is not known: `told 7.3 unit, at most 5 unit`."""
    return ~(values <= limit), _reasons(values, told, unit, f"at most {_number(limit)} {unit}")


def below(values: Array, limit: float, told: str, unit: str) -> tuple[Mask, NDArray[np.str_]]:
    """Exclude what lies below a limit, or is not known: `told 2.1 unit, at least 5 unit`."""
    return ~(values >= limit), _reasons(values, told, unit, f"at least {_number(limit)} {unit}")


def listed(told: str, values: Iterable[str], excluded: Mask) -> NDArray[np.str_]:
    """Return the reasons of a list of names: `state TX, not allowed`."""
    found = zip(values, excluded, strict=True)
    words = [f"{told} {value or 'not known'}, {'not allowed' if out else 'allowed'}" for value, out in found]
    return np.array(words, dtype=np.str_)


def _reasons(values: Array, told: str, unit: str, allowed: str) -> NDArray[np.str_]:
    """One sentence for every value.

    >>> [str(reason) for reason in _reasons(np.array([7.312, np.nan, np.inf]), "slope", "%", "at most 5 %")]
    ['slope 7.31 %, at most 5 %', 'slope not known, at most 5 %', 'slope none found, at most 5 %']
    """
    words = [f"{told} {_found(float(value), unit)}, {allowed}" for value in values]
    return np.array(words, dtype=np.str_)


def _found(value: float, unit: str) -> str:
    if np.isnan(value):
        return "not known"
    return "none found" if np.isinf(value) else f"{_number(value)} {unit}"


def _number(value: float) -> str:
    """A figure a planner can read: three digits, large ones whole.

    >>> [_number(value) for value in (0.0, 0.01234, 7.312, 5.0, 48.26, 1234.5)]
    ['0', '0.0123', '7.31', '5', '48.3', '1,234']
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"  # noqa: PLR2004
