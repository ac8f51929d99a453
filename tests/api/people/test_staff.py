"""Staff and permission profiles: what managers do, when it holds, and what stays of it."""

import asyncio

import pytest
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from portal.language.global_id import decode, encode
from portal.login.hashing import hash_password
from portal.models import Password
from portal.viewer import Role, Scope
from tests import factories
from tests.world import Kind
from tests.writing import problem, refusal

REFUSAL = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"
STAFF = "... on Staff { id version name email role deactivatedAt permissionProfile { id name } }"
PROFILE = "... on PermissionProfile { id version name scopes }"
ROWS = {"savePermissionProfile": PROFILE}
MANAGERS = {"roles": ["MANAGER"], "scope": None, "memberRoles": []}
ENTRIES = """{ staffHistory(first: 2) { edges { node {
  action actorName reason staff { name } permissionProfile { name } changes { field before after }
} } } }"""
# How many changes of staff wait for their turn.
_WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = 'portal_staff' AND wait_event_type = 'Lock'"
)
NOWHERE = problem("NOT_FOUND", "input.id", "There is no such row, or you may not see it.")


@pytest.fixture
def send(api):
    """Send a mutation of staff with somebody's token; give its own part of the answer."""

    async def send(mutation, token, **given):
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        row = ROWS.get(mutation, STAFF)
        response = await api(
            f"mutation ($input: {kind}!) {{ {mutation}(input: $input)"
            f" {{ __typename {row} {REFUSAL} }} }}",
            token,
            input=given,
        )
        assert set(response) == {"data"}, response
        return response["data"][mutation]

    return send


@pytest.fixture
def entries(api, world):
    """Give the latest two entries of the history of staff."""

    async def entries():
        answer = await api(ENTRIES, world.tokens[Kind.MANAGER])
        return [edge["node"] for edge in answer["data"]["staffHistory"]["edges"]]

    return entries


@pytest.fixture
def employ(write):
    """Add somebody who works here; give the row's id, a token and the person."""

    async def employ(profile=None, **values):
        person = factories.person(**values)
        staff = factories.staff(person, profile)
        token, credential = factories.credential(staff.role, person)
        await write(person, staff, credential)
        return encode("Staff", staff.id), token, person

    return employ


@pytest.fixture
async def alone(world, owner_engine):
    """Leave the manager of the world as the only one, for a while; give the row's id."""
    manager = world.own.ids["Staff"][0]
    async with owner_engine.begin() as connection:
        others = await connection.scalars(
            sa.text(
                "UPDATE staff SET deactivated_at = now() WHERE role = 'MANAGER'"
                " AND deactivated_at IS NULL AND id <> :id RETURNING id"
            ),
            {"id": decode(manager)[1]},
        )
        ids = others.all()
    yield manager
    async with owner_engine.begin() as connection:
        await connection.execute(
            sa.text("UPDATE staff SET deactivated_at = NULL WHERE id = ANY(:ids)"), {"ids": ids}
        )


async def role_of(client, token):
    """Say in which role a token acts, or which error it gets."""
    response = await client.post(
        "/graphql",
        json={"query": "{ viewer { role } }"},
        headers={"Authorization": f"Bearer {token}"},
    )
    answer = response.json()
    if "data" in answer:
        return answer["data"]["viewer"]["role"]
    return answer["errors"][0]["extensions"]["code"]


async def test_a_manager_makes_a_profile(send, world, entries):
    name = f"Profile {factories.word()}"
    token = world.tokens[Kind.MANAGER]
    scopes = ["HISTORY", "ACCOUNT_READ", "HISTORY"]
    answer = await send(
        "savePermissionProfile", token, name=f" {name} ", scopes=scopes, reason="Nieuw team."
    )
    kept = ["ACCOUNT_READ", "HISTORY"]
    assert answer.pop("id")
    assert answer == {
        "__typename": "PermissionProfile",
        "version": 1,
        "name": name,
        "scopes": kept,
    }
    entry, _ = await entries()
    assert entry["actorName"]
    del entry["actorName"]
    assert entry == {
        "action": "savePermissionProfile",
        "reason": "Nieuw team.",
        "staff": None,
        "permissionProfile": {"name": name},
        "changes": [
            {"field": "PermissionProfile.name", "before": None, "after": name},
            {"field": "PermissionProfile.scopes", "before": None, "after": kept},
        ],
    }


