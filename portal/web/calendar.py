"""``/calendar.ics``: an account's deadlines as a calendar (RFC 5545), by a secret address.

The secret is no part of the path, which the log may tell.
"""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from uuid import UUID, uuid5

import orjson
from icalendar import Calendar, Event
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from portal.actions.modules.deadline import Deadlines, deadlines_of
from portal.database.engines import set_viewer
from portal.errors import NotFound, translatable
from portal.installation import Installation
from portal.language.messages import translate
from portal.login.credentials import hash_of
from portal.models import Account
from portal.rules.modules.deadline import Deadline
from portal.viewer import ANONYMOUS, Grant, Language, Role, Scope, Viewer
from portal.web.bearer import shift_in
from portal.web.door.limiter import Limiter
from portal.web.graphql.budget import Budgets, caller_of, network_of_request
from portal.web.graphql.entity_tag import unless_known
from resolvers.pace import Pace
from resolvers.points import OPTION

_FIND = "SELECT json_build_object('account', find_calendar($1))"
_LONGEST_KEY = 100
_PATIENCE_SECONDS = 10
# A calendar program asks as often as it likes, and not more often than this unless somebody says.
_REFRESHED = timedelta(hours=12)

_AS_AGREED = translatable("Last day to cancel: {module}")
_BEFORE_RISE = translatable("Last day to cancel before prices rise: {module}")


class Calendars:
    """The endpoint; each answer takes the place of an operation, and points of its network."""

    def __init__(self, installation: Installation, limiter: Limiter, budgets: Budgets) -> None:
        self._installation = installation
        self._limiter = limiter
        self._budgets = budgets

    async def answer(self, request: Request) -> Response:
        """Answer the calendar, or 304; whatever is wrong with the secret is answered alike."""
        key = request.query_params.get("key", "")
        place = self._limiter.place(network_of_request(request))
        async with place, asyncio.timeout(_PATIENCE_SECONDS):
            lease = self._budgets.lease_of(caller_of(ANONYMOUS, request))
            await self._budgets.take(lease, OPTION)
            account_id = await self._account_of(key)
            if account_id is None:
                raise NotFound("There is no such calendar.")
            content = await self._calendar(account_id)
        answer = Response(content, media_type="text/calendar")
        answer = unless_known(answer, blake2b(content, digest_size=16).hexdigest(), request)
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    async def _account_of(self, key: str) -> UUID | None:
        if not key or len(key) > _LONGEST_KEY:
            return None
        reading = self._installation.database.login_reading
        found = orjson.loads(await reading.fetch(_FIND, [hash_of(key)]))["account"]
        return found and UUID(found)

    async def _calendar(self, account_id: UUID) -> bytes:
        """Write the calendar of an account, whose rows are all that this can see."""
        installation = self._installation
        grants = {account_id: Grant(frozenset({Scope.ACCOUNT_READ}))}
        viewer = Viewer(role=Role.CUSTOMER, grants=grants)
        now = installation.now() + await shift_in(installation)
        pace = Pace()
        async with AsyncSession(installation.database.app) as session, session.begin():
            await set_viewer(await session.connection(), viewer)
            account = await session.get_one(Account, account_id)
            events = []
            async for found in deadlines_of(session, account_id, now):
                events += [
                    (one.day, _event(found, one, account.language)) for one in found.deadlines
                ]
                await pace.turn()
            calendar = _empty(account)
        for _, event in sorted(events, key=lambda one: one[0]):
            calendar.add_component(event)
        content: bytes = calendar.to_ical()
        return content


def _empty(account: Account) -> Calendar:
    calendar = Calendar()
    name = translate("Deadlines of {account}", account.language, account=account.name)
    calendar.add("prodid", "-//Portal//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    # What Apple and Google call it.
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _REFRESHED, parameters={"VALUE": "DURATION"})
    return calendar


def _event(found: Deadlines, deadline: Deadline, language: Language) -> Event:
    """Write a deadline: a whole day, with an id that the same deadline always has."""
    event = Event()
    event.add("uid", str(uuid5(found.subscription_id, deadline.last_day.isoformat())))
    event.add("dtstamp", _midnight(found.agreed_on))
    event.add("dtstart", deadline.day)
    event.add("transp", "TRANSPARENT")
    summary = _BEFORE_RISE if deadline.is_before_rise else _AS_AGREED
    event.add("summary", translate(summary, language, module=found.module))
    event.add(
        "description",
        translate(
            "Notice that arrives on this day ends it on {last_day}.",
            language,
            last_day=deadline.last_day,
        ),
    )
    return event


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
