"""The history tells everything: replayed from the start, it gives the present rows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from httpx import AsyncClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic.alias_generators import to_camel
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from portal.database.addresses import Addresses
from portal.settings.settings import Settings
from tests import factories
from tests.api.asking import own_client
from tests.api.conftest import api_of
from tests.world import Kind, make_world
from tests.writing import Writer

TEXT = st.text(
    st.characters(
        exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"),
        exclude_characters="\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    ),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip())
IBAN = st.sampled_from(["NL91ABNA0417164300", "be31 4354 1116 1155", "DE89370400440532013000"])
# Text of one line has to read as it is written.
NAME = st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=1, max_size=20)
ADDRESS = st.fixed_dictionaries(
    {
        "name": TEXT,
        "street": TEXT,
        # Of two countries.
        "postalCode": st.sampled_from(["10115", " 50667 "]),
        "city": TEXT,
        "country": st.sampled_from(["fr", "DE"]),
    },
    optional={"attention": st.none() | TEXT, "extra": st.none() | st.just(" ") | TEXT},
)
DELIVERY = st.fixed_dictionaries(
    {
        "recipients": st.lists(
            st.sampled_from(["a@example.nl", "B@example.nl", " "]), max_size=3
        ).map(lambda texts: ["c@example.nl", *texts]),
        "mode": st.sampled_from(["ATTACHMENT", "LINK"]),
    }
)
CHANGES = st.one_of(
    st.tuples(
        st.just("updateAccount"),
        st.sampled_from([Kind.MANAGER]),
        st.fixed_dictionaries(
            {},
            optional={
                "name": NAME,
                "customerNumber": st.none() | st.just(" "),
                "language": st.sampled_from(["NL", "EN", "DE"]),
                "timeZone": st.sampled_from(["Europe/Amsterdam", "UTC", "America/New_York"]),
            },
        ),
    ),
    st.tuples(
        st.just("updateContract"),
        st.sampled_from([Kind.OWNER, Kind.BILLING, Kind.MANAGER]),
        st.fixed_dictionaries(
            {},
            optional={
                "billingAddress": st.none() | ADDRESS,
                "iban": st.none() | IBAN,
                "documentDelivery": DELIVERY,
                "purchaseOrderNumber": st.none() | st.just("") | TEXT,
            },
        ),
    ),
)
COMPOSITES = {
    "billing_address": (
        "name street postal_code city country attention extra".split()  # noqa: SIM905
    ),
    "document_delivery": ["recipients", "mode"],
}
COLUMNS = {
    "account": ["name", "customer_number", "language", "time_zone"],
    "contract": ["purchase_order_number", "iban"],
}


@dataclass(frozen=True)
class Scene:
    """What outlives an example: the portal, and the ways past its walls."""

    client: AsyncClient
    owner: AsyncEngine
    superuser: AsyncEngine

    async def writer(self) -> Writer:
        """Give the way to write in an account that nobody has changed."""
        world = make_world()
        await factories.write(self.owner, [*world.own.rows, *world.foreign.rows])
        return Writer(api_of(self.client), world, self.superuser)


@pytest.fixture(scope="module")
async def scene(
    addresses: Addresses, superuser: AsyncEngine, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    """The portal without a socket."""
    owner = create_async_engine(addresses.owner)
    async with own_client(Settings(data=tmp_path_factory.mktemp("data")), addresses) as client:
        yield Scene(client, owner, superuser)
    await owner.dispose()


def facts(rows: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    """Give what is stored of an account and its contract, as the history names it."""
    told: dict[str, Any] = {}
    for (table, _), row in rows.items():
        model = table.capitalize()
        for column in COLUMNS.get(table, ()):
            told[f"{model}.{to_camel(column)}"] = row[column]
        if table == "contract":
            for name, parts in COMPOSITES.items():
                value = {to_camel(part): row[f"{name}_{part}"] for part in parts}
                present = any(part is not None for part in value.values())
                told[f"{model}.{to_camel(name)}"] = value if present else None
    return told


def versions(rows: dict[tuple[str, str], dict[str, Any]]) -> dict[str, int]:
    """Give how often the account and its contract were changed."""
    return {
        table: row["version"] - 1
        for (table, _), row in rows.items()
        if table in {"account", "contract"}
    }


@settings(max_examples=25)
@given(changes=st.lists(CHANGES, min_size=1, max_size=8))
async def test_the_history_replayed_gives_the_present_row(scene, changes):
    writer = await scene.writer()
    told = facts(await writer.rows())
    for mutation, kind, sent in changes:
        answer = await writer.change(mutation, kind, sent, "id")
        assert answer["__typename"] != "Refusal", answer
    entries = await writer.entries()
    for number, entry in enumerate(entries, start=3):
        assert entry["number"] == number
        for field, before, after in entry["values"]:
            assert told[field] == before
            assert after != before
            told[field] = after
    rows = await writer.rows()
    assert facts(rows) == told
    changed = [entry["action"] for entry in entries]
    assert versions(rows) == {
        "account": changed.count("updateAccount"),
        "contract": changed.count("updateContract"),
    }
