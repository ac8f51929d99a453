"""Names in lists, in searches, and where they have to be unique: as people take them."""

from importlib import import_module

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from portal.database import migration
from portal.errors import Conflict
from portal.viewer import Role
from tests import factories
from tests.command_line import environment, own
from tests.world import Kind
from tests.writing import problem, refusal

__all__ = ["environment", "own"]

KEYS = import_module("portal.migrations.versions.0020_keys")
PROFILES = (
    "INSERT INTO permission_profile (id, version, name, scopes)"
    " SELECT gen_random_uuid(), 1, name, '{}' FROM unnest(ARRAY[:one, :other]) AS given(name)"
)
NAMES = ["100% _", "Café", "de Vries", "Écluse", "Groß", "Østergård", "'t Hoekje", "zwart"]
PAGE = """query ($name: String, $first: Int, $last: Int, $after: String, $before: String,
    $descending: Boolean!, $by: AccountOrderField!) {
  accounts(filter: {name: $name}, orderBy: {field: $by, descending: $descending},
      first: $first, last: $last, after: $after, before: $before) {
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { name } }
  } }"""
OWN = "{ viewer { accounts { edges { node { name } } } } }"


@pytest.fixture
async def named(write):
    """Accounts of one owner, whose names and numbers end with a word of their own."""
    owner, manager = factories.person(), factories.person()
    rows = [owner, manager, factories.staff(manager)]
    tag = factories.word()
    for name in reversed(NAMES):
        rows += factories.account(owner, name=f"{name} {tag}", customer_number=f"{name} {tag}")
    tokens = []
    for role, person in ((Role.MANAGER, manager), (Role.CUSTOMER, owner)):
        token, credential = factories.credential(role, person)
        tokens.append(token)
        rows.append(credential)
    await write(*rows)
    return tag, *tokens


@pytest.fixture
def lanes(compiled_api, standard_api):
    return {"compiled": compiled_api, "standard": standard_api}


def names_in(page, tag):
    return [edge["node"]["name"].removesuffix(f" {tag}") for edge in page["edges"]]


@pytest.mark.parametrize("lane", ["compiled", "standard"])
@pytest.mark.parametrize("by", ["NAME", "CUSTOMER_NUMBER"])
async def test_a_list_is_in_the_order_that_people_expect(lanes, named, lane, by):
    api = lanes[lane]
    tag, manager, owner = named
    for descending in (False, True):
        wanted = NAMES[::-1] if descending else NAMES
        values = {"name": tag, "descending": descending, "by": by}
        seen, after = [], None
        while len(seen) < len(NAMES):
            answer = await api(PAGE, manager, first=3, after=after, **values)
            page = answer["data"]["accounts"]
            seen += names_in(page, tag)
            after = page["pageInfo"]["endCursor"]
            assert page["pageInfo"]["hasNextPage"] is (len(seen) < len(NAMES))
        assert seen == wanted
        answer = await api(PAGE, manager, last=3, before=after, **values)
        assert names_in(answer["data"]["accounts"], tag) == wanted[-4:-1]
    if by == "NAME":
        answer = await api(OWN, owner)
        assert names_in(answer["data"]["viewer"]["accounts"], tag) == NAMES


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("cafe", "Café"),
        ("CAFE\u0301", "Café"),
        ("gross", "Groß"),
        ("GROẞ", "Groß"),
        ("ostergard", "Østerg\u00e5rd"),
        ("'t hoek", "'t Hoekje"),
        ("'", "'t Hoekje"),
        ("%", "100% _"),
        ("_", "100% _"),
        ("0% ", "100% _"),
    ],
)
async def test_a_search_finds_what_people_mean(api, named, asked, name):
    tag, manager, _ = named
    document = """query ($search: String!, $name: String!) { accounts(search: $search,
        filter: {name: $name}) { edges { node { name } } } }"""
    answer = await api(document, manager, search=asked, name=tag.upper())
    assert names_in(answer["data"]["accounts"], tag) == [name]