async def test_a_profile_holds_at_once_what_it_is_given(send, api, world, employ, write, entries):
    profile = factories.permission_profile([Scope.ACCOUNT_READ])
    await write(profile)
    _, token, _ = await employ(profile)
    page = "query ($id: ID!) { account(id: $id) { name history { totalCount } } }"
    before = await api(page, token, id=world.own.id)
    assert before["data"] == {"account": {"name": world.own.account.name, "history": None}}

    manager, id = world.tokens[Kind.MANAGER], encode("PermissionProfile", profile.id)
    given = {"id": id, "scopes": ["HISTORY"], "expectedVersion": 1}
    answer = await send("savePermissionProfile", manager, **given)
    assert answer == {
        "__typename": "PermissionProfile",
        "id": id,
        "version": 2,
        "name": profile.name,
        "scopes": ["HISTORY"],
    }
    after = await api(page, token, id=world.own.id)
    assert after["data"] == {"account": {"name": None, "history": {"totalCount": 2}}}
    (entry, _) = await entries()
    assert entry["changes"] == [
        {"field": "PermissionProfile.scopes", "before": ["ACCOUNT_READ"], "after": ["HISTORY"]}
    ]

    stale = await send("savePermissionProfile", manager, **given | {"scopes": []})
    message = "Changed since version 1; it is version 2 now."
    assert stale == refusal(problem("CONFLICT", "input.expectedVersion", message))
    nothing = await send("savePermissionProfile", manager, id=id, scopes=["HISTORY"])
    assert nothing["version"] == 2


async def test_an_employee_gets_another_profile_at_once(send, world, employ, write, client):
    old, new = factories.permission_profile([]), factories.permission_profile([Scope.HISTORY])
    await write(old, new)
    id, token, person = await employ(old)
    answer = await send(
        "assignPermissionProfile",
        world.tokens[Kind.MANAGER],
        id=id,
        permissionProfileId=encode("PermissionProfile", new.id),
    )
    assert answer == {
        "__typename": "Staff",
        "id": id,
        "version": 2,
        "name": person.name,
        "email": person.email,
        "role": "EMPLOYEE",
        "deactivatedAt": None,
        "permissionProfile": {"id": encode("PermissionProfile", new.id), "name": new.name},
    }
    assert await role_of(client, token) == "EMPLOYEE"


async def test_a_manager_with_a_profile_is_an_employee_and_logs_in_again(
    send, world, employ, write, client, entries
):
    profile = factories.permission_profile()
    await write(profile)
    id, token, _ = await employ()
    assert await role_of(client, token) == "MANAGER"
    profile_id = encode("PermissionProfile", profile.id)
    answer = await send(
        "assignPermissionProfile",
        world.tokens[Kind.MANAGER],
        id=id,
        permissionProfileId=profile_id,
        reason="Minder taken.",
    )
    assert (answer["role"], answer["permissionProfile"]["id"]) == ("EMPLOYEE", profile_id)
    assert await role_of(client, token) == "UNAUTHENTICATED"
    entry, _ = await entries()
    assert (entry["action"], entry["reason"]) == ("assignPermissionProfile", "Minder taken.")
    assert entry["changes"] == [
        {"field": "Staff.role", "before": "MANAGER", "after": "EMPLOYEE"},
        {"field": "Staff.permissionProfile", "before": None, "after": profile.name},
    ]


async def test_a_new_employee_has_no_password_yet(send, world, write, superuser, entries):
    profile = factories.permission_profile()
    await write(profile)
    address = f"{factories.word()}@operator.example"
    answer = await send(
        "addStaff",
        world.tokens[Kind.MANAGER],
        email=f" {address.upper()} ",
        name="Ruben Kok",
        language="DE",
        role="EMPLOYEE",
        permissionProfileId=encode("PermissionProfile", profile.id),
    )
    assert answer.pop("id")
    assert answer == {
        "__typename": "Staff",
        "version": 1,
        "name": "Ruben Kok",
        "email": address,
        "role": "EMPLOYEE",
        "deactivatedAt": None,
        "permissionProfile": {
            "id": encode("PermissionProfile", profile.id),
            "name": profile.name,
        },
    }
    async with superuser.connect() as connection:
        found = await connection.execute(
            sa.text(
                "SELECT p.language, w.hash FROM person p LEFT JOIN password w ON"
                " w.person_id = p.id WHERE p.email = :email"
            ),
            {"email": address},
        )
        assert [tuple(row) for row in found] == [("DE", None)]
    entry, _ = await entries()
    assert entry["staff"] == {"name": "Ruben Kok"}
    assert entry["changes"] == [
        {"field": "Staff.role", "before": None, "after": "EMPLOYEE"},
        {
            "field": "Staff.permissionProfile",
            "before": None,
            "after": profile.name,
        },
    ]


