"""Showing: what the API answers, written out by the template of a page."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema
from starlette.responses import Response

from portal.pages.cookies import Cookies
from portal.pages.failed import FailurePages
from portal.pages.form import STORED, Form, found_in
from portal.pages.html import html
from portal.pages.page import Page
from portal.pages.submission import Outcome
from portal.pages.templates import Templates, address
from portal.pages.visit import Visit


class Showing:
    """Shows pages."""

    def __init__(
        self,
        schema: GraphQLSchema,
        pages: Mapping[str, Page],
        templates: Templates,
        cookies: Cookies,
        failures: FailurePages,
    ) -> None:
        self._schema = schema
        self._pages = pages
        self._templates = templates
        self._cookies = cookies
        self._failures = failures

    async def page(self, visit: Visit, outcome: Outcome, **more: object) -> Response:
        """Show a page: of a form, with what was typed and what is wrong with it."""
        data = await visit.show(self._schema)
        change = visit.page.operation("Change")
        form = change and Form(
            self._schema,
            change,
            visit.language,
            found_in(data, STORED),
            outcome.posted.values,
            outcome.posted.faults,
            outcome.added,
        )
        values = self._around(visit) | data
        values |= {"form": form, "preview": outcome.preview, "result": outcome.result, **more}
        template = visit.page.template
        answer = html(self._templates.render(template, visit.language, values), outcome.status)
        self._failures.operator = data["operator"]
        if self._cookies.done(visit.request):
            self._cookies.forget_done(answer)
        return answer

    def _around(self, visit: Visit) -> dict[str, Any]:
        """Give what every template may need."""
        request, place = visit.request, visit.page.place
        done = self._pages.get(self._cookies.done(request) or "")
        return {
            "page": visit.page.name,
            "here": request.scope["path"],
            "parts": request.path_params,
            "query": dict(request.query_params),
            "back": address(place.back, request.path_params),
            "is_logged_in": visit.is_logged_in,
            "refused": visit.refused,
            "errors": visit.errors,
            "done": done and self._templates.block(done.template, "done", visit.language),
            "is_resumed": False,
        }
