"""Members: invited, given other roles, removed; ownership handed on."""

import pytest
import sqlalchemy as sa

from portal.clock import now
from portal.language.global_id import decode, encode
from portal.viewer import MemberRole
from tests import factories
from tests.world import MEMBERS, Kind
from tests.writing import NOT_FOUND, forbidden, problem, refusal

EDITORS = ("CUSTOMER EMPLOYEE MANAGER", "MEMBERS")
MAY = [Kind.OWNER, Kind.ADMIN, Kind.EMPLOYEE, Kind.MANAGER]
NOT_OWNER = "Nobody is made owner this way; hand the ownership over instead."
STAYS_OWNER = "The owner stays owner; hand the ownership over first."
NO_MEMBER = refusal(problem("NOT_FOUND", "input.memberId", "There is no such member."))
PLACES = dict(zip(MEMBERS, range(len(MEMBERS)), strict=True))
LIST = "members(first: 9) { edges { node { id role } } }"


def member_id(writer, kind):
    """Give the global id of a member of the account at hand."""
    return writer.world.own.ids["Member"][PLACES[kind]]


async def members(writer):
    """Give each member's role, by id, as it is stored."""
    rows = (await writer.rows()).items()
    return {
        encode("Member", row["id"]): row["role"] for (table, _), row in rows if table == "member"
    }


def of_person(writer, kind):
    """Give the id of the person behind a member."""
    wanted = decode(member_id(writer, kind))[1]
    return next(
        str(row.person_id) for row in writer.world.own.rows if getattr(row, "id", None) == wanted
    )


@pytest.mark.parametrize("kind", MAY)
async def test_a_role_is_changed(writer, kind):
    before = await writer.rows()
    given = {"memberId": member_id(writer, Kind.READER), "role": "BILLING"}
    answer = await writer.change("changeMemberRole", kind, given, f"version {LIST}")
    shown = {edge["node"]["id"]: edge["node"]["role"] for edge in answer["members"]["edges"]}
    assert answer["version"] == 1
    assert shown == {
        member_id(writer, Kind.OWNER): "OWNER",
        member_id(writer, Kind.ADMIN): "ADMIN",
        member_id(writer, Kind.BILLING): "BILLING",
        member_id(writer, Kind.READER): "BILLING",
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "member": {"role": "BILLING"},
    }
    (entry,) = await writer.entries()
    assert (entry["action"], entry["values"]) == (
        "changeMemberRole",
        [["Member.role", "READER", "BILLING"]],
    )


async def test_the_same_role_again_writes_nothing(writer):
    before = await writer.fingerprint()
    given = {"memberId": member_id(writer, Kind.READER), "role": "READER"}
    assert (await writer.change("changeMemberRole", Kind.OWNER, given))["version"] == 1
    assert await writer.fingerprint() == before


@pytest.mark.parametrize(
    ("kind", "role", "problems"),
    [
        (Kind.READER, "OWNER", [problem("RULE_BROKEN", "input.role", NOT_OWNER)]),
        (Kind.OWNER, "ADMIN", [problem("RULE_BROKEN", "input.memberId", STAYS_OWNER)]),
        (
            Kind.OWNER,
            "OWNER",
            [
                problem("RULE_BROKEN", "input.role", NOT_OWNER),
                problem("RULE_BROKEN", "input.memberId", STAYS_OWNER),
            ],
        ),
    ],
)
async def test_ownership_is_no_role_to_give_or_take(writer, kind, role, problems):
    before = await writer.fingerprint()
    given = {"memberId": member_id(writer, kind), "role": role}
    for sender in (Kind.OWNER, Kind.ADMIN, Kind.MANAGER):
        assert await writer.change("changeMemberRole", sender, given) == refusal(*problems)
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", MAY)
async def test_a_member_is_removed(writer, kind):
    reader = member_id(writer, Kind.READER)
    person = of_person(writer, Kind.READER)
    given = {"memberId": reader, "reason": "Left the firm."}
    answer = await writer.change("removeMember", kind, given, LIST)
    left = await members(writer)
    assert [edge["node"]["id"] for edge in answer["members"]["edges"]] == list(left)
    assert sorted(left.values()) == ["ADMIN", "BILLING", "OWNER"]
    (entry,) = await writer.entries()
    joined = factories.BEGAN.isoformat()
    assert (entry["action"], entry["reason"]) == ("removeMember", "Left the firm.")
    assert sorted(entry["values"]) == [
        ["Member.joinedAt", joined, None],
        ["Member.personId", person, None],
        ["Member.role", "READER", None],
    ]
    token = writer.world.tokens[Kind.READER]
    gone = await writer.api(
        "query ($id: ID!) { account(id: $id) { id } viewer { role accounts { totalCount } } }",
        token,
        id=writer.world.own.id,
    )
    assert gone == {
        "data": {
            "account": None,
            "viewer": {"role": "CUSTOMER", "accounts": {"totalCount": 0}},
        }
    }


