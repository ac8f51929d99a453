"""Whom a version of a tariff reaches, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.actions.catalogue.usage import KeyUse
from portal.actions.modules.ended_key import accounts_with_dropped, ended_keys, read_ended_keys
from portal.actions.modules.price_change import price_changes, read_price_changes
from portal.actions.modules.reached import Publication, next_accounts
from portal.errors import InvalidInput
from portal.language import global_id
from resolvers.context import Context
from resolvers.given import id_in


@dataclass(frozen=True, slots=True)
class ReachedCustomer:
    """What a version changes for an account, whose global ``id`` it has."""

    id: str
    starts_on: date
    monthly_before: Decimal
    monthly_after: Decimal
    is_rise: bool


async def reached_customers(
    context: Context, publication: Publication, after: str | None, count: int
) -> Sequence[ReachedCustomer]:
    """Give the next accounts that a version reaches, and what each pays before and after."""
    last = id_in("Account", after)
    if after is not None and last is None:
        raise InvalidInput("This is not the id of an account.", path=["after"])
    statement, values = next_accounts(publication, last, count)
    accounts = await context.read(statement, **values)
    ids = [account_id for (account_id,) in accounts]
    statement, values = price_changes(publication, ids)
    changes = read_price_changes(await context.read(statement, **values))
    return [
        ReachedCustomer(
            global_id.encode("Account", change.account_id),
            change.starts_on,
            change.before,
            change.after,
            change.is_rise,
        )
        for change in changes
    ]


async def ending_uses(context: Context, publication: Publication) -> Sequence[KeyUse]:
    """Give whose quantity, option or agreement ends by a version, of the first accounts."""
    statement, values = accounts_with_dropped(publication)
    accounts = [account_id for (account_id,) in await context.read(statement, **values)]
    statement, values = ended_keys(publication, accounts)
    return [
        KeyUse(
            one.key,
            one.kind,
            global_id.encode("Account", one.account_id),
            one.account,
            one.last_day,
        )
        for one in read_ended_keys(await context.read(statement, **values))
    ]
