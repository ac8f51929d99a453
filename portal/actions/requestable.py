"""Kinds of requests: what a customer may only ask for, and what becomes of it.

Each area declares its own, beside the actions by which managers do the same.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portal.models import Contract, Request
from portal.rules.people.request import RequestKind

Values = Mapping[str, Any]
Propose = Callable[[AsyncSession, Contract, Request, Values], Awaitable[None]]
CarryOut = Callable[[AsyncSession, Request, UUID, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Requestable:
    """One kind: the field ``given`` of what is proposed is it, and mails call it by its ``topic``.

    ``propose`` notes what is asked for on a new request, beside what applies, where a manager
    could do it now; ``carry_out`` does it.
    """

    kind: RequestKind
    given: str
    topic: str
    propose: Propose
    carry_out: CarryOut

    known: ClassVar[dict[RequestKind, "Requestable"]] = {}

    def __post_init__(self) -> None:
        if self.kind in self.known:
            raise TypeError(f"{self.kind} is declared twice.")
        self.known[self.kind] = self
