"""An account's deadlines as a calendar, by a secret address."""

from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from httpx import AsyncClient, Response
from icalendar import Calendar
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from portal.language.global_id import decode
from tests import factories
from tests.api.asking import client_of
from tests.api.cancelling import GIVE, MONTHLY, YEARLY, Book, Hand, make_consumer
from tests.api.conftest import Write
from tests.world import MEMBERS, Kind
from tests.writing import Writer, forbidden, problem, refusal

CREATE = """mutation ($input: CreateCalendarAddressInput!) {
  createCalendarAddress(input: $input) { __typename ... on CalendarAddressCreated { path }
    ... on Refusal { problems { code path message required { roles scope memberRoles } } } } }"""
REVOKE = "revokeCalendarAddress"
NO_CALENDAR = {
    "errors": [{"message": "There is no such calendar.", "extensions": {"code": "NOT_FOUND"}}]
}


@pytest.fixture
async def browser(timed: tuple[Starlette, Hand]) -> Any:
    """A calendar program, which has no login."""
    async with client_of(timed[0]) as client:
        yield client


async def create(writer: Writer, kind: Kind = Kind.OWNER, **given: Any) -> dict[str, Any]:
    """Ask for an address."""
    sent = {"id": writer.world.own.id} | given
    response = await writer.api(CREATE, writer.world.tokens[kind], input=sent)
    assert set(response) == {"data"}, response
    answer: dict[str, Any] = response["data"]["createCalendarAddress"]
    return answer


async def path_of(writer: Writer) -> str:
    """Make an address, and give its path."""
    path: str = (await create(writer))["path"]
    return path


