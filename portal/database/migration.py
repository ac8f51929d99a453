"""Bring a database to the newest migration, and tell what is missing."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import URL, Connection, pool
from sqlalchemy.exc import IntegrityError

import portal.models  # noqa: F401 - makes every table known
from portal.database.connection import engine_at
from portal.database.soundness import unsound_terms
from portal.errors import OperatorFault
from portal.models.base import Base

VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"

_Answer = TypeVar("_Answer")


class TooNew(OperatorFault):
    """The database belongs to a newer portal."""


async def upgrade(owner: URL, target: str = "head") -> list[str]:
    """Take every missing step up to one, each in a transaction of its own; gives their names."""
    steps = await pending(owner)
    if steps:
        try:
            await _run(owner, lambda connection: command.upgrade(_config(connection), target))
        except IntegrityError as error:
            unsound = await _run(owner, unsound_terms)
            if not unsound:
                raise
            raise OperatorFault("\n  ".join(["The migration stopped:", *unsound])) from error
    return steps


async def unsound(owner: URL) -> list[str]:
    """Name each tariff version under which no day can be computed."""
    return await _run(owner, unsound_terms)


async def pending(address: URL) -> list[str]:
    """Give the names of the steps that the database has not taken, oldest first."""

    def steps(connection: Connection) -> list[str]:
        taken = MigrationContext.configure(connection).get_current_heads()
        script = ScriptDirectory.from_config(_config(connection))
        try:
            missing = [*script.iterate_revisions("heads", taken or "base", implicit_base=True)]
        except RevisionError:
            raise TooNew(
                f"The database is at migration {', '.join(taken)}, which this version of the portal"
                " does not have: run the version that took it."
            ) from None
        return [Path(step.path).stem for step in missing][::-1]

    return await _run(address, steps)


@cache
def outdated() -> frozenset[str]:
    """Give the versions of a database that lacks a step which this portal has."""
    script = ScriptDirectory.from_config(_config())
    return frozenset(step.revision for step in script.walk_revisions()) - set(script.get_heads())


async def differences(address: URL) -> list[str]:
    """Give what the models say and a migrated database does not, or the other way round."""

    def compare(connection: Connection) -> list[str]:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        with _operator_classes_left_out():
            return [str(difference) for difference in compare_metadata(context, Base.metadata)]

    return await _run(address, compare)


async def draft(owner: URL, message: str) -> list[Path]:
    """Write a step from what the models say and the migrated database does not; gives its file."""
    number = f"{len([*VERSIONS.glob('[0-9]*.py')]) + 1:04}"

    def write(connection: Connection) -> list[Path]:
        with _operator_classes_left_out():
            made = command.revision(
                _config(connection), message=message, autogenerate=True, rev_id=number
            )
        scripts = made if isinstance(made, list) else [made]
        return [Path(script.path) for script in scripts if script]

    return await _run(owner, write)


@contextmanager
def _operator_classes_left_out() -> Iterator[None]:
    """Keep Alembic from warning of each index that it can only compare by name."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Expression #\d+ .* operator clause", UserWarning)
        yield


async def _run(address: URL, work: Callable[[Connection], _Answer]) -> _Answer:
    engine = engine_at(address, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
