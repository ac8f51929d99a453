"""Demo data: fictional customers of a fictional operator, for development alone."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from portal.actions.billing.start import begin
from portal.actions.contract import contract as actions
from portal.database.connection import engine_at
from portal.demo.catalogue.rows import Catalogue
from portal.demo.copying import Copying
from portal.demo.people.account_rows import layers_of, months_from, people_of
from portal.demo.people.accounts import ACCOUNTS
from portal.demo.people.crowd import COLUMNS, Crowd
from portal.jobs.billing import run_billing
from portal.login.hashing import hash_password
from portal.models import (
    Account,
    App,
    AppAuthorization,
    Base,
    Contract,
    Delivery,
    Password,
    PermissionProfile,
    Person,
    Staff,
)
from portal.rules.billing.delivery import DeliveryState
from portal.rules.contract.payment_terms import PaymentMethod
from portal.viewer import Role, Scope
from portal.writing.audit import Actor, Occasion, record_for

PASSWORD = "portal-demo"  # noqa: S105  (it opens demo data, in development alone)
APP = "bookkeeping"
LOGINS = (
    ("manager@demo.example", "manager"),
    ("employee@demo.example", "employee: profile Klantenservice"),
    ("owner@timmerwinkel.example", "customer: owner of De Timmerwinkel"),
    ("admin@timmerwinkel.example", "customer: admin of De Timmerwinkel"),
    ("billing@timmerwinkel.example", "customer: billing of De Timmerwinkel"),
    ("reader@timmerwinkel.example", "customer: reader of De Timmerwinkel"),
    ("owner@huisje.example", "customer: owner of VvE Het Huisje"),
    ("owner@bakker.example", "customer: owner of Mevr. De Bakker"),
)
_AT_ONCE = 500
_MONTHS_BILLED = 12
_PROFILE = frozenset(Scope) - {Scope.FINANCIALS, Scope.MEMBERS}


async def has_accounts(owner: sa.URL) -> bool:
    """Say whether the database holds any account."""
    engine = engine_at(owner)
    async with engine.connect() as connection:
        found = await connection.scalar(sa.select(sa.exists(sa.select(Account.id))))
    await engine.dispose()
    return bool(found)


async def write_demo(
    owner: sa.URL,
    now: datetime,
    more: int = 0,
    written: Callable[[int], None] = lambda number: None,
) -> None:
    """Write all demo data in one transaction, with so many accounts more.

    ``written`` is told how many of those were written since it was called last. Without any, the
    accounts are billed afterwards, for the year that is behind them.
    """
    engine = engine_at(owner)
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        crowd = await _write(session, now)
        if more:
            await _copy(session, crowd, more, written)
    if not more:
        await _bill_a_year(engine, now)
    await engine.dispose()


async def _bill_a_year(engine: AsyncEngine, now: datetime) -> None:
    """Run the billing on the first day of each month, as if the worker had been there."""
    first = [months_from(now.date(), months) for months in range(-_MONTHS_BILLED, 1)]
    await begin(engine, first[0])
    for day in first:
        await run_billing(engine, datetime.combine(day, time(12), UTC))
    # What is behind them was sent then.
    sent = sa.update(Delivery).values(state=DeliveryState.SENT, sent_at=Delivery.queued_at)
    async with engine.begin() as connection:
        await connection.execute(sent)


async def _copy(
    session: AsyncSession, crowd: Crowd, more: int, written: Callable[[int], None]
) -> None:
    copying = Copying(await session.connection(), COLUMNS)
    await copying.begin()
    for first in range(0, more, _AT_ONCE):
        number = min(_AT_ONCE, more - first)
        await copying.write(crowd.rows(first, number))
        written(number)
    await copying.analyze()


async def _write(session: AsyncSession, now: datetime) -> Crowd:
    catalogue = Catalogue()
    for layer in catalogue.layers():
        await _add(session, layer)
    manager, employee = (
        Person(email="manager@demo.example", name="Hanna Vos", created_at=now),
        Person(email="employee@demo.example", name="Ruben Kok", created_at=now),
    )
    profile = PermissionProfile(name="Klantenservice", scopes=sorted(_PROFILE))
    app = App(key=APP, name="Boekhoudkoppeling")
    people = {demo: people_of(demo, now) for demo in ACCOUNTS}
    everybody = [manager, employee, *(person for those in people.values() for person in those)]
    await _add(session, [*everybody, profile, app])
    secret = hash_password(PASSWORD)
    await _add(
        session,
        [
            Staff(person_id=manager.id, role=Role.MANAGER),
            Staff(person_id=employee.id, role=Role.EMPLOYEE, permission_profile_id=profile.id),
            *(Password(person_id=person.id, hash=secret) for person in everybody),
        ],
    )
    for demo, those in people.items():
        for layer in layers_of(demo, those, catalogue, now):
            await _add(session, layer)
    owner = people[ACCOUNTS[0]][0]
    account = (
        await session.scalars(sa.select(Account).where(Account.name == ACCOUNTS[0].name))
    ).one()
    await _add(
        session,
        [
            AppAuthorization(
                account_id=account.id,
                app_id=app.id,
                scopes=sorted({Scope.ACCOUNT_READ, Scope.FINANCIALS}),
                granted_by=owner.id,
                granted_at=now,
                expires_at=now + timedelta(days=730),
            )
        ],
    )
    await _agree_longer_terms(session, account, manager, now)
    return Crowd(catalogue, Actor(Role.MANAGER, manager.id, manager.name), secret, now)


async def _agree_longer_terms(
    session: AsyncSession, account: Account, manager: Person, now: datetime
) -> None:
    """Let a manager change something, so that there is a history to look at."""
    actor = Actor(Role.MANAGER, manager.id, manager.name)
    occasion = Occasion(actor, "changePaymentTerms", now, reason="Afgesproken per telefoon.")
    record_for(session.sync_session, occasion)
    contract = (
        await session.scalars(sa.select(Contract).where(Contract.account_id == account.id))
    ).one()
    terms = {"name": "30 dagen netto", "due_days": 30, "method": PaymentMethod.TRANSFER}
    actions.change_payment_terms(contract, terms)
    await session.flush()


async def _add(session: AsyncSession, rows: list[Base]) -> None:
    session.add_all(rows)
    await session.flush()
