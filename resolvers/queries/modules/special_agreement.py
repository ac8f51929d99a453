"""Special agreements, and the state they are in today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.models import Account, SpecialAgreement
from portal.rules.calendar import local_day
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class AgreementState:
    """The first day of a special agreement, and the day it is."""

    starts_on: date
    today: date


async def states(context: Context, ids: Sequence[UUID]) -> Mapping[UUID, AgreementState]:
    """Give the states of special agreements."""
    columns: list[Any] = [SpecialAgreement.id, SpecialAgreement.starts_on, Account.time_zone]
    rows = await context.read(
        sa.select(*columns)
        .join(Account, Account.id == SpecialAgreement.account_id)
        .where(SpecialAgreement.id.in_(ids))
    )
    return {
        row.id: AgreementState(row.starts_on, local_day(context.now, row.time_zone)) for row in rows
    }
