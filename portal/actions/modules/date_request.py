"""Requests for a day that the tariff does not allow: for the end of a module, or another tariff."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules import decided_tariff, notice, tariff_change
from portal.actions.modules.asking import Asking
from portal.actions.modules.decided_tariff import Choice
from portal.actions.modules.standing import standing_of
from portal.actions.requestable import Requestable, Values
from portal.errors import Conflict, NotFound, translatable
from portal.language import global_id
from portal.language.phrase import Named
from portal.models import Contract, ModuleSubscription, Request
from portal.rules.modules.notice import NoticeReason, Party, Wish
from portal.rules.people.request import RequestKind
from portal.viewer import Role

_PATH = ("input", "proposed", "deviatingDate")
_CHANGE = (*_PATH, "change")
# Where the managers' own inputs have it.
_NOW = ("input", "deviatingDate")


async def propose(
    session: AsyncSession, _contract: Contract, request: Request, values: Values
) -> None:
    """Note what is proposed beside what applies, if a manager could do it now."""
    last_day, tariff = values["change"].get("last_day"), values["change"].get("tariff")
    subscription_id = _uuid("ModuleSubscription", values["module_subscription_id"])
    subscription = await session.get(ModuleSubscription, subscription_id)
    if subscription is None or subscription.account_id != request.account_id:
        raise NotFound("This account has no such module.", path=(*_PATH, "moduleSubscriptionId"))
    request.module_subscription_id = subscription.id
    request.proposed_last_day = last_day
    if tariff is not None:
        request.proposed_starts_on = tariff["starts_on"]
        request.proposed_tariff_id = _uuid("Tariff", tariff["id"])
    now = request.requested_at
    standing = await standing_of(session, subscription.id, now)
    request.present_last_day = standing.ends_on
    request.present_tariff_id = standing.tariff_id
    asking = _asking(request, request.requested_by, Role.CUSTOMER, now)
    if last_day is not None:
        wish = _wish(request, (*_CHANGE, "lastDay"))
        await notice.decide(session, standing, asking, wish)
    else:
        wish = _wish(request, (*_CHANGE, "tariff", "startsOn"))
        await decided_tariff.decide(session, standing, asking, wish, _choice(request))


async def carry_out(
    session: AsyncSession, request: Request, person_id: UUID, now: datetime
) -> None:
    """Do what was asked for, by the managers' own action, unless something else applies now."""
    subscription = await session.get_one(
        ModuleSubscription, request.module_subscription_id, with_for_update=True
    )
    standing = await standing_of(session, subscription.id, now)
    present = (request.present_last_day, request.present_tariff_id)
    # What is pending is named by the action itself.
    if standing.pending is None and (standing.ends_on, standing.tariff_id) != present:
        raise Conflict(
            "This has changed since the request was made: {field}.",
            path=_NOW,
            field=Named("deviatingDate"),
        )
    asking, wish = _asking(request, person_id, Role.MANAGER, now), _wish(request, _NOW)
    if request.proposed_last_day is not None:
        other = NoticeReason.OTHER
        await notice.give(session, subscription, asking, wish, other)
    else:
        await tariff_change.change(session, subscription, asking, wish, _choice(request))


def _asking(request: Request, person_id: UUID, role: Role, now: datetime) -> Asking:
    """Ask for the customer; the request is the reason to deviate."""
    reason = global_id.encode("Request", request.id) if request.id else "Request"
    return Asking(Party.CUSTOMER, person_id, role, now, reason=reason, comment=request.comment)


def _wish(request: Request, place: tuple[str, ...]) -> Wish:
    day = request.proposed_last_day or request.proposed_starts_on
    return Wish("lastDay", deviating=day, deviating_at=place)


def _choice(request: Request) -> Choice:
    return Choice(request.proposed_tariff_id, given=(*_CHANGE, "tariff"))


def _uuid(type_name: str, given: str) -> UUID:
    """Give the UUID of a row of a type; one that leads nowhere for any other id."""
    decoded = global_id.decode(given)
    return decoded[1] if decoded and decoded[0] == type_name else UUID(int=0)


DEVIATING_DATE = Requestable(
    RequestKind.DEVIATING_DATE,
    "deviating_date",
    translatable("another date"),
    propose,
    carry_out,
)
