"""Opening and ending a session with an e-mail address and a password."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.clock import now
from portal.errors import InvalidInput, Unauthenticated
from portal.login.credentials import LoggedIn, Login, Side, log_in, revoke
from portal.login.throttle import Throttle
from portal.rules.form import LONGEST_EMAIL
from portal.rules.people.password import LONGEST as LONGEST_PASSWORD
from portal.rules.text import LONGEST_DECOMPOSITION
from portal.viewer import ANONYMOUS
from portal.web.answer import json_answer
from portal.web.bearer import bearer_token
from portal.web.door.headers import header
from portal.web.door.limiter import Limiter
from portal.web.door.negotiation import is_json
from portal.web.graphql.budget import Budgets, caller_of, network_of_request
from portal.web.graphql.request import json_object
from portal.web.viewers import Viewers
from resolvers.points import HASHING

# As it may be typed, letters and accents apart.
_LONGEST_EMAIL = LONGEST_DECOMPOSITION * LONGEST_EMAIL


class Sessions:
    """The endpoints that open and end a session; neither takes the place of an operation."""

    def __init__(
        self, viewers: Viewers, budgets: Budgets, hashing: Limiter, ending: Limiter
    ) -> None:
        self._database = viewers.installation.database
        self._seal = viewers.installation.seal
        self._viewers = viewers
        self._budgets = budgets
        self._hashing = hashing
        self._ending = ending

    async def open(self, request: Request) -> Response:
        """Answer with a new token; a wrong password and an unknown address answer alike."""
        if not is_json(header(request.scope, b"content-type")):
            raise HTTPException(415, "The body must be application/json in UTF-8.")
        fields = json_object(await request.body())
        session = await self.opened(request, fields)
        expires_at = session.expires_at.astimezone(UTC)
        return json_answer(
            {
                "token": session.token,
                "expiresAt": expires_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "role": session.role,
                "name": session.name,
            }
        )

    async def opened(self, request: Request, fields: Mapping[str, object]) -> LoggedIn:
        """Open a session with what was sent; Unauthenticated for a wrong password."""
        email = _text(fields, "email", _LONGEST_EMAIL)
        login = Login(email, _text(fields, "password", LONGEST_PASSWORD), _side(fields))
        async with self._hashing.place(network_of_request(request)):
            lease = self._budgets.lease_of(caller_of(ANONYMOUS, request))
            await self._budgets.take(lease, HASHING)
            throttle = Throttle(self._seal, network_of_request(request))
            session = await log_in(self._database, throttle, login, now())
        if session is None:
            raise Unauthenticated("The e-mail address or the password is wrong.")
        return session

    async def end(self, request: Request) -> Response:
        """Revoke the token that the request carries; an unknown one is as good as revoked."""
        token = bearer_token(request)
        if token is None:
            raise Unauthenticated("There is no session to end.")
        await self.ended(token, network_of_request(request))
        return Response(status_code=204)

    async def ended(self, token: str, network: str) -> None:
        """Revoke a token, for whoever calls from a network."""
        async with self._ending.place(network):
            # Where nobody is forgotten nobody has to be looked up again.
            if await self._viewers.of_token(token):
                await revoke(self._database, token, now())


def _side(fields: Mapping[str, object]) -> Side | None:
    side = fields.get("as")
    if side is None:
        return None
    if isinstance(side, str) and side in set(Side):
        return Side(side)
    raise InvalidInput("{part} must be CUSTOMER or STAFF.", path=["as"], part="as")


def _text(fields: Mapping[str, object], name: str, longest: int) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise InvalidInput("{part} must be a string.", path=[name], part=name)
    if not value or len(value) > longest:
        raise InvalidInput(
            "{part} must have 1 to {maximum} characters.", path=[name], part=name, maximum=longest
        )
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise InvalidInput("{part} must not have control characters.", path=[name], part=name)
    return value
