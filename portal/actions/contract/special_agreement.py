"""Special agreements with one account, which managers make and end.

Whoever calls holds the account's lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.books import check_open
from portal.actions.contract.agreement_mail import tell_of_agreement
from portal.actions.contract.operator import operator_country
from portal.actions.modules.price_list import key_form
from portal.actions.modules.priced import check_not_dearer, priced
from portal.errors import Conflict, NotFound
from portal.mail.contract.content import AgreementChange
from portal.models import (
    Account,
    Contract,
    Item,
    Module,
    ModuleSubscription,
    SpecialAgreement,
    Tariff,
    TariffVersion,
)
from portal.rules.calendar import LAST_DAY, local_day
from portal.rules.contract.vat import VatTreatment, check_vat_treatment
from portal.rules.modules.cost import Priced
from portal.rules.modules.period import ONE_DAY
from portal.rules.modules.special_agreement import AgreedValue, check_days, check_withdrawable
from portal.writing.changes import apply_changes

_KEY, _VAT = ("input", "itemKey"), ("input", "value", "vatTreatment")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is to be agreed: about an item of a module, or all of them, from day to day."""

    module_id: UUID | None
    item_key: str | None
    value: AgreedValue
    starts_on: date | None
    ends_on: date | None
    comment: str | None
    reason: str | None


async def make(
    session: AsyncSession, account: Account, terms: Terms, now: datetime
) -> SpecialAgreement:
    """Agree something specially; of each kind one holds for a target on a day."""
    today = local_day(now, account.time_zone)
    starts_on = terms.starts_on or today
    kind = terms.value.kind
    terms.value.check()
    check_days(starts_on, terms.ends_on, today, terms.reason, changed_from=starts_on)
    await check_open(session, starts_on, ("input", "startsOn"))
    module = await session.get(Module, terms.module_id) if terms.module_id else None
    if module is None:
        raise NotFound("There is no such module.", path=("input", "moduleId"))
    key = None if terms.item_key is None else key_form(terms.item_key, _KEY)
    if key is not None:
        await _check_key(session, module.id, key)
    await _check_vat(session, account, terms.value, now)
    agreement = SpecialAgreement(
        account_id=account.id,
        module_id=module.id,
        item_key=key,
        kind=kind,
        unit_price=terms.value.unit_price,
        discount_percent=terms.value.discount_percent,
        vat_treatment=terms.value.vat_treatment,
        starts_on=starts_on,
        ends_on=terms.ends_on,
    )
    apply_changes(agreement, {"comment": terms.comment})
    await _check_alone(session, agreement, ("input", "startsOn"))
    before = await _priced(session, agreement)
    session.add(agreement)
    await _check_past(session, agreement, before, today, ("input", "startsOn"))
    await tell_of_agreement(session, agreement, AgreementChange.MADE, now)
    return agreement


async def end(
    session: AsyncSession,
    agreement: SpecialAgreement,
    last_day: date,
    reason: str | None,
    now: datetime,
) -> None:
    """Set another last day; days that are over change with a reason alone."""
    account = await session.get_one(Account, agreement.account_id)
    today = local_day(now, account.time_zone)
    unchanged = min(last_day, agreement.ends_on or last_day, LAST_DAY - ONE_DAY)
    changed = unchanged + ONE_DAY
    check_days(agreement.starts_on, last_day, today, reason, changed_from=changed)
    await check_open(session, unchanged, ("input", "endsOn"))
    before = await _priced(session, agreement)
    agreement.ends_on = last_day
    await _check_alone(session, agreement, ("input", "endsOn"))
    await _check_past(session, agreement, before, today, ("input", "endsOn"))
    await tell_of_agreement(session, agreement, AgreementChange.ENDED, now)


async def withdraw(session: AsyncSession, agreement: SpecialAgreement, now: datetime) -> Account:
    """Undo an agreement before its first day."""
    account = await session.get_one(Account, agreement.account_id)
    check_withdrawable(agreement.starts_on, local_day(now, account.time_zone))
    await tell_of_agreement(session, agreement, AgreementChange.WITHDRAWN, now)
    await session.delete(agreement)
    return account


async def subscriptions_of(
    session: AsyncSession, agreement: SpecialAgreement
) -> Sequence[ModuleSubscription]:
    """Give the account's orders of the module."""
    found = await session.scalars(
        sa.select(ModuleSubscription).where(
            ModuleSubscription.account_id == agreement.account_id,
            ModuleSubscription.module_id == agreement.module_id,
        )
    )
    return found.all()


async def _check_key(session: AsyncSession, module_id: UUID, key: str) -> None:
    """Refuse a key that no published price list of the module has."""
    known = await session.scalar(
        sa.select(
            sa.exists()
            .where(Item.tariff_version_id == TariffVersion.id, Item.key == key)
            .where(TariffVersion.tariff_id == Tariff.id, TariffVersion.is_published)
            .where(Tariff.module_id == module_id)
        )
    )
    if not known:
        raise NotFound("No price list of this module has such an item.", path=_KEY)


async def _check_vat(
    session: AsyncSession, account: Account, value: AgreedValue, now: datetime
) -> None:
    contract = await session.scalar(sa.select(Contract).where(Contract.account_id == account.id))
    if contract is not None and isinstance(value.vat_treatment, VatTreatment):
        check_vat_treatment(
            value.vat_treatment,
            contract.vat_number,
            contract.contract_partner,
            await operator_country(session, now),
            (_VAT, _VAT),
        )


async def _check_alone(
    session: AsyncSession, agreement: SpecialAgreement, path: tuple[str, ...]
) -> None:
    """Refuse days on which another agreement of the kind holds for the same target."""
    other: Any = SpecialAgreement
    overlaps = await session.scalar(
        sa.select(other)
        .where(
            other.account_id == agreement.account_id,
            other.module_id == agreement.module_id,
            other.item_key.is_not_distinct_from(agreement.item_key),
            other.kind == agreement.kind,
            other.id.is_distinct_from(agreement.id),
            other.starts_on <= (agreement.ends_on or LAST_DAY),
            sa.func.coalesce(other.ends_on, LAST_DAY) >= agreement.starts_on,
        )
        .order_by(other.starts_on)
        .limit(1)
    )
    if overlaps is not None and overlaps.ends_on is None:
        raise Conflict(
            "Such an agreement holds from {first} on already; end that first.",
            path=path,
            first=overlaps.starts_on,
        )
    if overlaps is not None:
        raise Conflict(
            "Such an agreement holds from {first} up to and including {last} already.",
            path=path,
            first=overlaps.starts_on,
            last=overlaps.ends_on,
        )


async def _priced(session: AsyncSession, agreement: SpecialAgreement) -> list[Priced]:
    subscriptions = await subscriptions_of(session, agreement)
    return [await priced(session, subscription) for subscription in subscriptions]


async def _check_past(
    session: AsyncSession,
    agreement: SpecialAgreement,
    before: Sequence[Priced],
    today: date,
    path: tuple[str, ...],
) -> None:
    """Refuse what makes days that are over dearer for a consumer."""
    await session.flush()
    kind = await session.scalar(
        sa.select(Contract.__table__.c.contract_partner_kind).where(
            Contract.account_id == agreement.account_id
        )
    )
    after = await _priced(session, agreement)
    for one, other in zip(before, after, strict=True):
        check_not_dearer(one, other, today, kind, path)
