"""How every mutation runs: lock, compare versions, act, remember the answer; or refuse.

A mutation is one verb of ``portal.actions``, in one transaction. ``changing(Model)`` declares one
on a row, ``starting()`` one that begins without a row; the schema makes a field of it. A verb that
gives nothing answers its row; it may give another row instead, or a value of one of the ``values``.
What has to happen before the transaction, and stays when that is rolled back, is ``prepare``. What
a preview of it shows, ``shows`` reads back; see ``resolvers.mutations.preview``.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from graphql import GraphQLResolveInfo
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from permissions import rows
from permissions.viewing import Viewing
from portal import global_id
from portal.actions.preview import Shown
from portal.audit import give_reason, plain
from portal.errors import Conflict, NotFound, PortalError, Unauthenticated, refused
from portal.models import Account, Base, Member
from portal.viewer import MemberRole, Role, Viewer
from resolvers.context import Context
from resolvers.given import reason_in, sent_or_none
from resolvers.loaders import Asked
from resolvers.mutations.conflict import compare_versions, told
from resolvers.mutations.idempotency import remember, remembered
from resolvers.mutations.promise import redeem
from resolvers.reading.selection import expressions


@dataclass(frozen=True, slots=True)
class Change:
    """A mutation under way: its transaction, and who runs it."""

    session: AsyncSession
    context: Context
    prepared: Any = None

    @property
    def person_id(self) -> UUID:
        """The person who runs it; a guard has let nobody else in."""
        if self.context.viewer.id is None:
            raise Unauthenticated("Log in to do this.")
        return self.context.viewer.id


Verb = Callable[[Change, Any, Any], Awaitable[Any] | None]
Prepare = Callable[[Context, Any], Awaitable[Any]]
Shows = Callable[[Change, Any], Awaitable[Shown]]
Outcome = dict[str, Any]

# Parameters of the statements that lock, which are made once.
_ID, _ACCOUNT, _PERSON = "locked_id", "locked_account", "person"
_ACCOUNT_LOCKED = (
    sa.select(Account.deleted_at).where(Account.id == sa.bindparam(_ACCOUNT)).with_for_update()
)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A verb, the model of the row it starts from, and the values that it may answer."""

    verb: Verb
    model: type[Base] | None
    values: tuple[type, ...] = ()
    prepare: Prepare | None = None
    shows: Shows | None = None

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
        record = await context.find(id, Asked(expressions(info, type_name)))
        return record or refused(NotFound("There is no such row any more."))

    async def _carry_out(self, context: Context, name: str, given: Any, prepared: Any) -> Any:
        """Give a value as the verb gave it, else what an idempotency key keeps."""
        account_id = await self.account_of(context, given)
        try:
            async with context.transaction(name) as session:
                kept = await remembered(session, context, name, given)
                if kept is not None:
                    return kept
                change = Change(session, context, prepared)
                row = await self.row_of(change, account_id, given)
                promised = await redeem(session, context, name, row, given)
                answer = await self.act(change, row, given)
                if promised is not None and self.shows is not None:
                    promised.check(await self.shows(change, answer))
                outcome = _outcome(answer)
                await remember(session, context, name, given, outcome)
                return answer if isinstance(answer, self.values) else outcome
        except IntegrityError as error:
            raise told(error, given) from error

    async def row_of(self, change: Change, account_id: UUID | None, given: Any) -> Any:
        """Lock the row that the mutation starts from, as the caller saw it; None without one."""
        if self.model is None:
            return None
        row = await self._locked(change.session, change.context, account_id, given)
        await compare_versions(change.session, row, sent_or_none(given.expected_version))
        return row

    async def act(self, change: Change, row: Any, given: Any) -> Any:
        """Run the verb; give what it answers, else its row."""
        give_reason(change.session, reason_in(given))
        pending = self.verb(change, row, given)
        answer = await pending if pending is not None else None
        await change.session.flush()
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

    async def _locked(
        self, session: AsyncSession, context: Context, account_id: UUID | None, given: Any
    ) -> Any:
        """Lock the account first, so that changes inside one account never wait in a circle."""
        if account_id is None:
            raise _not_found()
        _, id = global_id.decode(given.id) or ("", None)
        of_row = {_ID: id, _ACCOUNT: account_id, _PERSON: context.viewer.id}

        def lock(session: Session) -> Any:
            if session.connection().scalar(_ACCOUNT_LOCKED, {_ACCOUNT: account_id}) is not None:
                raise Conflict("This account was deleted.", path=["input", "id"])
            statement = _row_locked(self.model, context.viewing)
            return session.execute(statement, context.parameters | of_row).one_or_none()

        row, member_role = await session.run_sync(lock) or (None, None)
        if row is None:
            raise _not_found()
        _check_still_holds(context.viewer, account_id, member_role)
        return row


def changing(
    model: type[Base], *values: type, prepare: Prepare | None = None, shows: Shows | None = None
) -> Callable[[Verb], Mutation]:
    """Declare a mutation of a row of ``model``."""
    return lambda verb: Mutation(verb, model, values, prepare, shows)


def starting(*values: type, prepare: Prepare | None = None) -> Callable[[Verb], Mutation]:
    """Declare a mutation that starts without a row; its verb gets None for one."""
    return lambda verb: Mutation(verb, None, values, prepare)


def _outcome(answer: Any) -> Outcome:
    """Give what an idempotency key keeps: the id of a row, or a value."""
    if isinstance(answer, Base):
        row: Any = answer
        return {"id": global_id.encode(type(row).__name__, row.id)}
    values = {field.name: plain(getattr(answer, field.name)) for field in fields(answer)}
    return {"kind": type(answer).__name__, "value": values}


@cache
def _row_locked(model: Any, viewing: Viewing) -> sa.Select[Any]:
    """Lock a row; with the role that the viewer has in its account by now, null for no member."""
    member_role = (
        sa.select(Member.role)
        .where(
            Member.account_id == sa.bindparam(_ACCOUNT), Member.person_id == sa.bindparam(_PERSON)
        )
        .scalar_subquery()
    )
    return (
        sa.select(model, member_role)
        .where(model.id == sa.bindparam(_ID), rows.visible(model, viewing))
        .with_for_update(of=model)
    )


def _check_still_holds(viewer: Viewer, account_id: UUID, member_role: MemberRole | None) -> None:
    """Refuse a customer whose role changed since the guards were asked.

    That is while the account was waited for, or by an earlier mutation of the same operation.
    """
    if viewer.role is not Role.CUSTOMER:
        return
    if member_role is None:
        raise _not_found()
    if member_role is not viewer.grant_in(account_id).member_role:
        raise Conflict("Your role in this account has just changed.", path=["input", "id"])


def _not_found() -> NotFound:
    return NotFound("There is no such row, or you may not see it.", path=["input", "id"])
