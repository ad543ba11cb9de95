"""What may be asked of a run's money beside what its scenario says, without solving it again."""

from __future__ import annotations

from dataclasses import dataclass

from gigasite.foundation.errors import InputError, Problem, did_you_mean
from gigasite.inputs.finance_terms import BLOCKS

LARGEST_OVERRUN, LONGEST_DELAY = 100.0, 240


@dataclass(frozen=True)
class WhatIf:
    """What is asked of a run beside what its scenario says.

    Attributes:
        block: a block of tranches in place of the scenario's.
        overrun_factor: what building costs over what the run says, every plant.
        delay_months: months between the last spending and the start, beside those of the scenario, every plant.
    """

    block: str | None = None
    overrun_factor: float = 1.0
    delay_months: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be asked."""
        if self.block is not None and self.block not in BLOCKS:
            remedy = did_you_mean(self.block, BLOCKS)
            allowed = ", ".join(BLOCKS)
            raise InputError(
                Problem("there is no such block of tranches", None, "--block", self.block, allowed, remedy)
            )
        if not 0 < self.overrun_factor < LARGEST_OVERRUN:
            given = f"{self.overrun_factor:g}"
            raise InputError(Problem("this is no overrun", None, "--overrun", given, "above 0: 1.755 for 75.5 % more"))
        if not 0 <= self.delay_months <= LONGEST_DELAY:
            given = f"{self.delay_months:g}"
            raise InputError(Problem("this is no delay", None, "--delay-months", given, f"0 to {LONGEST_DELAY} months"))


AS_IT_IS = WhatIf()
