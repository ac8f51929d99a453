"""The two walls for rows, each alone, against a customer, a partner and nobody."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from permissions import rows
from permissions.definition import definition_of
from portal.database.addresses import APP, Addresses
from portal.database.engines import Database, set_viewer
from portal.embedded import EmbeddedPostgres
from portal.language.global_id import decode, encode
from portal.models import Base, UsedPreview
from portal.models.base import models as every_model
from portal.models.wall import ByAccount, ByPerson, Conditional
from portal.settings.settings import Settings
from portal.viewer import Grant, Role, Viewer
from tests import factories
from tests.api.asking import own_client
from tests.api.conftest import Api, api_of
from tests.permission_matrix.structure import CORE
from tests.world import Kind, World

pytestmark = pytest.mark.reads

STRANGERS = [Kind.OWNER, Kind.PARTNER, Kind.ANONYMOUS]
FOREIGN_TYPES = [
    kind.name
    for kind in CORE.get_possible_types(CORE.type_map["Node"])
    if isinstance(definition_of(kind).origin.__portal_model__.wall.seen, ByAccount)
]
# The world has no preview that was used.
ACCOUNT_TABLES = [
    model.__tablename__
    for model in every_model()
    if isinstance(model.wall.seen, ByAccount | ByPerson | Conditional)
    and "SELECT" in model.wall.rights[APP].verbs
    and model is not UsedPreview
]
REFUSAL = (
    "... on Refusal { problems { code path message required { roles scope memberRoles } } }"
    " ... on Node { id }"
)
PARTNER = (
    '{name: "N", street: "S 1", postalCode: "1012 JS", city: "C", country: "NL", kind: BUSINESS}'
)
APP = 'scopes: [ACCOUNT_READ], expiresAt: "2099-01-01T00:00:00Z"'
# Every mutation, with an input that a viewer who may would have carried out.
MUTATIONS = {
    "updateAccount": ("Account", 'name: "Taken"'),
    "setTestAccount": ("Account", "isTest: true"),
    "holdBilling": ("Account", 'reason: "Taken"'),
    "giveConsent": ("Account", "documentIds: []"),
    "inviteMember": ("Account", 'email: "new@example.org", role: READER'),
    "revokeInvitation": ("Account", 'invitationId: "x"'),
    "revokeCalendarAddress": ("Account", 'idempotencyKey: "Taken"'),
    "changeMemberRole": ("Account", 'memberId: "x", role: READER'),
    "removeMember": ("Account", 'memberId: "x"'),
    "transferOwnership": ("Account", 'memberId: "x"'),
    "orderModule": ("Account", 'moduleId: "x", tariff: {id: "x"}'),
    "withdrawOrder": ("ModuleSubscription", 'reason: "Taken"'),
    "updateModuleData": ("ModuleSubscription", "data: {}"),
    "giveNotice": ("ModuleSubscription", 'reason: "Taken"'),
    "withdrawNotice": ("ModuleSubscription", 'reason: "Taken"'),
    "changeTariff": ("ModuleSubscription", 'tariff: {id: "x"}'),
    "withdrawTariffChange": ("ModuleSubscription", 'reason: "Taken"'),
    "changeQuantity": ("ModuleSubscription", 'itemKey: "x", quantity: 2'),
    "bookOption": ("ModuleSubscription", 'itemKey: "x"'),
    "endOption": ("BookedOption", 'reason: "Taken"'),
    "withdrawOption": ("BookedOption", 'reason: "Taken"'),
    "withdrawOptionEnd": ("BookedOption", 'reason: "Taken"'),
    "makeSpecialAgreement": ("Account", 'moduleId: "x", value: {unitPrice: "1"}'),
    "endSpecialAgreement": ("SpecialAgreement", 'endsOn: "2199-01-01"'),
    "withdrawSpecialAgreement": ("SpecialAgreement", 'reason: "Taken"'),
    "updateContract": ("Contract", 'purchaseOrderNumber: "Taken"'),
    "changeContractPartner": ("Contract", f"contractPartner: {PARTNER}"),
    "changePaymentTerms": ("Contract", "deviatingPaymentTerms: null"),
    "setContractStart": ("Contract", "startsOn: null"),
    "changeVatTreatment": ("Contract", "vatTreatment: STANDARD"),
    "authorizeApp": ("Account", f"appId: {json.dumps(encode('App', UUID(int=0)))}, {APP}"),
    "narrowAppAuthorization": ("AppAuthorization", "scopes: [ACCOUNT_READ]"),
    "revokeAppAuthorization": ("AppAuthorization", 'reason: "Taken"'),
    "createRequest": ("Contract", "proposed: {paymentTerms: {}}"),
    "withdrawRequest": ("Request", 'idempotencyKey: "Taken"'),
    "resendDocument": ("Document", 'recipients: ["taken@example.org"]'),
    "acceptRequest": ("Request", 'reason: "Taken"'),
    "declineRequest": ("Request", 'reason: "Taken"'),
}
# Who is refused by the guard of the mutation, before any row is looked for.
_FOR_CUSTOMERS = {
    "resendDocument",
    "changeMemberRole",
    "createRequest",
    "giveConsent",
    "inviteMember",
    "changeQuantity",
    "changeTariff",
    "giveNotice",
    "orderModule",
    "removeMember",
    "revokeCalendarAddress",
    "revokeInvitation",
    "transferOwnership",
    "updateAccount",
    "updateContract",
    "updateModuleData",
    "withdrawNotice",
    "withdrawOrder",
    "withdrawTariffChange",
    "authorizeApp",
    "narrowAppAuthorization",
    "revokeAppAuthorization",
    "withdrawRequest",
}


@pytest.fixture
def first_wall_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the conditions say yes to everything."""
    monkeypatch.setattr(rows, "visible", lambda row, viewing: sa.true())