@pytest.mark.parametrize("kind", [Kind.ADMIN, Kind.BILLING, Kind.READER])
async def test_everybody_but_the_owner_may_leave(writer, kind):
    given = {"memberId": member_id(writer, kind)}
    assert (await writer.change("removeMember", kind, given))["__typename"] == "Account"
    assert member_id(writer, kind) not in await members(writer)
    (entry,) = await writer.entries()
    assert str(entry["actor_id"]) == of_person(writer, kind)
    before = await writer.fingerprint()
    assert await writer.change("removeMember", kind, given) == NOT_FOUND
    assert await writer.fingerprint() == before


async def test_the_owner_neither_leaves_nor_is_removed(writer):
    before = await writer.fingerprint()
    given = {"memberId": member_id(writer, Kind.OWNER)}
    stays = refusal(problem("RULE_BROKEN", "input.memberId", STAYS_OWNER))
    for kind in MAY:
        assert await writer.change("removeMember", kind, given) == stays
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", [Kind.BILLING, Kind.READER])
async def test_others_are_removed_with_the_scope_alone(writer, kind):
    before = await writer.fingerprint()
    for other in (Kind.ADMIN, Kind.OWNER):
        given = {"memberId": member_id(writer, other)}
        assert await writer.change("removeMember", kind, given) == forbidden(
            "removeMember", "input.memberId", *EDITORS
        )
    assert await writer.fingerprint() == before


async def test_a_member_of_another_account_is_no_member(writer):
    foreign = writer.world.foreign.ids["Member"][-1]
    before = await writer.fingerprint()
    wrong = [foreign, "", "x", writer.world.own.id, encode("Member", writer.world.own.account_id)]
    for id in wrong:
        given = {"memberId": id}
        for kind in (Kind.OWNER, Kind.MANAGER):
            change = await writer.change("changeMemberRole", kind, given | {"role": "READER"})
            assert change == NO_MEMBER
            assert await writer.change("removeMember", kind, given) == NO_MEMBER
        assert await writer.change("transferOwnership", Kind.OWNER, given) == NO_MEMBER
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", [Kind.ADMIN, Kind.BILLING, Kind.READER])
async def test_ownership_is_transferred(writer, kind):
    before = await writer.rows()
    successor = member_id(writer, kind)
    given = {"memberId": successor, "expectedVersion": 1, "reason": "Retires."}
    fields = "version owner { id role } " + LIST
    answer = await writer.change("transferOwnership", Kind.OWNER, given, fields)
    assert (answer["version"], answer["owner"]) == (2, {"id": successor, "role": "OWNER"})
    roles = {str(one): role for one, role in MEMBERS.items()}
    expected = {member_id(writer, one): role.value for one, role in MEMBERS.items()}
    expected |= {member_id(writer, Kind.OWNER): "ADMIN", successor: "OWNER"}
    assert await members(writer) == expected
    owner, heir = (str(decode(member_id(writer, one))[1]) for one in (Kind.OWNER, kind))
    account = (await writer.rows())["account", str(writer.world.own.account_id)]
    assert (account["owner_id"], account["version"]) == (heir, 2)
    assert len(before) + 1 + 3 == len(await writer.rows())
    (entry,) = await writer.entries()
    assert (entry["action"], entry["reason"]) == ("transferOwnership", "Retires.")
    assert sorted(entry["values"]) == sorted(
        [
            ["Account.ownerId", owner, heir],
            ["Member.role", "OWNER", "ADMIN"],
            ["Member.role", roles[kind].value, "OWNER"],
        ]
    )
    # What only an owner may do moved too.
    back = {"memberId": member_id(writer, Kind.OWNER)}
    needs = ("CUSTOMER MANAGER", "MEMBERS", "OWNER")
    refused = forbidden("transferOwnership", "", *needs)
    assert await writer.change("transferOwnership", Kind.OWNER, back) == refused
    assert (await writer.change("transferOwnership", kind, back))["version"] == 3
    assert (await members(writer))[successor] == "ADMIN"


