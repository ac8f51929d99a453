"""What a person tells about itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import NotFound
from portal.models import Person
from portal.viewer import Language
from portal.writing.changes import apply_changes


@dataclass(frozen=True, slots=True)
class Profile:
    """The name that others see, and the language of messages."""

    name: str
    language: Language


async def update(session: AsyncSession, person_id: UUID, changes: Mapping[str, Any]) -> Profile:
    """Set what a person sent about itself."""
    person = await session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound("There is no such row any more.")
    apply_changes(person, changes)
    return Profile(person.name, person.language)
