"""What a version of a tariff means: for consumers, for who has its items, and as a file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.actions.catalogue import usage
from portal.actions.catalogue.price_list_file import EXPORTED, exported
from portal.actions.catalogue.usage import KeyUse, KeyUseKind
from portal.clock import OPERATOR_ZONE
from portal.language import global_id
from portal.models.catalogue.tariff_version import term_of
from portal.rules.calendar import local_day
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.catalogue.void_terms import VoidTerm, void_terms
from resolvers.context import Context

TERMS = (
    *("initial_term_count", "initial_term_unit", "renewal", "renewal_term_count"),
    *("renewal_term_unit", "notice_period_count", "notice_period_unit", "ending_day"),
)


def has_begun(version: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Say whether the first day for new customers has come."""
    return sa.func.coalesce(version.valid_from <= viewing.today, sa.false())


async def notes(context: Context, rows: Sequence[tuple[Any, ...]]) -> Sequence[list[VoidTerm]]:
    """Give what of the terms is void for consumers who agree to them today."""
    today = local_day(context.now, OPERATOR_ZONE)
    return [void_terms(_terms(*row), today) for row in rows]


def _terms(  # noqa: PLR0913, PLR0917  (the columns of a version's terms)
    initial: int,
    initial_unit: str,
    renewal: str,
    renewed: int | None,
    renewed_unit: str | None,
    notice: int,
    notice_unit: str,
    ending_day: str,
) -> Terms:
    return Terms(
        Term(initial, TermUnit(initial_unit)),
        Renewal(renewal),
        term_of(renewed, None if renewed_unit is None else TermUnit(renewed_unit)),
        Term(notice, TermUnit(notice_unit)),
        EndingDay(ending_day),
    )


async def ending_uses(context: Context, rows: Sequence[tuple[UUID]]) -> Sequence[list[KeyUse]]:
    """Give whose quantity, option or agreement ends by each version."""
    today = local_day(context.now, OPERATOR_ZONE)
    found = await context.read(usage.ending_uses([id for (id,) in rows], today))
    uses: dict[UUID, list[KeyUse]] = {id: [] for (id,) in rows}
    for row in found:
        account = global_id.encode("Account", row.account_id)
        uses[row.version_id].append(KeyUse(row.key, KeyUseKind(row.kind), account, row.name))
    return [uses[id] for (id,) in rows]


async def price_list_csv(context: Context, rows: Sequence[tuple[UUID]]) -> Sequence[str]:
    """Give the price list of each version as CSV."""
    answers = []
    for (id,) in rows:
        await context.pace.turn()
        answers.append(exported(await context.read(EXPORTED, id=id)))
    return answers
