"""What a mail about a tariff says of its price and terms."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.coming_price import coming_prices, note_told
from portal.actions.modules.cost import monthly_cost
from portal.language.phrase import Money, Phrase
from portal.mail.modules.content import AnnouncedPrice
from portal.models import ModuleSubscription
from portal.rules.catalogue.terms import Term
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.ending import earliest_ending
from portal.rules.modules.reason import length


async def terms_of(
    session: AsyncSession,
    subscription: ModuleSubscription,
    agreement: Agreement,
    today: date,
    now: datetime,
) -> dict[str, Any]:
    """Give what it costs from its first day on, its terms, and the first possible last day.

    Of prices that are published for later the account is told by that.
    """
    coming = await coming_prices(session, subscription)
    await note_told(session, subscription, coming, now)
    return {
        "coming": tuple(AnnouncedPrice(one.starts_on, Money(one.monthly)) for one in coming),
        "monthly": Money(await monthly_cost(session, subscription, agreement.starts_on)),
        "initial_term": _length(agreement.terms.initial_term),
        "notice_period": _length(agreement.terms.notice_period),
        "earliest_end": earliest_ending(agreement, today).last_day,
    }


def _length(term: Term) -> Phrase | None:
    return length(term) if term.count else None
