"""The transaction in which an operator's file is made, or each of its faults is found."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from portal import clock
from portal.commands.operator_file.source import Place
from portal.errors import Conflict, PortalError
from portal.language.messages import translate
from portal.models import Base
from portal.rules.calendar import local_day
from portal.viewer import Language
from portal.writing.uniqueness import taken_by

Fault = tuple[Place, str]
_Row = TypeVar("_Row", bound=Base)


class Making:
    """One transaction, to be rolled back where anything was wrong.

    A day may be over: what is read may have been offered elsewhere before.
    """

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.now = clock.now()
        self.today = local_day(self.now, clock.OPERATOR_ZONE)
        self.made: list[str] = []
        self.faults: list[Fault] = []

    @asynccontextmanager
    async def at(self, place: Place, steps: int = 1) -> AsyncIterator[None]:
        """Keep the faults of a part, to which so many steps lead in the input of a mutation."""
        try:
            async with self.session.begin_nested():
                yield
        except PortalError as error:
            for fault in error.problems:
                self.add((*place, *fault.path[steps:]), fault)
        except IntegrityError as error:
            known = taken_by(error)
            if known is None:
                raise
            sentence, (field, *_) = known
            self.add((*place, field), Conflict(sentence))

    def add(self, path: Place, fault: PortalError) -> None:
        """Keep a fault."""
        self.faults.append((path, translate(fault.message, Language.EN, **fault.values)))

    async def is_there(self, model: Any, *conditions: Any) -> UUID | None:
        """Give the id of a row that meets the conditions, if there is one."""
        found: UUID | None = await self.session.scalar(
            sa.select(model.id).where(*conditions).limit(1)
        )
        return found

    async def flushed(self, making: Awaitable[_Row]) -> _Row:
        """Give a row that is being made once it is written, and has an id."""
        made = await making
        await self.session.flush()
        return made