@pytest.fixture
async def asking(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Callable[[Addresses], Awaitable[Api]]]:
    """Make applications of this test's own: statements that others keep have walls in them."""
    async with AsyncExitStack() as stack:

        async def asking(addresses: Addresses) -> Api:
            settings = Settings(data=tmp_path_factory.mktemp("walls"))
            return api_of(await stack.enter_async_context(own_client(settings, addresses)))

        yield asking


@pytest.fixture
async def unwalled(
    asking: Callable[[Addresses], Awaitable[Api]], addresses: Addresses, cluster: EmbeddedPostgres
) -> Api:
    """Ask an application whose connections no row level security binds."""
    assert addresses.app.database
    superuser = cluster.superuser(addresses.app.database)
    return await asking(replace(addresses, app=superuser, staff=superuser))


@pytest.fixture(params=["policies alone", "conditions alone", "both"])
async def walled(
    request: pytest.FixtureRequest,
    asking: Callable[[Addresses], Awaitable[Api]],
    addresses: Addresses,
    cluster: EmbeddedPostgres,
    api: Api,
) -> Api:
    """Ask the portal with one of its walls down, or with none."""
    if request.param == "policies alone":
        request.getfixturevalue("first_wall_down")
        return await asking(addresses)
    if request.param == "conditions alone":
        assert addresses.app.database
        superuser = cluster.superuser(addresses.app.database)
        return await asking(replace(addresses, app=superuser, staff=superuser))
    return api


async def test_with_both_walls_down_rows_are_seen(world: World, unwalled: Api, first_wall_down):
    """The other tests mean something: what they take away is what keeps rows apart."""
    answer = await unwalled(
        "query ($id: ID!) { node(id: $id) { id } viewer { accounts { totalCount } } }",
        world.tokens[Kind.OWNER],
        id=world.foreign.id,
    )
    assert answer["data"]["node"] == {"id": world.foreign.id}
    assert answer["data"]["viewer"]["accounts"]["totalCount"] >= 2


