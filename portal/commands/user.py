"""``portal user``: the first people of a real installation."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import click
import sqlalchemy as sa
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from portal import clock
from portal.actions.people.staff import promote
from portal.commands.postgresql import migrated
from portal.database.connection import engine_at
from portal.errors import InvalidInput, OperatorFault
from portal.language.messages import translate
from portal.login.hashing import hash_password
from portal.models import Password, Person
from portal.rules.form import email as email_form
from portal.rules.form import line
from portal.rules.people.password import password as password_form
from portal.settings.environment import read_settings
from portal.viewer import Language
from portal.writing.audit import COMMAND_LINE, Occasion, record_for

_ACTION = "portal user add"

_Value = TypeVar("_Value")


@click.group()
def user() -> None:
    """Look after the people who may log in."""


@user.command()
@click.argument("email")
@click.option("--manager", is_flag=True, help="Make the person a manager of the operator.")
@click.option("--name", help="A new person's name; by default what stands before the @.")
@click.option(
    "--password", help="Asked for when it is left out; better so than in a shell's history."
)
def add(email: str, manager: bool, name: str | None, password: str | None) -> None:
    """Add a person, and with --manager the first manager of an installation.

    With --manager somebody who is known already, as a customer or as an employee, becomes a
    manager, and keeps password and name.

    \b
    Examples:
      portal user add --manager vos@operator.example --name "H. Vos"
      portal user add --manager employee@operator.example
    """
    address = _formed(lambda: email_form(email))
    called = _formed(lambda: line(name or email.partition("@")[0], Person.name.type.length))

    def formed(typed: str) -> str:
        return _formed(lambda: password_form(typed, called, address))

    chosen = None if password is None else formed(password)
    with migrated(read_settings()) as addresses:
        known = asyncio.run(_known(addresses.owner, address))
        if known and not manager:
            raise OperatorFault(f"{address} is somebody already; --manager makes them a manager.")
        if known:
            asyncio.run(_promote(addresses.owner, address))
            click.echo(f"{address} is a manager now.")
            return
        if chosen is None:
            chosen = formed(click.prompt("Password", hide_input=True, confirmation_prompt=True))
        asyncio.run(_add(addresses.owner, address, called, chosen, manager=manager))
    click.echo(f"Added {address}.")


def _formed(form: Callable[[], _Value]) -> _Value:
    try:
        return form()
    except InvalidInput as fault:
        raise click.BadParameter(translate(fault.message, Language.EN, **fault.values)) from None


async def _known(owner: URL, email: str) -> bool:
    async with _session(owner) as session:
        found = await session.scalar(sa.select(Person.id).where(Person.email == email))
    return found is not None


async def _promote(owner: URL, email: str) -> None:
    async with _session(owner) as session:
        person = await session.scalar(sa.select(Person).where(Person.email == email))
        if person is None or not await promote(session, person.id):
            raise OperatorFault(f"{email} is a manager already.")


async def _add(owner: URL, email: str, name: str, password: str, *, manager: bool) -> None:
    async with _session(owner) as session:
        person = Person(email=email, name=name, created_at=clock.now())
        session.add(person)
        await session.flush()
        session.add(Password(person_id=person.id, hash=hash_password(password)))
        if manager:
            await promote(session, person.id)


@asynccontextmanager
async def _session(owner: URL) -> AsyncIterator[AsyncSession]:
    """Give a transaction whose changes of staff are told in their history."""
    engine = engine_at(owner)
    try:
        async with AsyncSession(engine) as session, session.begin():
            record_for(session.sync_session, Occasion(COMMAND_LINE, _ACTION, clock.now()))
            yield session
    finally:
        await engine.dispose()
