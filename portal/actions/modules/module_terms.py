"""What an invoice says of the modules that it bills: until when they run, and how they end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.agreement import Standing
from portal.actions.modules.standing import standing, standings_of
from portal.errors import RuleBroken
from portal.language.phrase import Phrase
from portal.rules.modules.deadline import Deadline, deadlines
from portal.rules.modules.ending import earliest_ending
from portal.rules.modules.notice import Party
from portal.rules.modules.reason import length
from portal.rules.modules.reason import phrase as sentence


@dataclass(frozen=True, slots=True)
class ModuleTerms:
    """As of a day; ``notice_by`` is absent where every day will do, or where notice was given.

    ``reasons`` say how the earliest end comes about.
    """

    starts_on: date
    term_ends_on: date | None
    notice_period: Phrase | None
    notice_by: date | None
    reasons: tuple[Phrase, ...] = ()


async def read_module_terms(
    session: AsyncSession, subscription_ids: Collection[UUID], now: datetime
) -> dict[UUID, ModuleTerms]:
    """Read them for module subscriptions; nothing of one of which no day can be computed."""
    found: dict[UUID, ModuleTerms] = {}
    for row in await session.execute(standings_of([*subscription_ids], now)):
        here = standing(row, now)
        try:
            found[row.id] = _terms(here)
        except RuleBroken:
            continue
    return found


def _terms(here: Standing) -> ModuleTerms:
    agreement, notice = here.agreement(Party.CUSTOMER), here.terms.notice_period
    phrase = length(notice) if notice.count else None
    if here.ends_on is not None:
        return ModuleTerms(here.starts_on, here.ends_on, phrase, None)
    following: Deadline | None = next(deadlines(agreement, here.today, 1), None)
    reasons = tuple(map(sentence, earliest_ending(agreement, here.today).reasons))
    if following is None:
        return ModuleTerms(here.starts_on, None, phrase, None, reasons)
    return ModuleTerms(here.starts_on, following.last_day, phrase, following.day, reasons)
