"""The portal's clock: moved by managers in development, for everybody, and never in production."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.clock import now, shift_to
from portal.commands.clock import clock as command
from portal.database.addresses import Addresses
from portal.settings.settings import Environment, Settings
from portal.viewer import Role
from tests import factories
from tests.api.asking import own_client
from tests.api.conftest import Api, CountStatements, Write, api_of
from tests.command_line import environment, portal, settings
from tests.world import Kind, World
from tests.writing import Writer, problem, refusal

__all__ = ["environment"]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SET = """mutation ($input: SetClockInput!) { setClock(input: $input) {
  __typename
  ... on PortalTime { now today isMoved }
  ... on Refusal { problems { code path message required { roles scope memberRoles } } }
} }"""
PAGE = """query ($id: ID!) { account(id: $id) { modules { edges { node { status } } } } }"""
NOT_HERE = refusal(problem("RULE_BROKEN", "", "The clock can be moved in development alone."))


@pytest.fixture
async def manager(write: Write, superuser: AsyncEngine) -> AsyncIterator[str]:
    """A manager's token; the clock goes right again in the end."""
    person = factories.person()
    token, credential = factories.credential(Role.MANAGER, person)
    await write(person, factories.staff(person), credential)
    yield token
    await moved(superuser, reset=True)


async def moved(superuser: AsyncEngine, *, reset: bool = False) -> list[timedelta]:
    """Say how far the clock is moved, past every wall."""
    async with superuser.begin() as connection:
        if reset:
            await connection.execute(sa.text("DELETE FROM clock"))
        return list(await connection.scalars(sa.text("SELECT shift FROM clock")))


async def set_clock(api: Api, token: str | None, **given: Any) -> dict[str, Any]:
    answer = await api(SET, token, input=given)
    assert set(answer) == {"data"}, answer
    told: dict[str, Any] = answer["data"]["setClock"]
    return told


async def statuses(api: Api, world: World) -> list[str]:
    answer = await api(PAGE, world.tokens[Kind.OWNER], id=world.own.id)
    edges = answer["data"]["account"]["modules"]["edges"]
    return sorted(edge["node"]["status"] for edge in edges)


async def test_what_follows_from_days_follows_the_moved_clock(
    api: Api, manager: str, world: World, superuser: AsyncEngine
):
    assert await statuses(api, world) == ["ACTIVE", "CANCELLED"]
    day = (now() + timedelta(days=400)).date()
    answer = await set_clock(api, manager, day=day.isoformat())
    at = datetime.fromisoformat(answer.pop("now"))
    assert answer == {"__typename": "PortalTime", "today": day.isoformat(), "isMoved": True}
    here, there = now().astimezone(AMSTERDAM), at.astimezone(AMSTERDAM)
    assert there.date() == day
    assert (
        abs(
            (
                there.replace(year=2000, month=1, day=1) - here.replace(year=2000, month=1, day=1)
            ).total_seconds()
        )
        < 60
    )
    # Every session is as good as before: it goes by the real time.
    assert await statuses(api, world) == ["ACTIVE", "ENDED"]
    answer = await set_clock(api, manager, day=None)
    assert answer["isMoved"] is False
    assert abs(datetime.fromisoformat(answer["now"]) - now()) < timedelta(minutes=1)
    assert await moved(superuser) == []
    assert await statuses(api, world) == ["ACTIVE", "CANCELLED"]


async def test_nobody_logged_in_has_the_moved_day_too(
    api: Api, manager: str, write: Write, count_statements: CountStatements
):
    document = factories.consent_document(published_on=(now() + timedelta(days=30)).date())
    await write(document)
    ask = "{ documentsToConsent(language: EN) { version } }"
    before = await api(ask)
    assert {"version": document.version} not in before["data"]["documentsToConsent"]
    await set_clock(api, manager, day=(now() + timedelta(days=31)).date().isoformat())
    assert {"version": document.version} in (await api(ask))["data"]["documentsToConsent"]
    with count_statements() as sent:
        await api("{ viewer { role } }", manager)
    # The clock is read with the token.
    assert len(sent) == 1


