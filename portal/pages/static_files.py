"""Static files of the pages: each under a name that changes with it, to be kept for good."""

import mimetypes
from hashlib import sha256
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.pages.colour import accent_sheet, is_colour
from portal.pages.page import FOLDER

PATH: Final = "/static/"
_ICON: Final = {"Cache-Control": "public, max-age=86400"}
_KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_KINDS: Final = mimetypes.MimeTypes()
_KINDS.add_type("application/speculationrules+json", ".speculationrules")


class StaticFiles:
    """The files, read once; and the style sheet of the operator's colour, made on the way."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        for file in sorted((FOLDER / "static").iterdir()):
            content = file.read_bytes()
            name = f"{file.stem}.{sha256(content).hexdigest()[:12]}{file.suffix}"
            self._contents[name] = content
            self._names[file.name] = name

    def address(self, name: str) -> str:
        """Give the address of a file."""
        return PATH + self._names[name]

    def accent(self, colour: str) -> str:
        """Give the address of the style sheet of a colour."""
        return f"{PATH}accent.{colour.removeprefix('#')}.css"

    async def answer(self, request: Request) -> Response:
        """Answer with a file."""
        name = request.path_params["name"]
        kind = _KINDS.guess_type(name)[0] or "application/octet-stream"
        if name in self._contents:
            return Response(self._contents[name], media_type=kind, headers=_KEPT)
        start, _, rest = name.partition(".")
        colour = f"#{rest.removesuffix('.css')}"
        if start == "accent" and rest.endswith(".css") and is_colour(colour):
            return Response(accent_sheet(colour), media_type=kind, headers=_KEPT)
        raise HTTPException(404, "There is no such page.")

    async def icon(self, _request: Request) -> Response:
        """Answer with the icon that browsers ask for by themselves."""
        content = self._contents[self._names["icon.svg"]]
        return Response(content, media_type="image/svg+xml", headers=_ICON)
