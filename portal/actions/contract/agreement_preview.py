"""What a special agreement does, read back after it was made or got another last day."""

from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract.special_agreement import subscriptions_of
from portal.actions.modules.cost import currency_of, monthly_cost
from portal.actions.modules.preview import Shown
from portal.models import SpecialAgreement
from portal.rules.modules.period import ONE_DAY
from portal.rules.modules.reason import Subject


async def shown_of_agreement(session: AsyncSession, agreement: SpecialAgreement) -> Shown:
    """Give what a special agreement did."""
    return await _shown_of_agreement(session, agreement, agreement.starts_on)


async def shown_of_agreement_end(session: AsyncSession, agreement: SpecialAgreement) -> Shown:
    """Give what another last day of a special agreement did."""
    last_day = agreement.ends_on or agreement.starts_on
    return await _shown_of_agreement(session, agreement, last_day + ONE_DAY)


async def _shown_of_agreement(
    session: AsyncSession, agreement: SpecialAgreement, turn: date
) -> Shown:
    """Give the days of an agreement; and what its modules cost before a day and from then on."""
    subscriptions = await subscriptions_of(session, agreement)
    before, after = [
        sum([await monthly_cost(session, one, day) for one in subscriptions], Decimal("0.00"))
        for day in (turn - ONE_DAY, turn)
    ]
    return Shown(
        subject=Subject.SPECIAL_AGREEMENT,
        currency=await currency_of(session, agreement.account_id),
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        earliest_end=None,
        deadline=None,
        monthly_before=before,
        monthly_after=after,
        reasons=(),
    )
