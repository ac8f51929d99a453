"""Bodies of forms: what a page of ours sent, and the file in it."""

from typing import Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from portal.errors import BadRequest, Forbidden, InvalidInput
from portal.pages.html import is_form, is_own
from portal.pages.posted import Posted
from portal.pages.visit import Visit
from portal.web.door.headers import header
from portal.web.door.negotiation import boundary_of
from portal.web.failure import described
from portal.web.uploads import Uploads

_MOST_CONTROLS: Final = 2_000

Pairs = list[tuple[str, str]]


class Forms:
    """Reads forms; a file in one becomes an upload, whose id is the value of its control."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    async def posted(self, visit: Visit) -> Posted:
        """Read what was sent; Forbidden where a page of another site did."""
        request = visit.request
        if not is_own(request):
            raise Forbidden("Pages of this site may not use the portal.")
        boundary = boundary_of(header(request.scope, b"content-type"))
        if boundary is not None and visit.page.place.takes_file:
            return await self._with_file(visit, boundary)
        if not is_form(request):
            raise HTTPException(415, "The body must be a form.")
        text = (await request.body()).decode("utf-8", "replace")
        try:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_CONTROLS)
        except ValueError:
            raise BadRequest("The form has too many controls.") from None
        return Posted.of(pairs, visit.language)

    async def _with_file(self, visit: Visit, boundary: bytes) -> Posted:
        async with self._uploads.place(visit.caller):
            body = Multipart(boundary)
            try:
                async for chunk in visit.request.stream():
                    body.take(chunk)
                body.take(None)
            except (ValueError, RequestEntityTooLarge):
                raise BadRequest("The body must be a form.") from None
            posted = Posted.of(body.pairs, visit.language)
            for name, content in body.files.items():
                try:
                    told = await self._uploads.keep(content, visit.caller)
                except InvalidInput as error:
                    (entry,) = described(error, visit.language)
                    posted.refuse(name, str(entry["message"]))
                else:
                    posted.values.setdefault(name, []).append(str(told["id"]))
        return posted


class Multipart:
    """A form with a file (RFC 7578), read as it comes; the whole body is limited at the door."""

    def __init__(self, boundary: bytes) -> None:
        self._decoder = MultipartDecoder(boundary, max_parts=_MOST_CONTROLS)
        self._part: Field | File | None = None
        self._content = bytearray()
        self.pairs: Pairs = []
        self.files: dict[str, bytes] = {}

    def take(self, data: bytes | None) -> None:
        """Take what came; None at the end."""
        self._decoder.receive_data(data)
        while True:
            match self._decoder.next_event():
                case NeedData():
                    return
                case Epilogue():
                    return
                case Field() | File() as part:
                    self._part, self._content = part, bytearray()
                case Data(data=piece, more_data=more):
                    self._content += piece
                    if not more:
                        self._end()

    def _end(self) -> None:
        part = self._part
        if isinstance(part, Field):
            self.pairs.append((part.name, self._content.decode("utf-8", "replace")))
        # A control of a file that nobody chose one for is sent without a name and empty.
        elif isinstance(part, File) and part.filename:
            self.files[part.name] = bytes(self._content)
