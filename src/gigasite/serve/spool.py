"""What a solve says, kept in files that outlive the page: a solve whose page was killed still ends and writes its run.

A pipe would break with the page, and the solve with the pipe.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

MOST_BYTES = 1_000_000
"""Of the progress of a solve, the end is shown."""


class Spool:
    """The two streams of a solve as files without a name that anybody else looks for."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="gigasite-solve-", ignore_cleanup_errors=True)
        home = Path(self._folder.name)
        self._stdout, self._stderr = home / "answer.json", home / "progress.txt"
        self._stdout.touch()
        self._stderr.touch()

    def opened(self) -> tuple[IO[bytes], IO[bytes]]:
        """Both files, to be handed to the process that writes them."""
        return self._stdout.open("wb"), self._stderr.open("wb")

    def lines(self, most: int) -> list[str]:
        """The last lines of progress."""
        try:
            with self._stderr.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(0, size - MOST_BYTES))
                text = file.read().decode("utf-8", errors="replace")
        except OSError:
            return []
        return [line.rstrip() for line in text.splitlines()[-most:]]

    def answer(self) -> str:
        """What it printed."""
        return self._stdout.read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Remove the files."""
        self._folder.cleanup()
