"""Cancellations and changes of tariff."""

from typing import Any

from portal.actions.modules import notice as notices
from portal.actions.modules import tariff_change as changes
from portal.actions.modules.asking import Asking, own_side
from portal.actions.modules.decided_tariff import Choice
from portal.actions.modules.preview import (
    Shown,
    shown_of_change_withdrawal,
    shown_of_notice,
    shown_of_notice_withdrawal,
    shown_of_tariff_change,
)
from portal.models import ModuleSubscription
from portal.rules.modules.notice import Party, Wish
from resolvers.changing.preview import preview_of
from resolvers.changing.run import Change, changing
from resolvers.given import id_in, reason_in, sent_or_none
from resolvers.mutations.catalogue.offer import counted_offer
from resolvers.mutations.caused import with_documents
from schema.types.modules import notice as types


async def shown(change: Change, subscription: ModuleSubscription) -> Shown:
    """Read back what a cancellation did."""
    found = await shown_of_notice(change.session, subscription)
    return await with_documents(change, subscription.account_id, found)


async def shown_of_change(change: Change, subscription: ModuleSubscription) -> Shown:
    """Read back what a change of tariff did."""
    found = await shown_of_tariff_change(change.session, subscription)
    return await with_documents(change, subscription.account_id, found)


async def shown_of_withdrawal(change: Change, subscription: ModuleSubscription) -> Shown:
    """Read back what taking a cancellation back did."""
    found = await shown_of_notice_withdrawal(change.session, subscription)
    return await with_documents(change, subscription.account_id, found)


async def shown_of_undoing(change: Change, subscription: ModuleSubscription) -> Shown:
    """Read back what taking a change of tariff back did."""
    found = await shown_of_change_withdrawal(change.session, subscription)
    return await with_documents(change, subscription.account_id, found)


@changing(ModuleSubscription, shows=shown)
async def give(
    change: Change, subscription: ModuleSubscription, given: types.GiveNoticeInput
) -> None:
    asking = asking_of(change, given, sent_or_none(given.given_by))
    wish = Wish("lastDay", sent_or_none(given.last_day), sent_or_none(given.deviating_date))
    reason_code = sent_or_none(given.reason_code)
    await notices.give(change.session, subscription, asking, wish, reason_code)


preview = preview_of(give, "giveNotice")


@changing(ModuleSubscription, shows=shown_of_withdrawal)
async def withdraw(
    change: Change, subscription: ModuleSubscription, given: types.WithdrawNoticeInput
) -> None:
    await notices.withdraw(change.session, subscription, _taking_back(change))


preview_withdrawal = preview_of(withdraw, "withdrawNotice")


@changing(ModuleSubscription, prepare=counted_offer, shows=shown_of_change)
async def change_tariff(
    change: Change, subscription: ModuleSubscription, given: types.ChangeTariffInput
) -> None:
    chosen = given.tariff
    choice = Choice(id_in("Tariff", sent_or_none(chosen.id)), sent_or_none(chosen.offer_number))
    asking = asking_of(change, given, sent_or_none(given.asked_by))
    wish = Wish("startsOn", sent_or_none(given.starts_on), sent_or_none(given.deviating_date))
    await changes.change(change.session, subscription, asking, wish, choice)
    if change.prepared is not None:
        change.forget(change.prepared)


preview_change = preview_of(change_tariff, "changeTariff")


@changing(ModuleSubscription, shows=shown_of_undoing)
async def withdraw_change(
    change: Change, subscription: ModuleSubscription, given: types.WithdrawTariffChangeInput
) -> None:
    await changes.withdraw(change.session, subscription, _taking_back(change))


preview_undoing = preview_of(withdraw_change, "withdrawTariffChange")


def asking_of(change: Change, given: Any, entered_for: Party | None = None) -> Asking:
    """Say who asks: customers for themselves, staff for whom they say.

    What the input has no field for was not sent.
    """
    role = change.context.viewer.role
    received_on = sent_or_none(getattr(given, "received_on", None))
    by = own_side(role) if received_on is None else Party.CUSTOMER
    return Asking(
        entered_for or by,
        change.person_id,
        role,
        change.context.now,
        received_on,
        reason_in(given),
        sent_or_none(getattr(given, "comment", None)),
    )


def _taking_back(change: Change) -> Asking:
    role = change.context.viewer.role
    return Asking(own_side(role), change.person_id, role, change.context.now)
