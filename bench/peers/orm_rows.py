"""The rows behind ``bench.peers.orm``: a batch for each relation, in a session of its own."""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import aliased
from strawberry.dataloader import DataLoader

from portal.actions.modules.cost import cost_lines
from portal.models import (
    Account,
    Contract,
    CostLine,
    HistoryEntry,
    HistoryValue,
    Item,
    Member,
    Module,
    ModuleSubscription,
    Person,
    PriceListSection,
    TariffPeriod,
    TariffVersion,
)

Rows = list[list[Any]]
_engine = create_async_engine(
    os.environ.get("BENCH_PEER", "postgresql://").replace("://", "+asyncpg://", 1),
    pool_size=10,
    max_overflow=0,
)
_TODAY = sa.cast(sa.func.timezone(Account.time_zone, sa.func.now()), sa.Date)


class Load:
    """The data loaders of one request."""

    def __init__(self) -> None:
        self.account = _loader(_of(Account.id, Account))
        self.person = _loader(_of(Person.id, Person))
        self.module = _loader(_of(Module.id, Module))
        self.contract = _loader(_of(Contract.account_id, Contract))
        self.owner = _loader(
            lambda keys: (
                sa.select(Member.id, Person)
                .join(Person, Person.id == Member.person_id)
                .where(Member.id == sa.any_(keys))
            )
        )
        self.sections = _loader(
            _of(PriceListSection.tariff_version_id, PriceListSection, PriceListSection.position)
        )
        listed = _of(Item.price_list_section_id, Item, Item.position)
        self.items = _loader(lambda keys: listed(keys).where(~Item.is_additional_option))
        self.values = _loader(
            _of(HistoryValue.history_entry_id, HistoryValue, HistoryValue.position)
        )
        self.accounts_of = _loader(
            lambda keys: (
                sa.select(Member.person_id, Account)
                .join(Account, Account.id == Member.account_id)
                .where(Member.person_id == sa.any_(keys))
                .order_by(Account.name, Account.id)
            )
        )
        self.tariff = _loader(_current_tariff)
        self.price_list = _loader(_price_list)
        self.costs = _loader(_costs)
        self.monthly_total = _loader(
            lambda keys: sa.select(
                Account.id, sa.literal_column("account_monthly_total(account)")
            ).where(Account.id == sa.any_(keys))
        )
        self.modules = cache(
            lambda first: _loader(_first(ModuleSubscription, first, "starts_on", descending=False))
        )
        self.history = cache(
            lambda first: _loader(_first(HistoryEntry, first, "number", descending=True))
        )


async def accounts(first: int) -> Sequence[Account]:
    """Give the first accounts by name."""
    async with AsyncSession(_engine) as session:
        found = sa.select(Account).order_by(Account.name, Account.id).limit(first)
        return (await session.scalars(found)).all()


def _loader(select: Callable[[Any], sa.Select[Any]]) -> DataLoader[UUID, list[Any]]:
    async def load(keys: list[UUID]) -> Rows:
        found = defaultdict(list)
        given = sa.bindparam("keys", keys, type_=sa.ARRAY(sa.Uuid()))
        async with AsyncSession(_engine) as session:
            for key, row in (await session.execute(select(given))).all():
                found[key].append(row)
        return [found[key] for key in keys]

    return DataLoader(load_fn=load)


def _of(key: Any, model: Any, *order: Any) -> Callable[[Any], sa.Select[Any]]:
    return lambda keys: sa.select(key, model).where(key == sa.any_(keys)).order_by(*order)


def _first(
    model: Any, first: int, order: str, *, descending: bool
) -> Callable[[Any], sa.Select[Any]]:
    def select(keys: Any) -> sa.Select[Any]:
        keyed = sa.select(sa.func.unnest(keys).label("key")).subquery()
        by = [getattr(model, order), model.id]
        inner = (
            sa.select(model)
            .where(model.account_id == keyed.c.key)
            .order_by(*(column.desc() if descending else column for column in by))
            .limit(first)
            .lateral()
        )
        return sa.select(keyed.c.key, aliased(model, inner)).join(inner, sa.true())

    return select


def _current_tariff(keys: Any) -> sa.Select[Any]:
    return (
        sa.select(ModuleSubscription.id, TariffPeriod)
        .distinct(ModuleSubscription.id)
        .join(TariffPeriod, TariffPeriod.module_subscription_id == ModuleSubscription.id)
        .join(Account, Account.id == ModuleSubscription.account_id)
        .where(
            ModuleSubscription.id == sa.any_(keys),
            sa.or_(
                TariffPeriod.starts_on <= _TODAY,
                TariffPeriod.starts_on == ModuleSubscription.starts_on,
            ),
        )
        .order_by(ModuleSubscription.id, TariffPeriod.starts_on.desc(), TariffPeriod.id.desc())
    )


def _price_list(keys: Any) -> sa.Select[Any]:
    return (
        sa.select(TariffPeriod.id, TariffVersion)
        .distinct(TariffPeriod.id)
        .join(TariffVersion, TariffVersion.tariff_id == TariffPeriod.tariff_id)
        .join(Account, Account.id == TariffPeriod.account_id)
        .where(
            TariffPeriod.id == sa.any_(keys),
            TariffVersion.is_published,
            sa.or_(
                TariffVersion.valid_from_for_existing <= _TODAY,
                TariffVersion.valid_from <= TariffPeriod.agreed_on,
            ),
        )
        .order_by(TariffPeriod.id, TariffVersion.valid_from.desc(), TariffVersion.id.desc())
    )


def _costs(keys: Any) -> sa.Select[Any]:
    run = ModuleSubscription
    day = sa.func.greatest(run.starts_on, sa.func.least(_TODAY, run.ends_on))
    line = aliased(CostLine, cost_lines(run, day).lateral(), adapt_on_names=True)
    return (
        sa.select(run.id, line)
        .join(Account, Account.id == run.account_id)
        .join(line, sa.true())
        .where(run.id == sa.any_(keys))
        .order_by(line.section_position, line.position)
    )
