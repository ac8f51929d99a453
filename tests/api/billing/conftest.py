"""A database whose accounts are billed: nobody else's numbers count in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from portal import models
from portal.actions.billing.run import Report
from portal.actions.billing.start import begin
from portal.database.addresses import Addresses
from portal.database.connection import engine_at
from portal.embedded import EmbeddedPostgres
from portal.jobs.billing import run_billing
from portal.jobs.worker import worker_engine
from portal.models import Base
from portal.rules.catalogue.terms import BillingMode
from portal.settings.settings import Settings
from portal.viewer import Role
from tests import factories
from tests.api.asking import api_of, own_client

NAME = "billing"
NOW = datetime(2026, 5, 5, 10, 0, tzinfo=UTC)
FIRST = date(2026, 4, 1)
Asked = Callable[..., Awaitable[dict[str, Any]]]
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@dataclass
class Books:
    """The ways to a database that is billed, and the module that all its accounts have."""

    addresses: Addresses
    owner: AsyncEngine
    worker: AsyncEngine
    superuser: AsyncEngine
    module: models.Module
    tariff: models.Tariff
    items: list[models.Item]

    async def customer(self, **values: Any) -> UUID:
        """Write an account that has the module since the first of April."""
        owner = factories.person()
        account, member = factories.account(owner, **values)
        subscription = factories.module_subscription(account.id, self.module, starts_on=FIRST)
        period = factories.tariff_period(subscription, self.tariff)
        contract = factories.contract(account.id, vat_number=None)
        rows: list[Base] = [owner, account, member, subscription, period, contract]
        await factories.write(self.owner, rows)
        return account.id

    async def bill(self, until: date = MAY, **values: Any) -> Report:
        return await run_billing(self.worker, NOW, until, **values)

    async def asked(self, statement: str, **values: Any) -> Sequence[sa.Row[Any]]:
        async with self.superuser.connect() as connection:
            return (await connection.execute(sa.text(statement), values)).all()

    async def done(self, statement: str, **values: Any) -> None:
        async with self.superuser.begin() as connection:
            await connection.execute(sa.text(statement), values)

    async def documents(self, account_id: UUID) -> list[tuple[str, str, str]]:
        rows = await self.asked(
            "SELECT kind, net, gross FROM document WHERE account_id = :id ORDER BY id",
            id=account_id,
        )
        return [(row.kind, str(row.net), str(row.gross)) for row in rows]


@pytest.fixture(scope="module")
async def books(
    cluster: EmbeddedPostgres, template: str, request: pytest.FixtureRequest
) -> AsyncIterator[Books]:
    name = f"{NAME}_{request.module.__name__.rpartition('.')[2]}"
    cluster.drop_database(name)
    cluster.create_database(name, template)
    addresses = cluster.addresses(name)
    module = factories.module()
    tariff = factories.tariff(module)
    version = factories.tariff_version(tariff, valid_from=date(2024, 1, 1))
    section = factories.section(version)
    items = [
        factories.item(section, 0, key="BASE", unit_price=Decimal(30)),
        factories.item(
            section, 1, key="SETUP", unit_price=Decimal(5), billing_mode=BillingMode.AT_ONCE
        ),
    ]
    owner, worker = engine_at(addresses.owner), worker_engine(addresses)
    superuser = create_async_engine(cluster.superuser(name))
    profile = factories.operator_profile(valid_from=date(2024, 1, 1))
    await factories.write(owner, [module, tariff, version, section, *items, profile])
    await begin(worker, FIRST)
    yield Books(addresses, owner, worker, superuser, module, tariff, items)
    for engine in (owner, worker, superuser):
        await engine.dispose()
    cluster.drop_database(name)


@pytest.fixture(scope="module")
async def manager(books: Books, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    """What a manager is answered on the day of the run; a mutation's own part of it."""
    person = factories.person()
    token, credential = factories.credential(Role.MANAGER, person)
    await factories.write(books.owner, [person, factories.staff(person), credential])
    settings = Settings(data=tmp_path_factory.mktemp("data"), budget=10**8)
    async with own_client(settings, books.addresses, lambda: NOW) as client:
        api = api_of(client)

        async def asked(document: str, **variables: Any) -> dict[str, Any]:
            return await api(document, token, **variables)

        yield asked
