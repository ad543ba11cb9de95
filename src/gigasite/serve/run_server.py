"""Start the local page and keep it until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from gigasite.foundation.errors import InputError, Problem
from gigasite.serve.jobs import Jobs
from gigasite.serve.project import Project

HOST = "127.0.0.1"


def serve(scenarios: Path, results: Path, port: int, told: Callable[[str], None]) -> None:
    """Serve until interrupted; a solve under way is stopped with its best plan written.

    Args:
        scenarios: folder of scenarios that may be edited.
        results: folder of runs.
        port: port on this machine; 0 takes a free one.
        told: given the address once a browser may ask for it.

    Raises:
        InputError: the port is taken, or `gigasite[serve]` is not installed.
    """
    try:
        import uvicorn

        from gigasite.serve.site import site
    except ImportError:
        remedy = 'pip install "gigasite[serve]"'
        raise InputError(Problem("gigasite serve needs two more packages", remedy=remedy)) from None
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # from here on a browser that is quicker than the server waits instead of being refused
    except OSError:
        listening.close()
        raise InputError(Problem("the port is taken", given=str(port), remedy="gigasite serve --port 0")) from None
    application = site(Project(scenarios, results), Jobs(results))
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="on", server_header=False))
    told(f"http://{HOST}:{listening.getsockname()[1]}/")
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()
