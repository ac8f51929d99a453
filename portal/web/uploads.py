"""``POST /uploads``: a file of a manager, as browsers send forms (RFC 7578)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from portal.actions.upload import uploaded
from portal.errors import BadRequest, Forbidden, Unauthenticated
from portal.language.global_id import encode
from portal.models import Upload
from portal.settings.limits import too_large
from portal.viewer import Role, Viewer
from portal.web.answer import json_answer
from portal.web.bearer import caller_for
from portal.web.door.headers import header
from portal.web.door.limiter import Limiter
from portal.web.door.negotiation import boundary_of
from portal.web.graphql.budget import Budgets, network_of_request, payer
from portal.web.graphql.operations import Caller
from portal.web.viewers import Viewers
from resolvers.context import Arrival, Context
from resolvers.points import UPLOAD

PATH = "/uploads"
# What stands before the file: boundary, name, type.
_LONGEST_HEAD = 4096
_PIECE = 1024
_CREATED = 201


class Uploads:
    """The endpoint; ``places`` is how many files may be in memory at once.

    Whoever may not send one is refused before its body is read.
    """

    def __init__(
        self, viewers: Viewers, budgets: Budgets, places: Limiter, limiter: Limiter, most: int
    ) -> None:
        self._viewers = viewers
        self._budgets = budgets
        self._places = places
        self._limiter = limiter
        self._most = most

    async def answer(self, request: Request) -> Response:
        """Answer the id, hash, kind and size of the file that came."""
        boundary = boundary_of(header(request.scope, b"content-type"))
        if boundary is None:
            raise HTTPException(415, "The body must be multipart/form-data with one file.")
        viewer, shift = await caller_for(request, self._viewers)
        caller = Caller(viewer, shift, network_of_request(request))
        async with self.place(caller):
            told = await self.keep(await self._file_of(request, boundary), caller)
        return json_answer(told, _CREATED)

    @asynccontextmanager
    async def place(self, caller: Caller) -> AsyncIterator[None]:
        """Hold a place for a file of whoever may send one, and pays for it."""
        _check(caller.viewer)
        async with self._places.place(caller.network):
            lease = self._budgets.lease_of(payer(caller.viewer, caller.network))
            await self._budgets.take(lease, UPLOAD)
            yield

    async def keep(self, content: bytes, caller: Caller) -> dict[str, object]:
        """Keep a file, and give its id, hash, kind and size; InvalidInput for what is none."""
        arrived = self._viewers.installation.now()
        # The longest of it is to look at each byte, which lets others work meanwhile.
        upload = await asyncio.to_thread(uploaded, content, arrived)
        told: dict[str, object] = {
            "id": encode("Upload", upload.id),
            "hash": upload.hash.hex(),
            "kind": upload.kind,
            "size": upload.size,
        }
        await self._keep(upload, caller.viewer, Arrival(arrived, caller.shift, caller.network))
        return told

    async def _file_of(self, request: Request, boundary: bytes) -> bytes:
        body = Body(boundary, self._most)
        try:
            async for chunk in request.stream():
                body.take(chunk)
            return body.file()
        except (ValueError, RequestEntityTooLarge):
            raise BadRequest("The body must be a form with one file, and nothing else.") from None

    async def _keep(self, upload: Upload, viewer: Viewer, arrival: Arrival) -> None:
        context = Context(self._viewers.installation, viewer, arrival)
        place = self._limiter.place(arrival.network)
        async with place, context.transaction("upload") as transaction:
            transaction.session.add(upload)
            await transaction.session.flush()


class Body:
    """A form with one file, read as it comes; ``ValueError`` for anything else."""

    def __init__(self, boundary: bytes, most: int) -> None:
        self._decoder = MultipartDecoder(boundary, max_parts=1)
        self._most = most
        self._head = 0
        self._content: bytearray | None = None

    def take(self, data: bytes) -> None:
        """Take what came; what stands before the file is short, and read in small pieces."""
        while data and self._content is None:
            piece, data = data[:_PIECE], data[_PIECE:]
            self._head += len(piece)
            if self._head > _LONGEST_HEAD:
                raise ValueError(self._head)
            self._decode(piece)
        if data:
            self._decode(data)

    def file(self) -> bytes:
        """Give the file, once everything came."""
        self._decode(None)
        if self._content is None:
            raise ValueError(self._head)
        return bytes(self._content)

    def _decode(self, data: bytes | None) -> None:
        self._decoder.receive_data(data)
        while True:
            match self._decoder.next_event():
                case NeedData() | Epilogue():
                    return
                case Field(name=name):
                    raise ValueError(name)
                case File():
                    self._content = bytearray()
                case Data(data=part) if self._content is not None:
                    self._content += part
                    if len(self._content) > self._most:
                        raise too_large("upload", self._most)


def _check(viewer: Viewer) -> None:
    if viewer.id is None:
        raise Unauthenticated("Log in first: managers send files.")
    if viewer.role is not Role.MANAGER:
        raise Forbidden("Only managers send files.")
