"""What the database itself refuses, whoever asks: nothing of it is ever written."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.actions.billing.audit import Audited, faults
from tests.api.billing.conftest import MAY, Books

CONSTRAINT, KEY, UNIQUE, RESTRICT, OVERLAP = "23514", "23503", "23505", "23001", "23P01"
TABLES = ("document", "document_line", "document_vat", "billed_span", "number_series")


@dataclass
class Invoice:
    """An invoice of 65.00, and the next number after the last."""

    books: Books
    id: UUID
    account_id: UUID
    number: int

    async def copy(
        self,
        connection: AsyncConnection,
        document: dict[str, Any] | None = None,
        line: dict[str, Any] | None = None,
        vat: dict[str, Any] | None = None,
        *,
        lines: bool = True,
    ) -> UUID:
        """Issue it again under the next number, with something else in it."""
        id = uuid4()
        own = {"id": str(id), "number": f"copy {id.hex[:20]}", "series_number": self.number,
               "previous_number": self.number - 1, "verification_code": None}  # fmt: skip
        await self._copied(connection, "document", "id", own | (document or {}))
        if lines:
            new = {"id": None, "document_id": str(id)}
            await self._copied(connection, "document_line", "document_id", new | (line or {}))
        await self._copied(
            connection, "document_vat", "document_id",
            {"id": None, "document_id": str(id)} | (vat or {}),
        )  # fmt: skip
        return id

    async def _copied(
        self, connection: AsyncConnection, table: str, of: str, changes: dict[str, Any]
    ) -> None:
        await connection.execute(
            sa.text(
                f"INSERT INTO {table} SELECT"  # noqa: S608
                " (jsonb_populate_record(t, CAST(:changes AS jsonb)"
                " || jsonb_build_object('id', coalesce(:id, gen_random_uuid()::text)))).*"
                f" FROM {table} t WHERE t.{of} = :of"
            ),
            {"changes": json.dumps(changes), "id": changes.get("id"), "of": self.id},
        )


@pytest.fixture
async def invoice(books: Books) -> AsyncIterator[Invoice]:
    account = await books.customer()
    await books.bill(MAY)
    (row,) = await books.asked(
        "SELECT id, (SELECT max(last_number) FROM number_series WHERE key = 'INV') AS number"
        " FROM document WHERE account_id = :id", id=account,
    )  # fmt: skip
    before = await everything(books)
    yield Invoice(books, row.id, account, row.number + 1)
    assert await everything(books) == before


async def everything(books: Books) -> list[Any]:
    return [await books.asked(f"TABLE {table} ORDER BY 1, 2") for table in TABLES]


async def refused(invoice: Invoice, state: str, statement: str, **values: Any) -> None:
    with pytest.raises(DBAPIError) as caught:
        await invoice.books.done(statement, **values)
    assert caught.value.orig.sqlstate == state


async def refusal(invoice: Invoice, *documents: dict[str, Any]) -> str:
    """Try to issue documents in one transaction; give why the database would not."""
    with pytest.raises(DBAPIError) as caught:
        await _issue(invoice, documents)
    return str(caught.value.orig.sqlstate)


async def _issue(invoice: Invoice, documents: tuple[dict[str, Any], ...]) -> None:
    async with invoice.books.superuser.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO number_series"
            " VALUES ('CRN', 2027, 'CREDIT_NOTE', false, 0, '2027-01-01', '')"
        )
        for changes in documents:
            await invoice.copy(connection, **changes)
        await connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("state", "statement"),
    [
        (RESTRICT, "UPDATE document SET gross = 0 WHERE id = :id"),
        (RESTRICT, "UPDATE document SET number = 'x' WHERE id = :id"),
        (RESTRICT, "UPDATE document SET payload = '{}' WHERE id = :id"),
        (RESTRICT, "UPDATE document_line SET name = 'x' WHERE document_id = :id"),
        (RESTRICT, "UPDATE document_vat SET vat = 0 WHERE document_id = :id"),
        (RESTRICT, "DELETE FROM document_vat WHERE document_id = :id"),
        (RESTRICT, "DELETE FROM document_line WHERE document_id = :id"),
        (RESTRICT, "DELETE FROM document WHERE id = :id"),
        (CONSTRAINT, "UPDATE number_series SET last_number = last_number - 1"),
        (CONSTRAINT, "UPDATE number_series SET last_issued_on = last_issued_on - 1"),
        (RESTRICT, "DELETE FROM number_series"),
        (
            OVERLAP,
            """
            INSERT INTO billed_span SELECT (jsonb_populate_record(t, jsonb_build_object(
              'id', gen_random_uuid(), 'position', 2, 'document_id',
              (SELECT document_id FROM document_line WHERE position = 2
               AND document_id <> :id LIMIT 1)))).*
            FROM billed_span t WHERE document_id = :id AND position = 1
            """,
        ),
    ],
)
async def test_what_is_issued_stays(invoice: Invoice, state: str, statement: str) -> None:
    await refused(invoice, state, statement, id=invoice.id)


async def test_nobody_empties_the_tables(invoice: Invoice) -> None:
    for table in ("document", "document_line", "document_vat"):
        await refused(invoice, RESTRICT, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("is_forged", [False, True])
async def test_no_line_is_added_later(invoice: Invoice, is_forged: bool) -> None:
    statement = """
        INSERT INTO document_line SELECT (jsonb_populate_record(t, jsonb_build_object(
          'id', gen_random_uuid(), 'position', 99, 'xact', CASE WHEN :forged THEN t.xact END))).*
        FROM document_line t WHERE document_id = :id AND position = 1
    """
    await refused(invoice, KEY, statement, id=invoice.id, forged=is_forged)


async def test_a_copy_under_the_next_number_would_be_taken(invoice: Invoice) -> None:
    async with invoice.books.superuser.begin() as connection:
        await invoice.copy(connection)
        await connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        await connection.rollback()


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (CONSTRAINT, {"document": {"gross": "99.00"}}),
        (CONSTRAINT, {"document": {"net": "64.99", "gross": "78.64"}}),
        (CONSTRAINT, {"document": {"vat": "13.66", "gross": "78.66"}, "vat": {"vat": "13.66"}}),
        (CONSTRAINT, {"document": {"net": "0", "vat": "-1", "gross": "-1"}}),
        (CONSTRAINT, {"line": {"net": "29.99"}}),
        (CONSTRAINT, {"vat": {"net": "65.01"}}),
        (CONSTRAINT, {"vat": {"vat": "13.70"}}),
        (CONSTRAINT, {"vat": {"rate": "9"}}),
        (CONSTRAINT, {"vat": {"category": "AE"}}),
        (CONSTRAINT, {"lines": False}),
        (CONSTRAINT, {"document": {"kind": "CREDIT_NOTE"}}),
        (CONSTRAINT, {"document": {"series_year": 2025}}),
        (CONSTRAINT, {"document": {"due_on": "2026-01-01"}}),
        (CONSTRAINT, {"document": {"issued_on": "2026-05-04"}}),
        (CONSTRAINT, {"document": {"previous_number": None}}),
        (KEY, {"document": {"is_test": True}}),
        (KEY, {"document": {"series": "TEST"}}),
        (KEY, {"document": {"series_number": 5001, "previous_number": 5000}}),
        (UNIQUE, {"document": {"series_number": 1, "previous_number": None}}),
    ],
)
async def test_what_does_not_add_up_is_never_issued(
    invoice: Invoice, state: str, changes: dict[str, Any]
) -> None:
    assert await refusal(invoice, changes) == state


@pytest.mark.parametrize("state", [KEY, CONSTRAINT])
async def test_a_credit_note_has_its_series_and_its_limit(invoice: Invoice, state: str) -> None:
    """In the series of invoices, and in its own of more than is left to credit."""
    credit = {"kind": "CREDIT_NOTE", "corrects_id": str(invoice.id)}
    own = credit | {"series": "CRN", "series_year": 2027, "issued_on": "2027-01-01",
                    "due_on": "2027-01-01", "previous_number": None}  # fmt: skip
    first, second = own | {"series_number": 1}, own | {"series_number": 2, "previous_number": 1}
    attempts = (
        [{"document": credit}] if state == KEY else [{"document": first}, {"document": second}]
    )
    assert await refusal(invoice, *attempts) == state


async def test_staff_and_the_worker_issue_and_nobody_else(invoice: Invoice) -> None:
    rights = await invoice.books.asked(
        "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE table_name IN ('document', 'document_line', 'document_vat')"
        " AND grantee LIKE 'portal_%' AND grantee <> 'portal_owner' AND privilege_type <> 'SELECT'"
    )
    assert {(row.grantee, row.privilege_type) for row in rights} == {
        ("portal_staff", "INSERT"),
        ("portal_worker", "INSERT"),
    }


async def test_the_audit_names_what_was_tampered_with(invoice: Invoice) -> None:
    """Whoever owns the machine can do it: past the triggers, and never past the chain."""

    async def audited(*statements: str) -> list[str]:
        async with invoice.books.superuser.begin() as connection:
            await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for statement in statements:
                await connection.execute(sa.text(statement).bindparams(id=invoice.id))
            found = [
                f"{one.series}-{one.number} {one.what}"
                async for one in faults(connection, Audited())
            ]
            await connection.rollback()
        return found

    number = invoice.number - 1
    change = """UPDATE document SET payload = payload || '{"gross": "1.00"}' WHERE id = :id"""
    assert await audited("SELECT CAST(:id AS uuid)") == []
    assert await audited(change) == [f"INV-{number} is not as it was issued"]
    assert await audited("DELETE FROM document WHERE id = :id") == [
        f"INV-{number} is missing at the end"
    ]
    assert await audited(
        "UPDATE document SET series_number = series_number + 1,"
        " previous_number = series_number WHERE id = :id"
    ) == [f"INV-{number} is missing"]