async def test_nothing_but_an_accent_cannot_be_looked_for(api, named):
    document = "query ($search: String!) { accounts(search: $search) { totalCount } }"
    answer = await api(document, named[1], search="\u0301")
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_a_changed_name_changes_its_place_and_no_history_tells_of_it(writer):
    given = {"name": "'t Caf\u00e9 Gro\u00df"}
    assert (await writer.change("updateAccount", Kind.OWNER, given))["version"] == 2
    async with writer.superuser.connect() as connection:
        key = await connection.scalar(
            sa.text("SELECT sort_name FROM account WHERE id = :id"),
            {"id": writer.world.own.account_id},
        )
    assert key == "t cafe gross\x01't cafe gross"
    (entry,) = await writer.entries()
    assert [field for field, *_ in entry["values"]] == ["Account.name"]


async def test_a_customer_number_is_one_whatever_its_case(writer, write):
    before = await writer.fingerprint()
    taken = writer.world.foreign.account.customer_number
    for number in (taken.upper(), taken.translate({ord("1"): "\uff11", ord("a"): "\uff21"})):
        answer = await writer.change("updateAccount", Kind.EMPLOYEE, {"customerNumber": number})
        message = "Another account has this customer number."
        assert answer == refusal(problem("CONFLICT", "input.customerNumber", message))
    assert await writer.fingerprint() == before


async def test_a_permission_profile_is_one_whatever_its_case_and_form(writer):
    word = factories.word()
    document = """mutation ($input: SavePermissionProfileInput!) {
      savePermissionProfile(input: $input) { __typename
        ... on Refusal { problems { code path message required { roles } } } } }"""
    answers = []
    for name in (f"Caf\u00e9 {word}", f"CAFE\u0301 {word.upper()}"):
        given = {"name": name, "scopes": []}
        answer = await writer.api(document, writer.world.tokens[Kind.MANAGER], input=given)
        answers.append(answer["data"]["savePermissionProfile"])
    message = "Another permission profile has this name."
    assert answers == [
        {"__typename": "PermissionProfile"},
        refusal(problem("CONFLICT", "input.name", message)),
    ]


async def test_modules_and_tariffs_are_one_whatever_their_case_and_form(owner_engine, write):
    one, other = f"Caf\u00e9 {factories.word()}", "cafe\u0301 "
    other += one[5:].upper()
    module, second = factories.module(name=one), factories.module()
    await write(module, second, factories.tariff(module, name=one))
    # Another module may have a tariff of the same name.
    await write(factories.tariff(second, name=other))
    for row in (factories.module(name=other), factories.tariff(module, name=other)):
        with pytest.raises(IntegrityError, match="unique_name"):
            await factories.write(owner_engine, [row])


async def upgrade(owner, revision):
    await migration._run(  # noqa: SLF001 -- no public way to stop half way
        owner,
        lambda connection: command.upgrade(migration._config(connection), revision),  # noqa: SLF001
    )


async def test_rows_that_are_there_get_their_keys(own, cluster, worker_id):
    owner = cluster.addresses(f"own_{worker_id}").owner
    await upgrade(owner, KEYS.down_revision)
    engine = create_async_engine(owner)
    async with engine.begin() as connection:
        await connection.execute(
            sa.text(
                "INSERT INTO account (id, version, name, customer_number, is_test, language,"
                " time_zone, currency, owner_role, created_at, deleted_at, history_length)"
                " VALUES (gen_random_uuid(), 1, :name, ' K 1', false, 'NL', 'UTC', 'EUR', 'OWNER',"
                " now(), now(), 0)"
            ),
            {"name": "'t Caf\u00e9"},
        )
        await connection.execute(sa.text(PROFILES), {"one": "Verkoop", "other": "VERKOOP"})
    with pytest.raises(Conflict) as caught:
        await upgrade(owner, "head")
    assert caught.value.values["same"] in {"Verkoop = VERKOOP", "VERKOOP = Verkoop"}
    async with engine.begin() as connection:
        await connection.execute(
            sa.text("UPDATE permission_profile SET name = 'Inkoop' WHERE name = 'VERKOOP'")
        )
    await upgrade(owner, "head")
    async with engine.connect() as connection:
        (account,) = await connection.execute(
            sa.text("SELECT sort_name, unique_customer_number, sort_customer_number FROM account")
        )
        profiles = await connection.scalars(
            sa.text("SELECT unique_name FROM permission_profile ORDER BY sort_name")
        )
        assert profiles.all() == ["inkoop", "verkoop"]
    assert tuple(account) == ("t cafe\x01't cafe", "k 1", "k 1")
    await engine.dispose()
