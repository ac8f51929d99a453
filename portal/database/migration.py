"""Bring a database to the newest migration, and tell what is missing."""

import warnings
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import URL, Connection, pool
from sqlalchemy.exc import IntegrityError

from portal.database.connection import engine_at
from portal.database.migration_history import check_history
from portal.database.objects.catalog import objects_in
from portal.database.objects.comparison import Difference, compare
from portal.database.objects.declared import make
from portal.database.objects.draft import area_of
from portal.database.objects.drafted import sealed
from portal.database.soundness import unsound_terms
from portal.errors import OperatorFault

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
        script = _scripts()
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
    script = _scripts()
    return frozenset(step.revision for step in script.walk_revisions()) - set(script.get_heads())


async def declare(empty: URL) -> None:
    """Make in an empty database what the models and the other declarations say."""

    def work(connection: Connection) -> None:
        make(connection, lambda: command.stamp(_config(connection), "head"))

    await _run(empty, work)


async def differences(migrated: URL, declared: URL) -> list[Difference]:
    """Give what a migrated database has, and one that was made from what is declared has not."""
    return compare(await _run(migrated, objects_in), await _run(declared, objects_in))


async def draft(owner: URL, message: str, differences: Sequence[Difference], at: datetime) -> Path:
    """Write a step from the differences of a migrated database; gives its file.

    It is called ``<instant>_<area>_<what>.py``: no branch gives the same number to another step.
    """
    revision = f"{at:%Y%m%dT%H%M%S}"

    def write(connection: Connection) -> Path:
        config = _config(connection)
        config.attributes["differences"] = differences
        if area := area_of(differences):
            config.set_main_option("file_template", f"%%(rev)s_{area}_%%(slug)s")
        with _operator_classes_left_out():
            made = command.revision(config, message=message, autogenerate=True, rev_id=revision)
        (script,) = made if isinstance(made, list) else [made]
        assert script is not None  # noqa: S101 -- nothing here takes a revision back
        path = Path(script.path)
        path.write_text(sealed(path.read_text(encoding="utf-8")), encoding="utf-8")
        return path

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


def _scripts() -> ScriptDirectory:
    check_history(VERSIONS)
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection}, cmd_opts=Namespace(quiet=True))
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
