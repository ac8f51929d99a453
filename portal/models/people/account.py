"""A customer's account, its members, and the sequence of its history."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, synonym
from typing_extensions import override

from portal.models.base import Base, Identified, OfAccount, Versioned, one_of
from portal.models.erasure import DeletedData, by_account, deleted, emptied, kept, replaced
from portal.models.key import sort_key_of, unique_key_of
from portal.models.recording import History
from portal.models.wall import may, of_account
from portal.rules.form import time_zone
from portal.viewer import Language, MemberRole


class Account(Identified, Versioned, Base):
    """Made free and without obligation by registering; what it signs is its contract.

    ``owner_role`` is constant: with the key onto the member's role it proves that the owner
    is a member of this account whose role is OWNER. A deleted account has no owner.
    """

    __tablename__ = "account"
    wall = of_account(
        column="id",
        writes=[
            "name",
            "language",
            "reminds_of_deadlines",
            "documents_read_at",
            "owner_id",
            "deleted_at",
            "history_length",
        ],
        worker=may("SELECT", update=["history_length"]),
        login=may("INSERT", select=["id", "history_length"], update=["history_length"]),
    )
    history = History.ACCOUNT
    erasure = (
        replaced(DeletedData.NAMES, name="'deleted'", whose=by_account("id")),
        emptied(DeletedData.NAMES, "customer_number", whose=by_account("id")),
        kept("is_test", "language", "time_zone", "currency", "owner_role", "reminds_of_deadlines"),
        kept("documents_read_at", "created_at", "deleted_at", "history_length", "version"),
        kept("billing_held_until"),
    )
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["id", "owner_id", "owner_role"],
            ["member.account_id", "member.id", "member.role"],
            name="fk_account_owner",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        sa.CheckConstraint("owner_role = 'OWNER'", name="owner_role_constant"),
        sa.CheckConstraint(
            "(owner_id IS NULL) = (deleted_at IS NOT NULL)", name="owned_until_deleted"
        ),
        sa.CheckConstraint("currency = 'EUR'", name="currency_known"),
        sa.CheckConstraint("history_length >= 0", name="history_length_positive"),
        one_of("language", Language),
        sa.UniqueConstraint("unique_customer_number"),
        sa.Index("ix_account_sort_name_id", "sort_name", "id"),
        sa.Index("ix_account_created_at_id", "created_at", "id"),
        sa.Index(
            "ix_account_sort_customer_number_id",
            sa.text("coalesce(sort_customer_number, '')"),
            "id",
        ),
        sa.Index(
            "ix_account_search",
            sa.text("(sort_name || ' ' || coalesce(sort_customer_number, '')) gin_trgm_ops"),
            postgresql_using="gin",
        ),
    )

    name: Mapped[str] = mapped_column(sa.String(200))
    sort_name: Mapped[str] = sort_key_of("name")
    customer_number: Mapped[str | None] = mapped_column(sa.String(40))
    unique_customer_number: Mapped[str | None] = unique_key_of("customer_number", nullable=True)
    sort_customer_number: Mapped[str | None] = sort_key_of("customer_number", nullable=True)
    is_test: Mapped[bool] = mapped_column(default=False)
    language: Mapped[Language] = mapped_column(default=Language.NL)
    time_zone: Mapped[str] = mapped_column(
        sa.String(60), default="Europe/Amsterdam", info={"form": time_zone}
    )
    currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    # None: as is usual, on for consumers and off for businesses.
    reminds_of_deadlines: Mapped[bool | None]
    # Of documents that were only told of, somebody has seen those that were added until then.
    documents_read_at: Mapped[datetime | None]
    # Up to which day no run bills it.
    billing_held_until: Mapped[date | None]
    owner_id: Mapped[UUID | None]
    owner_role: Mapped[MemberRole] = mapped_column(default=MemberRole.OWNER)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    history_length: Mapped[int] = mapped_column(default=0)

    account_id = synonym("id")


class Member(OfAccount, Base):
    """A person with a role in an account; exactly one is its OWNER."""

    __tablename__ = "member"
    wall = of_account(adds=True, writes=["role"], removes=True, login=may("INSERT"))
    erasure = (deleted(DeletedData.MEMBERS), kept("role", "joined_at"))

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.UniqueConstraint("account_id", "person_id"),
            sa.UniqueConstraint("account_id", "id", "role"),
            sa.Index(
                "uq_member_one_owner",
                "account_id",
                unique=True,
                postgresql_where=sa.text("role = 'OWNER'"),
            ),
            one_of("role", MemberRole),
        )

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[MemberRole]
    joined_at: Mapped[datetime]
