"""What an address answers that cannot be served: a small page with the way home for a reader, a line for a program."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gigasite.foundation.errors import GigasiteError
from gigasite.serve.guard import TooLargeError
from gigasite.serve.project import NotThereError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

logger = logging.getLogger(__name__)

BAD, GONE, TOO_LARGE, BROKEN = 400, 404, 413, 500
TITLES: Mapping[int, str] = {
    BAD: "This cannot be shown",
    GONE: "There is nothing here",
    405: "This address takes no such request",
    TOO_LARGE: "Too large",
    BROKEN: "Something went wrong here",
}
GONE_TEXT = (
    "There is nothing of this name in the project. Solves are forgotten when gigasite serve ends; the runs they wrote "
    "are listed on the first page."
)
BROKEN_TEXT = "gigasite met a fault of its own; the terminal it runs in says which. Nothing was changed."


class Refusals:
    """Answers to what went wrong, by the kind of error."""

    def __init__(self, templates: Any) -> None:
        self._templates = templates

    @property
    def handlers(self) -> dict[Any, Any]:
        """For Starlette: kind of error and what answers it."""
        from starlette.exceptions import HTTPException

        return {
            NotThereError: self._not_there,
            TooLargeError: self._too_large,
            GigasiteError: self._of_input,
            HTTPException: self._of_address,
            Exception: self._of_ours,
        }

    def _not_there(self, request: Request, _: Exception) -> Response:
        return self._told(request, GONE, GONE_TEXT)

    def _too_large(self, request: Request, _: Exception) -> Response:
        return self._told(request, TOO_LARGE, "too large")

    def _of_input(self, request: Request, error: Exception) -> Response:
        return self._told(request, BAD, str(error))

    def _of_address(self, request: Request, error: Any) -> Response:
        text = GONE_TEXT if error.status_code == GONE else str(error.detail)
        return self._told(request, error.status_code, text)

    def _of_ours(self, request: Request, error: Exception) -> Response:
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return self._told(request, BROKEN, BROKEN_TEXT)

    def _told(self, request: Request, status: int, text: str) -> Response:
        from starlette.responses import PlainTextResponse

        wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if not wants_page:
            return PlainTextResponse(f"{text}\n", status)
        said = {"title": TITLES.get(status, "This cannot be shown"), "text": text}
        page: Response = self._templates.TemplateResponse(request, "refusal.html.j2", said, status_code=status)
        return page
