"""Offers, as callers name them."""

from typing import Any

from portal.login.throttle import Purpose, Throttled
from resolvers.context import Context
from resolvers.given import sent_or_none


async def counted_offer(context: Context, given: Any) -> Throttled | None:
    """Count the guess that an offer number may be, whatever comes of it."""
    if sent_or_none(given.tariff.offer_number) is None:
        return None
    attempt = Throttled(Purpose.OFFER_NUMBER, str(context.viewer.id))
    await context.count_attempt(attempt)
    return attempt
