"""GraphiQL, for development: a page to log in and to try operations."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from strawberry.http.ides import get_graphql_ide_html

from portal.web.answer import json_answer

EXAMPLES: Final = Path(__file__).parent / "examples"
_OWN: Final = Path(__file__).parent / "graphiql"
_OWN_FILES = ("page.js", "page.css")
_PACKAGE_FILES = (
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "graphiql/graphiql.min.js",
    "graphiql/graphiql.min.css",
)
# In the order of what they may do, which is how the page lists them.
_ROLES = ("anonymous", "customer", "employee", "manager", "partner")
# CodeMirror sets style elements; scripts come from us alone.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Strawberry's own page loads GraphiQL from another host and starts it in the page itself.
_FALLBACK_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' https:; "
    "style-src 'unsafe-inline' https:; img-src data: https:; "
    "font-src data: https:; connect-src 'self' https:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Graphiql:
    """The page and its files; without the npm package's files, Strawberry's own page."""

    def __init__(self, folder: Path) -> None:
        """Serve the packages that npm put in ``folder``."""
        packages = folder / "node_modules"
        files = _named(packages / name for name in _PACKAGE_FILES)
        self._files = files | _named(_OWN / name for name in _OWN_FILES)
        self._complete = all(file.is_file() for file in files.values())

    def page(self) -> Response:
        """Give the page."""
        if self._complete:
            page = (_OWN / "page.html").read_text(encoding="utf-8")
            return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})
        return HTMLResponse(
            get_graphql_ide_html(), headers={"Content-Security-Policy": _FALLBACK_POLICY}
        )

    async def file(self, request: Request) -> Response:
        """Answer with one of the page's files."""
        file = self._files.get(request.path_params["name"])
        if file is None or not file.is_file():
            raise HTTPException(404, "There is no such page.")
        return FileResponse(file)

    async def examples(self, _request: Request) -> Response:
        """Answer with the example operations of each role."""
        return json_answer(
            [
                {"role": role, "document": (EXAMPLES / f"{role}.graphql").read_text("utf-8")}
                for role in _ROLES
            ]
        )


def _named(files: Iterable[Path]) -> dict[str, Path]:
    return {file.name: file for file in files}
