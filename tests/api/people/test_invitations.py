"""Invitations: sent, replaced, revoked, accepted once by the one who was asked."""

import asyncio
from datetime import datetime, timedelta

import pytest

from portal.clock import now
from portal.language.global_id import decode, encode
from portal.login.credentials import new_token
from portal.viewer import MemberRole, Role
from tests import factories
from tests.saying import not_logged_in, not_permitted
from tests.world import Kind, account_world
from tests.writing import TOLD, problem, refusal

ACCEPT = """mutation ($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) {
    __typename
    ... on AcceptedInvitation { accountId role }
    ... on Refusal { problems { code path message required { roles } } }
  }
}"""
NO_INVITATION = refusal(
    problem(
        "NOT_FOUND",
        "input.token",
        "No invitation for your e-mail address has this token, or it is used, revoked or over.",
    )
)
NO_SUCH = refusal(problem("NOT_FOUND", "input.invitationId", "There is no such invitation."))
DONE = refusal(
    problem("CONFLICT", "input.invitationId", "This invitation is accepted or revoked already.")
)
IS_MEMBER = refusal(problem("RULE_BROKEN", "input.email", "This person is a member already."))
NO_ADDRESS = "This is not an e-mail address."
FIRST = (
    "version invitations(first: 1) { totalCount edges { node {"
    " id email role status createdAt expiresAt acceptedAt revokedAt } } }"
)


@pytest.fixture
def accept(writer):
    """Accept an invitation over HTTP; gives the mutation's own part of the answer."""

    async def accept(login, token, **more):
        answer = await writer.api(ACCEPT, login, input={"token": token} | more)
        assert set(answer) == {"data"}, answer
        return answer["data"]["acceptInvitation"]

    return accept


@pytest.fixture
async def invited(writer, write):
    """Somebody with a login and an invitation to the account: person, login and token."""
    own = writer.world.own
    person = factories.person()
    login, credential = factories.credential(Role.CUSTOMER, person)
    token, row = factories.invitation(
        own.account_id, own.owner, email=person.email, role=MemberRole.BILLING
    )
    await write(person, credential, row)
    return person, login, token, row


async def stored(writer):
    """Give the invitations of the account as they are stored, the oldest first."""
    rows = (await writer.rows()).items()
    found = [row for (table, _), row in rows if table == "invitation"]
    return sorted(found, key=lambda row: row["id"])


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN, Kind.EMPLOYEE, Kind.MANAGER])
async def test_somebody_is_invited(writer, kind):
    before, earliest = await writer.rows(), now()
    word = factories.word()
    given = {"email": f" New.{word.upper()}@Example.ORG ", "role": "BILLING", "expectedVersion": 1}
    answer = await writer.change("inviteMember", kind, given, FIRST)
    assert (answer["version"], answer["invitations"]["totalCount"]) == (1, 4)
    (edge,) = answer["invitations"]["edges"]
    shown = edge["node"]
    row = (await stored(writer))[-1]
    created, expires = (datetime.fromisoformat(row[name]) for name in ("created_at", "expires_at"))
    assert shown == {
        "id": encode("Invitation", row["id"]),
        "email": f"new.{word}@example.org",
        "role": "BILLING",
        "status": "OPEN",
        "createdAt": shown["createdAt"],
        "expiresAt": shown["expiresAt"],
        "acceptedAt": None,
        "revokedAt": None,
    }
    assert datetime.fromisoformat(shown["createdAt"]) == created >= earliest
    assert datetime.fromisoformat(shown["expiresAt"]) == expires == created + timedelta(days=7)
    written = await writer.written_since(before)
    assert {name: written[name] for name in ("account", "invitation")} == {
        "account": {"history_length": 3},
        "invitation": {"added": 1},
    }
    (entry,) = await writer.entries()
    assert (entry["action"], entry["actor_role"], row["invited_by"]) == (
        "inviteMember",
        "CUSTOMER" if kind in {Kind.OWNER, Kind.ADMIN} else kind.value,
        str(entry["actor_id"]),
    )
    assert sorted(entry["values"]) == [
        ["Invitation.createdAt", None, created.isoformat()],
        ["Invitation.email", None, f"new.{word}@example.org"],
        ["Invitation.expiresAt", None, expires.isoformat()],
        ["Invitation.invitedBy", None, row["invited_by"]],
        ["Invitation.role", None, "BILLING"],
    ]


