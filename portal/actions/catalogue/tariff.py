"""Tariffs as managers make, rename and close them."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import Conflict, InvalidInput, NotFound, PortalError, RuleBroken, Several
from portal.models import Account, Module, ModuleSubscription, Tariff, TariffChange
from portal.models.text import text_columns, text_of
from portal.rules.calendar import check_coming
from portal.writing.changes import apply_changes

# 32 letters and digits of which no two look alike: five bits each, eight of them 40.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH, _GROUP = 8, 4
MOST_USES = 1_000_000
_OFFER_NUMBER = ("input", "offerNumber")
_CLOSED_FROM = ("input", "closedFrom")
# Of those who stand in the way of closing a tariff.
_NAMED = 20


def drawn_number() -> str:
    """Draw an offer number that nobody guesses: 40 random bits."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{drawn[:_GROUP]}-{drawn[_GROUP:]}"


async def create(
    session: AsyncSession,
    module_id: UUID | None,
    values: Mapping[str, Any],
    today: date,
    *,
    draws: bool,
) -> Tariff:
    """Make a tariff of a module: public, or of an offer number that is given or drawn."""
    module = await session.get(Module, module_id) if module_id else None
    if module is None:
        raise NotFound("There is no such module.", path=["input", "moduleId"])
    given = dict(values)
    number = given.get("offer_number")
    if number is not None and not number.strip():
        raise InvalidInput("Must not be empty.", path=_OFFER_NUMBER)
    if draws:
        if number is not None:
            raise InvalidInput("Send an offer number, or let one be drawn.", path=_OFFER_NUMBER)
        given["offer_number"] = drawn_number()
    tariff = Tariff(module_id=module.id, is_public=given.get("offer_number") is None, offer_uses=0)
    _set(tariff, given, today)
    session.add(tariff)
    return tariff


def update(tariff: Tariff, values: Mapping[str, Any], today: date) -> None:
    """Rename a tariff, or change how long and how often its offer can be used."""
    _set(tariff, values, today)


async def close(
    session: AsyncSession, tariff: Tariff, closed_from: date | None, today: date
) -> None:
    """Close a tariff to new orders from a day on, or open it again.

    Refused while somebody is about to get it on that day or later, each of whom is named.
    """
    if closed_from is not None:
        check_coming(closed_from, today, path=_CLOSED_FROM)
        if pending := await _changes_to(session, tariff, closed_from):
            raise Several(pending)
    tariff.closed_from = closed_from


async def _changes_to(
    session: AsyncSession, tariff: Tariff, closed_from: date
) -> list[PortalError]:
    subscription = ModuleSubscription
    found = await session.execute(
        sa.select(Account.name, *text_columns(Module, "name", "module"), TariffChange.starts_on)
        .join(
            subscription,
            sa.and_(
                subscription.account_id == TariffChange.account_id,
                subscription.id == TariffChange.module_subscription_id,
            ),
        )
        .join(Account, Account.id == TariffChange.account_id)
        .join(Module, Module.id == subscription.module_id)
        .where(
            TariffChange.tariff_id == tariff.id,
            TariffChange.withdrawn_at.is_(None),
            TariffChange.starts_on >= closed_from,
        )
        .order_by(TariffChange.starts_on, Account.sort_name)
        .limit(_NAMED)
    )
    return [
        Conflict(
            "{module} of {account} changes to this tariff on {day}.",
            path=_CLOSED_FROM,
            module=text_of(row, "module"),
            account=row.name,
            day=row.starts_on,
        )
        for row in found
    ]


def _set(tariff: Tariff, values: Mapping[str, Any], today: date) -> None:
    for name in ("offer_expires_on", "offer_most_uses"):
        if values.get(name) is not None and tariff.is_public:
            raise RuleBroken(
                "Only a tariff with an offer number has limits to its use.",
                path=["input", _NAMES[name]],
            )
    expires_on, most = values.get("offer_expires_on"), values.get("offer_most_uses")
    if expires_on is not None and expires_on != tariff.offer_expires_on:
        check_coming(expires_on, today, path=("input", "offerExpiresOn"))
    if most is not None and not max(1, tariff.offer_uses) <= most <= MOST_USES:
        raise InvalidInput(
            "Must be from {least} to {most}.",
            path=["input", "offerMostUses"],
            least=max(1, tariff.offer_uses),
            most=MOST_USES,
        )
    apply_changes(tariff, values)


_NAMES = {"offer_expires_on": "offerExpiresOn", "offer_most_uses": "offerMostUses"}
