"""What the transaction of a mutation writes: by the driver and by a session alike."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from permissions.viewing import viewing_of
from portal.database.engines import Database
from portal.database.statement import Statement
from portal.errors import NotFound
from portal.models import Account, Base, Contract
from portal.rules.address import Address
from portal.rules.contract.document_delivery import DocumentDelivery, DocumentDeliveryMode
from portal.rules.contract.payment_terms import PaymentMethod, PaymentTerms
from portal.rules.contract.vat import VatTreatment
from portal.viewer import Role, Viewer
from portal.writing.audit import Unrecorded
from portal.writing.difference import plain
from resolvers.changing.lock import locked
from tests.api.changing import change, context_in, contract_in
from tests.world import Kind
from tests.writing import Writer

# One value of every form that a contract has.
CHANGES: dict[str, Any] = {
    "billing_address": Address("Jan", "Dam 1", "1012 JS", "Amsterdam", "NL"),
    "deviating_payment_terms": PaymentTerms(
        "45 days", 45, PaymentMethod.DIRECT_DEBIT, Decimal("1.75"), 10
    ),
    "document_delivery": DocumentDelivery(["a@b.example"], DocumentDeliveryMode.ATTACHMENT),
    "vat_treatment": VatTreatment.REVERSE_CHARGE,
    "starts_on_override": date(2024, 2, 29),
    "vat_number": None,
}


@pytest.mark.parametrize("with_session", [False, True])
async def test_the_driver_and_a_session_write_the_same(
    writer: Writer, database: Database, with_session: bool
):
    context = await context_in(writer, database, Kind.MANAGER)
    before = await writer.rows()
    async with context.transaction("test") as transaction:
        contract = await contract_in(transaction, context, writer)
        if with_session:
            assert contract in transaction.session
        for name, value in CHANGES.items():
            setattr(contract, name, value)
        # Touched, and as it was.
        contract.iban = "NL91ABNA0417164300"
        await transaction.flush()
        # What was written once is not written again.
        await transaction.flush()
        assert contract.version == 2
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["actor_role"]) == (3, "test", "MANAGER")
    present = writer.world.own.contract
    assert {field: (old, new) for field, old, new in entry["values"]} == {
        f"Contract.{camel}": (plain(getattr(present, name)), plain(CHANGES[name]))
        for name, camel in (
            ("billing_address", "billingAddress"),
            ("deviating_payment_terms", "deviatingPaymentTerms"),
            ("document_delivery", "documentDelivery"),
            ("vat_treatment", "vatTreatment"),
            ("starts_on_override", "startsOnOverride"),
            ("vat_number", "vatNumber"),
        )
    }
    assert (await writer.written_since(before))["contract"] == {
        "billing_address_name": "Jan",
        "billing_address_street": "Dam 1",
        "billing_address_postal_code": "1012 JS",
        "billing_address_city": "Amsterdam",
        "billing_address_attention": None,
        "billing_address_extra": None,
        "deviating_payment_terms_name": "45 days",
        "deviating_payment_terms_due_days": 45,
        "deviating_payment_terms_method": "DIRECT_DEBIT",
        "deviating_payment_terms_discount_percent": 1.75,
        "deviating_payment_terms_discount_days": 10,
        "document_delivery_recipients": ["a@b.example"],
        "document_delivery_mode": "ATTACHMENT",
        "vat_treatment": "REVERSE_CHARGE",
        "starts_on_override": "2024-02-29",
        "vat_number": None,
        "version": 2,
    }


async def test_what_is_written_in_two_steps_is_one_entry(writer: Writer, database: Database):
    context = await context_in(writer, database, Kind.MANAGER)
    async with context.transaction("test") as transaction:
        contract = await contract_in(transaction, context, writer)
        contract.purchase_order_number = "first"
        contract.vat_number = None
        await transaction.flush()
        contract.purchase_order_number = "second"
        await transaction.flush()
        assert contract.version == 3
    (entry,) = await writer.entries()
    present = writer.world.own.contract
    assert entry["values"] == [
        ["Contract.vatNumber", present.vat_number, None],
        ["Contract.purchaseOrderNumber", present.purchase_order_number, "first"],
        ["Contract.purchaseOrderNumber", "first", "second"],
    ]


async def test_what_both_write_is_one_entry(writer: Writer, database: Database):
    context = await context_in(writer, database)
    async with context.transaction("test") as transaction:
        contract = await contract_in(transaction, context, writer)
        contract.purchase_order_number = "one"
        await transaction.flush()
        contract.purchase_order_number = "two"
        found = await transaction.session.get_one(Contract, contract.id)
        assert found is contract
        found.iban = None
    (entry,) = await writer.entries()
    first = writer.world.own.contract.purchase_order_number
    assert entry["values"] == [
        ["Contract.purchaseOrderNumber", first, "one"],
        ["Contract.iban", "NL91ABNA0417164300", None],
        ["Contract.purchaseOrderNumber", "one", "two"],
    ]
    rows = await writer.rows()
    (written,) = (row for (table, _), row in rows.items() if table == "contract")
    assert (written["version"], written["purchase_order_number"]) == (3, "two")


@pytest.mark.parametrize("wall", ["condition", "policy"])
async def test_each_wall_alone_hides_a_foreign_row(
    writer: Writer, database: Database, superuser: AsyncEngine, wall: str
):
    own, foreign = writer.world.own, writer.world.foreign
    context = await context_in(writer, database)
    if wall == "condition":
        # No policy binds a superuser.
        context._engine = superuser  # noqa: SLF001
    else:
        context.viewing = viewing_of(Viewer(Role.MANAGER))
    async with context.transaction("test") as transaction:
        found = await locked(transaction, context, Contract, own.account_id, own.contract.id)
        assert found.id == own.contract.id
        with pytest.raises(NotFound):
            await locked(transaction, context, Contract, own.account_id, foreign.contract.id)


async def test_a_row_of_another_version_than_was_read_is_not_written(
    writer: Writer, database: Database
):
    context = await context_in(writer, database)
    before = await writer.fingerprint()

    async def change_stale() -> None:
        async with context.transaction("test") as transaction:
            contract = await contract_in(transaction, context, writer)
            set_committed_value(contract, "version", 7)
            contract.purchase_order_number = "stale"

    with pytest.raises(StaleDataError):
        await change_stale()
    assert await writer.fingerprint() == before


async def test_nothing_is_written_past_the_history(writer: Writer, database: Database):
    context = await context_in(writer, database)
    update = Statement(sa.update(Contract.__table__).values(iban=None))
    async with context.transaction("test") as transaction:
        with pytest.raises(Unrecorded):
            await transaction.first(update, {})
        with pytest.raises(Unrecorded):
            await transaction.session.execute(sa.update(Contract).values(iban=None))


@pytest.mark.parametrize(
    ("model", "values", "counts"),
    [
        (Contract, {"purchase_order_number": "7"}, 0),
        (Account, {}, 0),
        (Account, {"name": "Vof De Eik"}, 1),
    ],
)
async def test_only_what_decides_about_logins_makes_viewers_forgotten(
    writer: Writer, database: Database, model: type[Base], values: dict[str, Any], counts: int
):
    context = await context_in(writer, database)
    before = database.writes
    await change(writer, context, model, **values)
    assert database.writes - before == counts


def test_an_update_changes_nothing_but_what_it_names():
    """The driver does not read back what PostgreSQL or SQLAlchemy would add to it."""
    added = [
        str(column)
        for table in Base.metadata.tables.values()
        for column in table.c
        if column.onupdate or column.server_onupdate or column.computed
    ]
    assert added == []