@pytest.mark.parametrize("kind", STRANGERS)
async def test_no_row_of_a_foreign_account_is_found(walled: Api, world: World, kind: Kind):
    ids = [id for name in FOREIGN_TYPES for id in world.foreign.ids[name]]
    tariff = encode("Tariff", world.foreign.offered.id)
    answer = await walled(
        "query ($ids: [ID!]!, $tariff: ID!) { nodes(ids: $ids) { id } tariff(id: $tariff) { id } }",
        world.tokens[kind],
        ids=[*ids, tariff],
        tariff=tariff,
    )
    assert answer == {"data": {"nodes": [None] * (len(ids) + 1), "tariff": None}}
    for id in (*ids, tariff):
        answer = await walled(
            "query ($id: ID!) { node(id: $id) { id } }", world.tokens[kind], id=id
        )
        assert answer == {"data": {"node": None}}


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.PARTNER])
async def test_a_foreign_account_is_null_and_not_listed(walled: Api, world: World, kind: Kind):
    answer = await walled(
        "query ($id: ID!) { account(id: $id) { id }"
        " viewer { accounts { totalCount edges { node { id } } } } }",
        world.tokens[kind],
        id=world.foreign.id,
    )
    assert answer == {
        "data": {
            "account": None,
            "viewer": {"accounts": {"totalCount": 1, "edges": [{"node": {"id": world.own.id}}]}},
        }
    }


@pytest.mark.parametrize("kind", STRANGERS)
async def test_foreign_accounts_are_reached_through_no_shared_row(
    walled: Api, world: World, kind: Kind
):
    """A module lists its tariffs: the non-public one of another account is not among them."""
    (_, module) = world.foreign.ids["Module"]
    answer = await walled(
        "query ($id: ID!) { node(id: $id) { ... on Module { tariffs { totalCount edges {"
        " node { id } } } } } }",
        world.tokens[kind],
        id=module,
    )
    assert answer == {"data": {"node": {"tariffs": {"totalCount": 0, "edges": []}}}}


@pytest.mark.parametrize("kind", STRANGERS)
async def test_the_list_for_staff_is_refused(walled: Api, world: World, kind: Kind):
    answer = await walled("{ accounts { totalCount } }", world.tokens[kind])
    assert answer["data"] == {"accounts": None}
    (error,) = answer["errors"]
    assert error["extensions"]["code"] in {"FORBIDDEN", "UNAUTHENTICATED"}


@pytest.mark.parametrize("kind", STRANGERS)
async def test_no_mutation_reaches_a_foreign_account(
    walled: Api, world: World, owner_engine: AsyncEngine, kind: Kind
):
    before = await state(owner_engine, world.foreign.account_id)
    for mutation in MUTATIONS:
        await try_in_vain(walled, world, kind, mutation)
        assert await state(owner_engine, world.foreign.account_id) == before, mutation


async def try_in_vain(walled: Api, world: World, kind: Kind, mutation: str) -> None:
    """Send a mutation about a foreign row, which has to be answered like one about none."""
    target, _ = MUTATIONS[mutation]
    id, *_ = world.foreign.ids[target]
    answer = await mutate(walled, world.tokens[kind], mutation, id)
    unknown = await mutate(walled, world.tokens[kind], mutation, encode(target, uuid4()))
    assert answer == unknown, mutation
    (problem,) = answer["data"][mutation]["problems"]
    if kind is Kind.ANONYMOUS:
        expected = "UNAUTHENTICATED"
    elif kind is Kind.OWNER and mutation in _FOR_CUSTOMERS:
        expected = "NOT_FOUND"
    else:
        expected = "FORBIDDEN"
    assert problem["code"] == expected, mutation


async def mutate(api: Api, token: str | None, mutation: str, id: str) -> dict[str, Any]:
    """Call a mutation on a row."""
    _, fields = MUTATIONS[mutation]
    document = f"mutation ($id: ID!) {{ {mutation}(input: {{id: $id, {fields}}}) {{ {REFUSAL} }} }}"
    return await api(document, token, id=id)


async def state(engine: AsyncEngine, account_id: Any) -> list[Any]:
    """Give what a change of an account would change: its rows and those of its contract."""
    statement = sa.text(
        "SELECT a::text, c::text, (SELECT count(*) FROM consent WHERE account_id = a.id),"
        " (SELECT sum(hashtextextended(u::text, 0)) FROM app_authorization u"
        " WHERE account_id = a.id),"
        " (SELECT array_agg(r::text ORDER BY id) FROM request r WHERE account_id = a.id),"
        " (SELECT array_agg(s::text ORDER BY id) FROM module_subscription s"
        " WHERE account_id = a.id)"
        " FROM account a JOIN contract c ON c.account_id = a.id WHERE a.id = :id"
    )
    async with engine.connect() as connection:
        return list((await connection.execute(statement, {"id": account_id})).one())


