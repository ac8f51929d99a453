"""Plain Strawberry: types by hand, SQLAlchemy rows, one data loader for each relation.

It reads as ``portal_staff``, whose row policies let every row through, and believes a header
about who asks.
"""

import os
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
import uvicorn
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from bench.peers.orm_rows import Load, accounts

Info = strawberry.Info[Any, Any]


@strawberry.type
class Person:
    name: str | None
    email: str | None


@strawberry.type
class Text:
    value: str


def _words(attribute: str) -> Any:
    """Give a text of the operator for the benchmark's callers, who all read Dutch."""

    def resolve(root: strawberry.Parent[Any]) -> Text:
        translations = getattr(root, f"{attribute}_translations")
        return Text(value=translations.get("nl") or getattr(root, attribute))

    return strawberry.field(resolver=resolve)


@strawberry.type
class Item:
    name: Text = _words("name")
    unit: Text = _words("unit")
    unit_price: Decimal
    billing_mode: str


@strawberry.type
class PriceListSection:
    title: Text = _words("title")

    @strawberry.field
    async def items(self, info: Info) -> list[Item]:
        return await info.context["load"].items.load(self.id)


@strawberry.type
class PriceList:
    valid_from: date

    @strawberry.field
    async def sections(self, info: Info) -> list[PriceListSection]:
        return await info.context["load"].sections.load(self.id)


@strawberry.type
class TariffPeriod:
    starts_on: date | None

    @strawberry.field
    async def price_list(self, info: Info) -> PriceList | None:
        return _one(await info.context["load"].price_list.load(self.id))


@strawberry.type
class Module:
    name: Text = _words("name")


@strawberry.type
class CostLine:
    name: Text = _words("name")
    quantity: int
    unit_price: Decimal
    agreed_price: Decimal | None
    discount_percent: Decimal | None
    monthly_amount: Decimal | None


@strawberry.type
class ModuleSubscription:
    id: strawberry.ID
    starts_on: date | None
    ends_on: date | None

    @strawberry.field
    async def module(self, info: Info) -> Module | None:
        return _one(await info.context["load"].module.load(self.module_id))

    @strawberry.field
    async def current_tariff(self, info: Info) -> TariffPeriod | None:
        return _one(await info.context["load"].tariff.load(self.id))

    @strawberry.field
    async def costs(self, info: Info) -> list[CostLine]:
        return await info.context["load"].costs.load(self.id)


@strawberry.type
class ModuleSubscriptionEdge:
    node: ModuleSubscription


@strawberry.type
class ModuleSubscriptionConnection:
    edges: list[ModuleSubscriptionEdge]


# What is kept by its name in the tables is shown by that of the schema.
_SHOWN = {"Contract.deviatingPaymentTerms": "Contract.paymentTerms.deviating"}


@strawberry.type
class HistoryValue:
    @strawberry.field
    def field(self) -> str | None:
        return _SHOWN.get(self.field, self.field)


@strawberry.type
class HistoryEntry:
    number: int | None
    at: datetime | None
    action: str | None
    actor_role: str | None
    reason: str | None

    @strawberry.field
    async def values(self, info: Info) -> list[HistoryValue]:
        return await info.context["load"].values.load(self.id)


@strawberry.type
class HistoryEntryEdge:
    node: HistoryEntry


@strawberry.type
class HistoryEntryConnection:
    edges: list[HistoryEntryEdge]


@strawberry.type
class ContractPartner:
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    kind: str


@strawberry.type
class Address:
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    attention: str | None


@strawberry.type
class PaymentTerms:
    name: str
    due_days: int
    method: str


@strawberry.type
class ContractPaymentTerms:
    @strawberry.field
    def general(self) -> PaymentTerms:
        return self.general_payment_terms

    @strawberry.field
    def deviating(self) -> PaymentTerms | None:
        return self.deviating_payment_terms


@strawberry.type
class DocumentDelivery:
    recipients: list[str]
    mode: str


@strawberry.type
class Contract:
    id: strawberry.ID
    version: int | None
    contract_partner: ContractPartner | None
    billing_address: Address | None
    vat_treatment: str | None
    vat_number: str | None
    document_delivery: DocumentDelivery | None
    purchase_order_number: str | None
    concluded_on: date | None

    @strawberry.field
    def payment_terms(self) -> ContractPaymentTerms | None:
        return self


@strawberry.type
class Account:
    id: strawberry.ID
    name: str | None
    customer_number: str | None

    @strawberry.field
    async def monthly_total(self, info: Info) -> Decimal | None:
        return _one(await info.context["load"].monthly_total.load(self.id))

    @strawberry.field
    async def owner(self, info: Info) -> Person | None:
        return _one(await info.context["load"].owner.load(self.owner_id))

    @strawberry.field
    async def contract(self, info: Info) -> Contract | None:
        return _one(await info.context["load"].contract.load(self.id))

    @strawberry.field
    async def modules(self, info: Info, first: int) -> ModuleSubscriptionConnection | None:
        rows = await info.context["load"].modules(first).load(self.id)
        return ModuleSubscriptionConnection(edges=[ModuleSubscriptionEdge(node=r) for r in rows])

    @strawberry.field
    async def history(self, info: Info, first: int) -> HistoryEntryConnection | None:
        rows = await info.context["load"].history(first).load(self.id)
        return HistoryEntryConnection(edges=[HistoryEntryEdge(node=r) for r in rows])


@strawberry.type
class AccountEdge:
    node: Account


@strawberry.type
class AccountConnection:
    edges: list[AccountEdge]


@strawberry.type
class Viewer:
    name: str | None
    language: str | None

    @strawberry.field
    async def accounts(self, info: Info, first: int) -> AccountConnection | None:
        rows = await info.context["load"].accounts_of.load(self.id)
        return AccountConnection(edges=[AccountEdge(node=row) for row in rows[:first]])


@strawberry.type
class Query:
    @strawberry.field
    async def viewer(self, info: Info) -> Viewer:
        person = UUID(info.context["request"].headers["x-person"])
        return _one(await info.context["load"].person.load(person))

    @strawberry.field
    async def account(self, info: Info, id: strawberry.ID) -> Account | None:
        return _one(await info.context["load"].account.load(UUID(id)))

    @strawberry.field
    async def accounts(self, info: Info, first: int) -> AccountConnection | None:
        return AccountConnection(edges=[AccountEdge(node=row) for row in await accounts(first)])


class Application(GraphQL[Any, Any]):
    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        return {"request": request, "load": Load()}


def _one(rows: list[Any]) -> Any:
    return rows[0] if rows else None


if __name__ == "__main__":
    schema = strawberry.Schema(
        Query, extensions=[lambda: ParserCache(maxsize=100), lambda: ValidationCache(maxsize=100)]
    )
    uvicorn.run(
        Application(schema, graphql_ide=None),
        port=int(os.environ["BENCH_PORT"]),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
    )