async def test_a_manager_transfers_ownership_with_a_reason(writer):
    before = await writer.fingerprint()
    successor = member_id(writer, Kind.READER)
    given = {"memberId": successor}
    for empty in ({}, {"reason": None}, {"reason": "  "}):
        assert await writer.change("transferOwnership", Kind.MANAGER, given | empty) == refusal(
            problem(
                "RULE_BROKEN",
                "input.reason",
                "To take an account from its owner needs a reason.",
            )
        )
    assert await writer.fingerprint() == before
    given |= {"reason": "The owner died.", "expectedVersion": 1}
    answer = await writer.change("transferOwnership", Kind.MANAGER, given, "version owner { id }")
    assert (answer["version"], answer["owner"]) == (2, {"id": successor})
    assert (await members(writer))[member_id(writer, Kind.OWNER)] == "ADMIN"
    (entry,) = await writer.entries()
    assert (entry["action"], entry["actor_role"], entry["reason"]) == (
        "transferOwnership",
        "MANAGER",
        "The owner died.",
    )


async def test_to_the_owner_it_is_no_transfer(writer):
    before = await writer.fingerprint()
    given = {"memberId": member_id(writer, Kind.OWNER)}
    assert (await writer.change("transferOwnership", Kind.OWNER, given))["version"] == 1
    assert await writer.fingerprint() == before


async def test_a_change_after_leaving_finds_no_account(writer):
    """All guards of an operation are asked first; the lock asks again."""
    own = writer.world.own
    answer = await writer.api(
        "mutation ($id: ID!, $member: ID!) {"
        " left: removeMember(input: {id: $id, memberId: $member}) { __typename }"
        ' late: updateAccount(input: {id: $id, name: "Late"})'
        " { __typename ... on Refusal { problems { code path message } } } }",
        writer.world.tokens[Kind.ADMIN],
        id=own.id,
        member=member_id(writer, Kind.ADMIN),
    )
    late = {name: NOT_FOUND["problems"][0][name] for name in ("code", "path", "message")}
    assert answer["data"] == {
        "left": {"__typename": "Account"},
        "late": {"__typename": "Refusal", "problems": [late]},
    }
    assert len(await writer.entries()) == 1


async def test_a_change_with_a_role_that_is_no_more_is_a_conflict(writer):
    own = writer.world.own
    answer = await writer.api(
        "mutation ($id: ID!, $me: ID!, $other: ID!) {"
        " down: changeMemberRole(input: {id: $id, memberId: $me, role: READER}) { __typename }"
        " late: removeMember(input: {id: $id, memberId: $other})"
        " { __typename ... on Refusal { problems { code path message } } } }",
        writer.world.tokens[Kind.ADMIN],
        id=own.id,
        me=member_id(writer, Kind.ADMIN),
        other=member_id(writer, Kind.BILLING),
    )
    assert answer["data"]["late"]["problems"] == [
        {
            "code": "CONFLICT",
            "path": ["input", "id"],
            "message": "Your role in this account has just changed.",
        }
    ]
    assert len(await members(writer)) == 4


