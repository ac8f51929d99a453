"""Documents that customers agree to, and their agreement."""

from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, Identified, OfAccount, one_of
from portal.models.erasure import DeletedData, deleted, kept
from portal.models.recording import History
from portal.models.wall import READING, may, of_account, shared
from portal.rules.form import lines
from portal.viewer import Language

LONGEST_BODY = 60_000


class ConsentDocumentKind(StrEnum):
    """What a document is about."""

    TERMS = "TERMS"
    DATA_PROTECTION = "DATA_PROTECTION"


class ConsentDocument(Identified, Base):
    """One version of the terms or of the data protection agreement, in one language.

    With ``asks_agreement`` customers who agreed to an earlier version agree again; else they are
    told. ``added_at`` is not known of those that were there before anybody was told. One whose day
    has not come may be withdrawn, and its name stays taken.
    """

    __tablename__ = "consent_document"
    wall = shared(login=READING)
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (
        sa.UniqueConstraint("kind", "version", "language"),
        sa.CheckConstraint("num_nonnulls(body, file_id) = 1", name="text_or_file"),
        one_of("kind", ConsentDocumentKind),
        one_of("language", Language),
    )

    kind: Mapped[ConsentDocumentKind]
    version: Mapped[str] = mapped_column(sa.String(20))
    language: Mapped[Language]
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str | None] = mapped_column(
        sa.Text(), info={"form": partial(lines, longest=LONGEST_BODY)}
    )
    # A PDF in the place of the text.
    file_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("upload.id"), index=True)
    published_on: Mapped[date]
    asks_agreement: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Consent(OfAccount, Base):
    """That a member agreed to one document for the account, once."""

    __tablename__ = "consent"
    wall = of_account(adds=True, login=may("INSERT"))
    erasure = (deleted(DeletedData.CONSENTS), kept("given_at"))

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (sa.UniqueConstraint("account_id", "consent_document_id"),)

    consent_document_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("consent_document.id"), index=True
    )
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    given_at: Mapped[datetime]