def wrong_ids(world: World, target: str) -> dict[str, str]:
    """Give ids that lead to no row of a type that the owner of the account may see."""
    own, other = world.own.ids, "Contract" if target != "Contract" else "Account"
    _, id = decode(own[target][0]) or (None, UUID(int=0))
    return {
        "foreign": world.foreign.ids[target][-1],
        "unknown": encode(target, uuid4()),
        "nil": encode(target, UUID(int=0)),
        "of another type": encode(other, world.own.account_id),
        "right uuid, type without rows": encode("Viewer", world.own.account_id),
        "unknown type": encode("Nothing", world.own.account_id),
        "type in lower case": encode(target.lower(), world.own.account_id),
        "a bare uuid": str(world.own.account_id),
        "no uuid in it": b64encode(f"{target}:1".encode()).decode(),
        "no type in it": b64encode(str(world.own.account_id).encode()).decode(),
        "not base64": "%%%",
        "not ASCII": "Ümlaut",
        "bytes that are no text": b64encode(b"\xff\xfe:\x00").decode(),
        "control characters": "\x00\x1f",
        "empty": "",
        "blank": " ",
        "cut off": own[target][0][:-4],
        "with a tail": own[target][0] + "=",
        "another spelling": b64encode(f"{target}:{id.hex}".encode()).decode(),
        "in capitals": b64encode(f"{target}:{str(id).upper()}".encode()).decode(),
        "very long": "QQ" * 5000,
    }


async def test_every_wrong_id_answers_null_alike(api: Api, world: World):
    token = world.tokens[Kind.OWNER]
    for target, field in (("Account", "account"), ("Tariff", "tariff")):
        wrong = {**wrong_ids(world, target), "a member": world.own.ids["Member"][0]}
        for name, id in wrong.items():
            answer = await api(f"query ($id: ID!) {{ {field}(id: $id) {{ id }} }}", token, id=id)
            assert answer == {"data": {field: None}}, (field, name)
    for target in (*FOREIGN_TYPES, "Tariff"):
        wrong = wrong_ids(world, target)
        # Of another type, a row is a row of that type.
        ids = [id for name, id in wrong.items() if name != "of another type"]
        answer = await api("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", token, ids=ids)
        assert answer == {"data": {"nodes": [None] * len(ids)}}, target
        for id in ids:
            answer = await api("query ($id: ID!) { node(id: $id) { id } }", token, id=id)
            assert answer == {"data": {"node": None}}, (target, id)


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_every_wrong_id_is_not_found_alike(api: Api, world: World, mutation: str):
    kind = Kind.OWNER if mutation in _FOR_CUSTOMERS else Kind.MANAGER
    target, _ = MUTATIONS[mutation]
    wrong = wrong_ids(world, target)
    if kind is Kind.MANAGER:
        del wrong["foreign"]
    answers = [await mutate(api, world.tokens[kind], mutation, id) for id in wrong.values()]
    english = {
        "code": "NOT_FOUND",
        "path": ["input", "id"],
        "message": "There is no such row, or you may not see it.",
        "required": None,
    }
    assert answers == [{"data": {mutation: {"problems": [english]}}}] * len(wrong)


async def test_a_hundred_nodes_and_no_more(api: Api, world: World):
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = await api(document, world.tokens[Kind.OWNER], ids=[world.own.id] * 100)
    assert answer == {"data": {"nodes": [{"id": world.own.id}] * 100}}
    answer = await api(document, world.tokens[Kind.OWNER], ids=[world.own.id] * 101)
    (error,) = answer["errors"]
    assert answer["data"] is None
    assert error["extensions"] == {"most": 100, "code": "INVALID_INPUT", "inputPath": ["ids"]}


