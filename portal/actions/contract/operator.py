"""What managers say that holds from a day on: who the operator is, how invoices are paid."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.upload import taken
from portal.clock import OPERATOR_ZONE
from portal.errors import Conflict, RuleBroken, check_all, faults_below
from portal.models import ConsentDocument, GeneralPaymentTerms, OperatorProfile
from portal.models.contract.operator_profile import of_day
from portal.rules.calendar import check_day, local_day
from portal.rules.contract.operator_form import check_registration_number
from portal.rules.contract.payment_terms import PaymentTerms, check_payment_terms
from portal.rules.file_kind import FileKind
from portal.writing.changes import apply_changes

PICTURES = (FileKind.PNG, FileKind.JPEG)
_FROM = ("input", "validFrom")


def add_general_terms(
    session: AsyncSession, valid_from: date, terms: Mapping[str, Any], now: datetime
) -> GeneralPaymentTerms:
    """Say with which payment terms contracts are made from a day on; others keep theirs."""

    def check() -> None:
        with faults_below("input", "terms"):
            check_payment_terms(PaymentTerms(**terms))

    row = GeneralPaymentTerms(valid_from=valid_from)
    check_all(
        lambda: check_from(valid_from, now, _FROM),
        lambda: apply_changes(row, {"terms": terms}),
        check,
    )
    session.add(row)
    return row


async def add_profile(
    session: AsyncSession,
    valid_from: date,
    values: Mapping[str, Any],
    logo_id: UUID | None,
    now: datetime,
) -> OperatorProfile:
    """Say who the operator is from a day on; what is not sent is not known."""
    row = OperatorProfile(valid_from=valid_from)

    def check_number() -> None:
        # As it was sent: the rest of the address may have a fault.
        country = values["address"]["country"].strip().upper()
        with faults_below("input", "registrationNumber"):
            check_registration_number(row.registration_number, country)

    check_all(
        lambda: check_from(valid_from, now, _FROM),
        *(partial(apply_changes, row, {name: value}) for name, value in values.items()),
        check_number,
    )
    if logo_id is not None:
        path = ("input", "logoUploadId")
        row.logo_id = (await taken(session, logo_id, PICTURES, now, path)).id
    session.add(row)
    return row


async def operator_country(session: AsyncSession, now: datetime) -> str | None:
    """Give the country that the operator is in; None while nobody has said who that is."""
    today = local_day(now, OPERATOR_ZONE)
    column = OperatorProfile.__table__.c.address_country
    country: str | None = await session.scalar(of_day(today, column))
    return country


def check_from(valid_from: date, now: datetime, path: tuple[str, ...]) -> None:
    """Refuse a day that is over: what held then held."""
    check_day(valid_from, path=path)
    today = local_day(now, OPERATOR_ZONE)
    if valid_from < today:
        raise RuleBroken(
            "Must be today, {today}, or a later day: what held before stays as it was.",
            path=path,
            today=today,
        )


def withdraw_dated(
    row: OperatorProfile | GeneralPaymentTerms | ConsentDocument, day: date, now: datetime
) -> None:
    """Take back what was to hold from a day on, before that day."""
    path = ("input", "id")
    if row.withdrawn_at is not None:
        raise Conflict("This is withdrawn already.", path=path)
    if day <= local_day(now, OPERATOR_ZONE):
        raise RuleBroken(
            "This holds since {day}: it cannot be withdrawn. Add what is to hold from now on.",
            path=path,
            day=day,
        )
    row.withdrawn_at = now
