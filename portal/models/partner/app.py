"""Programs of third parties, and what accounts authorise them to do."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, Identified, OfAccount, Versioned, each_of
from portal.models.erasure import DeletedData, deleted, kept
from portal.models.key import sort_key_of, unique_key_of
from portal.models.recording import History
from portal.models.wall import VIEWER, may, of_account, shared, staff_only
from portal.rules.form import key
from portal.viewer import Role, Scope


class App(Identified, Versioned, Base):
    """A partner's program; ``key`` is its short name. Once disabled, none of its tokens is good."""

    __tablename__ = "app"
    wall = shared()
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (sa.UniqueConstraint("unique_key"),)

    key: Mapped[str] = mapped_column(sa.String(60), info={"form": key})
    unique_key: Mapped[str] = unique_key_of("key")
    name: Mapped[str] = mapped_column(sa.String(200))
    sort_name: Mapped[str] = sort_key_of("name")
    disabled_at: Mapped[datetime | None]


class AppToken(Identified, Base):
    """That a manager gave an app a token: its credential, of the same id, holds the hash."""

    __tablename__ = "app_token"
    wall = staff_only(Role.MANAGER, staff=may("SELECT, INSERT", update=["revoked_at"]))
    history = History.OPERATOR
    erasure = (kept(),)

    app_id: Mapped[UUID] = mapped_column(sa.ForeignKey("app.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AppAuthorization(OfAccount, Versioned, Base):
    """What an account's owner lets an app do, until when; ``last_used_at`` is true to the hour."""

    __tablename__ = "app_authorization"
    # An owner writes authorisations; an app, which sees its own ones, gives itself none.
    wall = of_account(
        adds=True,
        writes=["scopes", "expires_at", "revoked_at"],
        check=f"app_id <> {VIEWER}",
    )
    erasure = (
        deleted(DeletedData.APP_AUTHORIZATIONS),
        kept("scopes", "granted_at", "expires_at", "revoked_at", "last_used_at", "version"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (each_of("scopes", Scope),)

    app_id: Mapped[UUID] = mapped_column(sa.ForeignKey("app.id"), index=True)
    scopes: Mapped[list[str]]
    granted_by: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