@pytest.mark.parametrize("table", ACCOUNT_TABLES)
async def test_without_a_viewer_a_statement_fails_loudly(
    addresses: Addresses, world: World, table: str
):
    statement = sa.text(f"SELECT count(*) FROM {table}")  # noqa: S608  (a name from this file)
    database = Database(addresses, size=1)
    try:
        with pytest.raises(DBAPIError, match="unrecognized configuration parameter"):
            async with database.app.connect() as connection:
                await connection.execute(statement)
        async with database.app.begin() as connection:
            await set_viewer(connection, viewer_of(world))
            assert await connection.scalar(statement) >= 1
        # The same connection, after the transaction that had a viewer.
        with pytest.raises(DBAPIError, match=r"malformed array literal|invalid input syntax"):
            async with database.app.connect() as connection:
                await connection.execute(statement)
    finally:
        await database.close()


def viewer_of(world: World) -> Viewer:
    """Give the owner of the account at hand, as the database is told of it."""
    return Viewer(Role.CUSTOMER, world.own.owner.id, grants={world.own.account_id: Grant()})


async def as_customer(
    database: Database, world: World, statement: sa.Executable, **parameters: Any
) -> sa.CursorResult[Any]:
    """Run a statement as the database role of customers, for the owner of the account at hand."""
    async with database.app.begin() as connection:
        await set_viewer(connection, viewer_of(world))
        return await connection.execute(statement, parameters)


async def test_the_policies_show_one_account(database: Database, world: World):
    async with database.app.begin() as connection:
        await set_viewer(connection, viewer_of(world))
        for table in ACCOUNT_TABLES:
            if "account_id" not in Base.metadata.tables[table].c:
                continue
            found = await connection.scalars(
                sa.text(f"SELECT DISTINCT account_id FROM {table}")  # noqa: S608
            )
            assert found.all() == [world.own.account_id], table


@pytest.mark.parametrize("make", ["consent", "history_entry", "history_value"])
async def test_a_row_for_a_foreign_account_is_refused_by_the_policy(
    database: Database, world: World, make: str
):
    account = world.foreign.account
    entry, value = factories.history(account)
    document = factories.consent_document()
    row = {
        "consent": factories.consent(account.id, document, world.own.owner),
        "history_entry": entry,
        "history_value": value,
    }[make]
    with pytest.raises(DBAPIError, match="violates row-level security policy"):
        await as_customer(database, world, insert(row))


@pytest.mark.parametrize("table", ["contract", "account"])
async def test_a_row_cannot_be_given_to_a_foreign_account(
    database: Database, world: World, table: str
):
    column = "id" if table == "account" else "account_id"
    statement = sa.text(f"UPDATE {table} SET {column} = :foreign")  # noqa: S608  (from this file)
    with pytest.raises(DBAPIError, match=f"permission denied for table {table}"):
        await as_customer(database, world, statement, foreign=world.foreign.account_id)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("account", "is_test = true"),
        ("account", "customer_number = '1'"),
        ("account", "time_zone = 'UTC'"),
        ("contract", "deviating_payment_terms_due_days = 90"),
        ("contract", "general_payment_terms_due_days = 90"),
        ("contract", "contract_partner_name = 'Another'"),
        ("contract", "vat_treatment = 'NOT_TAXABLE'"),
        ("contract", "starts_on_override = '2020-01-01'"),
    ],
)
async def test_what_staff_alone_change_no_customer_changes(
    database: Database, world: World, table: str, change: str
):
    statement = sa.text(f"UPDATE {table} SET {change}")  # noqa: S608  (from this file)
    with pytest.raises(DBAPIError, match=f"permission denied for table {table}"):
        await as_customer(database, world, statement)


@pytest.mark.parametrize("table", ["contract", "account"])
async def test_a_foreign_row_cannot_be_changed(database: Database, world: World, table: str):
    column = "id" if table == "account" else "account_id"
    statement = sa.text(f"UPDATE {table} SET version = 9 WHERE {column} = :foreign")  # noqa: S608
    changed = await as_customer(database, world, statement, foreign=world.foreign.account_id)
    assert changed.rowcount == 0


def insert(row: Any) -> sa.Insert:
    """Give the statement that writes a row as it is."""
    values = {key: value for key, value in vars(row).items() if not key.startswith("_")}
    return sa.insert(type(row)).values(values)