async def test_who_is_removed_keeps_a_name_in_the_history(writer):
    name = {"name": "Renamed by somebody who left"}
    await writer.change("updateAccount", Kind.BILLING, name)
    await writer.change("removeMember", Kind.OWNER, {"memberId": member_id(writer, Kind.BILLING)})
    changed, removed = await writer.entries()
    billing = of_person(writer, Kind.BILLING)
    assert str(changed["actor_id"]) == billing
    for kind in (Kind.OWNER, Kind.MANAGER):
        answer = await writer.api(
            "query ($id: ID!) { account(id: $id) { history(first: 2) { edges { node {"
            " action actorName values { field before after } } } } } }",
            writer.world.tokens[kind],
            id=writer.world.own.id,
        )
        last, first = (edge["node"] for edge in answer["data"]["account"]["history"]["edges"])
        assert (first["action"], first["actorName"]) == ("updateAccount", changed["actor_name"])
        assert first["actorName"].startswith("Person ")
        assert (last["action"], last["actorName"]) == ("removeMember", removed["actor_name"])
        assert {"field": "Member.role", "before": "BILLING", "after": None} in last["values"]


@pytest.mark.parametrize(
    ("table", "verbs"),
    [
        ("member", {"SELECT", "INSERT", "DELETE"}),
        ("invitation", {"SELECT", "INSERT"}),
    ],
)
async def test_customers_connections_hold_these_verbs_alone(writer, table, verbs):
    columns = {"member": {"role"}, "invitation": {"accepted_at", "revoked_at"}}[table]
    async with writer.superuser.connect() as connection:
        held = await connection.scalars(
            sa.text(
                "SELECT privilege_type FROM information_schema.role_table_grants"
                " WHERE grantee = 'portal_app' AND table_name = :table"
            ),
            {"table": table},
        )
        updated = await connection.scalars(
            sa.text(
                "SELECT column_name FROM information_schema.column_privileges"
                " WHERE grantee = 'portal_app' AND table_name = :table"
                " AND privilege_type = 'UPDATE'"
            ),
            {"table": table},
        )
        assert (set(held), set(updated)) == (verbs, columns)


async def test_invitations_are_for_those_who_manage_members(writer):
    document = (
        "query ($id: ID!) { account(id: $id) { id invitations(first: 9) { totalCount edges {"
        " node { email role status invitedBy acceptedAt revokedAt } } } } }"
    )
    own = writer.world.own
    for kind in MAY:
        answer = await writer.api(document, writer.world.tokens[kind], id=own.id)
        found = answer["data"]["account"]["invitations"]
        assert found["totalCount"] == 3
        nodes = [edge["node"] for edge in found["edges"]]
        assert sorted(node["status"] for node in nodes) == ["ACCEPTED", "OPEN", "REVOKED"]
        assert {node["invitedBy"] for node in nodes} == {own.owner.name}
        assert {node["role"] for node in nodes} == {MemberRole.READER}
    for kind in (Kind.BILLING, Kind.READER, Kind.PARTNER):
        answer = await writer.api(document, writer.world.tokens[kind], id=own.id)
        assert answer["data"]["account"] == {"id": own.id, "invitations": None}
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_customers_are_not_told_which_of_the_staff_invited(writer, write):
    own = writer.world.own
    stranger = factories.person()
    _, row = factories.invitation(own.account_id, stranger, created_at=now())
    await write(stranger, row)
    document = (
        "query ($id: ID!) { account(id: $id) { invitations(first: 1) { edges {"
        " node { id invitedBy } } } } }"
    )
    for kind, name in ((Kind.OWNER, None), (Kind.MANAGER, stranger.name)):
        answer = await writer.api(document, writer.world.tokens[kind], id=own.id)
        (edge,) = answer["data"]["account"]["invitations"]["edges"]
        assert edge["node"] == {"id": encode("Invitation", row.id), "invitedBy": name}