async def test_a_known_person_becomes_a_manager_by_logging_in(send, world, write, client):
    person = factories.person()
    await write(person, Password(person_id=person.id, hash=hash_password("a long password")))
    answer = await send("addStaff", world.tokens[Kind.MANAGER], email=person.email, role="MANAGER")
    assert (answer["name"], answer["role"]) == (person.name, "MANAGER")
    given = {"email": person.email, "password": "a long password"}
    session = (await client.post("/login", json=given)).json()
    assert await role_of(client, session["token"]) == "MANAGER"


async def test_deactivation_closes_the_portal_at_once_and_for_good(
    send, world, employ, write, client, entries
):
    id, token, person = await employ()
    as_customer, credential = factories.credential(Role.CUSTOMER, person)
    await write(credential)
    assert await role_of(client, token) == "MANAGER"
    answer = await send("deactivateStaff", world.tokens[Kind.MANAGER], id=id, reason="Uit dienst.")
    assert (answer["version"], answer["role"]) == (2, "MANAGER")
    assert await role_of(client, token) == "UNAUTHENTICATED"
    assert await role_of(client, as_customer) == "CUSTOMER"
    entry, before = await entries()
    assert (entry["action"], entry["reason"]) == ("deactivateStaff", "Uit dienst.")
    ((change),) = entry["changes"]
    assert (change["field"], change["before"]) == ("Staff.deactivatedAt", None)

    again = await send("deactivateStaff", world.tokens[Kind.MANAGER], id=id)
    assert again == answer
    # Whoever comes back logs in anew: an old token stays dead.
    back = await send("addStaff", world.tokens[Kind.MANAGER], email=person.email, role="MANAGER")
    assert (back["id"], back["version"], back["deactivatedAt"]) == (id, 3, None)
    assert await role_of(client, token) == "UNAUTHENTICATED"
    assert before["action"] != "deactivateStaff"


async def test_the_last_manager_stays(send, world, alone, writer):
    token = world.tokens[Kind.MANAGER]
    profile = world.own.ids["PermissionProfile"][0]
    before = await writer.fingerprint()
    last = refusal(problem("RULE_BROKEN", "input.id", "The last manager stays a manager."))
    assert await send("deactivateStaff", token, id=alone) == last
    given = {"id": alone, "permissionProfileId": profile}
    assert await send("assignPermissionProfile", token, **given) == last
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("_attempt", range(5))
async def test_two_managers_who_remove_each_other_at_once(
    world, alone, employ, client, superuser, _attempt
):
    """Both have come in before either may act: the one who comes second has lost the right."""
    id, token, _ = await employ()
    first = world.tokens[Kind.MANAGER]
    watching = superuser.execution_options(isolation_level="AUTOCOMMIT")
    async with superuser.begin() as connection, watching.connect() as watch:
        await connection.execute(sa.text("SELECT FROM staff ORDER BY id FOR UPDATE"))
        removals = [
            asyncio.create_task(remove(client, one, other))
            for one, other in ((first, id), (token, alone))
        ]
        while await watch.scalar(_WAITING) < len(removals):
            assert not any(removal.done() for removal in removals)
    answers = await asyncio.gather(*removals)
    lost = refusal(problem("FORBIDDEN", "", "You are no manager any more.", MANAGERS))
    assert sorted(answers, key=len) == [{"__typename": "Staff"}, lost]
    roles = [await role_of(client, one) for one in (first, token)]
    assert sorted(roles) == ["MANAGER", "UNAUTHENTICATED"]


async def remove(client, token, id):
    """Deactivate a member of staff."""
    verb = f"deactivateStaff(input: {{id: $id}}) {{ __typename {REFUSAL} }}"
    response = await client.post(
        "/graphql",
        json={"query": f"mutation ($id: ID!) {{ {verb} }}", "variables": {"id": id}},
        headers={"Authorization": f"Bearer {token}"},
    )
    return response.json()["data"]["deactivateStaff"]


