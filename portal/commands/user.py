"""``portal user``: the first people of a real installation."""

import asyncio
import sys

import click
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from portal import clock
from portal.commands.postgresql import reachable
from portal.connecting import engine_at
from portal.credentials import hash_password
from portal.errors import InvalidInput
from portal.messages import translate
from portal.models import Password, Person, Staff
from portal.rules.form import email as email_form
from portal.rules.form import line
from portal.rules.password import password as password_form
from portal.settings import read_settings
from portal.viewer import Language, Role


@click.group()
def user() -> None:
    """Look after the people who may log in."""


@user.command()
@click.argument("email")
@click.option("--manager", is_flag=True, help="Make the person a manager of the operator.")
@click.option("--name", help="The person's name; by default what stands before the @.")
@click.password_option(help="Asked for when it is left out; better so than in a shell's history.")
def add(email: str, manager: bool, name: str | None, password: str) -> None:
    """Add a person, and with --manager the first manager of an installation.

    \b
    Example:
      portal user add --manager vos@operator.example --name "H. Vos"
    """
    try:
        address = email_form(email)
        called = line(name or email.partition("@")[0], Person.name.type.length)
        password = password_form(password, called, address)
    except InvalidInput as fault:
        raise click.BadParameter(translate(fault.message, Language.EN, **fault.values)) from None
    with reachable(read_settings()) as addresses:
        added = asyncio.run(_add(addresses.owner, address, called, password, manager))
    if not added:
        click.echo(f"portal: {address} is somebody already.", err=True)
        sys.exit(1)
    click.echo(f"Added {address}.")


async def _add(owner: sa.URL, email: str, name: str, password: str, manager: bool) -> bool:
    engine = engine_at(owner)
    person = Person(email=email, name=name, created_at=clock.now())
    try:
        async with AsyncSession(engine) as session, session.begin():
            session.add(person)
            await session.flush()
            session.add(Password(person_id=person.id, hash=hash_password(password)))
            if manager:
                session.add(Staff(person_id=person.id, role=Role.MANAGER))
    except IntegrityError:
        return False
    finally:
        await engine.dispose()
    return True
