"""The accounts that every contender serves: a database of its own, kept between runs."""

import asyncio
import secrets
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from uuid_utils.compat import uuid7

from bench import machine
from bench.progress import step
from portal import clock, demo
from portal.database import migration
from portal.database.addresses import STAFF, Addresses
from portal.demo.people.accounts import ACCOUNTS
from portal.embedded import EmbeddedPostgres
from portal.login.credentials import new_token
from portal.models import Account, Contract, Credential, Member, ModuleSubscription, Person, Staff
from portal.models.people.credential import CredentialKind
from portal.viewer import Language, MemberRole, Role

FOLDER = Path("var") / "bench"
FUNCTIONS = Path(__file__).parent / "peers" / "postgraphile.sql"
_PEER = "bench_peer"
_CUSTOMERS = 100
_MODULES = 5


@dataclass(frozen=True, slots=True)
class Customer:
    """The owner of an account with five modules, logged in."""

    person: UUID
    account: UUID
    contract: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Data:
    """A filled database, and who may ask what."""

    accounts: int
    addresses: Addresses
    peer: sa.URL
    customers: tuple[Customer, ...]
    manager: UUID
    manager_token: str
    postmaster: int

    @property
    def environment(self) -> dict[str, str]:
        """The portal's settings that lead to this database."""
        app = self.addresses.app
        passwords = {
            name: str(getattr(self.addresses, name).password)
            for name in ("owner", "app", "staff", "login", "worker")
        }
        return {
            "PORTAL_DATABASE_URL": f"postgresql:///{app.database}?host={app.query['host']}",
            **{f"PORTAL_{name.upper()}_PASSWORD": value for name, value in passwords.items()},
        }

    @classmethod
    def prepare(cls, postgresql: EmbeddedPostgres, accounts: int, name: str = "bench") -> Self:
        """Fill a database with so many accounts, unless it is there, and log people in."""
        name = f"{name}_{accounts}"
        postgresql.create_database(name)
        addresses = postgresql.addresses(name)
        peer = asyncio.run(_peer(postgresql.superuser(name), addresses.staff))
        if not asyncio.run(_is_whole(addresses, accounts)):
            postgresql.drop_database(name)
            postgresql.create_database(name)
            with step(f"Writing {accounts:,} accounts"):
                asyncio.run(_fill(addresses, accounts))
        customers, manager, token = asyncio.run(_logged_in(addresses))
        pid = int((postgresql.folder / "data" / "postmaster.pid").read_text().split()[0])
        machine.keep_apart(pid)
        return cls(accounts, addresses, peer, customers, manager, token, pid)


async def _peer(superuser: sa.URL, staff: sa.URL) -> sa.URL:
    """Let the peers in as a role that reads what staff read, and may call their functions."""
    password = secrets.token_urlsafe(24)
    engine = create_async_engine(superuser)
    async with engine.begin() as connection:
        known = sa.text("SELECT to_regrole(:name) IS NOT NULL")
        if not await connection.scalar(known, {"name": _PEER}):
            await connection.execute(sa.text(f"CREATE ROLE {_PEER} LOGIN IN ROLE {STAFF}"))
        await connection.execute(sa.text(f"ALTER ROLE {_PEER} PASSWORD '{password}'"))
    await engine.dispose()
    return staff.set(username=_PEER, password=password)


async def _is_whole(addresses: Addresses, accounts: int) -> bool:
    """Say whether a database of an earlier run can be used: of these tables, and of this month."""
    if await migration.pending(addresses.owner):
        return False
    engine = create_async_engine(addresses.owner)
    async with engine.connect() as connection:
        number = await connection.scalar(sa.select(sa.func.count()).select_from(Account))
        written_at = await connection.scalar(sa.select(sa.func.max(Person.created_at)))
    await engine.dispose()
    is_new = written_at is not None and written_at > clock.now() - timedelta(days=28)
    return is_new and number == accounts


async def _fill(addresses: Addresses, accounts: int) -> None:
    await migration.upgrade(addresses.owner)
    more = accounts - len(ACCOUNTS)
    await demo.write_demo(addresses.owner, clock.now(), more)
    engine = create_async_engine(addresses.owner, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text("VACUUM ANALYZE"))
        raw: Any = (await connection.get_raw_connection()).driver_connection
        await raw.execute(FUNCTIONS.read_text(encoding="utf-8"))
    await engine.dispose()


async def _logged_in(addresses: Addresses) -> tuple[tuple[Customer, ...], UUID, str]:
    engine = create_async_engine(addresses.owner)
    async with engine.begin() as connection:
        await connection.execute(sa.delete(Credential))
        rows = (await connection.execute(_SAMPLE)).all()
        if not rows:
            sys.exit("bench: No account has five modules; --accounts must be 20 or more.")
        customers = []
        for person, account, contract in rows:
            token = await _issue(connection, person, Role.CUSTOMER)
            customers.append(Customer(person, account, contract, token))
        manager: UUID = (
            await connection.scalars(sa.select(Staff.person_id).where(Staff.role == Role.MANAGER))
        ).one()
        token = await _issue(connection, manager, Role.MANAGER)
    await engine.dispose()
    return tuple(customers), manager, token


async def _issue(connection: AsyncConnection, person: UUID, role: Role) -> str:
    token, token_hash = new_token()
    now = clock.now()
    await connection.execute(
        sa.insert(Credential).values(
            id=uuid7(),
            token_hash=token_hash,
            kind=CredentialKind.SESSION,
            role=role,
            person_id=person,
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
    )
    return token


_BOOKED = (
    sa.select(sa.func.count()).where(ModuleSubscription.account_id == Account.id).scalar_subquery()
)
# In the order of a hash: from everywhere in the tables, and the same ones each time. All of them
# read Dutch, as the statements that are written by hand do.
_SAMPLE = (
    sa.select(Member.person_id, Account.id, Contract.id)
    .join_from(Account, Member, Member.account_id == Account.id)
    .join(Contract, Contract.account_id == Account.id)
    .join(Person, Person.id == Member.person_id)
    .where(Member.role == MemberRole.OWNER, _BOOKED == _MODULES, Person.language == Language.NL)
    .order_by(sa.func.md5(Account.name + Account.customer_number))
    .limit(_CUSTOMERS)
)
