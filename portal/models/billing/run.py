"""What is billed already, from when on, for whom today, and for whom it could not be."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.database.addresses import APP, STAFF, WORKER
from portal.models.base import Base, Identified, OfAccount, one_of
from portal.models.erasure import DeletedData, deleted, kept
from portal.models.recording import History
from portal.models.wall import (
    EVERYTHING,
    READING,
    Shared,
    Wall,
    closed,
    may,
    of_account,
    staff_only,
)
from portal.rules.billing.problem import ProblemCode
from portal.rules.catalogue.terms import VatCategory
from portal.rules.contract.vat import VatTreatment

RUN_COUNTS = ("accounts", "invoices", "credit_notes", "unbilled")


class BilledSpan(OfAccount, Base):
    """Days of an item that a line carries, and what is left of its amount after credits.

    What was waived, credited by hand, counts as billed. No day of an item is carried twice; a
    correction is about days that another line carries. What stands beside is what the days were
    billed by: under another basis they are billed anew.
    """

    __tablename__ = "billed_span"
    wall = of_account(worker=EVERYTHING)
    history: ClassVar[History] = History.NONE
    erasure = (deleted(DeletedData.BILLING),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.UniqueConstraint("document_id", "position"),
            sa.ForeignKeyConstraint(
                ["document_id", "position"],
                ["document_line.document_id", "document_line.position"],
            ),
            sa.ForeignKeyConstraint(
                ["account_id", "document_id"], ["document.account_id", "document.id"]
            ),
            sa.CheckConstraint("last_day >= first_day", name="ends_after_start"),
            ExcludeConstraint(
                (sa.column("source_id"), "="),
                (sa.column("item_key"), "="),
                (sa.text("daterange(first_day, last_day, '[]')"), "&&"),
                where=sa.text("NOT is_correction"),
                name="ex_billed_span_no_overlap",
                using="gist",
            ),
            one_of("vat_category", VatCategory),
            one_of("vat_treatment", VatTreatment),
        )

    document_id: Mapped[UUID]
    position: Mapped[int]
    source_id: Mapped[UUID]
    item_key: Mapped[str] = mapped_column(sa.String(60))
    first_day: Mapped[date]
    last_day: Mapped[date]
    period_days: Mapped[int]
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]
    tariff_id: Mapped[UUID]
    vat_category: Mapped[VatCategory]
    vat_treatment: Mapped[VatTreatment | None]
    net_left: Mapped[Decimal] = mapped_column(sa.Numeric(18, 2))
    net_waived: Mapped[Decimal] = mapped_column(sa.Numeric(18, 2), server_default="0")
    is_correction: Mapped[bool]


class BillingStart(Base):
    """From which day on what falls due is billed here; before anybody has said so, nothing is."""

    __tablename__ = "billing_start"
    wall = Wall(Shared(), {APP: READING, STAFF: READING, WORKER: may("SELECT, INSERT")})
    erasure = (kept(),)
    __table_args__ = (
        sa.CheckConstraint("is_only", name="only_one"),
        sa.CheckConstraint("first_day BETWEEN '1900-01-01' AND '2199-12-31'", name="day_in_range"),
    )

    is_only: Mapped[bool] = mapped_column(primary_key=True, default=True)
    first_day: Mapped[date]


class BillingRun(Identified, Base):
    """A run up to a day that somebody asked for, or that had something to do; how far it has come.

    One that is not finished is carried out by the worker, one at a time.
    """

    __tablename__ = "billing_run"
    wall = staff_only(
        staff=may("SELECT, INSERT"),
        worker=may("SELECT, INSERT", update=[*RUN_COUNTS, "finished_at"]),
    )
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (
        sa.Index(
            "uq_billing_run_unfinished",
            sa.text("(finished_at IS NULL)"),
            unique=True,
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
        sa.Index("ix_billing_run_requested_at_id", "requested_at", "id"),
    )

    billed_until: Mapped[date]
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    accounts: Mapped[int] = mapped_column(default=0)
    invoices: Mapped[int] = mapped_column(default=0)
    credit_notes: Mapped[int] = mapped_column(default=0)
    unbilled: Mapped[int] = mapped_column(default=0)


class BillingRunAccount(Base):
    """For which accounts a day's run is done, as they stood when their history was so long."""

    __tablename__ = "billing_run_account"
    wall = closed(writers={STAFF: EVERYTHING, WORKER: EVERYTHING})
    history = History.NONE
    erasure = (deleted(DeletedData.BILLING),)

    run_day: Mapped[date] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("account.id"), primary_key=True, index=True
    )
    history_length: Mapped[int]


class BillingProblem(Identified, Base):
    """Why nothing could be billed to an account, until a run can."""

    __tablename__ = "billing_problem"
    wall = staff_only(worker=EVERYTHING)
    history = History.NONE
    erasure = (deleted(DeletedData.BILLING),)
    __table_args__ = (
        sa.UniqueConstraint("account_id"),
        sa.Index("ix_billing_problem_noted_at_id", "noted_at", "id"),
        one_of("code", ProblemCode),
    )

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    run_day: Mapped[date]
    code: Mapped[ProblemCode]
    detail: Mapped[dict[str, Any]]
    noted_at: Mapped[datetime]
