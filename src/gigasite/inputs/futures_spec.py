"""Several futures of one scenario: each overrides it, with a probability; one plan holds until it is known which."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from gigasite.inputs.quantities import STRICT, Frozen, Year

NAME = r"^[a-z][a-z0-9_]*$"
FutureName = Annotated[str, Field(pattern=NAME, max_length=30)]


class FutureSpec(Frozen):
    """One future: its probability, and whatever it says otherwise than the scenario, in the scenario's own keys."""

    model_config = ConfigDict(**{**STRICT, "extra": "allow"})

    probability: Annotated[float, Field(gt=0.0, le=1.0)]
    """How likely it is [-]; those of all futures add up to 1."""

    @property
    def overrides(self) -> dict[str, Any]:
        """What it says otherwise."""
        return dict(self.__pydantic_extra__ or {})


class FuturesSpec(Frozen):
    """Futures with probabilities. What is decided before `known_in` is one plan for all of them."""

    known_in: Year
    """Year from whose beginning it is known which future has come; after the first modelled year."""

    commit: Literal["start", "order"] = "start"
    """start: capacity is decided when it starts; order: a lead time earlier, where inputs/ or the scenario know one."""

    follow: str | None = None
    """Future whose own plan is followed for comparison: what does planning for that one alone cost? left out: none."""

    cases: Annotated[dict[FutureName, FutureSpec], Field(min_length=1)]
    """The futures, two or more: {name: {probability: share, and overrides of the scenario}}."""
