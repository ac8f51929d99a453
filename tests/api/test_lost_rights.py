"""Who loses a right while a change waits for a lock does not finish it."""

import asyncio

import pytest
import sqlalchemy as sa

from portal.language.global_id import decode, encode
from portal.login.credentials import hash_of
from portal.viewer import MemberRole, Role, Scope
from tests import factories
from tests.api.test_lost_connection import LOCK_ACCOUNT, TAKE_NUMBER, held, waiting
from tests.world import Kind
from tests.writing import NOT_FOUND, problem, refusal

PERSON = "(SELECT person_id FROM credential WHERE token_hash = :hash)"
LOGGED_OUT = "UPDATE credential SET revoked_at = now() WHERE token_hash = :hash"
EXPIRED = "UPDATE credential SET expires_at = '2025-01-01' WHERE token_hash = :hash"
DEACTIVATED = f"UPDATE staff SET deactivated_at = now() WHERE person_id = {PERSON}"  # noqa: S608
NARROWED = (
    "UPDATE permission_profile SET scopes = array_remove(scopes, 'ACCOUNT_READ') WHERE id ="  # noqa: S608
    f" (SELECT permission_profile_id FROM staff WHERE person_id = {PERSON})"
)
DEMOTED = f"UPDATE member SET role = 'READER' WHERE person_id = {PERSON}"  # noqa: S608
REMOVED = f"DELETE FROM member WHERE person_id = {PERSON}"  # noqa: S608

OVER = refusal(problem("UNAUTHENTICATED", "input", "Your session has just ended. Log in again."))
ANOTHER_ROLE = refusal(
    problem("CONFLICT", "input.id", "Your role in this account has just changed.")
)
OTHER_RIGHTS = refusal(problem("CONFLICT", "input", "What you may do has just changed."))
LOSSES = [
    (Kind.OWNER, LOGGED_OUT, OVER),
    (Kind.OWNER, EXPIRED, OVER),
    (Kind.ADMIN, DEMOTED, ANOTHER_ROLE),
    (Kind.ADMIN, REMOVED, NOT_FOUND),
    (Kind.EMPLOYEE, LOGGED_OUT, OVER),
    (Kind.EMPLOYEE, DEACTIVATED, OVER),
    (Kind.EMPLOYEE, NARROWED, OTHER_RIGHTS),
    (Kind.MANAGER, LOGGED_OUT, OVER),
    (Kind.MANAGER, DEACTIVATED, OVER),
]
# By the driver alone, and with a session; see decision 0024.
WAYS = [
    ("updateContract", {"purchaseOrderNumber": "Late"}),
    ("updateContract", {"purchaseOrderNumber": "Late", "idempotencyKey": "k"}),
]
INVITATIONS = "invitations(first: 10) { edges { node { id status revokedAt } } }"


async def lose(writer, loss, token):
    """Take a right away, in a transaction of somebody else's."""
    async with writer.superuser.begin() as connection:
        done = await connection.execute(sa.text(loss), {"hash": hash_of(token)})
        assert done.rowcount == 1


@pytest.mark.parametrize(("mutation", "given"), WAYS)
@pytest.mark.parametrize(("kind", "loss", "answer"), LOSSES)
async def test_a_right_that_is_lost_while_the_account_is_waited_for(
    writer, kind, loss, answer, mutation, given
):
    async with held(writer, LOCK_ACCOUNT):
        sent = asyncio.create_task(writer.change(mutation, kind, given))
        await waiting(writer)
        await lose(writer, loss, writer.world.tokens[kind])
        before = await writer.rows()
    assert await sent == answer
    assert await writer.rows() == before


@pytest.mark.parametrize(
    ("kind", "loss", "answer"), [one for one in LOSSES if one[0] in {Kind.EMPLOYEE, Kind.MANAGER}]
)
async def test_a_right_that_is_lost_while_something_else_is_waited_for(writer, kind, loss, answer):
    """The number of another account is waited for with the account's own lock in hand."""
    number = f"N-{writer.world.own.account_id}"[:40]
    async with held(writer, TAKE_NUMBER):
        sent = asyncio.create_task(writer.change("updateAccount", kind, {"customerNumber": number}))
        await waiting(writer)
        await lose(writer, loss, writer.world.tokens[kind])
    before = await writer.rows()
    assert await sent == answer
    assert await writer.rows() == before


async def test_a_manager_who_waits_for_the_turn(writer, api, write):
    """Nobody else can change the manager meanwhile: its row is locked. The session ends."""
    token = writer.world.tokens[Kind.MANAGER]
    email = factories.person().email
    given = {"email": email, "name": "Late", "role": "MANAGER"}
    document = (
        "mutation ($input: AddStaffInput!) { addStaff(input: $input)"
        " { __typename ... on Refusal { problems { code } } } }"
    )
    person = factories.person()
    locked = factories.staff(person)
    await write(person, locked)
    async with writer.superuser.connect() as connection:
        await connection.execute(
            sa.text("SELECT FROM staff WHERE id = :id FOR UPDATE"), {"id": locked.id}
        )
        sent = asyncio.create_task(api(document, token, input=given))
        await waiting(writer)
        await lose(writer, LOGGED_OUT, token)
        await connection.rollback()
    refused = (await sent)["data"]["addStaff"]
    assert refused == {"__typename": "Refusal", "problems": [{"code": "UNAUTHENTICATED"}]}
    async with writer.superuser.begin() as connection:
        found = await connection.scalar(
            sa.text("SELECT count(*) FROM person WHERE email = :email"), {"email": email}
        )
        await connection.execute(
            sa.text("UPDATE staff SET deactivated_at = now() WHERE id = :id"), {"id": locked.id}
        )
    assert found == 0


