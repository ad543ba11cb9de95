"""The command line: each command parses, calls one verb of the Python API and prints what it returns."""

from __future__ import annotations

import logging
import os
import sys

from gigasite.cli.app import main as run_command

__all__ = ["main"]


def main() -> None:
    """Run a command and end the process at once.

    Everything is written and every worker has ended by then. Left to take itself down, the interpreter aborted in about
    one of twelve runs with the oldest versions ("terminate called without an active exception": a thread of a library
    still ran; which one was not found), and the exit code was lost with it.
    """
    code: object = 0
    try:
        run_command()
    except SystemExit as end:
        code = end.code
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = 1  # nobody reads any more
    os._exit(code if isinstance(code, int) else int(code is not None))
