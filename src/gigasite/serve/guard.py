"""Who may ask for what: this machine only, this page only, and not too much at once.

A browser runs pages of strangers too. They can make it ask an address of this machine, so three things are looked at:
the name the request was sent to (another name that points here is refused), the page it came from where it changes
something, and its size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MOST_BYTES = 1_000_000
"""A scenario is some kilobytes."""

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; img-src 'self' data:",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Refuses what does not come from this machine's own page, before anything else looks at it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with the reason."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from starlette.responses import PlainTextResponse

        refused = self._refused(scope)
        if refused is not None:
            status, reason = refused
            await PlainTextResponse(f"{reason}\n", status)(scope, receive, _with_headers(send))
            return
        await self._app(scope, _limited(receive), _with_headers(send))

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if urlsplit(f"//{host}").hostname not in OWN_NAMES:
            return 421, "this page answers to 127.0.0.1 and localhost only"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return 413, f"too large: {MOST_BYTES:,} bytes at most"
        if scope["method"] not in {"GET", "HEAD"}:
            origin = headers.get("origin")
            if origin is None or urlsplit(origin).netloc != host:
                return 403, "only this page itself may change something"
        return None


class TooLargeError(Exception):
    """A request that sends more than it announced, and more than is allowed."""


def _limited(receive: Receive) -> Receive:
    """Count what a request sends: its announced length may be missing."""
    got = 0

    async def counted() -> Any:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > MOST_BYTES:
            raise TooLargeError
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            added = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in present]
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return sent
