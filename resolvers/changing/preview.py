"""A mutation that tells what another one would do: it runs that one, and keeps nothing of it.

The two run the same code on the same arguments, in a transaction that is rolled back: no mail, no
job, no number, no history.
"""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLResolveInfo

from portal.database.deadlock import until_done
from portal.errors import InvalidInput, PortalError, refused
from portal.login.throttle import Throttled
from portal.models import Base
from resolvers.changing.conflict import BROKEN, conflict_of
from resolvers.changing.promise import PATH, binding, promise
from resolvers.changing.run import Change, Mutation, Shows, Verb
from resolvers.context import Context
from resolvers.given import sent_or_none


@dataclass(frozen=True, slots=True)
class PreviewOf:
    """The preview of a mutation that the schema calls ``name``."""

    mutation: Mutation
    name: str
    shows: Shows

    @property
    def verb(self) -> Verb:
        """The verb that is tried."""
        return self.mutation.verb

    @property
    def model(self) -> type[Base] | None:
        """The model of the row that it starts from."""
        return self.mutation.model

    async def run(self, info: GraphQLResolveInfo[Any], given: Any) -> Any:
        """Say what the mutation would do, or why it would be refused."""
        context: Context = info.context
        prepare = self.mutation.prepare
        try:
            prepared = await prepare(context, given) if prepare else None
            found = await self._try(context, given, prepared)
            if isinstance(prepared, Throttled):
                # It was no guess, and says nothing of those before it.
                await context.take_back_attempt(prepared)
        except PortalError as error:
            return refused(error)
        return found

    async def _try(self, context: Context, given: Any, prepared: Any) -> Any:
        account_id = await self.mutation.account_of(context, given)

        async def once() -> Any:
            async with context.transaction(self.name, account_id, kept=False) as transaction:
                change = Change(transaction, context, prepared)
                row = await self.mutation.row_of(change, account_id, given)
                _check_undecided(given)
                bound = await binding(transaction, context, self.name, row, given)
                answer = await self.mutation.act(change, row, given)
                return promise(context, bound, await self.shows(change, answer))

        try:
            return await until_done(once)
        except BROKEN as error:
            raise conflict_of(error, given) from error


def preview_of(mutation: Mutation, name: str) -> PreviewOf:
    """Declare the preview of a mutation that says what it ``shows``."""
    if mutation.shows is None:
        raise ValueError(f"{name} shows nothing.")
    return PreviewOf(mutation, name, mutation.shows)


def _check_undecided(given: Any) -> None:
    """Refuse what belongs to the change itself: to ignore it would promise too much."""
    if sent_or_none(given.preview_token) is not None:
        raise InvalidInput("A preview takes no token; the change itself does.", path=PATH)
    if sent_or_none(given.idempotency_key) is not None:
        raise InvalidInput(
            "A preview changes nothing, so it takes no key.", path=("input", "idempotencyKey")
        )