async def test_the_second_mutation_after_a_logout_is_refused(writer, api):
    token, own = writer.world.tokens[Kind.OWNER], writer.world.own
    answer = await api(
        """mutation ($input: UpdateAccountInput!) {
          logoutEverywhere(input: {}) { __typename }
          updateAccount(input: $input) { ... on Refusal { problems { code } } }
        }""",
        token,
        input={"id": own.id, "name": "Late"},
    )
    assert answer["data"]["updateAccount"] == {"problems": [{"code": "UNAUTHENTICATED"}]}


@pytest.fixture
async def sender(writer, write):
    """A member who may invite, with a login and an open invitation sent: person, login, token."""
    own = writer.world.own
    person, invited = factories.person(), factories.person()
    _, credential = factories.credential(Role.CUSTOMER, person)
    its_login, its_credential = factories.credential(Role.CUSTOMER, invited)
    token, row = factories.invitation(own.account_id, person, email=invited.email)
    member = factories.member(own.account_id, person, MemberRole.ADMIN)
    await write(person, member, credential, invited, its_credential, row)
    return person, member, row, its_login, token


async def status_of(writer, row):
    """Give what the list of the account says of an invitation."""
    answer = await writer.api(
        f"query ($id: ID!) {{ account(id: $id) {{ {INVITATIONS} }} }}",
        writer.world.tokens[Kind.OWNER],
        id=writer.world.own.id,
    )
    nodes = [edge["node"] for edge in answer["data"]["account"]["invitations"]["edges"]]
    return next(node["status"] for node in nodes if decode(node["id"])[1] == row.id)


async def accept(writer, login, token):
    """Accept an invitation; give the code of the refusal, or the role."""
    answer = await writer.api(
        """mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
          ... on AcceptedInvitation { role } ... on Refusal { problems { code } } } }""",
        login,
        input={"token": token},
    )
    given = answer["data"]["acceptInvitation"]
    return given.get("role") or given["problems"][0]["code"]


@pytest.mark.parametrize(
    ("mutation", "more", "status"),
    [
        ("removeMember", {}, "REVOKED"),
        ("changeMemberRole", {"role": "BILLING"}, "REVOKED"),
        ("changeMemberRole", {"role": "ADMIN"}, "OPEN"),
        ("transferOwnership", {}, "OPEN"),
    ],
)
async def test_invitations_end_with_the_right_of_the_member_who_sent_them(
    writer, sender, mutation, more, status
):
    _, member, row, login, token = sender
    given = {"memberId": encode("Member", member.id), **more}
    answer = await writer.change(mutation, Kind.OWNER, given)
    assert answer["__typename"] == "Account"
    assert await status_of(writer, row) == status
    values = [value[0] for entry in await writer.entries() for value in entry["values"]]
    told = [field for field in values if field == "Invitation.revokedAt"]
    assert told == (["Invitation.revokedAt"] if status == "REVOKED" else [])
    expected = "NOT_FOUND" if status == "REVOKED" else "READER"
    assert await accept(writer, login, token) == expected


@pytest.mark.parametrize(
    "way", ["deactivateStaff", "assignPermissionProfile", "savePermissionProfile"]
)
async def test_invitations_end_with_the_right_of_staff(writer, write, way):
    own, manager = writer.world.own, writer.world.tokens[Kind.MANAGER]
    person, invited = factories.person(), factories.person()
    profile = factories.permission_profile()
    narrow = factories.permission_profile([Scope.ACCOUNT_READ])
    staff = factories.staff(person, profile)
    login, credential = factories.credential(Role.CUSTOMER, invited)
    token, row = factories.invitation(own.account_id, person, email=invited.email)
    await write(person, profile, narrow, staff, invited, credential, row)
    given = {
        "deactivateStaff": {"id": encode("Staff", staff.id)},
        "assignPermissionProfile": {
            "id": encode("Staff", staff.id),
            "permissionProfileId": encode("PermissionProfile", narrow.id),
        },
        "savePermissionProfile": {
            "id": encode("PermissionProfile", profile.id),
            "scopes": ["ACCOUNT_READ"],
        },
    }[way]
    kind = f"{way[0].upper()}{way[1:]}Input"
    answer = await writer.api(
        f"mutation ($input: {kind}!) {{ {way}(input: $input) {{ __typename }} }}",
        manager,
        input=given,
    )
    assert answer["data"][way]["__typename"] in {"Staff", "PermissionProfile"}
    assert await status_of(writer, row) == "REVOKED"
    assert await accept(writer, login, token) == "NOT_FOUND"


async def test_acceptance_asks_itself_whether_the_sender_still_may(writer, sender):
    """Whatever took the right away."""
    person, _, _, login, token = sender
    async with writer.superuser.begin() as connection:
        await connection.execute(
            sa.text("UPDATE member SET role = 'READER' WHERE person_id = :id"), {"id": person.id}
        )
    before = await writer.rows()
    assert await accept(writer, login, token) == "NOT_FOUND"
    assert await writer.rows() == before


async def test_acceptance_that_waits_while_the_sender_is_demoted(writer, sender):
    person, _, _, login, token = sender
    async with held(writer, LOCK_ACCOUNT):
        sent = asyncio.create_task(accept(writer, login, token))
        await waiting(writer)
        async with writer.superuser.begin() as connection:
            await connection.execute(
                sa.text("UPDATE member SET role = 'READER' WHERE person_id = :id"),
                {"id": person.id},
            )
        before = await writer.rows()
    assert await sent == "NOT_FOUND"
    assert await writer.rows() == before
