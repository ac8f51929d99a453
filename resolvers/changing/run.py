"""Mutations: how one runs, from its guards to its answer.

A mutation is one verb of ``portal.actions``, in one transaction. ``changing(Model)`` declares one
on a row, ``starting()`` one that begins without a row; the schema makes a field of it. A verb that
gives nothing answers its row; it may give another row instead, or a value of one of the ``values``.
What has to happen before the transaction, and stays when that is rolled back, is ``prepare``. What
a preview of it shows, ``shows`` reads back; see ``resolvers.changing.preview``.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from graphql import GraphQLResolveInfo
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.shown import Showing
from portal.database.deadlock import until_done
from portal.errors import NotFound, PortalError, Several, Unauthenticated, gathered, refused
from portal.language import global_id
from portal.login.throttle import Throttled
from portal.models import Base
from portal.writing.difference import plain
from portal.writing.transaction import Transaction
from resolvers.changing.conflict import BROKEN, compare_versions, conflict_of
from resolvers.changing.idempotency import remember, remembered
from resolvers.changing.lock import locked
from resolvers.changing.promise import redeem
from resolvers.context import Context
from resolvers.given import internal_note_in, reason_in, sent_or_none
from resolvers.loaders import Projection
from resolvers.reading.selection import expressions
from resolvers.sources import SHOWN_ONCE_KEY


@dataclass(frozen=True, slots=True)
class Change:
    """A mutation under way: its transaction, and who runs it."""

    transaction: Transaction
    context: Context
    prepared: Any = None
    attempts: list[Throttled] = field(default_factory=list)

    def forget(self, attempt: Throttled) -> None:
        """Start counting attempts anew, once this has committed."""
        self.attempts.append(attempt)

    @property
    def session(self) -> AsyncSession:
        """What a verb reads and writes with, beside the row that it gets."""
        return self.transaction.session

    @property
    def person_id(self) -> UUID:
        """The person who runs it; a guard has let nobody else in."""
        if self.context.viewer.id is None:
            raise Unauthenticated("Log in to do this.")
        return self.context.viewer.id


Verb = Callable[[Change, Any, Any], Awaitable[Any] | None]
Prepare = Callable[[Context, Any], Awaitable[Any]]
Shows = Callable[[Change, Any], Awaitable[Showing]]
Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A verb, the model of the row it starts from, and the values that it may answer."""

    verb: Verb
    model: type[Base] | None
    values: tuple[type, ...] = ()
    prepare: Prepare | None = None
    shows: Shows | None = None
    of_login: bool = False

    async def run(self, info: GraphQLResolveInfo[Any], given: Any) -> Any:
        """Carry the verb out and read its answer, or say why not."""
        context: Context = info.context
        try:
            prepared = await self.prepare(context, given) if self.prepare else None
            outcome = await self._carry_out(context, info.field_name, given, prepared)
        except PortalError as error:
            return refused(error)
        if isinstance(outcome, self.values):
            return outcome
        if "id" not in outcome:
            kind = next(kind for kind in self.values if kind.__name__ == outcome["kind"])
            return kind(**outcome["value"])
        return await self._answer(info, outcome["id"])

    async def _answer(self, info: GraphQLResolveInfo[Any], id: str) -> Any:
        """Read the row that is the answer, as it is after the commit."""
        context: Context = info.context
        if context.compiled is not None:
            row = await context.compiled.row(info, id)
            if row is not None:
                return row
        type_name, _ = global_id.decode(id) or ("", None)
        record = await context.find(id, Projection(expressions(info, type_name)))
        return record or refused(NotFound("There is no such row any more."))

    async def _carry_out(self, context: Context, name: str, given: Any, prepared: Any) -> Any:
        """Give a value as the verb gave it, else what an idempotency key keeps."""
        account_id = await self.account_of(context, given)

        async def once() -> tuple[Any, Sequence[Throttled]]:
            async with context.transaction(name, account_id, of_login=self.of_login) as transaction:
                kept = await remembered(transaction, context, name, given)
                if kept is not None:
                    return kept, ()
                change = Change(transaction, context, prepared)
                row = await self.row_of(change, account_id, given)
                promised = await redeem(transaction, context, name, row, given)
                answer = await self.act(change, row, given)
                if promised is not None and self.shows is not None:
                    promised.check(await self.shows(change, answer))
                outcome = _outcome(answer)
                await remember(transaction, context, name, given, outcome)
            return (answer if isinstance(answer, self.values) else outcome), change.attempts

        try:
            answer, attempts = await until_done(once)
        except BROKEN as error:
            raise conflict_of(error, given) from error
        for attempt in attempts:
            await context.forget_attempt(attempt)
        return answer

    async def row_of(self, change: Change, account_id: UUID | None, given: Any) -> Any:
        """Lock the row that the mutation starts from, as the caller saw it; None without one."""
        if self.model is None:
            return None
        _, id = global_id.decode(given.id) or ("", None)
        row = await locked(change.transaction, change.context, self.model, account_id, id)
        expected = sent_or_none(given.expected_version)
        await compare_versions(change.transaction, change.context.viewer, row, expected)
        return row

    async def act(self, change: Change, row: Any, given: Any) -> Any:
        """Run the verb; give what it answers, else its row."""
        occasion = change.transaction.occasion
        faults: list[PortalError] = []
        with gathered(faults):
            occasion.reason = reason_in(given)
        with gathered(faults):
            occasion.internal_note = internal_note_in(given)
        if faults:
            raise Several(faults)
        pending = self.verb(change, row, given)
        answer = await pending if pending is not None else None
        await change.transaction.flush()
        return answer or row

    async def account_of(self, context: Context, given: Any) -> UUID | None:
        """Find the account of the row that the mutation is about; None where there is no row.

        Where it was this very mutation that deleted the row, its key still knows the answer.
        """
        if self.model is None:
            return None
        target = global_id.decode(given.id)
        if target is None or target[0] != self.model.__name__:
            return None
        return await context.account_of(given.id)


def changing(
    model: type[Base], *values: type, prepare: Prepare | None = None, shows: Shows | None = None
) -> Callable[[Verb], Mutation]:
    """Declare a mutation of a row of ``model``."""
    return lambda verb: Mutation(verb, model, values, prepare, shows)


def starting(
    *values: type, prepare: Prepare | None = None, shows: Shows | None = None
) -> Callable[[Verb], Mutation]:
    """Declare a mutation that starts without a row; its verb gets None for one."""
    return lambda verb: Mutation(verb, None, values, prepare, shows)


def logging_in(*values: type, prepare: Prepare | None = None) -> Callable[[Verb], Mutation]:
    """Declare a mutation that starts without a row and makes or proves a login.

    It runs as ``portal_login``: no other role that serves may touch passwords, tokens and codes.
    """
    return lambda verb: Mutation(verb, None, values, prepare, of_login=True)


def _outcome(answer: Any) -> Outcome:
    """Give what an idempotency key keeps: the id of a row, or a value without its secrets."""
    if isinstance(answer, Base):
        row: Any = answer
        return {"id": global_id.encode(type(row).__name__, row.id)}
    values = {
        field.name: None
        if field.metadata.get(SHOWN_ONCE_KEY)
        else plain(getattr(answer, field.name))
        for field in fields(answer)
    }
    return {"kind": type(answer).__name__, "value": values}
