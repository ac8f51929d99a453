"""Transactions of mutations, as tests run them without a request around."""

from typing import Any

from permissions.scopes import viewer_of
from portal.clock import now
from portal.database.engines import Database
from portal.installation import Installation
from portal.login.credentials import look_up
from portal.login.seal import Seal
from portal.models import Base, Contract
from portal.writing.transaction import Transaction
from resolvers.changing.lock import locked
from resolvers.context import Arrival, Context
from tests.world import Kind
from tests.writing import Writer


async def context_in(writer: Writer, database: Database, kind: Kind = Kind.OWNER) -> Context:
    """Give the context of a request of somebody in the account at hand."""
    (credential,) = await look_up(database, [writer.world.tokens[kind]], now())
    return Context(Installation(database, Seal("s" * 32)), viewer_of(credential), Arrival(now()))


async def contract_in(transaction: Transaction, context: Context, writer: Writer) -> Any:
    """Lock the contract of the account at hand."""
    own = writer.world.own
    return await locked(transaction, context, Contract, own.account_id, own.contract.id)


async def change(
    writer: Writer,
    context: Context,
    model: type[Base] = Contract,
    *,
    kept: bool = True,
    **values: Any,
) -> None:
    """Change the account at hand, or its contract, in a transaction of its own; or try to."""
    own = writer.world.own
    id = own.contract.id if model is Contract else own.account_id
    async with context.transaction("test", own.account_id, kept=kept) as transaction:
        row = await locked(transaction, context, model, own.account_id, id)
        for name, value in values.items():
            setattr(row, name, value)
        await transaction.flush()


async def told(writer: Writer) -> list[Any]:
    """Give what the first value of each new entry became."""
    return [entry["values"][0][2] for entry in await writer.entries()]
