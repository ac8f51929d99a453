"""A contract on paper: what is agreed with an account, as it stands on a day."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.module_terms import ModuleTerms, read_module_terms
from portal.actions.modules.priced import priced_of
from portal.actions.printed_file import File, logo_of
from portal.errors import translatable
from portal.language.messages import said, translate
from portal.language.phrase import Phrase
from portal.models import (
    Account,
    Consent,
    ConsentDocument,
    Contract,
    Item,
    Module,
    ModuleSubscription,
    OperatorProfile,
    Tariff,
    TariffPeriod,
)
from portal.models.contract.operator_profile import of_day
from portal.models.text import text_of
from portal.printing.contract_sheet import contract_pdf
from portal.rules.address import Address, ContractPartner
from portal.rules.billing.file_kind import DocumentFileKind
from portal.rules.calendar import LAST_DAY, local_day
from portal.rules.modules.cost import Priced
from portal.viewer import Language

_file = sa.func.public_file(ConsentDocument.file_id).table_valued("hash")
_HASH = sa.func.encode(
    sa.func.coalesce(
        sa.func.sha256(sa.func.convert_to(ConsentDocument.body, "UTF8")),
        sa.select(_file.c.hash).scalar_subquery(),
    ),
    "hex",
    type_=sa.Text(),
).label("sha256")
"""The SHA-256 of a text, or of the file in its place."""


async def contract_says(
    session: AsyncSession, account_id: UUID, now: datetime, ordered_id: UUID | None = None
) -> dict[str, Any] | None:
    """Read what is agreed today, of all modules or of the ordered one.

    None where nothing is, or nobody has said who the operator is.
    """
    account = await session.get(Account, account_id)
    contract = await session.scalar(sa.select(Contract).where(Contract.account_id == account_id))
    if account is None or contract is None:
        return None
    today = local_day(now, account.time_zone)
    profile = await session.scalar(of_day(today, OperatorProfile))
    if profile is None:
        return None
    return {
        "language": account.language,
        "on": str(today),
        "colour": profile.colour,
        "logoId": profile.logo_id and str(profile.logo_id),
        "seller": _lines(profile.address),
        "buyer": _lines(contract.contract_partner),
        "facts": list(_facts(account, contract)),
        "modules": [one async for one in _modules(session, account, today, now, ordered_id)],
        "consents": [one async for one in _consents(session, account)],
    }


async def contract_paper(session: AsyncSession, account_id: UUID, now: datetime) -> File | None:
    """Set what is agreed today; None where nothing is."""
    says = await contract_says(session, account_id, now)
    if says is None:
        return None
    logo = await logo_of(session, says["logoId"])
    content = await asyncio.to_thread(contract_pdf, says, logo)
    name = f"contract-{says['on']}.pdf"
    return File(DocumentFileKind.PDF, name, content, sha256(content).digest())


def _lines(party: Address | ContractPartner) -> list[str | None]:
    town = f"{party.postal_code} {party.city}"
    return [party.name, party.attention, party.street, party.extra, town, party.country]


def _facts(account: Account, contract: Contract) -> Iterator[tuple[str, str]]:
    language = account.language
    terms = contract.deviating_payment_terms or contract.general_payment_terms
    if account.customer_number:
        yield translate(translatable("Customer number"), language), account.customer_number
    yield (
        translate(translatable("Contract of"), language),
        said(contract.concluded_on, language),
    )
    yield (
        translate(translatable("Payment terms"), language),
        translate(
            translatable("{name}: {days} days"), language, name=terms.name, days=terms.due_days
        ),
    )


async def _modules(
    session: AsyncSession, account: Account, today: date, now: datetime, ordered_id: UUID | None
) -> Any:
    rows = await session.scalars(
        sa.select(ModuleSubscription)
        .where(
            ModuleSubscription.account_id == account.id,
            ModuleSubscription.id == ordered_id
            if ordered_id
            else sa.or_(ModuleSubscription.ends_on.is_(None), ModuleSubscription.ends_on >= today),
        )
        .order_by(ModuleSubscription.starts_on, ModuleSubscription.id)
    )
    subscriptions = rows.all()
    priced = await priced_of(session, subscriptions)
    terms = await read_module_terms(session, [one.id for one in subscriptions], now)
    for one in subscriptions:
        module = await session.get_one(Module, one.module_id)
        day = min(max(today, one.starts_on), one.ends_on or LAST_DAY)
        own = terms.get(one.id)
        yield {
            "name": text_of(module, "name").in_language(account.language),
            "tariff": await _tariff(session, one, day, account.language),
            "facts": list(_terms(own, account.language)),
            "reasons": [said(reason, account.language) for reason in own.reasons] if own else [],
            "items": [i async for i in _items(session, priced[one.id], day, account.language)],
        }


async def _tariff(
    session: AsyncSession, subscription: ModuleSubscription, day: date, language: Language
) -> str | None:
    found = await session.scalars(
        sa.select(Tariff)
        .join(TariffPeriod, TariffPeriod.tariff_id == Tariff.id)
        .where(
            TariffPeriod.account_id == subscription.account_id,
            TariffPeriod.module_subscription_id == subscription.id,
            TariffPeriod.starts_on <= day,
        )
        .order_by(TariffPeriod.starts_on.desc())
        .limit(1)
    )
    tariff = found.one_or_none()
    return text_of(tariff, "name").in_language(language) if tariff else None


def _terms(terms: ModuleTerms | None, language: Language) -> Iterator[tuple[str, str]]:
    if terms is None:
        return
    named: tuple[tuple[str, date | Phrase | None], ...] = (
        (translatable("Since"), terms.starts_on),
        (translatable("End of the term"), terms.term_ends_on),
        (translatable("Notice period"), terms.notice_period),
        (translatable("Notice must arrive by"), terms.notice_by),
    )
    for name, value in named:
        if value is not None:
            yield translate(name, language), said(value, language)


async def _items(session: AsyncSession, priced: Priced, day: date, language: Language) -> Any:
    """Give the price list; what is not booked has no quantity."""
    booked = {item.key: line.quantity for item, line in priced.items(day)}
    for item, price in priced.offered(day):
        row = await session.get_one(Item, item.id)
        yield {
            "name": text_of(row, "name").in_language(language),
            "unit": text_of(row, "unit").in_language(language),
            "billing": said(item.billing_mode, language),
            "quantity": booked.get(item.key),
            "price": str(price.price),
        }


async def _consents(session: AsyncSession, account: Account) -> Any:
    rows = await session.execute(
        sa.select(ConsentDocument.title, ConsentDocument.version, Consent.given_at, _HASH)
        .join(Consent, Consent.consent_document_id == ConsentDocument.id)
        .where(Consent.account_id == account.id)
        .order_by(Consent.given_at)
    )
    for row in rows:
        words = translate(
            translatable("{title}, version {version}: {day}"),
            account.language,
            title=row.title,
            version=row.version,
            day=local_day(row.given_at, account.time_zone),
        )
        yield words, row.sha256
