"""How every mutation runs: lock, compare versions, act, remember the answer; or refuse.

A mutation is one verb of ``portal.actions`` on one row, in one transaction. It is declared with
``changing(Model)``; the schema makes a field of it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from graphql import GraphQLResolveInfo
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from permissions import rows
from permissions.fields import STORED
from portal import global_id
from portal.audit import give_reason
from portal.errors import (
    Conflict,
    NotFound,
    PortalError,
    Refused,
    Several,
    Unauthenticated,
    refused,
)
from portal.models import Account, Base, HistoryValue
from resolvers.context import Context
from resolvers.given import reason_in, sent_or_none
from resolvers.loaders import Asked
from resolvers.mutations.idempotency import remember, remembered
from resolvers.reading.selection import expressions
from resolvers.record import Record

# What a constraint of the database says to callers.
_CONFLICTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "uq_account_customer_number": (
        "Another account has this customer number.",
        ("input", "customerNumber"),
    ),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A mutation under way: its transaction, and who runs it."""

    session: AsyncSession
    context: Context

    @property
    def person_id(self) -> UUID:
        """The person who runs it; a guard has let nobody else in."""
        if self.context.viewer.id is None:
            raise Unauthenticated("Log in to do this.")
        return self.context.viewer.id


Verb = Callable[[Change, Any, Any], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A verb on a row of a model."""

    model: type[Base]
    verb: Verb

    async def run(self, info: GraphQLResolveInfo[Any], given: Any) -> Record | Refused:
        """Carry the verb out and read the changed row, or say why not."""
        context: Context = info.context
        try:
            answer = await self._change(context, info.field_name, given)
        except PortalError as error:
            return refused(error)
        asked = Asked(expressions(info, self.model.__name__))
        record = await context.find(answer, asked)
        return record or refused(NotFound("There is no such row any more."))

    async def _change(self, context: Context, name: str, given: Any) -> str:
        target = global_id.decode(given.id)
        if target is None or target[0] != self.model.__name__:
            raise _not_found()
        account_id = await context.account_of(given.id)
        if account_id is None:
            raise _not_found()
        try:
            async with context.transaction(name) as session:
                kept = await remembered(session, context, name, given)
                if kept is not None:
                    return kept
                row = await self._locked(session, context, account_id, target[1])
                await _compare_versions(session, row, sent_or_none(given.expected_version))
                give_reason(session, reason_in(given))
                pending = self.verb(Change(session, context), row, given)
                if pending is not None:
                    await pending
                await session.flush()
                await remember(session, context, name, given, given.id)
        except IntegrityError as error:
            raise _conflict(error) from error
        return str(given.id)

    async def _locked(
        self, session: AsyncSession, context: Context, account_id: UUID, id: UUID
    ) -> Any:
        """Lock the account first, so that changes inside one account never wait in a circle."""
        await session.execute(
            sa.select(Account.id).where(Account.id == account_id).with_for_update()
        )
        model: Any = self.model
        row = await session.scalar(
            sa.select(model)
            .where(model.id == id, rows.visible(model, context.viewing))
            .with_for_update(),
            context.parameters,
        )
        if row is None:
            raise _not_found()
        return row


def changing(model: type[Base]) -> Callable[[Verb], Mutation]:
    """Declare a mutation of a row of ``model``."""
    return lambda verb: Mutation(model, verb)


def _not_found() -> NotFound:
    return NotFound("There is no such row, or you may not see it.", path=["input", "id"])


async def _compare_versions(session: AsyncSession, row: Any, expected: int | None) -> None:
    """Refuse when the row was changed since the caller read it, naming the fields."""
    if expected is None or expected == row.version:
        return
    changed = await session.scalars(
        sa.select(HistoryValue.field)
        .where(
            HistoryValue.account_id == row.account_id,
            HistoryValue.subject_id == row.id,
            HistoryValue.subject_version > expected,
        )
        .distinct()
        .order_by(HistoryValue.field)
    )
    message = "Changed since version {expected}; it is version {version} now."
    values = {"expected": expected, "version": row.version}
    raise Several(
        [
            Conflict(message, path=["input", "expectedVersion"], **values),
            *(
                Conflict(message, path=["input", field.partition(".")[2]], **values)
                for field in changed
                if field in STORED
            ),
        ]
    )


def _conflict(error: IntegrityError) -> Exception:
    """Turn a broken constraint that callers can break into its sentence."""
    cause = getattr(error.orig, "__cause__", None)
    known = _CONFLICTS.get(getattr(cause, "constraint_name", ""))
    return Conflict(known[0], path=known[1]) if known else error
