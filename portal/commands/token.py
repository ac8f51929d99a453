"""``portal token``: a token for a person or an app, for those who run the portal's machine."""

import asyncio
import sys
from datetime import timedelta

import click
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal import clock
from portal.commands.postgresql import migrated
from portal.database.connection import engine_at
from portal.errors import Forbidden
from portal.login.credentials import Side, known_form, new_token, role_at
from portal.models import App, Credential, Person, Staff
from portal.models.people.credential import CredentialKind
from portal.rules.key import unique_key
from portal.settings.environment import read_settings
from portal.viewer import Role


@click.command()
@click.argument("holder", metavar="EMAIL-OR-APP")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3650))
@click.option(
    "--as",
    "side",
    type=click.Choice([side.lower() for side in Side]),
    help="As what somebody acts who is both; staff when left out.",
)
def token(holder: str, days: int, side: str | None) -> None:
    """Print a new token of the person with this e-mail address, or of the app with this key.

    It is shown once; `POST /logout` with it ends its life.

    \b
    Examples:
      portal token owner@timmerwinkel.example
      portal token bookkeeping --days 1
    """
    settings = read_settings()
    with migrated(settings) as addresses:
        chosen = Side(side.upper()) if side else None
        try:
            issued = asyncio.run(_issue(addresses.owner, holder, timedelta(days=days), chosen))
        except Forbidden:
            click.echo(f"portal: {holder} does not work for the operator.", err=True)
            sys.exit(1)
    if issued is None:
        click.echo(f"portal: Nobody has the e-mail address or the key {holder}.", err=True)
        sys.exit(1)
    click.echo(issued)


async def _issue(owner: sa.URL, holder: str, life: timedelta, side: Side | None) -> str | None:
    engine = engine_at(owner)
    issued, token_hash = new_token()
    now = clock.now()
    credential = Credential(
        token_hash=token_hash, kind=CredentialKind.API_KEY, created_at=now, expires_at=now + life
    )
    try:
        async with AsyncSession(engine) as session, session.begin():
            if not await _name(session, credential, holder, side):
                return None
            session.add(credential)
    finally:
        await engine.dispose()
    return issued


async def _name(
    session: AsyncSession, credential: Credential, holder: str, side: Side | None
) -> bool:
    """Put into a credential whom it stands for; False when there is nobody of that name."""
    person_id = await session.scalar(sa.select(Person.id).where(Person.email == known_form(holder)))
    if person_id is not None:
        staff_role = await session.scalar(
            sa.select(Staff.role).where(
                Staff.person_id == person_id, Staff.deactivated_at.is_(None)
            )
        )
        credential.person_id = person_id
        credential.role = role_at(side, staff_role or Role.CUSTOMER)
        return True
    app_id = await session.scalar(sa.select(App.id).where(App.unique_key == unique_key(holder)))
    credential.app_id, credential.role = app_id, Role.PARTNER
    return app_id is not None
