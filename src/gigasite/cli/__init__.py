"""The command line: each command parses, calls one verb of the Python API and prints what it returns."""

from gigasite.cli.app import main

__all__ = ["main"]
