"""What is spent is deleted by the worker, each after its time."""

import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.clock import now
from portal.database.addresses import Addresses
from portal.jobs import upkeep
from portal.jobs.worker import worker_engine
from portal.models import (
    Attempt,
    Base,
    Credential,
    KnownNetwork,
    PasswordReset,
    Person,
    RateEvent,
    Registration,
)
from portal.viewer import Language, Role
from tests import factories
from tests.api.conftest import Write


@pytest.fixture
async def engine(addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    """The worker's own way to the database."""
    engine = worker_engine(addresses)
    yield engine
    await engine.dispose()


async def test_what_is_spent_is_deleted_after_its_time(
    engine: AsyncEngine, superuser: AsyncEngine, write: Write
) -> None:
    """One row of each kind that has had its time, and one that has a second left."""
    at = now()
    person = factories.person()
    second = timedelta(seconds=1)
    made: dict[str, list[Base]] = {}

    def keep(*rows: Base) -> None:
        made[rows[0].__tablename__] = list(rows)

    def credential(**values: Any) -> Credential:
        return factories.credential(Role.CUSTOMER, person, **values)[1]

    day, month = timedelta(days=1), timedelta(days=30)
    keep(
        credential(expires_at=at - month - second, created_at=at - 2 * month),
        credential(revoked_at=at - month - second),
        credential(expires_at=at - month + second, created_at=at - 2 * month),
        credential(revoked_at=at - month + second),
    )
    keep(*(_reset(person, at + step) for step in (-second, second)))
    keep(*(_registration(at + step) for step in (-second, second)))
    keep(
        *(
            Attempt(subject=_hash(), count=1, last_at=at - day + step, next_at=at)
            for step in (-second, second)
        )
    )
    keep(
        *(
            RateEvent(counter=_hash(), item=_hash(), expires_at=at + step)
            for step in (-second, second)
        )
    )
    keep(
        *(
            KnownNetwork(person_id=person.id, network=_hash(), last_at=at - 90 * day + step)
            for step in (-second, second)
        )
    )
    await write(person)
    for rows_of in made.values():
        await write(*rows_of)
    await upkeep.clean_up(engine, at)
    async with superuser.connect() as connection:
        for name, rows_of in made.items():
            table = Base.metadata.tables[name]
            key = list(table.primary_key)
            left = {tuple(row) for row in await connection.execute(select(*key))}
            outcome = [
                tuple(getattr(row, column.name) for column in key) in left for row in rows_of
            ]
            assert outcome == [False] * (len(rows_of) // 2) + [True] * (len(rows_of) // 2), name


def _hash() -> bytes:
    return os.urandom(32)


def _reset(person: Person, expires_at: datetime) -> PasswordReset:
    return PasswordReset(person_id=person.id, code_hash=_hash(), expires_at=expires_at)


def _registration(expires_at: datetime) -> Registration:
    return Registration(
        email=f"{factories.word()}@example.org",
        person_name="Sam",
        account_name="Sam",
        language=Language.NL,
        password_hash="x",  # noqa: S106
        consent_document_ids=[],
        code_hash=_hash(),
        created_at=expires_at,
        expires_at=expires_at,
    )