def events(response: Response) -> list[dict[str, Any]]:
    """Give what a program that reads the calendar shows."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert calendar.errors == []
    return [
        {
            "day": event.decoded("dtstart"),
            "summary": str(event["summary"]),
            "description": str(event["description"]),
        }
        for event in calendar.walk("VEVENT")
    ]


def module_ids(response: Response) -> list[UUID]:
    return [
        UUID(str(event["uid"])) for event in Calendar.from_ical(response.content).walk("VEVENT")
    ]


async def test_the_deadlines_of_what_runs_stand_in_it(
    timed_writer: Writer, browser: AsyncClient, book: Book, hand: Hand
) -> None:
    await timed_writer.change("updateAccount", Kind.OWNER, {"language": "DE"})
    before = [one["summary"] for one in events(await browser.get(await path_of(timed_writer)))]
    booked = await book("2025-01-15", YEARLY)
    path = await path_of(timed_writer)
    mine = [one for one in events(await browser.get(path)) if one["summary"] not in before]
    summary = f"Letzter Tag zum Kündigen: {booked.module.name}"
    told = "Eine Kündigung, die an diesem Tag eingeht, beendet das Modul am 14. Januar {}."
    assert mine == [
        {
            "day": date(year, 10, 14),
            "summary": summary,
            "description": told.format(year + 1),
        }
        for year in range(2025, 2029)
    ]
    # Notice that is given ends it: there is nothing to be late for.
    await booked.send(GIVE, Kind.OWNER)
    assert summary not in [one["summary"] for one in events(await browser.get(path))]


async def test_a_calendar_is_what_rfc_5545_says(
    timed_writer: Writer, browser: AsyncClient, book: Book
) -> None:
    await book("2025-01-15", YEARLY)
    path = await path_of(timed_writer)
    response = await browser.get(path)
    lines = response.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    assert b"VERSION:2.0" in lines
    assert b"DTSTART;VALUE=DATE:20251014" in lines
    assert b"DTSTAMP:20250115T000000Z" in lines
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines
    ids = module_ids(response)
    assert len(set(ids)) == len(ids)
    # The same deadline has the same id on another day, and by another address.
    again = await browser.get(await path_of(timed_writer))
    assert module_ids(again) == ids


async def test_what_did_not_change_does_not_travel_again(
    timed_writer: Writer, browser: AsyncClient, book: Book, hand: Hand
) -> None:
    booked = await book("2025-01-15", YEARLY)
    path = await path_of(timed_writer)
    first = await browser.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    hand.set("2025-03-15")
    unchanged = await browser.get(path, headers={"if-none-match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == tag
    await booked.send(GIVE, Kind.OWNER)
    changed = await browser.get(path, headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_a_consumer_sees_what_the_law_leaves_of_deadlines(
    timed_writer: Writer, browser: AsyncClient, book: Book
) -> None:
    path = await path_of(timed_writer)
    await make_consumer(timed_writer)
    booked = await book("2025-01-15", YEARLY)
    monthly = await book("2025-01-15", MONTHLY)
    shown = events(await browser.get(path))
    assert [one["day"] for one in shown if booked.module.name in one["summary"]] == [
        date(2025, 10, 14)
    ]
    assert [one for one in shown if monthly.module.name in one["summary"]] == []


async def test_only_the_hash_of_the_secret_is_kept(
    timed_writer: Writer, superuser: AsyncEngine
) -> None:
    key = "calendar-1"
    path = (await create(timed_writer, idempotencyKey=key))["path"]
    # Who repeats the request is not told again: nothing of it is kept.
    repeated = await create(timed_writer, idempotencyKey=key)
    assert repeated == {"__typename": "CalendarAddressCreated", "path": None}
    secret = path.removeprefix("/calendar.ics?key=")
    assert len(secret) == 43
    rows = await timed_writer.rows()
    assert secret not in str(rows)
    hashes = [
        row["token_hash"]
        for (table, _), row in rows.items()
        if table == "calendar_address" and row["revoked_at"] is None
    ]
    # PostgreSQL writes bytes in JSON like this.
    assert f"\\x{sha256(secret.encode()).hexdigest()}" in hashes
    async with superuser.connect() as connection:
        kept = await connection.scalar(
            sa.text("SELECT string_agg(outcome::text, ' ') FROM idempotency_key")
        )
    assert secret not in kept


async def test_an_address_is_replaced_and_revoked(
    timed_writer: Writer, browser: AsyncClient
) -> None:
    first, second = await path_of(timed_writer), await path_of(timed_writer)
    assert first != second
    assert (await browser.get(second)).status_code == 200
    for gone in (first, "/calendar.ics", "/calendar.ics?key=", f"{second}x"):
        refused = await browser.get(gone)
        assert (refused.status_code, refused.json()) == (404, NO_CALENDAR)
    shown = await timed_writer.change(REVOKE, Kind.OWNER, {}, "calendarAddress { createdAt }")
    assert shown == {"__typename": "Account", "calendarAddress": None}
    assert (await browser.get(second)).json() == NO_CALENDAR
    before = await timed_writer.fingerprint()
    assert await timed_writer.change(REVOKE, Kind.OWNER, {}) == refusal(
        problem("RULE_BROKEN", "input.id", "This account's calendar has no address.")
    )
    assert await timed_writer.fingerprint() == before


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OWNER])
async def test_nobody_but_the_owner_makes_or_revokes_one(timed_writer: Writer, kind: Kind) -> None:
    before = await timed_writer.fingerprint()
    answer = await create(timed_writer, kind)
    assert answer["problems"][0]["code"] in {"FORBIDDEN", "UNAUTHENTICATED"}
    if kind in MEMBERS:
        name = "createCalendarAddress"
        assert answer == forbidden(name, "", "CUSTOMER", member_roles="OWNER")
    refused = await timed_writer.change(REVOKE, kind, {})
    assert refused["problems"][0]["code"] in {"FORBIDDEN", "UNAUTHENTICATED"}
    assert await timed_writer.fingerprint() == before


async def test_a_former_owners_address_shows_nothing(
    timed_writer: Writer, browser: AsyncClient
) -> None:
    path = await path_of(timed_writer)
    world = timed_writer.world
    admin = world.own.ids["Member"][[*MEMBERS].index(Kind.ADMIN)]
    moved = await timed_writer.change("transferOwnership", Kind.OWNER, {"memberId": admin})
    assert moved["__typename"] == "Account"
    assert (await browser.get(path)).json() == NO_CALENDAR


async def test_it_shows_one_account_and_no_other_of_its_owner(
    timed_writer: Writer, browser: AsyncClient, book: Book, write: Write
) -> None:
    """Whoever owns two accounts has two calendars."""
    booked = await book("2025-01-15", YEARLY)
    owner = timed_writer.world.own.owner
    other, owning = factories.account(owner)
    key, address = factories.calendar_address(other.id, owner)
    await write(other, owning, address)
    assert events(await browser.get(f"/calendar.ics?key={key}")) == []
    shown = events(await browser.get(await path_of(timed_writer)))
    assert booked.module.name in str(shown)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_calendar_is_read_alone(browser: AsyncClient, method: str) -> None:
    assert (await browser.request(method, "/calendar.ics")).status_code == 405


async def test_the_log_tells_no_secret(
    timed_writer: Writer,
    timed: tuple[Starlette, Hand],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = await path_of(timed_writer)

    def broken(*_: object) -> None:
        raise LookupError("broken")

    monkeypatch.setattr("portal.web.calendar.deadlines_of", broken)
    async with client_of(timed[0]) as client:
        assert (await client.get(path)).status_code == 500
    assert "unexpected failure at /calendar.ics" in caplog.text
    assert path.partition("=")[2] not in caplog.text


async def test_the_account_says_since_when_it_has_one(timed_writer: Writer, hand: Hand) -> None:
    await path_of(timed_writer)
    answer = await timed_writer.api(
        "query ($id: ID!) { account(id: $id) { calendarAddress { id createdAt revokedAt } } }",
        timed_writer.world.tokens[Kind.EMPLOYEE],
        id=timed_writer.world.own.id,
    )
    shown = answer["data"]["account"]["calendarAddress"]
    assert decode(shown["id"])[0] == "CalendarAddress"
    assert (shown["createdAt"], shown["revokedAt"]) == ("2025-03-14T12:00:00.000000Z", None)
