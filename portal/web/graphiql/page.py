"""GraphiQL, for development: a page to log in and to try operations."""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from portal.web.answer import json_answer

EXAMPLES: Final = Path(__file__).parent / "examples"
_OWN: Final = Path(__file__).parent
_FILES: Final = {
    file.name: file
    for file in (
        _OWN / "page.js",
        _OWN / "page.css",
        # As npm has them; make graphiql takes them anew.
        _OWN / "packages" / "react.production.min.js",
        _OWN / "packages" / "react-dom.production.min.js",
        _OWN / "packages" / "graphiql.min.js",
        _OWN / "packages" / "graphiql.min.css",
    )
}
# In the order of what they may do, which is how the page lists them.
_EXAMPLES = ("anonymous", "customer", "employee", "manager", "manager-offer", "partner")
# CodeMirror sets style elements; scripts come from us alone.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Graphiql:
    """The page and its files."""

    def page(self) -> Response:
        """Give the page."""
        page = (_OWN / "page.html").read_text(encoding="utf-8")
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})

    async def file(self, request: Request) -> Response:
        """Answer with one of the page's files."""
        file = _FILES.get(request.path_params["name"])
        if file is None:
            raise HTTPException(404, "There is no such page.")
        return FileResponse(file)

    async def examples(self, _request: Request) -> Response:
        """Answer with the example operations of each role."""
        return json_answer(
            [
                {"role": name, "document": (EXAMPLES / f"{name}.graphql").read_text("utf-8")}
                for name in _EXAMPLES
            ]
        )
