"""Mail to people who have not asked for it is rare, whoever causes it."""

from uuid import UUID

import pytest

from portal import clock
from portal.database.engines import Database
from portal.errors import RateLimited
from portal.login.hashing import hash_password
from portal.login.seal import Seal
from portal.login.throttle import Throttle
from portal.mail.limit import MailLimit
from portal.models import Member, Password
from portal.settings.settings import Settings
from portal.viewer import MemberRole
from tests import factories
from tests.api.asking import application, client_of
from tests.api.playing import PASSWORD, People
from tests.saying import waiting
from tests.world import Kind

DAY = 86_400


def address():
    """Give an address that nothing else has."""
    return f"{factories.word()}@example.org"


@pytest.fixture
def invite(writer):
    """Invite an address into an account of the world; say how long to wait where it is refused."""

    async def invite(email, kind=Kind.OWNER, **more):
        given = {"email": email, "role": "READER"} | more
        return wait(await writer.change("inviteMember", kind, given))

    return invite


def wait(answer, words="Too many mails were sent"):
    """Give the seconds that an answer asks to wait; nothing for one that carries out."""
    if answer.get("__typename") != "Refusal":
        return None
    (fault,) = answer["problems"]
    assert (fault["code"], fault["path"]) == ("RATE_LIMITED", ["input"])
    return waiting(fault["message"], words)


async def test_an_account_sends_twenty_invitations_a_day(invite, writer, superuser, people):
    for number in range(20):
        # Whoever sends them.
        kind = (Kind.OWNER, Kind.ADMIN)[number % 2]
        assert await invite(address(), kind) is None
    before = await writer.fingerprint()
    assert DAY - 60 < await invite(address()) <= DAY
    assert DAY - 60 < await invite(address(), Kind.MANAGER) <= DAY
    assert await writer.fingerprint() == before
    await people.rows("UPDATE rate_event SET expires_at = expires_at - interval '1 day'")
    assert await invite(address()) is None


async def test_a_person_sends_twenty_invitations_a_day_whatever_the_accounts(invite, writer, write):
    owner = writer.world.own.owner
    seat = Member(
        account_id=writer.world.foreign.account_id,
        person_id=owner.id,
        role=MemberRole.ADMIN,
        joined_at=clock.now(),
    )
    await write(seat)
    for number in range(20):
        account = (writer.world.own, writer.world.foreign)[number % 2]
        assert await invite(address(), id=account.id) is None
    assert DAY - 60 < await invite(address()) <= DAY
    assert DAY - 60 < await invite(address(), id=writer.world.foreign.id) <= DAY
    # Another administrator goes on.
    assert await invite(address(), Kind.ADMIN) is None


async def test_an_address_gets_three_mails_a_day_that_it_has_not_asked_for(invite, people):
    email = address()
    for kind in (Kind.OWNER, Kind.ADMIN, Kind.MANAGER):
        assert await invite(email, kind) is None
    assert DAY - 60 < await invite(email.upper()) <= DAY
    assert len(await people.mails(email)) == 3


async def test_a_refused_invitation_uses_nothing_up(invite, writer):
    email = writer.world.own.owner.email
    for _ in range(25):
        answer = await writer.change("inviteMember", Kind.OWNER, {"email": email, "role": "READER"})
        assert answer["problems"][0]["code"] == "RULE_BROKEN"
    for _ in range(20):
        assert await invite(address()) is None


async def test_a_network_causes_twenty_mails_an_hour_without_a_login(people, write, documents):
    known = [factories.person() for _ in range(10)]
    await write(*known)

    async def register(people, email):
        given = {
            "email": email,
            "password": PASSWORD,
            "personName": "Sam",
            "accountName": "Sam",
            "documentIds": documents,
        }
        return wait(await people.send("registerAccount", given), "Too many attempts")

    async def reset(people, email):
        answer = await people.send("requestPasswordReset", {"email": email})
        return wait(answer, "Too many attempts")

    for person in known:
        # Whether somebody has the address makes no difference.
        assert await register(people, person.email) is None
        assert await reset(people, address()) is None
    for ask in (register, reset):
        for email in (address(), known[0].email):
            assert 3540 < await ask(people, email) <= 3600
    async with people.elsewhere() as other:
        assert await register(other, address()) is None
        assert await reset(other, known[0].email) is None


async def test_who_has_logged_in_from_a_network_gets_a_code_there_whatever_others_cause(
    people, write
):
    person = factories.person()
    await write(person, Password(person_id=person.id, hash=hash_password(PASSWORD)))
    await people.token(person.email)
    for _ in range(20):
        await people.send("requestPasswordReset", {"email": address()})
    assert wait(
        await people.send("requestPasswordReset", {"email": address()}), "Too many attempts"
    )
    sent = await people.send("requestPasswordReset", {"email": person.email})
    assert sent["__typename"] == "CodeSent"


async def test_there_is_a_number_of_mails_in_all(database: Database):
    seal = Seal(factories.word() * 3)
    async with database.app.begin() as connection:
        for _ in range(7):
            person, account = factories.person(), factories.person().id
            limit = MailLimit(Throttle(seal, factories.network()), person.id, most=7)
            await limit.count(connection, address(), account)
        with pytest.raises(RateLimited):
            await limit.count(connection, address(), UUID(int=1))
        await connection.rollback()


async def test_the_setting_is_what_counts(addresses, superuser, tmp_path, documents):
    async with (
        application(Settings(data=tmp_path, limit_mails=2), addresses) as app,
        client_of(app) as client,
    ):
        people = People(app, client, superuser)
        answers = []
        for _ in range(3):
            given = {
                "email": address(),
                "password": PASSWORD,
                "personName": "Sam",
                "accountName": "Sam",
                "documentIds": documents,
            }
            answers.append(wait(await people.send("registerAccount", given)))
    assert answers[:2] == [None, None]
    assert DAY - 60 < answers[2] <= DAY


async def test_a_name_with_a_link_is_not_carried_to_strangers(invite, writer, people):
    name = "Win € 100 at https://evil.example"
    await people.rows(
        "UPDATE account SET name = :name WHERE id = :id",
        name=name,
        id=writer.world.own.account_id,
    )
    await people.rows(
        "UPDATE person SET name = :name WHERE id = :id", name=name, id=writer.world.own.owner.id
    )
    email = address()
    assert await invite(email) is None
    ((subject, text),) = await people.mails(email)
    assert subject == "Uitnodiging voor een account"
    assert "evil" not in text
    assert text.startswith("Goedendag,\n\nIemand nodigt u uit voor een account, als\nlezer.\n")
