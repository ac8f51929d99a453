"""Finding accounts: what staff filter, search and order by, and what cannot be looked for."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from httpx import AsyncClient

from portal.clock import now
from portal.language.global_id import encode
from portal.viewer import Role
from tests import factories
from tests.api.conftest import Api, Write
from tests.world import Kind, World

FIND = """query ($filter: AccountFilter, $search: String) {
  accounts(filter: $filter, search: $search, first: 100) { totalCount edges { node { name } } }
}"""


class Found:
    """Three accounts whose names begin with a word of their own, and a manager to find them."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.tag = factories.word()
        self.module = factories.module()
        self.never_ordered = factories.module()
        self.owner = factories.person(name=f"Owner {factories.word()}")
        manager = factories.person()
        self.token, credential = factories.credential(Role.MANAGER, manager)
        self.rows = [self.module, self.never_ordered, self.owner, manager]
        self.rows += [factories.staff(manager), credential]
        self.account("plain", factories.person(), customer_number=None)
        self.account("test", self.owner, is_test=True, customer_number=f"{self.tag}-7")
        contracted = self.account("100%_", factories.person())
        self.contract = factories.contract(contracted.id)
        self.rows += [
            self.contract,
            factories.module_subscription(contracted.id, self.module),
            factories.module_subscription(
                contracted.id, self.module, ends_on=now().date() + timedelta(days=60)
            ),
        ]

    def account(self, name: str, owner: Any, **values: Any) -> Any:
        """Take an account in."""
        account, owning = factories.account(owner, name=f"{self.tag} {name}", **values)
        self.rows += [account, owning] if owner in self.rows else [owner, account, owning]
        return account

    async def names(self, search: str | None = None, **filter: Any) -> list[str]:
        """Give the names of what is found, without the word they share."""
        wanted = {"name": self.tag, **filter}
        answer = await self._api(FIND, self.token, filter=wanted, search=search)
        page = answer["data"]["accounts"]
        names = [edge["node"]["name"].removeprefix(f"{self.tag} ") for edge in page["edges"]]
        assert page["totalCount"] == len(names)
        return sorted(names)


@pytest.fixture
async def found(api: Api, write: Write) -> Found:
    found = Found(api)
    await write(*found.rows)
    return found


async def test_filters_keep_what_meets_all_of_them(found: Found):
    everything = ["100%_", "plain", "test"]
    module = encode("Module", found.module.id)
    assert await found.names() == everything
    assert await found.names(isTest=True) == ["test"]
    assert await found.names(isTest=False) == ["100%_", "plain"]
    assert await found.names(isTest=None) == everything
    assert await found.names(name=f"{found.tag.upper()} T") == ["test"]
    assert await found.names(name=f"{found.tag} %") == []
    assert await found.names(name=f"{found.tag} 100%_") == ["100%_"]
    assert await found.names(customerNumber=f" {found.tag}-7 ") == ["test"]
    assert await found.names(customerNumber=f"{found.tag}-") == []
    assert await found.names(customerNumber=None) == ["plain"]
    assert await found.names(customerNumber=None, isTest=True) == []
    assert await found.names(status="ACTIVE") == ["100%_"]
    assert await found.names(status="CANCELLED", module=module) == ["100%_"]
    assert await found.names(status="ENDED") == []
    assert await found.names(module=module) == ["100%_"]
    assert await found.names(module=encode("Module", found.never_ordered.id)) == []


async def test_an_id_of_no_module_finds_nothing(found: Found):
    for id in ("", "x", encode("Tariff", found.module.id), str(found.module.id)):
        assert await found.names(module=id) == []


async def test_search_looks_where_people_look(found: Found):
    assert await found.names(f"{found.tag} 10") == ["100%_"]
    assert await found.names(f"{found.tag}-7") == ["test"]
    assert await found.names(found.owner.email[:12].upper()) == ["test"]
    assert await found.names(found.owner.name) == ["test"]
    assert await found.names(found.contract.contract_partner.name) == ["100%_"]
    assert await found.names("_%_") == []
    assert await found.names("%") == ["100%_"]


@pytest.mark.parametrize("text", ["", " ", "a\0b", "a\nb", "x" * 101, "x" * 10_000])
async def test_text_that_cannot_be_looked_for(api: Api, world: World, text: str):
    token = world.tokens[Kind.MANAGER]
    for given, path in (
        ({"search": text}, ["search"]),
        ({"filter": {"name": text}}, ["filter", "name"]),
        ({"filter": {"customerNumber": text}}, ["filter", "customerNumber"]),
    ):
        answer = await api(FIND, token, **given)
        (error,) = answer["errors"]
        assert answer["data"] == {"accounts": None}
        assert error["extensions"]["code"] == "INVALID_INPUT"
        assert error["extensions"]["inputPath"] == path


async def test_half_a_character_cannot_be_looked_for(client: AsyncClient, world: World):
    body = b'{"query": "{ accounts(search: \\"\\ud800\\") { totalCount } }"}'
    response = await client.post(
        "/graphql",
        content=body,
        headers={
            "Authorization": f"Bearer {world.tokens[Kind.MANAGER]}",
            "Content-Type": "application/json",
        },
    )
    codes = [error["extensions"]["code"] for error in response.json()["errors"]]
    assert codes in (["BAD_REQUEST"], ["INVALID_INPUT"], ["GRAPHQL_PARSE_FAILED"])


async def test_a_status_follows_the_accounts_own_day(found: Found, write: Write):
    """It is a day later on Kiritimati than on Pago Pago, at any hour; a last day counts."""
    here = len(found.rows)
    last_day = now().astimezone(ZoneInfo("Pacific/Pago_Pago")).date()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        account = found.account(zone, factories.person(), time_zone=zone)
        found.rows.append(factories.module_subscription(account.id, found.module, ends_on=last_day))
    await write(*found.rows[here:])
    assert await found.names(status="ENDED") == ["Pacific/Kiritimati"]
    assert await found.names(status="CANCELLED") == ["100%_", "Pacific/Pago_Pago"]


async def test_an_account_says_which_day_it_is_there(lane: Api, found: Found, write: Write):
    here = len(found.rows)
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    accounts = {zone: found.account(zone, factories.person(), time_zone=zone) for zone in zones}
    await write(*found.rows[here:])
    for zone, account in accounts.items():
        days = [now().astimezone(ZoneInfo(zone)).date().isoformat()]
        answer = await lane(
            "query ($id: ID!) { account(id: $id) { today } }",
            found.token,
            id=encode("Account", account.id),
        )
        days.append(now().astimezone(ZoneInfo(zone)).date().isoformat())
        assert answer["data"]["account"]["today"] in days