async def test_inviting_again_replaces_and_only_the_last_token_is_good(writer, invited, accept):
    person, login, token, first = invited
    given = {"email": person.email.upper(), "role": "READER"}
    answer = await writer.change("inviteMember", Kind.ADMIN, given, FIRST)
    (edge,) = answer["invitations"]["edges"]
    assert (edge["node"]["status"], edge["node"]["role"]) == ("OPEN", "READER")
    row = next(row for row in await stored(writer) if row["id"] == str(first.id))
    assert row["revoked_at"] is not None
    (entry,) = await writer.entries()
    revoked = datetime.fromisoformat(row["revoked_at"]).isoformat()
    assert ["Invitation.revokedAt", None, revoked] in entry["values"]
    before = await writer.fingerprint()
    assert await accept(login, token) == NO_INVITATION
    assert await writer.fingerprint() == before


async def test_an_expired_invitation_is_replaced_too(writer, write):
    own = writer.world.own
    expired = now() - timedelta(seconds=1)
    _, row = factories.invitation(own.account_id, own.owner, expires_at=expired, created_at=now())
    await write(row)
    shown = await writer.api(
        "query ($id: ID!) { node(id: $id) { ... on Invitation { status } } }",
        writer.world.tokens[Kind.OWNER],
        id=encode("Invitation", row.id),
    )
    assert shown == {"data": {"node": {"status": "EXPIRED"}}}
    given = {"email": row.email, "role": "ADMIN"}
    assert (await writer.change("inviteMember", Kind.OWNER, given))["__typename"] == "Account"
    assert len([row for row in await stored(writer) if row["revoked_at"]]) == 2


async def test_three_inviting_the_same_address_at_once_leave_one_open(writer):
    email = f"{factories.word()}@example.org"
    given = {"email": email, "role": "READER"}
    kinds = [Kind.OWNER, Kind.ADMIN, Kind.MANAGER]
    answers = await asyncio.gather(*(writer.change("inviteMember", kind, given) for kind in kinds))
    assert [answer["__typename"] for answer in answers] == ["Account"] * 3
    sent = [row for row in await stored(writer) if row["email"] == email]
    assert len(sent) == 3
    assert len([row for row in sent if row["revoked_at"] is None]) == 1
    assert [entry["number"] for entry in await writer.entries()] == list(range(3, 6))


async def test_a_member_is_not_invited(writer):
    before = await writer.fingerprint()
    own = writer.world.own
    for kind in (Kind.OWNER, Kind.MANAGER):
        for email in (own.owner.email, own.owner.email.upper()):
            given = {"email": email, "role": "READER"}
            assert await writer.change("inviteMember", kind, given) == IS_MEMBER
    assert await writer.fingerprint() == before


async def test_nobody_is_invited_as_owner_and_every_fault_is_told(writer):
    before = await writer.fingerprint()
    owner = problem(
        "RULE_BROKEN",
        "input.role",
        "Nobody is made owner this way; hand the ownership over instead.",
    )
    address = problem("INVALID_INPUT", "input.email", NO_ADDRESS)
    given = {"email": "new@example.org", "role": "OWNER"}
    assert await writer.change("inviteMember", Kind.OWNER, given) == refusal(owner)
    given = {"email": "nobody", "role": "OWNER"}
    assert await writer.change("inviteMember", Kind.OWNER, given) == refusal(address, owner)
    assert await writer.fingerprint() == before