@pytest.mark.parametrize(
    ("mutation", "given", "expected"),
    [
        (
            "savePermissionProfile",
            {"name": "New"},
            problem("INVALID_INPUT", "input.scopes", "Must not be empty."),
        ),
        (
            "savePermissionProfile",
            {"scopes": []},
            problem("INVALID_INPUT", "input.name", "Must not be empty."),
        ),
        (
            "savePermissionProfile",
            {"name": " ", "scopes": []},
            problem("INVALID_INPUT", "input.name", "Must not be empty."),
        ),
        (
            "savePermissionProfile",
            {"name": "N" * 81, "scopes": []},
            problem("INVALID_INPUT", "input.name", "May have at most 80 characters."),
        ),
        (
            "savePermissionProfile",
            {"name": "New", "scopes": [], "expectedVersion": 1},
            problem("CONFLICT", "input.expectedVersion", "A new profile has no version yet."),
        ),
        ("savePermissionProfile", {"id": "%%", "name": "New"}, NOWHERE),
        (
            "savePermissionProfile",
            {"id": encode("Staff", uuid7()), "name": "New"},
            NOWHERE,
        ),
        ("deactivateStaff", {"id": encode("Staff", uuid7())}, NOWHERE),
        ("assignPermissionProfile", {"id": "", "permissionProfileId": ""}, NOWHERE),
        (
            "addStaff",
            {"email": "x@operator.example", "name": "X", "role": "CUSTOMER"},
            problem("INVALID_INPUT", "input.role", "Staff are employees or managers."),
        ),
        (
            "addStaff",
            {"email": "x@operator.example", "name": "X", "role": "EMPLOYEE"},
            problem(
                "INVALID_INPUT",
                "input.permissionProfileId",
                "An employee needs a permission profile, and a manager has none.",
            ),
        ),
        (
            "addStaff",
            {
                "email": "x@operator.example",
                "name": "X",
                "role": "EMPLOYEE",
                "permissionProfileId": "nothing",
            },
            problem("NOT_FOUND", "input.permissionProfileId", "There is no such profile."),
        ),
        (
            "addStaff",
            {"email": "x@operator.example\nBcc: y@z.example", "name": "X", "role": "MANAGER"},
            problem("INVALID_INPUT", "input.email", "This is not an e-mail address."),
        ),
        (
            "addStaff",
            {"email": "nobody", "name": "X", "role": "MANAGER"},
            problem("INVALID_INPUT", "input.email", "This is not an e-mail address."),
        ),
        (
            "addStaff",
            {"email": "x@operator.example", "role": "MANAGER"},
            problem(
                "NOT_FOUND",
                "input.name",
                "Nobody has this e-mail address; send a name to add a new person.",
            ),
        ),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_is_written(
    send, world, writer, mutation, given, expected
):
    before = await writer.fingerprint()
    assert await send(mutation, world.tokens[Kind.MANAGER], **given) == refusal(expected)
    assert await writer.fingerprint() == before


async def test_what_is_there_already_is_a_conflict(send, world, writer, write, employ):
    profile, person = factories.permission_profile(), factories.person()
    await write(profile, person)
    _, _, colleague = await employ(profile)
    token, profiles = world.tokens[Kind.MANAGER], world.own.ids["PermissionProfile"]
    before = await writer.fingerprint()
    same = problem("CONFLICT", "input.name", "Another permission profile has this name.")
    given = {"name": profile.name, "scopes": []}
    assert await send("savePermissionProfile", token, **given) == refusal(same)
    given = {"name": profile.name, "id": profiles[0]}
    assert await send("savePermissionProfile", token, **given) == refusal(same)
    given = {"email": colleague.email, "role": "MANAGER"}
    assert await send("addStaff", token, **given) == refusal(
        problem("CONFLICT", "input.email", "This person is staff already.")
    )
    for field, value in (("name", "Another"), ("language", "EN")):
        given = {"email": person.email, "role": "MANAGER", field: value}
        assert await send("addStaff", token, **given) == refusal(
            problem(
                "INVALID_INPUT", f"input.{field}", "This person is known already; leave this out."
            )
        )
    gone = world.own.ids["Staff"][-1]
    given = {"id": gone, "permissionProfileId": profiles[0]}
    assert await send("assignPermissionProfile", token, **given) == refusal(
        problem("RULE_BROKEN", "input.id", "This member of staff is deactivated.")
    )
    assert await writer.fingerprint() == before


async def test_the_same_request_twice_adds_one(send, world):
    address = f"{factories.word()}@operator.example"
    given = {"email": address, "name": "Once", "role": "MANAGER", "idempotencyKey": address}
    first = await send("addStaff", world.tokens[Kind.MANAGER], **given)
    assert first["email"] == address
    assert await send("addStaff", world.tokens[Kind.MANAGER], **given) == first


@pytest.fixture
def walk(api, world):
    """Give every node of a list for managers, page after page."""

    async def walk(field, fields):
        document = (
            f"query ($after: String) {{ {field}(first: 20, after: $after) {{ edges {{ cursor"
            f" node {{ {fields} }} }} pageInfo {{ hasNextPage }} }} }}"
        )
        nodes, after, more = [], None, True
        while more:
            answer = await api(document, world.tokens[Kind.MANAGER], after=after)
            edges = answer["data"][field]["edges"]
            nodes += [edge["node"] for edge in edges]
            after, more = edges[-1]["cursor"], answer["data"][field]["pageInfo"]["hasNextPage"]
        return nodes

    return walk


async def test_managers_list_staff_and_profiles_by_name(walk, employ, write):
    word = factories.word()
    profiles = [factories.permission_profile((), name=f"{word} {name}") for name in "BA"]
    await write(*profiles)
    for name in "DC":
        await employ(profiles[0], name=f"{word} {name}")
    for _ in range(21):
        await employ(profiles[0])
    staff = await walk("staff", "id name permissionProfile { name }")
    assert len({one["id"] for one in staff}) == len(staff) > 22
    assert [
        (one["name"], one["permissionProfile"]) for one in staff if one["name"].startswith(word)
    ] == [(f"{word} {name}", {"name": f"{word} B"}) for name in "CD"]
    assert [
        one
        for one in await walk("permissionProfiles", "name scopes")
        if one["name"].startswith(word)
    ] == [{"name": f"{word} A", "scopes": []}, {"name": f"{word} B", "scopes": []}]


PAGE = """query ($id: ID!) { account(id: $id) { id name customerNumber isTest
  viewerCan { field allowed }
  members { edges { node { name } } } modules { edges { node { status } } }
  contract { purchaseOrderNumber iban paymentTerms { effective { name } } viewerCan { field } }
  appAuthorizations { edges { node { lastUsedAt } } }
  history { edges { node { number values { field before } } } } } }"""
READING = {
    "name",
    "customerNumber",
    "isTest",
    "viewerCan",
    "members",
    "modules",
    "contract",
    "appAuthorizations",
}
MISSING = {
    Scope.ACCOUNT_READ: {("account", field) for field in READING},
    Scope.FINANCIALS: {("account", "contract", "iban")},
    Scope.HISTORY: {("account", "history")},
}


@pytest.mark.parametrize("scope", Scope)
async def test_the_contract_page_goes_on_without_a_scope(api, world, employ, write, scope):
    """What a profile does not hold is null, with its path; all the rest is as for a manager."""
    profile = factories.permission_profile(set(Scope) - {scope})
    await write(profile)
    _, token, _ = await employ(profile)
    whole = await api(PAGE, world.tokens[Kind.MANAGER], id=world.own.id)
    answer = await api(PAGE, token, id=world.own.id)
    assert "errors" not in whole
    errors = answer.get("errors", [])
    assert {tuple(error["path"]) for error in errors} == MISSING.get(scope, set())
    assert all(error["extensions"]["required"]["scope"] == scope for error in errors)
    expected = whole["data"]["account"]
    shown = answer["data"]["account"]
    for path in MISSING.get(scope, ()):
        _, *above, field = path
        there = expected
        for step in above:
            there = there[step]
        there[field] = None
    if scope is Scope.ACCOUNT_READ:
        # The history keeps the guards of the fields whose values it tells.
        for edge in expected["history"]["edges"]:
            for value in edge["node"]["values"]:
                value["before"] = None
    for part in (expected, shown):
        part.pop("viewerCan")
    assert shown == expected


async def test_an_employee_without_a_scope_is_told_what_a_change_needs(api, world, employ, write):
    profile = factories.permission_profile(set(Scope) - {Scope.CUSTOMER_NUMBER})
    await write(profile)
    _, token, _ = await employ(profile)
    answer = await api(
        "query ($id: ID!) { account(id: $id) { viewerCan { field allowed reason } } }",
        token,
        id=world.own.id,
    )
    can = {one["field"]: one for one in answer["data"]["account"]["viewerCan"]}
    assert can["name"]["allowed"] is True
    assert can["customerNumber"] == {
        "field": "customerNumber",
        "allowed": False,
        "reason": "This needs a right in the account: change the customer number.",
    }
    assert can["appAuthorizations"]["reason"] == "Only for: customers, managers."


async def test_an_entry_is_neither_changed_nor_removed(database):
    """Managers write the history of staff by changing staff, and by nothing else."""
    for verb in (
        "UPDATE operator_history SET reason = 'x'",
        "DELETE FROM operator_history",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="permission denied"):
            async with database.staff.begin() as connection:
                await connection.execute(sa.text(verb))
    for table in ("staff", "permission_profile", "operator_history"):
        with pytest.raises(sa.exc.DBAPIError, match="permission denied"):
            async with database.app.begin() as connection:
                await connection.execute(sa.text(f"SELECT count(*) FROM {table}"))  # noqa: S608  (a name from this file)
