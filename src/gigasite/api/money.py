"""Who pays and who gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gigasite.api.reading import load

if TYPE_CHECKING:
    from gigasite.results.run import Run
    from gigasite.studies.finance_bridge import FinanceBridge
    from gigasite.studies.financing import FinanceStudy
    from gigasite.studies.partnership import PartnershipStudy
    from gigasite.studies.programmes import Programmes


def finance(
    run: Run | str | Path,
    *,
    price: float | None = None,
    returns: Sequence[float] | None = None,
    dscr: float | None = None,
    block: str | None = None,
    overrun_factor: float = 1.0,
    delay_months: float = 0.0,
    results: str | Path | None = None,
) -> FinanceStudy:
    """Finance a run: the price its power must fetch, its cash by year, what the price is made of; writes the tables.

    Args:
        run: a run, its folder, or the name of a scenario for its latest run in `results`.
        price: USD/MWh to look at, as the scenario's terms mean it; what the last return needs where not given.
        returns: what the owners ask, nominal and after tax; those of the scenario where not given.
        dscr: seek the price at which cash covers debt service so many times in every year; as the scenario says where
            not given.
        block: a block of tranches (utility, contracted, merchant, nuclear_first, japan_us) in place of the scenario's.
        overrun_factor: what building costs in the end over what the run says, every plant.
        delay_months: months by which plants start after their money is spent, beside those of the scenario.
        results: folder of runs; `results` in the working folder where not given.

    Raises:
        InputError: there is no such run, its inputs have changed, or nothing is built or sold.
    """
    from gigasite.results.finance_store import write_finance
    from gigasite.studies.finance_what_if import WhatIf
    from gigasite.studies.financing import finance_study

    asked = WhatIf(block, overrun_factor, delay_months)
    loaded = load(run, results=results) if isinstance(run, str | Path) else run
    found = finance_study(loaded, price=price, returns=returns, dscr=dscr, what_if=asked)
    write_finance(loaded, found.tables)
    return found


def finance_bridge(
    runs: Iterable[Run | str | Path],
    *,
    returns: Sequence[float] | None = None,
    block: str | None = None,
    results: str | Path | None = None,
) -> FinanceBridge:
    """Tell where the price of a second run differs from that of a first, term by term; nothing is written.

    Args:
        runs: two runs, their folders, or names of scenarios for their latest runs in `results`.
        returns: what the owners ask; the last counts.
        block: a block of tranches in place of the scenarios'.
        results: folder of runs; `results` in the working folder where not given.

    Raises:
        InputError: not two runs, or one that cannot be financed.
    """
    from gigasite.studies.finance_bridge import finance_bridge as bridge
    from gigasite.studies.finance_what_if import WhatIf

    loaded = [load(run, results=results) if isinstance(run, str | Path) else run for run in runs]
    return bridge(loaded, returns=returns, what_if=WhatIf(block))


def partnership(
    run: Run | str | Path, *, prices: Sequence[float] | None = None, results: str | Path | None = None
) -> PartnershipStudy:
    """Share the cash of a run's project between Japan and the United States, over a range of power prices.

    Args:
        run: a run, its folder, or the name of a scenario for its latest run in `results`.
        prices: USD of 2024 per MWh, rising with prices; 60 to 150 where not given.
        results: folder of runs; `results` in the working folder where not given.

    Raises:
        InputError: there is no such run, its scenario has no `partnership:`, or a price is none.
    """
    from gigasite.studies.partnership import PRICES
    from gigasite.studies.partnership import partnership as study

    loaded = load(run, results=results) if isinstance(run, str | Path) else run
    return study(loaded, prices=PRICES if prices is None else prices)


def programmes(runs: Iterable[Run | str | Path] = (), *, results: str | Path | None = None) -> Programmes:
    """Set the announced programmes side by side, and tell what of each the runs explain.

    Args:
        runs: runs, their folders, or names of scenarios for their latest runs in `results`.
        results: folder of runs; `results` in the working folder where not given.
    """
    from gigasite.studies.programmes import programmes as study

    return study([load(run, results=results) if isinstance(run, str | Path) else run for run in runs])