@pytest.mark.parametrize(
    "email",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org\nBcc: b@example.org",
        "a@example.org%0aBcc:b@example.org\n",
        "a@example.org, b@example.org",
        '"a" <a@example.org>',
        "a\u200b@example.org",
        "a\u202e@example.org",
        "a@exam\u200bple.org",
        "a@example.org\0",
        "@example.org",
        "a@",
        "a@" + "x" * 300 + ".org",
    ],
)
async def test_what_is_no_address_is_refused(writer, email):
    before = await writer.fingerprint()
    given = {"email": email, "role": "READER"}
    answer = await writer.change("inviteMember", Kind.OWNER, given)
    (one,) = answer["problems"]
    assert (one["code"], one["path"]) == ("INVALID_INPUT", ["input", "email"])
    assert await writer.fingerprint() == before


async def test_an_unknown_role_is_refused_by_the_schema(writer):
    before = await writer.fingerprint()
    given = {"email": "new@example.org", "role": "KING"}
    answer = await writer.send("inviteMember", Kind.OWNER, given)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert await writer.fingerprint() == before


async def test_the_same_key_invites_once(writer):
    given = {"email": "new@example.org", "role": "READER", "idempotencyKey": "k-1"}
    first = await writer.change("inviteMember", Kind.OWNER, given, FIRST)
    before = await writer.fingerprint()
    assert await writer.change("inviteMember", Kind.OWNER, given, FIRST) == first
    assert await writer.fingerprint() == before


async def test_an_invitation_is_revoked(writer, invited, accept):
    _, login, token, row = invited
    before = await writer.rows()
    given = {"invitationId": encode("Invitation", row.id)}
    answer = await writer.change("revokeInvitation", Kind.ADMIN, given)
    assert answer == {"__typename": "Account", "version": 1}
    written = await writer.written_since(before)
    revoked = written["invitation"]["revoked_at"]
    assert written == {
        "account": {"history_length": 3},
        "invitation": {"revoked_at": revoked},
    }
    (entry,) = await writer.entries()
    told = datetime.fromisoformat(revoked).isoformat()
    assert entry["values"] == [["Invitation.revokedAt", None, told]]
    before = await writer.fingerprint()
    assert await accept(login, token) == NO_INVITATION
    assert await writer.change("revokeInvitation", Kind.ADMIN, given) == DONE
    assert await writer.fingerprint() == before


async def test_what_is_no_open_invitation_is_not_revoked(writer):
    own, foreign = writer.world.own.ids["Invitation"], writer.world.foreign.ids["Invitation"]
    before = await writer.fingerprint()
    for kind in (Kind.OWNER, Kind.MANAGER):
        for id in (foreign[0], "", "x", encode("Member", decode(own[0])[1])):
            given = {"invitationId": id}
            assert await writer.change("revokeInvitation", kind, given) == NO_SUCH
        for id in own[1:]:
            given = {"invitationId": id}
            assert await writer.change("revokeInvitation", kind, given) == DONE
    assert await writer.fingerprint() == before


async def test_an_invitation_is_accepted(writer, invited, accept):
    person, login, token, row = invited
    own, before = writer.world.own, await writer.rows()
    answer = await accept(login, token)
    assert answer == {"__typename": "AcceptedInvitation", "accountId": own.id, "role": "BILLING"}
    written = await writer.written_since(before)
    accepted = written["invitation"]["accepted_at"]
    assert written == {
        "account": {"history_length": 3},
        "invitation": {"accepted_at": accepted},
        "member": {"added": 1},
    }
    (entry,) = await writer.entries()
    told = datetime.fromisoformat(accepted).isoformat()
    assert (entry["action"], entry["actor_role"], entry["actor_id"], entry["actor_name"]) == (
        "acceptInvitation",
        "CUSTOMER",
        person.id,
        person.name,
    )
    assert sorted(entry["values"], key=str) == [
        ["Invitation.acceptedAt", None, told],
        ["Member.joinedAt", None, told],
        ["Member.personId", None, str(person.id)],
        ["Member.role", None, "BILLING"],
    ]
    # The same login sees the account from the next request on, with the rights of its role.
    answer = await writer.api(
        "query ($id: ID!) { account(id: $id) {"
        " name contract { iban } invitations { totalCount } } }",
        login,
        id=own.id,
    )
    assert answer["data"]["account"] == {
        "name": own.account.name,
        "contract": {"iban": own.contract.iban},
        "invitations": None,
    }
    assert (await stored(writer))[-1]["id"] == str(row.id)


