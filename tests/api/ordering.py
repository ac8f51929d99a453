"""What there is to order in a test, and everything an order needs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from uuid_utils.compat import uuid7

from portal import models
from portal.language.global_id import encode
from portal.rules.key import number_key
from tests import factories
from tests.world import World

DATA_SCHEMA = {
    "type": "object",
    "properties": {
        "greeting": {"type": "string", "maxLength": 20},
        "forwardTo": {"type": "string", "pattern": "^[0-9]{3,15}$"},
        "openingHours": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["greeting"],
    "additionalProperties": False,
}
DATA = {"greeting": "Hello.", "openingHours": {"mon": "08:00-17:30"}}
PARTNER = {
    "name": " Timmer & Zn. ",
    "street": "Zagerij 12",
    "postalCode": "3511 AB",
    "city": "Utrecht",
    "country": "nl",
    "kind": "CONSUMER",
}


def today() -> date:
    """Give the day it is in the zone of the tests' accounts."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


def day(offset: int) -> str:
    """Give a day so many days from today, as the API writes it."""
    return (today() + timedelta(days=offset)).isoformat()


@dataclass(frozen=True)
class Shop:
    """A module with a public tariff and an offer, and documents that are agreed to."""

    module: models.Module
    public: models.Tariff
    offer: models.Tariff
    documents: list[models.ConsentDocument]

    def given(self, **more: Any) -> dict[str, Any]:
        """Give the input of an order at the public tariff; a name that is None is left out."""
        sent = {
            "moduleId": encode("Module", self.module.id),
            "tariff": {"id": encode("Tariff", self.public.id)},
            "data": DATA,
            **more,
        }
        return {name: value for name, value in sent.items() if value is not None}

    def by_offer(self, **more: Any) -> dict[str, Any]:
        """Give the input of an order by the number of the offer."""
        return self.given(**{"tariff": {"offerNumber": self.offer.offer_number}, **more})

    @property
    def document_ids(self) -> list[str]:
        """The global ids of what has to be agreed to."""
        return [encode("ConsentDocument", row.id) for row in self.documents]


async def open_shop(
    superuser: AsyncEngine,
    world: World,
    terms: dict[str, Any] | None = None,
    *,
    agreed: bool = True,
    **values: Any,
) -> Shop:
    """Write what there is to order; ``values`` are those of the module."""
    module = factories.module(data_schema=DATA_SCHEMA, **values)
    public = factories.tariff(module)
    offer = factories.tariff(module, offer_number=factories.word(), offer_most_uses=2)
    documents = [
        factories.consent_document(published_on=today(), kind=kind, title=kind)
        for kind in ("TERMS", "DATA_PROTECTION")
    ]
    own = world.own
    rows = [module, public, offer, *documents]
    rows += [factories.tariff_version(tariff, **terms or {}) for tariff in (public, offer)]
    if agreed:
        rows += [factories.consent(own.account.id, row, own.owner) for row in documents]
    await factories.write(superuser, rows)
    await set_general_terms(superuser)
    return Shop(module, public, offer, documents)


_days = (date(2195, 1, 1) + timedelta(days=number) for number in count())


def day_of_version() -> date:
    """Give a day for a new version of a document: later than that of any test before."""
    return next(_days)


async def set_general_terms(
    superuser: AsyncEngine, valid_from: date = date(2020, 1, 1), due_days: int = 14
) -> None:
    """Let there be general payment terms; all tests share them."""
    row = {"id": uuid7(), "valid_from": valid_from, "terms_name": f"{due_days} days"}
    row |= {"terms_due_days": due_days, "terms_method": "TRANSFER"}
    async with superuser.begin() as connection:
        statement = insert(models.GeneralPaymentTerms.__table__).values(row)
        await connection.execute(statement.on_conflict_do_nothing())


async def uses(superuser: AsyncEngine, offer: models.Tariff) -> int:
    """Give how often an offer was used."""
    async with superuser.connect() as connection:
        counted = sa.text("SELECT offer_uses FROM tariff WHERE id = :id")
        return int(await connection.scalar(counted, {"id": offer.id}))


async def end_contract(superuser: AsyncEngine, world: World) -> None:
    """Let the account be one that has ordered nothing."""
    async with superuser.begin() as connection:
        for table in (
            "request",
            "notice",
            "subscription_item_quantity",
            "booked_option",
            "special_agreement",
            "tariff_change",
            "tariff_period",
            "module_subscription",
            "contract",
        ):
            await connection.execute(
                sa.text(f"DELETE FROM {table} WHERE account_id = :id"),  # noqa: S608
                {"id": world.own.account_id},
            )


async def change_offer(superuser: AsyncEngine, offer: models.Tariff, **values: Any) -> None:
    """Change an offer's limits."""
    if "offer_number" in values:
        values["unique_offer_number"] = number_key(values["offer_number"])
    table = sa.inspect(models.Tariff).local_table
    async with superuser.begin() as connection:
        await connection.execute(sa.update(table).where(table.c.id == offer.id).values(values))
