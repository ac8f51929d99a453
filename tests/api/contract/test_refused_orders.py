"""A list tells nothing by its order, or by its cursors, that its reader may not read."""

from base64 import b64decode, b64encode
from datetime import timedelta

import pytest

from portal.language.global_id import decode
from portal.viewer import Role, Scope
from tests import factories

ACCOUNTS = """query ($by: AccountOrder, $first: Int, $after: String, $last: Int, $before: String) {
  viewer { accounts(orderBy: $by, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { startCursor endCursor hasNextPage }
    edges { cursor node { id name } } } }
}"""


@pytest.fixture
async def accounts(write):
    """Three accounts whose names, numbers and first days are in other orders than their ids."""
    owner = factories.person()
    made = [
        factories.account(
            owner,
            name=f"{letter} & Co",
            customer_number=f"{number}{factories.word()}",
            created_at=factories.BEGAN + timedelta(microseconds=number),
        )
        for letter, number in zip("CAB", (2, 3, 1), strict=True)
    ]
    await write(owner, *(row for pair in made for row in pair))
    return [account for account, _ in made]


@pytest.fixture
def app_with(write, accounts):
    """Make an app that holds scopes in each of the accounts; gives its token."""

    async def make(*held):
        app, granter = factories.app(), factories.person()
        token, credential = factories.credential(Role.PARTNER, app)
        rows = [
            factories.app_authorization(account.id, app, granter, scopes=list(scopes))
            for account, scopes in zip(accounts, held, strict=True)
        ]
        await write(app, granter, credential, *rows)
        return token

    return make


async def listed(api, token, **window):
    """Give the connection, whatever is refused below it."""
    answer = await api(ACCOUNTS, token, **window)
    return answer["data"]["viewer"]["accounts"]


def ids(connection):
    """Give the ids of the rows of a page."""
    return [decode(edge["node"]["id"])[1] for edge in connection["edges"]]


@pytest.fixture(params=["standard_api", "compiled_api"])
def lane(request):
    """Either way of reading."""
    return request.getfixturevalue(request.param)


async def test_who_may_not_read_names_gets_accounts_by_id(lane, app_with, accounts):
    token = await app_with(*[[Scope.FILES_READ]] * 3)
    found = await listed(lane, token)
    assert [edge["node"]["name"] for edge in found["edges"]] == [None] * 3
    assert ids(found) == sorted(account.id for account in accounts)
    for edge, id in zip(found["edges"], ids(found), strict=True):
        assert b64decode(edge["cursor"]) == str(id).encode()
    walked, after = [], None
    for _ in accounts:
        page = await listed(lane, token, first=1, after=after)
        walked += ids(page)
        after = page["pageInfo"]["endCursor"]
    assert walked == ids(found)
    backwards = await listed(lane, token, last=2, before=found["pageInfo"]["endCursor"])
    assert ids(backwards) == ids(found)[:2]


async def test_who_may_read_names_in_one_account_alone_gets_no_order_of_the_others(
    lane, app_with, accounts
):
    token = await app_with([Scope.ACCOUNT_READ], [Scope.FILES_READ], [Scope.FILES_READ])
    assert ids(await listed(lane, token)) == sorted(account.id for account in accounts)


async def test_who_may_read_every_name_gets_accounts_by_name(lane, app_with, accounts):
    token = await app_with(*[[Scope.ACCOUNT_READ]] * 3)
    found = await listed(lane, token)
    assert [edge["node"]["name"] for edge in found["edges"]] == ["A & Co", "B & Co", "C & Co"]


async def test_a_written_cursor_finds_no_name(lane, app_with, accounts):
    """The way in which names were found: by halving."""
    token = await app_with(*[[Scope.FILES_READ]] * 3)
    written = b64encode(f"b\x1f{accounts[0].id}".encode()).decode()
    answer = await lane(ACCOUNTS, token, after=written)
    assert answer["data"]["viewer"]["accounts"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_INPUT"]


@pytest.mark.parametrize(
    ("field", "name", "title"),
    [
        ("NAME", "Account.name", "name"),
        ("CUSTOMER_NUMBER", "Account.customerNumber", "customer number"),
        ("CREATED_AT", "Account.createdAt", "when it was made"),
    ],
)
@pytest.mark.parametrize(("readable", "descending"), [(0, False), (0, True), (2, False)])
async def test_an_order_that_tells_what_may_not_be_read_is_forbidden(
    lane, app_with, field, name, title, readable, descending
):
    token = await app_with(
        *[[Scope.ACCOUNT_READ]] * readable, *[[Scope.FILES_READ]] * (3 - readable)
    )
    answer = await lane(ACCOUNTS, token, by={"field": field, "descending": descending})
    assert answer == {
        "data": {"viewer": {"accounts": None}},
        "errors": [
            {
                "message": f"You have no permission for this: {title}.",
                "locations": [{"line": 2, "column": 12}],
                "path": ["viewer", "accounts"],
                "extensions": {
                    "name": name,
                    "code": "FORBIDDEN",
                    "inputPath": ["orderBy"],
                    "required": {
                        "roles": ["CUSTOMER", "EMPLOYEE", "MANAGER", "PARTNER"],
                        "scope": "ACCOUNT_READ",
                        "memberRoles": [],
                    },
                },
            }
        ],
    }


ORDERED = [
    ({"field": "NAME"}, "ABC"),
    ({"field": "NAME", "descending": True}, "CBA"),
    ({"field": "CUSTOMER_NUMBER"}, "BCA"),
    ({"field": "CREATED_AT", "descending": True}, "ACB"),
    (None, "ABC"),
]


@pytest.mark.parametrize(("by", "letters"), ORDERED)
async def test_who_may_read_them_orders_accounts_as_asked(lane, app_with, accounts, by, letters):
    token = await app_with(*[[Scope.ACCOUNT_READ]] * 3)
    wanted = [f"{letter} & Co" for letter in letters]
    found = await listed(lane, token, by=by)
    assert [edge["node"]["name"] for edge in found["edges"]] == wanted
    walked, after = [], None
    for _ in accounts:
        page = await listed(lane, token, by=by, first=1, after=after)
        walked += [edge["node"]["name"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert walked == wanted
    assert page["pageInfo"]["hasNextPage"] is False
    assert page["totalCount"] == 3


@pytest.mark.parametrize("scopes", [[], [Scope.ACCOUNT_READ]])
async def test_an_employee_gets_accounts_as_the_profile_lets_read(lane, write, accounts, scopes):
    person, profile = factories.person(), factories.permission_profile(scopes)
    token, credential = factories.credential(Role.EMPLOYEE, person)
    await write(person, profile, factories.staff(person, profile), credential)
    found = await listed(lane, token, first=100)
    shown = ids(found)
    if scopes:
        names = [edge["node"]["name"].casefold() for edge in found["edges"]]
        assert len(set(names)) > 1
        assert shown != sorted(shown)
    else:
        assert shown == sorted(shown)
