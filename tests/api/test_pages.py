"""Connections: every row once and in order, whichever way and in whatever steps one walks."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.language.global_id import encode
from portal.viewer import MemberRole, Role
from tests import factories
from tests.api.conftest import Api, CountStatements, Write

ROWS = 23
CONNECTION = """(%sfirst: $first, after: $after, last: $last, before: $before) {
  edges { cursor node { id } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}"""
ARGUMENTS = "$first: Int, $after: String, $last: Int, $before: String"
OF_ACCOUNT = ("members", "consents", "modules", "history", "appAuthorizations")
ORDERS = {
    "accounts by name": ("NAME", False),
    "accounts by name, descending": ("NAME", True),
    "accounts by number": ("CUSTOMER_NUMBER", False),
    "accounts by number, descending": ("CUSTOMER_NUMBER", True),
    "accounts by age": ("CREATED_AT", False),
    "accounts by age, descending": ("CREATED_AT", True),
}
LISTS = (*OF_ACCOUNT, *ORDERS, "accounts of the viewer")


@dataclass
class Listed:
    """A list in the schema, and the rows it must give."""

    api: Api
    document: str
    token: str
    expected: list[str]
    path: tuple[str, ...]
    variables: dict[str, Any] = field(default_factory=dict)

    async def page(self, **asked: Any) -> dict[str, Any]:
        """Give one page of the list."""
        answer = await self.ask(**asked)
        assert "errors" not in answer, answer
        found = answer["data"]
        for name in self.path:
            found = found[name]
        return found

    async def ask(self, **asked: Any) -> dict[str, Any]:
        """Ask for one page of the list."""
        return await self.api(self.document, self.token, **self.variables, **asked)


def in_order(rows: list[Any], key: Callable[[Any], Any], *, descending: bool = False) -> list[str]:
    """Give the global ids of rows in an order, those that are alike by their id."""
    ordered = sorted(rows, key=lambda row: (key(row), row.id), reverse=descending)
    return [encode(type(row).__name__, row.id) for row in ordered]


@pytest.fixture
async def lists(api: Api, write: Write) -> dict[str, Listed]:
    """Every kind of list, with rows that are alike in what they are ordered by."""
    return {**await lists_of_account(api, write), **await lists_of_accounts(api, write)}


async def lists_of_account(api: Api, write: Write) -> dict[str, Listed]:
    owner, module = factories.person(), factories.module()
    account, owning = factories.account(owner)
    token, credential = factories.credential(Role.CUSTOMER, owner)
    people = [factories.person() for _ in range(ROWS - 1)]
    documents = [factories.consent_document() for _ in range(ROWS)]
    steps = [timedelta(days=number % 4) for number in range(ROWS)]
    members = [owning] + [
        factories.member(
            account.id, person, MemberRole.READER, joined_at=factories.BEGAN + steps[number]
        )
        for number, person in enumerate(people)
    ]
    consents = [
        factories.consent(account.id, document, owner, given_at=factories.BEGAN + step)
        for document, step in zip(documents, steps, strict=True)
    ]
    subscriptions = [
        factories.module_subscription(account.id, module, starts_on=factories.OPENED + step)
        for step in steps
    ]
    history = [factories.history(account) for _ in steps]
    entries = [entry for entry, _ in history]
    values = [value for _, value in history]
    apps = [factories.app() for _ in steps]
    authorizations = [
        factories.app_authorization(account.id, app, owner, granted_at=factories.BEGAN + step)
        for app, step in zip(apps, steps, strict=True)
    ]
    rows = [owner, module, account, credential, *people, *documents, *apps]
    await write(*rows, *members, *consents, *subscriptions, *entries, *values, *authorizations)
    expected = {
        "members": in_order(members, lambda member: member.joined_at),
        "consents": in_order(consents, lambda consent: consent.given_at, descending=True),
        "modules": in_order(subscriptions, lambda subscription: subscription.starts_on),
        "history": in_order(entries, lambda entry: entry.number, descending=True),
        "appAuthorizations": in_order(
            authorizations, lambda authorization: authorization.granted_at, descending=True
        ),
    }
    return {
        name: Listed(
            api,
            f"query ($id: ID!, {ARGUMENTS}) {{ account(id: $id) {{ {name}{CONNECTION % ''} }} }}",
            token,
            ids,
            ("account", name),
            {"id": encode("Account", account.id)},
        )
        for name, ids in expected.items()
    }


async def lists_of_accounts(api: Api, write: Write) -> dict[str, Listed]:
    owner, manager, tag = factories.person(), factories.person(), factories.word()
    token, credential = factories.credential(Role.CUSTOMER, owner)
    managing, credential_of_manager = factories.credential(Role.MANAGER, manager)
    made = [
        factories.account(
            owner,
            name=f"{tag} {number % 5}",
            customer_number=None if number % 2 else f"{tag}{number}",
            created_at=factories.BEGAN + timedelta(microseconds=number % 3),
        )
        for number in range(ROWS)
    ]
    accounts = [account for account, _ in made]
    await write(
        owner,
        manager,
        factories.staff(manager),
        credential,
        credential_of_manager,
        *(row for rows in made for row in rows),
    )
    keys: dict[str, Callable[[Any], Any]] = {
        "NAME": lambda account: account.name,
        "CUSTOMER_NUMBER": lambda account: account.customer_number or "",
        "CREATED_AT": lambda account: account.created_at,
    }
    declared = f"query ($tag: String, $order: AccountOrder, {ARGUMENTS})"
    listed = {
        name: Listed(
            api,
            f"{declared} {{ accounts{CONNECTION % 'search: $tag, orderBy: $order, '} }}",
            managing,
            in_order(accounts, keys[order], descending=descending),
            ("accounts",),
            {"tag": tag, "order": {"field": order, "descending": descending}},
        )
        for name, (order, descending) in ORDERS.items()
    }
    listed["accounts of the viewer"] = Listed(
        api,
        f"query ({ARGUMENTS}) {{ viewer {{ accounts{CONNECTION % ''} }} }}",
        token,
        in_order(accounts, keys["NAME"]),
        ("viewer", "accounts"),
    )
    return listed


@pytest.mark.parametrize("name", LISTS)
# The rows are only read, so the examples may share them; derandomised, they are the same each run.
@settings(
    derandomize=True,
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sizes=st.lists(st.integers(1, ROWS + 2), min_size=1, max_size=4))
async def test_walking_gives_every_row_once_and_in_order(
    lists: dict[str, Listed], name: str, sizes: list[int]
):
    listed = lists[name]
    assert await walked(listed, sizes, "first", "after") == listed.expected
    assert await walked(listed, sizes, "last", "before") == listed.expected


async def walked(listed: Listed, sizes: list[int], size: str, beyond: str) -> list[str]:
    """Walk a list from one end to the other, in steps of the sizes in turn."""
    forward, found, cursor = size == "first", [], None
    for step in range(len(listed.expected) + 1):
        asked = sizes[step % len(sizes)]
        page = await listed.page(**{size: asked, beyond: cursor})
        edges, info = page["edges"], page["pageInfo"]
        ids = [edge["node"]["id"] for edge in edges]
        found = found + ids if forward else ids + found
        left = len(listed.expected) - len(found)
        assert len(edges) == min(asked, left + len(edges))
        more, behind = (
            ("hasNextPage", "hasPreviousPage") if forward else ("hasPreviousPage", "hasNextPage")
        )
        assert info[more] is (left > 0)
        assert info[behind] is (step > 0)
        assert [info["startCursor"], info["endCursor"]] == [edges[0]["cursor"], edges[-1]["cursor"]]
        if not info[more]:
            return found
        cursor = info["endCursor" if forward else "startCursor"]
    raise AssertionError("the walk does not end")


@pytest.mark.parametrize("name", LISTS)
async def test_a_page_between_two_cursors(lists: dict[str, Listed], name: str):
    listed = lists[name]
    edges = (await listed.page(first=100))["edges"]
    between = {"after": edges[3]["cursor"], "before": edges[9]["cursor"]}
    for size, expected in (
        ({"first": 100}, listed.expected[4:9]),
        ({"first": 2}, listed.expected[4:6]),
        ({"last": 2}, listed.expected[7:9]),
        ({}, listed.expected[4:9]),
    ):
        page = await listed.page(**size, **between)
        assert [edge["node"]["id"] for edge in page["edges"]] == expected


async def test_twenty_rows_unless_asked(lists: dict[str, Listed]):
    for name in LISTS:
        page = await lists[name].page()
        ids = [edge["node"]["id"] for edge in page["edges"]]
        assert ids == lists[name].expected[:20]
        assert page["pageInfo"]["hasNextPage"] is True


async def test_no_rows_when_none_are_asked_for(lists: dict[str, Listed]):
    for name in LISTS:
        for size, more in (("first", "hasNextPage"), ("last", "hasPreviousPage")):
            assert await lists[name].page(**{size: 0}) == {
                "edges": [],
                "pageInfo": {
                    "hasNextPage": False,
                    "hasPreviousPage": False,
                    "startCursor": None,
                    "endCursor": None,
                    more: True,
                },
            }


@pytest.mark.parametrize(
    ("asked", "extensions"),
    [
        ({"first": 1, "last": 1}, {"inputPath": ["last"]}),
        ({"first": 0, "last": 0}, {"inputPath": ["last"]}),
        ({"first": -1}, {"inputPath": ["first"], "most": 100}),
        ({"last": -1}, {"inputPath": ["last"], "most": 100}),
    ],
)
async def test_sizes_that_cannot_be(
    lists: dict[str, Listed], asked: dict[str, int], extensions: dict[str, Any]
):
    for name in LISTS:
        assert await fault(lists[name], **asked) == {"code": "INVALID_INPUT", **extensions}


async def fault(listed: Listed, **asked: Any) -> dict[str, Any]:
    """Ask for a page that cannot be, and give what the one error says."""
    answer = await listed.ask(**asked)
    (error,) = answer["errors"]
    assert error["path"] == list(listed.path)
    extensions: dict[str, Any] = error["extensions"]
    return extensions


def cursor_of(*parts: str) -> str:
    """Make a cursor as nobody should."""
    return b64encode("\x1f".join(parts).encode()).decode()


ID = str(uuid4())
BAD_CURSORS = {
    "empty": "",
    "blank": " ",
    "not base64": "%%%",
    "not ASCII": "é",
    "no text": b64encode(b"\xff\xfe").decode(),
    "nothing in it": cursor_of(""),
    "the id alone": cursor_of(ID),
    "too many parts": cursor_of("1", "2", ID),
    "no id": cursor_of("2024-01-15", "x"),
    "a number too large": cursor_of("9" * 12, ID),
    "a number far too large": cursor_of("9" * 1000, ID),
    "a day that is none": cursor_of("2024-02-30", ID),
    "an instant without a zone": cursor_of("2024-01-15T09:30:00.000000", ID),
    "an instant before all days": cursor_of("0001-01-01T00:00:00.000000+14:00", ID),
    "infinity": cursor_of("infinity", ID),
    "a null character": cursor_of("a\0b", ID),
    "very long": "QQ" * 5000,
}


@pytest.mark.parametrize("bad", BAD_CURSORS)
@pytest.mark.parametrize("beyond", ["after", "before"])
async def test_a_cursor_that_is_none_is_refused(lists: dict[str, Listed], bad: str, beyond: str):
    text_in_cursor = {name for name in LISTS if "by name" in name or "by number" in name}
    text_in_cursor.add("accounts of the viewer")
    free_text = {"a number", "a day", "an instant", "infinity"}
    for name in LISTS:
        if name in text_in_cursor and any(bad.startswith(start) for start in free_text):
            continue
        refused = await fault(lists[name], **{beyond: BAD_CURSORS[bad]})
        assert refused == {"code": "INVALID_INPUT", "inputPath": [beyond]}, name


async def test_a_cursor_of_another_list_is_refused(lists: dict[str, Listed]):
    """Where a list is ordered by something else; lists of a kind cannot tell theirs apart."""
    cursors = {
        name: (await lists[name].page(first=1))["pageInfo"]["endCursor"]
        for name in ("members", "modules", "history", "accounts by name")
    }
    for name in ("members", "modules", "history"):
        for other, cursor in cursors.items():
            if other != name:
                refused = await fault(lists[name], after=cursor)
                assert refused == {"code": "INVALID_INPUT", "inputPath": ["after"]}, other


async def test_the_rows_are_counted_only_when_asked(
    lists: dict[str, Listed], count_statements: CountStatements, standard_api: Api
):
    for name in LISTS:
        listed = lists[name]
        listed.api = standard_api
        with count_statements() as without:
            await listed.page(first=2)
        listed.document = listed.document.replace("edges {", "totalCount edges {")
        with count_statements() as counted:
            page = await listed.page(first=2)
        assert page["totalCount"] == ROWS
        # Whom the token stands for is looked up once in a second.
        less, more = ([one for one in sent if "find_" not in one] for sent in (without, counted))
        assert len(more) == len(less) + 1


async def test_rows_that_come_and_go_do_not_shift_a_page(
    lists: dict[str, Listed], write: Write, api: Api
):
    """A cursor names a place in the order, so a row before it changes nothing after it."""
    listed = lists["accounts of the viewer"]
    cursor = (await listed.page(first=5))["pageInfo"]["endCursor"]
    owner = factories.person()
    account, owning = factories.account(owner, name="0")
    await write(owner, account, owning)
    page = await listed.page(first=5, after=cursor)
    assert [edge["node"]["id"] for edge in page["edges"]] == listed.expected[5:10]
