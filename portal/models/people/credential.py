"""Tokens, and answers kept for requests that are sent twice."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Identified, one_of
from portal.models.erasure import DeletedData, by_person, deleted
from portal.models.recording import History
from portal.models.wall import EVERYTHING, closed, may, of_person
from portal.viewer import Role


class CredentialKind(StrEnum):
    """How a token came about."""

    SESSION = "SESSION"
    API_KEY = "API_KEY"


class Credential(Identified, Base):
    """An opaque 256-bit token, kept as its SHA-256; it acts for one person or one app."""

    __tablename__ = "credential"
    wall = closed(
        functions=[
            "change_password",
            "confirm_login",
            "delete_spent",
            "end_sessions",
            "end_staff_sessions",
            "erase_viewer",
            "find_credential",
            "issue_app_token",
            "finish_password_reset",
            "issue_session",
            "own_sessions",
            "revoke_app_tokens",
            "revoke_credential",
        ]
    )
    erasure = (deleted(DeletedData.LOGINS, whose=by_person("person_id")),)
    __table_args__ = (
        sa.CheckConstraint("num_nonnulls(person_id, app_id) = 1", name="person_or_app"),
        sa.CheckConstraint("(role = 'PARTNER') = (app_id IS NOT NULL)", name="app_is_partner"),
        sa.CheckConstraint("role <> 'ANONYMOUS'", name="role_logged_in"),
        sa.CheckConstraint("octet_length(token_hash) = 32", name="token_hash_sha256"),
        one_of("kind", CredentialKind),
        one_of("role", Role),
    )

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(), unique=True)
    kind: Mapped[CredentialKind]
    role: Mapped[Role]
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    app_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("app.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Base):
    """The outcome of a mutation, kept 48 hours under the key its caller chose."""

    __tablename__ = "idempotency_key"
    wall = of_person("viewer_id", app=EVERYTHING, worker=may("SELECT, DELETE"))
    # The portal keeps them for itself, for a while.
    history = History.NONE
    # The answer to this very change stays for whoever sends it twice; it names nobody.
    erasure = (
        deleted(
            DeletedData.LOGINS, whose=by_person("viewer_id", where="t.mutation <> 'deleteAccount'")
        ),
    )

    viewer_id: Mapped[UUID] = mapped_column(primary_key=True)
    mutation: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    arguments_hash: Mapped[bytes] = mapped_column(sa.LargeBinary())
    outcome: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
