"""What is mailed about members: the token to whoever is invited, word to whoever is removed."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from portal.language.global_id import encode
from portal.viewer import Language, Role
from tests import factories
from tests.api.people.test_invitations import ACCEPT, NO_INVITATION
from tests.world import Kind

QUEUED = """
SELECT o.recipient, o.language, o.subject, o.text, o.html, m.kind, m.recipient, m.subject, m.state
FROM outbox o JOIN message m ON m.id = o.message_id AND m.account_id = o.account_id
WHERE o.account_id = :account ORDER BY o.id
"""
TOKEN = re.compile(r"^    (\S{43})$", re.MULTILINE)


async def queued(writer):
    """Give the mails about the account that wait to be sent, past every wall."""
    async with writer.superuser.connect() as connection:
        found = await connection.execute(sa.text(QUEUED), {"account": writer.world.own.account_id})
        return [tuple(row) for row in found]


async def test_the_mailed_token_leads_in(writer, write):
    own = writer.world.own
    person = factories.person(language=Language.DE)
    login, credential = factories.credential(Role.CUSTOMER, person)
    await write(person, credential)
    given = {"email": person.email, "role": "ADMIN"}
    shown = "language invitations(first: 1) { edges { node { expiresAt } } }"
    answer = await writer.change("inviteMember", Kind.OWNER, given, shown)
    ((recipient, language, subject, text, html, *message),) = await queued(writer)
    assert (recipient, language) == (person.email, answer["language"])
    assert subject == f"Uitnodiging voor {own.account.name}"
    assert message == ["INVITATION", person.email, subject, "QUEUED"]
    assert own.owner.name in text
    (token,) = TOKEN.findall(text)
    assert token in html
    (edge,) = answer["invitations"]["edges"]
    ends_at = datetime.fromisoformat(edge["node"]["expiresAt"])
    last = ends_at.astimezone(ZoneInfo(own.account.time_zone)).date() - timedelta(days=1)
    assert f"{last.day} " in text
    accepted = await writer.api(ACCEPT, login, input={"token": token})
    assert accepted["data"]["acceptInvitation"] == {
        "__typename": "AcceptedInvitation",
        "accountId": own.id,
        "role": "ADMIN",
    }


async def test_only_the_last_of_two_mailed_tokens_is_good(writer, write):
    person = factories.person()
    login, credential = factories.credential(Role.CUSTOMER, person)
    await write(person, credential)
    for role in ("ADMIN", "READER"):
        await writer.change("inviteMember", Kind.OWNER, {"email": person.email, "role": role})
    (first,), (second,) = (TOKEN.findall(mail[3]) for mail in await queued(writer))
    answers = [
        (await writer.api(ACCEPT, login, input={"token": token}))["data"]["acceptInvitation"]
        for token in (first, second)
    ]
    assert answers[0] == NO_INVITATION
    assert answers[1]["role"] == "READER"


@pytest.mark.parametrize("kind", [Kind.MANAGER, Kind.EMPLOYEE])
async def test_the_names_of_staff_stay_out_of_the_mail(writer, kind):
    given = {"email": "new@example.org", "role": "READER"}
    await writer.change("inviteMember", kind, given)
    (entry,) = await writer.entries()
    ((_, _, _, text, html, *_),) = await queued(writer)
    assert entry["actor_name"] not in text + html
    assert writer.world.own.account.name in text


async def test_a_refused_invitation_mails_nothing(writer):
    for given in (
        {"email": writer.world.own.owner.email, "role": "READER"},
        {"email": "new@example.org", "role": "OWNER"},
        {"email": "a@example.org\r\nBcc: b@example.org", "role": "READER"},
        {"email": "new@example.org", "role": "READER", "expectedVersion": 0},
    ):
        answer = await writer.change("inviteMember", Kind.OWNER, given)
        assert answer["__typename"] == "Refusal"
    assert await queued(writer) == []


async def test_who_is_removed_is_told_in_the_own_language(writer, write):
    own = writer.world.own
    person = factories.person(language=Language.DE)
    member = factories.member(own.account_id, person, "READER")
    await write(person, member)
    given = {"memberId": encode("Member", member.id)}
    await writer.change("removeMember", Kind.MANAGER, given)
    ((recipient, language, subject, text, _, kind, *_),) = await queued(writer)
    assert (recipient, language, kind) == (person.email, "DE", "MEMBER_REMOVED")
    assert own.account.name in subject
    assert person.name in text


async def test_the_token_is_nowhere_but_in_the_mail(writer):
    given = {"email": "new@example.org", "role": "READER", "idempotencyKey": "k-1"}
    answer = await writer.send("inviteMember", Kind.OWNER, given, "id")
    ((_, _, _, text, *_),) = await queued(writer)
    (token,) = TOKEN.findall(text)
    assert token not in str(answer)
    assert token not in str(await writer.entries())
    stored = {key: row for key, row in (await writer.rows()).items() if key[0] != "outbox"}
    assert token not in str(stored)
