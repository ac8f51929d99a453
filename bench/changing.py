"""The mutation bench: ``updateContract`` against a hand-written transaction."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from bench.contenders import LIMIT, PORTAL
from bench.data import Customer, Data
from bench.measuring import Case, Plan, Result, measure
from bench.operations import COUNT, UPDATE_CONTRACT, has_monthly_total, requests
from bench.reading import Different
from bench.server import serving
from portal.models import Account, Contract, HistoryEntry, HistoryValue

CONNECTIONS = 16


def measure_changing(data: Data, plan: Plan, said: Callable[[str], None]) -> dict[Case, Result]:
    """Measure both, after one change each has shown that they write the same rows."""
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serving(contender, data, plan.folder, has_monthly_total()))
            for contender in (LIMIT, PORTAL)
        ]
        written = []
        for server, customer in zip(servers, data.customers, strict=False):
            at = data.customers.index(customer)
            request = requests(UPDATE_CONTRACT, server.contender, data)[at]
            body = request.body.replace(COUNT, "PO-same")
            status, answer = server.post(request.path, dict(request.headers), body)
            if b"PO-same" not in answer:
                words = answer[:300].decode(errors="replace")
                raise Different(f"{server.contender.name} answers {status}: {words}")
            written.append(asyncio.run(_last_change(data, customer)))
        if written[0] != written[1]:
            raise Different(f"Not the same rows: {written[0]} and {written[1]}")
        said("both write the same rows")
        cases = [
            (Case(server.contender, UPDATE_CONTRACT, CONNECTIONS), server, data)
            for server in servers
        ]
        results = measure(cases, plan, said)
        asyncio.run(_check_histories(data))
    return results


async def _last_change(data: Data, customer: Customer) -> Any:
    """Give what the last change of a contract wrote, without what is its own: ids and names."""
    entry, value, contract = HistoryEntry, HistoryValue, Contract
    engine = create_async_engine(data.addresses.owner)
    async with engine.connect() as connection:
        found = await connection.execute(
            sa.select(
                contract.purchase_order_number,
                entry.number == Account.history_length,
                value.subject_version == contract.version,
                value.subject_id == contract.id,
                *(entry.action, entry.actor_role, entry.actor_id == customer.person),
                *(entry.actor_name.is_not(None), entry.on_behalf_of, entry.reason),
                *(value.field, value.position, value.after),
                sa.func.jsonb_typeof(value.before),
            )
            .join_from(entry, value, value.history_entry_id == entry.id)
            .join(contract, contract.id == value.subject_id)
            .join(Account, Account.id == entry.account_id)
            .where(entry.account_id == customer.account)
            .order_by(entry.number.desc())
            .limit(1)
        )
        row = tuple(found.one())
    await engine.dispose()
    return row


async def _check_histories(data: Data) -> None:
    """See that no change of the whole run was lost: each has its entry, without a gap."""
    engine = create_async_engine(data.addresses.owner)
    counted = (
        sa.select(sa.func.count()).where(HistoryEntry.account_id == Account.id).scalar_subquery()
    )
    async with engine.connect() as connection:
        wrong = await connection.scalar(
            sa.select(sa.func.count())
            .select_from(Account)
            .join(Contract, Contract.account_id == Account.id)
            .where(sa.or_(Account.history_length != counted, Contract.version != counted + 1))
            .where(Account.id.in_([customer.account for customer in data.customers]))
        )
    await engine.dispose()
    if wrong:
        raise Different(f"{wrong} histories do not hold every change.")
