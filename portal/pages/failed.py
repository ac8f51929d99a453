"""What a page cannot show: a status, and a sentence for whoever asked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from portal.errors import Code, translatable
from portal.language.messages import translate
from portal.pages.html import html, wants_page
from portal.pages.templates import Templates
from portal.viewer import Language
from portal.web.answer import language_for

_NO_PAGE: Final = translatable("There is no such page.")
_STATUSES: Final[Mapping[str, int]] = {
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    # Of an address: an id that is none.
    Code.INVALID_INPUT: 404,
    Code.BAD_REQUEST: 400,
    Code.QUERY_TOO_LARGE: 413,
    Code.RATE_LIMITED: 429,
    Code.TIMEOUT: 503,
    Code.UNAVAILABLE: 503,
}
_KEPT_HEADERS = ("allow", "connection", "retry-after")


class Failed(Exception):
    """A page that is not shown."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def failed(entries: Sequence[Mapping[str, Any]], language: Language) -> Failed:
    """Give why nothing is shown, from what GraphQL says of it; without errors there is no page."""
    for entry in entries:
        status = _STATUSES.get(entry["extensions"]["code"], 500)
        if status != 404:  # noqa: PLR2004 -- what is not there and what is none answer alike
            return Failed(status, entry["message"])
    return Failed(404, translate(_NO_PAGE, language))


class FailurePages:
    """Failures as pages, for browsers; programs keep the JSON."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        # Whose portal it is, as the last page that could be shown said it.
        self.operator: Mapping[str, Any] | None = None

    def page(self, status: int, message: str, language: Language) -> Response:
        """Give the page of a failure."""
        values = {"status": status, "message": message, "operator": self.operator}
        return html(self._templates.render("failed.html", language, values), status)

    def shown(self, scope: Scope, answer: Response) -> Response:
        """Give the answer to a request that failed as a browser shows it."""
        if scope["path"] == "/graphql" or not wants_page(scope):
            return answer
        return self.page_of(answer, language_for(Request(scope)))

    def page_of(self, answer: Response, language: Language) -> Response:
        """Give a failure that programs get as JSON as a page."""
        (first, *_) = orjson.loads(bytes(answer.body))["errors"]
        page = self.page(answer.status_code, first["message"], language)
        for name in _KEPT_HEADERS:
            if name in answer.headers:
                page.headers[name] = answer.headers[name]
        return page