async def test_a_token_is_good_once(writer, invited, accept):
    _, login, token, _ = invited
    await accept(login, token)
    before = await writer.fingerprint()
    assert await accept(login, token) == NO_INVITATION
    assert await writer.fingerprint() == before


async def test_with_a_key_accepting_again_answers_alike(writer, invited, accept):
    _, login, token, _ = invited
    first = await accept(login, token, idempotencyKey="k-1")
    before = await writer.fingerprint()
    assert await accept(login, token, idempotencyKey="k-1") == first
    assert first["__typename"] == "AcceptedInvitation"
    assert await writer.fingerprint() == before


async def test_many_at_once_with_one_token_make_one_member(writer, invited, accept):
    _, login, token, _ = invited
    answers = await asyncio.gather(*(accept(login, token) for _ in range(8)))
    assert sorted(answer["__typename"] for answer in answers) == [
        "AcceptedInvitation",
        *["Refusal"] * 7,
    ]
    assert [answer for answer in answers if answer["__typename"] == "Refusal"] == [
        NO_INVITATION
    ] * 7
    assert len(await writer.entries()) == 1


async def test_revoked_and_accepted_at_once_one_wins(writer, invited, accept):
    _, login, token, row = invited
    given = {"invitationId": encode("Invitation", row.id)}
    revoked, accepted = await asyncio.gather(
        writer.change("revokeInvitation", Kind.OWNER, given), accept(login, token)
    )
    won = {"Account", "AcceptedInvitation"} & {revoked["__typename"], accepted["__typename"]}
    assert len(won) == 1
    assert revoked in ({"__typename": "Account", "version": 1}, DONE)
    assert accepted == NO_INVITATION or accepted["role"] == "BILLING"
    assert len(await writer.entries()) == 1


async def test_every_token_that_is_not_good_is_answered_alike(writer, write, invited, accept):
    person, login, token, _ = invited
    own, foreign = writer.world.own, account_world()
    await write(*foreign.rows)
    over, expired = factories.invitation(
        foreign.account_id, foreign.owner, email=person.email, expires_at=now()
    )
    other, meant = factories.invitation(own.account_id, own.owner)
    await write(expired, meant)
    before = await writer.fingerprint()
    wrong = [over, other, new_token()[0], "", " ", token + "=", token[:-1], "x" * 10_000, "\0"]
    for given in wrong:
        assert await accept(login, given) == NO_INVITATION, given[:50]
    # Somebody else with the right token, member or not.
    for kind in (Kind.READER, Kind.OWNER):
        assert await accept(writer.world.tokens[kind], token) == NO_INVITATION
    assert await accept(foreign.tokens[Kind.OWNER], token) == NO_INVITATION
    assert await writer.fingerprint() == before


async def test_who_is_a_member_already_stays_what_they_are(writer, write, accept):
    own = writer.world.own
    token, row = factories.invitation(own.account_id, own.owner, email=own.owner.email)
    await write(row)
    before = await writer.fingerprint()
    assert await accept(writer.world.tokens[Kind.OWNER], token) == refusal(
        problem("CONFLICT", "input.token", "You are a member of this account already.")
    )
    assert await writer.fingerprint() == before


