"""Who the operator is."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, composite, mapped_column

from portal.models.base import Base, Identified
from portal.models.composite import address
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import READING, shared
from portal.rules.address import Address
from portal.rules.contract import operator_form as form
from portal.rules.form import (
    LONGEST_EMAIL,
    LONGEST_IBAN,
    LONGEST_VAT_NUMBER,
    email,
    iban,
    vat_number,
)


class OperatorProfile(Identified, Base):
    """Who the operator is from a day on: what documents, mails and an imprint say of it.

    Rows are added and stay; of two from one day on, the later one holds. One whose day has not come
    may be withdrawn.
    """

    __tablename__ = "operator_profile"
    wall = shared(login=READING)
    history = History.OPERATOR
    erasure = (kept(),)

    valid_from: Mapped[date] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
    address: Mapped[Address] = composite(*address("address", nullable=False))
    registration_number: Mapped[str | None] = mapped_column(sa.String(form.LONGEST_REGISTRATION))
    vat_number: Mapped[str | None] = mapped_column(
        sa.String(LONGEST_VAT_NUMBER), info={"form": vat_number}
    )
    iban: Mapped[str | None] = mapped_column(sa.String(LONGEST_IBAN), info={"form": iban})
    bic: Mapped[str | None] = mapped_column(sa.String(form.LONGEST_BIC), info={"form": form.bic})
    creditor_id: Mapped[str | None] = mapped_column(
        sa.String(form.LONGEST_CREDITOR_ID), info={"form": form.creditor_id}
    )
    peppol_endpoint: Mapped[str | None] = mapped_column(
        sa.String(form.LONGEST_ENDPOINT), info={"form": form.peppol_endpoint}
    )
    contact_name: Mapped[str | None] = mapped_column(sa.String(200))
    telephone: Mapped[str | None] = mapped_column(
        sa.String(form.LONGEST_TELEPHONE), info={"form": form.telephone}
    )
    email: Mapped[str | None] = mapped_column(sa.String(LONGEST_EMAIL), info={"form": email})
    logo_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("upload.id"), index=True)
    colour: Mapped[str | None] = mapped_column(sa.String(7), info={"form": form.colour})


def of_day(day: Any, *columns: Any) -> sa.Select[Any]:
    """Select what the profile that holds on a day says; nothing where there is none yet."""
    return (
        sa.select(*columns)
        .where(OperatorProfile.valid_from <= day, OperatorProfile.withdrawn_at.is_(None))
        .order_by(OperatorProfile.valid_from.desc(), OperatorProfile.id.desc())
        .limit(1)
    )
