"""Documents: what was issued stays as it is, whoever asks; the database keeps it so."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount, one_of
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import may, of_account, staff_only
from portal.rules.billing.number import DocumentKind, Series
from portal.rules.billing.vat import TaxCategory

AMOUNT = sa.Numeric(18, 2)
_PRECISE = sa.Numeric(24, 6)
_RATE = sa.Numeric(5, 2)
_ISSUING = may("SELECT, INSERT")
_COUNTING = may("SELECT, INSERT", update=["last_number", "last_issued_on", "last_hash"])


class NumberSeries(Base):
    """How far the documents of a series are numbered in a year, and the hash of the last one.

    It counts in the transaction that issues, so that one which is rolled back leaves no gap.
    """

    __tablename__ = "number_series"
    wall = staff_only(staff=_COUNTING, worker=_COUNTING)
    history = History.NONE
    erasure = (kept(),)
    __table_args__ = (
        sa.UniqueConstraint("key", "year", "kind", "is_test"),
        one_of("key", Series),
        one_of("kind", DocumentKind),
        sa.CheckConstraint(
            "(kind = 'CREDIT_NOTE') = (key IN ('CRN', 'TESTC'))"
            " AND is_test = (key IN ('TEST', 'TESTC'))",
            name="series_of_kind",
        ),
        sa.CheckConstraint("last_number >= 0", name="last_number_positive"),
    )

    key: Mapped[Series] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind]
    is_test: Mapped[bool]
    last_number: Mapped[int]
    last_issued_on: Mapped[date]
    last_hash: Mapped[bytes] = mapped_column(sa.LargeBinary())


class Document(OfAccount, Base):
    """An invoice, or a credit note that corrects one; ``payload`` is all that it prints.

    ``xact`` is the transaction that issued it: no other one adds a line. That there is a
    ``previous_number`` in its series keeps that without gaps.
    """

    __tablename__ = "document"
    # It stays, so whoever has read it has read the first version.
    version: ClassVar[int] = 1
    wall = of_account(staff=_ISSUING, worker=_ISSUING)
    history: ClassVar[History] = History.NONE
    erasure = (
        kept("kind", "series", "series_year", "series_number", "previous_number", "number"),
        kept("is_test", "issued_on", "due_on", "currency", "net", "vat", "gross", "xact"),
        kept("payload", "hash", "verification_code", "retained_until"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.UniqueConstraint("id", "account_id", "xact"),
            sa.UniqueConstraint("number"),
            sa.UniqueConstraint("verification_code"),
            sa.UniqueConstraint("series", "series_year", "series_number"),
            sa.ForeignKeyConstraint(
                ["series", "series_year", "kind", "is_test"],
                ["number_series.key", "number_series.year", "number_series.kind",
                 "number_series.is_test"],
                name="fk_document_series",
            ),
            sa.ForeignKeyConstraint(
                ["series", "series_year", "previous_number"],
                ["document.series", "document.series_year", "document.series_number"],
                name="fk_document_previous",
            ),
            sa.ForeignKeyConstraint(
                ["account_id", "corrects_id"], ["document.account_id", "document.id"]
            ),
            sa.CheckConstraint("(kind = 'CREDIT_NOTE') = (corrects_id IS NOT NULL)",
                               name="credit_note_corrects"),
            sa.CheckConstraint("gross = net + vat AND gross >= 0", name="gross_adds_up"),
            sa.CheckConstraint(
                "series_number > 0"
                " AND previous_number IS NOT DISTINCT FROM nullif(series_number - 1, 0)",
                name="numbered",
            ),
            sa.CheckConstraint(
                "extract(year FROM issued_on) = series_year AND due_on >= issued_on",
                name="issued_in_its_year",
            ),
            sa.CheckConstraint("currency = 'EUR'", name="currency_known"),
            one_of("kind", DocumentKind),
            one_of("series", Series),
            sa.Index("ix_document_list", "account_id", "issued_on", "id"),
            sa.Index("ix_document_issued_on_id", "issued_on", "id"),
            sa.Index("ix_document_corrects", "corrects_id"),
            sa.Index("ix_document_xact", "xact"),
        )  # fmt: skip

    xact: Mapped[int] = mapped_column(sa.BigInteger())
    kind: Mapped[DocumentKind]
    series: Mapped[Series]
    series_year: Mapped[int]
    series_number: Mapped[int]
    previous_number: Mapped[int | None]
    number: Mapped[str] = mapped_column(sa.String(40))
    is_test: Mapped[bool]
    issued_on: Mapped[date]
    due_on: Mapped[date]
    currency: Mapped[str] = mapped_column(sa.String(3))
    net: Mapped[Decimal] = mapped_column(AMOUNT)
    vat: Mapped[Decimal] = mapped_column(AMOUNT)
    gross: Mapped[Decimal] = mapped_column(AMOUNT)
    corrects_id: Mapped[UUID | None]
    # Those from before there were codes have none.
    verification_code: Mapped[str | None] = mapped_column(sa.String(10))
    payload: Mapped[dict[str, Any]]
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary())
    retained_until: Mapped[date]


class _OfDocument(OfAccount):
    """A part of a document, of the transaction that issued it."""

    wall = of_account(staff=_ISSUING, worker=_ISSUING)
    history: ClassVar[History] = History.NONE

    @classmethod
    def issued_with_document(cls) -> sa.ForeignKeyConstraint:
        """Give the key that no later transaction can satisfy."""
        return sa.ForeignKeyConstraint(
            ["document_id", "account_id", "xact"],
            ["document.id", "document.account_id", "document.xact"],
        )

    document_id: Mapped[UUID]
    xact: Mapped[int] = mapped_column(sa.BigInteger())


class DocumentLine(_OfDocument, Base):
    """What is charged or credited: quantity x unit price / base quantity, rounded once.

    ``priced`` says why it costs that (``portal.rules.billing.kept_line``); a credit has none. That
    is of the line of the corrected invoice at ``corrects_position``.
    """

    __tablename__ = "document_line"
    erasure = (
        kept("xact", "position", "module", "name", "item_key", "first_day", "last_day"),
        kept("quantity", "unit", "unit_code", "base_quantity", "unit_price", "net"),
        kept("vat_category", "vat_rate", "share_days", "share_of_days", "is_correction", "priced"),
        kept("corrects_position"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            cls.issued_with_document(),
            sa.UniqueConstraint("document_id", "position"),
            sa.CheckConstraint(
                "base_quantity > 0 AND net = round(quantity * unit_price / base_quantity, 2)",
                name="net_of_quantity",
            ),
            sa.CheckConstraint("last_day >= first_day", name="ends_after_start"),
            sa.CheckConstraint(
                "share_days BETWEEN 1 AND share_of_days"
                " AND (share_days IS NULL) = (share_of_days IS NULL)",
                name="share_of_period",
            ),
            one_of("vat_category", TaxCategory),
        )

    position: Mapped[int]
    module: Mapped[str] = mapped_column(sa.String(200))
    name: Mapped[str] = mapped_column(sa.String(200))
    item_key: Mapped[str] = mapped_column(sa.String(60))
    first_day: Mapped[date]
    last_day: Mapped[date]
    quantity: Mapped[Decimal] = mapped_column(_PRECISE)
    unit: Mapped[str] = mapped_column(sa.String(40))
    unit_code: Mapped[str] = mapped_column(sa.String(3))
    base_quantity: Mapped[Decimal] = mapped_column(_PRECISE)
    unit_price: Mapped[Decimal] = mapped_column(_PRECISE)
    net: Mapped[Decimal] = mapped_column(AMOUNT)
    vat_category: Mapped[TaxCategory]
    vat_rate: Mapped[Decimal] = mapped_column(_RATE)
    share_days: Mapped[int | None]
    share_of_days: Mapped[int | None]
    is_correction: Mapped[bool]
    corrects_position: Mapped[int | None]
    priced: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class DocumentVat(_OfDocument, Base):
    """The lines of a document that are taxed alike; a text says why there is no VAT, if so.

    Credit notes of one invoice make up its VAT, so that one may be a cent off.
    """

    __tablename__ = "document_vat"
    erasure = (kept("xact", "position", "category", "rate", "net", "vat", "code", "text"),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            cls.issued_with_document(),
            sa.UniqueConstraint("document_id", "position"),
            sa.UniqueConstraint("document_id", "category", "rate"),
            sa.CheckConstraint(
                "abs(vat - round(net * rate / 100, 2)) <= 0.01"
                " AND (category = 'S' OR rate = 0) AND (rate > 0 OR vat = 0)",
                name="vat_of_net",
            ),
            sa.CheckConstraint(
                "(category IN ('S', 'Z')) = (text IS NULL)", name="text_where_no_vat"
            ),
            one_of("category", TaxCategory),
        )

    position: Mapped[int]
    category: Mapped[TaxCategory]
    rate: Mapped[Decimal] = mapped_column(_RATE)
    net: Mapped[Decimal] = mapped_column(AMOUNT)
    vat: Mapped[Decimal] = mapped_column(AMOUNT)
    code: Mapped[str | None] = mapped_column(sa.String(30))
    text: Mapped[str | None] = mapped_column(sa.String(300))