async def test_a_change_is_noted_at_the_moved_time_and_its_mail_goes_at_once(
    writer: Writer, manager: str, superuser: AsyncEngine
):
    await set_clock(writer.api, manager, day="2150-02-28")
    await writer.change(
        "inviteMember", Kind.OWNER, {"email": f"{factories.word()}@example.org", "role": "READER"}
    )
    async with superuser.connect() as connection:
        (noted,) = await connection.execute(
            sa.text(
                "SELECT e.at, o.created_at, o.next_attempt_at, j.scheduled_at"
                " FROM history_entry e JOIN outbox o ON o.account_id = e.account_id"
                " JOIN procrastinate.procrastinate_jobs j ON j.args ->> 'outbox_id' = o.id::text"
                " WHERE e.account_id = :account AND e.number = 3"
            ),
            {"account": writer.world.own.account_id},
        )
    moved_to = now() + shift_to(datetime(2150, 2, 28, tzinfo=UTC).date(), now())
    for at in noted[:2]:
        assert abs(at - moved_to) < timedelta(minutes=1)
    for at in noted[2:]:
        assert abs(at - now()) < timedelta(minutes=1)


async def test_sessions_are_listed_and_ended_by_the_real_time(api: Api, manager: str):
    await set_clock(api, manager, day="2100-01-01")
    answer = await api("{ viewer { sessions { isCurrent } } }", manager)
    assert answer == {"data": {"viewer": {"sessions": [{"isCurrent": True}]}}}
    ended = await api(
        "mutation { logoutEverywhere(input: {}) { ... on SessionsEnded { count } } }", manager
    )
    assert ended == {"data": {"logoutEverywhere": {"count": 1}}}


@pytest.mark.parametrize("day", ["1899-12-31", "2200-01-01"])
async def test_a_day_that_no_contract_knows_is_refused(
    api: Api, manager: str, superuser: AsyncEngine, day: str
):
    assert await set_clock(api, manager, day=day) == refusal(
        problem(
            "INVALID_INPUT", "input.day", "Must be a day from 1 January 1900 to 31 December 2199."
        )
    )
    assert await moved(superuser) == []


@pytest.mark.parametrize("day", ["1900-01-01", "2028-02-29", "2027-03-28", "2199-12-31"])
async def test_any_other_day_will_do(api: Api, manager: str, day: str):
    answer = await set_clock(api, manager, day=day)
    assert (answer["today"], answer["isMoved"]) == (day, True)
    assert (await api("{ viewer { role } }", manager))["data"]["viewer"]["role"] == "MANAGER"


async def test_in_production_the_clock_is_not_moved(
    addresses, manager: str, world: World, api: Api, superuser: AsyncEngine
):
    await set_clock(api, manager, day="2100-01-01")
    assert await statuses(api, world) == ["ACTIVE", "ENDED"]
    kept = await moved(superuser)
    settings = Settings(env=Environment.PRODUCTION, secret="s" * 32, hosts=("localhost",))
    async with own_client(settings, addresses) as client:
        production = api_of(client)
        # Nor does it count where a copy of the data brought it along.
        assert await statuses(production, world) == ["ACTIVE", "CANCELLED"]
        assert await set_clock(production, manager, day="2101-01-01") == NOT_HERE
        assert await set_clock(production, manager, day=None) == NOT_HERE
    assert await moved(superuser) == kept


def test_the_command_moves_the_clock_and_says_what_day_it_is(
    addresses: Addresses, environment: dict[str, str]
):
    own = environment | settings(addresses)

    def run(*arguments: str, **more: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(command, arguments, env=own | more)
        return done.exit_code, done.stdout, done.stderr

    status, output, complaint = portal(own, "clock")
    assert (status, complaint) == (0, "")
    assert output.endswith(" (the real time)\n")
    try:
        assert run("2027-03-31")[1].startswith("2027-03-31 ")
        assert run()[1].startswith("2027-03-31 ")
        fault = "portal: Must be a day from 1 January 1900 to 31 December 2199.\n"
        assert run("1850-01-01") == (1, "", fault)
        assert run("2027-02-29")[0] == 2
        assert run("2027-03-31", "--reset")[0] == 2
        fault = "portal: The clock can be moved in development alone; see PORTAL_ENV.\n"
        assert run("2028-01-01", PORTAL_ENV="production") == (1, "", fault)
        assert run()[1].startswith("2027-03-31 ")
    finally:
        assert run("--reset")[1].endswith(" (the real time)\n")
