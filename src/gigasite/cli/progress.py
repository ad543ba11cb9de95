"""Stages of a solve and their seconds, on stderr while they run."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Self

from gigasite.cli.screen import messages

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

STAGE_WIDTH = 56


class Interrupts:
    """Remembers Ctrl-C: some libraries swallow the exception it raises, and the next stage then raises it again."""

    def __init__(self) -> None:
        self.came = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self.came and isinstance(error, Exception):
            # Ctrl-C in the middle of an import comes out as the fault of whatever was being imported
            raise KeyboardInterrupt from error

    def _note(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.came = True
        raise KeyboardInterrupt


class Stages:
    """Tells each stage: a line with its seconds when it ends and, on a terminal, a clock while it runs."""

    def __init__(self, interrupts: Interrupts, *, quiet: bool) -> None:
        self._interrupts = interrupts
        self._quiet = quiet
        self._clock: RichProgress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_clock()

    def __call__(self, stage: str, seconds: float | None) -> None:
        """Take the beginning of a stage (no seconds) or its end."""
        if self._interrupts.came:
            raise KeyboardInterrupt
        if self._quiet:
            return
        self._stop_clock()
        if seconds is None:
            self._start_clock(stage)
        else:
            messages().print(f"  [green]✓[/] {stage:<{STAGE_WIDTH}} [dim]{seconds:>8.1f} s[/]", soft_wrap=True)

    def _start_clock(self, stage: str) -> None:
        if not messages().is_terminal:
            return
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._clock = Progress(
            TextColumn(" "),
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=messages(),
            transient=True,
        )
        self._clock.add_task(stage, total=None)
        self._clock.start()

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