async def test_removing_a_member_revokes_what_would_lead_back_in(writer, write, accept):
    """Somebody may be invited at an address and become a member at another, then change it."""
    own = writer.world.own
    reader = own.ids["Member"][-1]
    person_id = next(
        row["person_id"]
        for (table, id), row in (await writer.rows()).items()
        if (table, id) == ("member", str(decode(reader)[1]))
    )
    person = next(row for row in own.rows if str(getattr(row, "id", "")) == person_id)
    token, row = factories.invitation(own.account_id, own.owner, email=person.email)
    await write(row)
    await writer.change("removeMember", Kind.OWNER, {"memberId": reader})
    (entry,) = await writer.entries()
    assert sorted({field for field, _, _ in entry["values"]}) == [
        "Invitation.revokedAt",
        "Member.joinedAt",
        "Member.personId",
        "Member.role",
    ]
    before = await writer.fingerprint()
    assert await accept(writer.world.tokens[Kind.READER], token) == NO_INVITATION
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", list(Kind))
async def test_accepting_needs_the_login_of_a_customer(writer, invited, accept, kind):
    *_, token, _ = invited
    before = await writer.fingerprint()
    answer = await accept(writer.world.tokens[kind], token)
    required = {"roles": ["CUSTOMER"]}
    if kind is Kind.ANONYMOUS:
        expected = refusal(
            problem("UNAUTHENTICATED", "", not_logged_in("acceptInvitation"), required)
        )
    elif kind in {Kind.OWNER, Kind.ADMIN, Kind.BILLING, Kind.READER}:
        expected = NO_INVITATION
    else:
        expected = refusal(problem("FORBIDDEN", "", not_permitted("acceptInvitation"), required))
    assert answer == expected
    assert await writer.fingerprint() == before


async def test_a_change_after_accepting_is_for_the_next_request(writer, invited):
    """The guards of all changes were asked before the first ran: they saw no account yet."""
    _, login, token, _ = invited
    own = writer.world.own
    answer = await writer.api(
        "mutation ($token: String!, $id: ID!, $member: ID!) {"
        " first: acceptInvitation(input: {token: $token}) { __typename }"
        " second: removeMember(input: {id: $id, memberId: $member})"
        " { __typename ... on Refusal { problems { code path } } } }",
        login,
        token=token,
        id=own.id,
        member=own.ids["Member"][-1],
    )
    assert answer["data"] == {
        "first": {"__typename": "AcceptedInvitation"},
        "second": {
            "__typename": "Refusal",
            "problems": [{"code": "NOT_FOUND", "path": ["input", "id"]}],
        },
    }
    (entry,) = await writer.entries(TOLD)
    assert entry["action"] == "acceptInvitation"


async def test_who_was_removed_can_be_invited_back(writer, invited, accept):
    person, login, token, _ = invited
    await accept(login, token)
    member = next(
        row["id"]
        for (table, _), row in (await writer.rows()).items()
        if table == "member" and row["person_id"] == str(person.id)
    )
    given = {"memberId": encode("Member", member)}
    await writer.change("removeMember", Kind.OWNER, given)
    given = {"email": person.email, "role": "ADMIN"}
    assert (await writer.change("inviteMember", Kind.OWNER, given))["version"] == 1
    assert (await stored(writer))[-1]["role"] == "ADMIN"


async def test_the_history_shows_an_address_to_those_who_may_see_invitations(writer):
    email = f"{factories.word()}@example.org"
    given = {"email": email, "role": "READER"}
    await writer.change("inviteMember", Kind.OWNER, given)
    document = (
        "query ($id: ID!) { account(id: $id) { history(first: 1) { edges { node {"
        " action values { field after } } } } } }"
    )
    for kind, shown in (
        (Kind.OWNER, email),
        (Kind.EMPLOYEE, email),
        (Kind.BILLING, None),
    ):
        answer = await writer.api(document, writer.world.tokens[kind], id=writer.world.own.id)
        (edge,) = answer["data"]["account"]["history"]["edges"]
        assert edge["node"]["action"] == "inviteMember"
        assert {"field": "Invitation.email", "after": shown} in edge["node"]["values"]
