"""Somebody by e-mail address: known, or new and without a password yet."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import InvalidInput, NotFound, faults_below
from portal.models import Person
from portal.rules.form import email as email_form
from portal.viewer import Language
from portal.writing.changes import apply_changes


@dataclass(frozen=True, slots=True)
class PersonOf:
    """An e-mail address; name and language are those of a new person alone."""

    email: str
    name: str | None
    language: Language | None


async def person_of(
    session: AsyncSession, wanted: PersonOf, now: datetime, path: tuple[str, ...]
) -> Person:
    """Find somebody by e-mail address; with a name, make a person who is not known yet."""
    with faults_below(*path, "email"):
        address = email_form(wanted.email)
    person = await session.scalar(sa.select(Person).where(Person.email == address))
    if person is not None:
        for field in ("name", "language"):
            if getattr(wanted, field) is not None:
                raise InvalidInput(
                    "This person is known already; leave this out.", path=[*path, field]
                )
        return person
    if wanted.name is None:
        raise NotFound(
            "Nobody has this e-mail address; send a name to add a new person.",
            path=[*path, "name"],
        )
    person = Person(created_at=now, language=wanted.language or Language.NL)
    apply_changes(person, {"name": wanted.name, "email": address}, path)
    session.add(person)
    await session.flush()
    return person
