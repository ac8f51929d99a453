"""Keys that no row crosses from one account into another, whoever writes it."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from tests import factories
from tests.api.conftest import Write
from tests.api.test_rows import insert
from tests.world import World


async def test_no_key_crosses_accounts_even_for_the_owner(
    owner_engine: AsyncEngine, world: World, write: Write
):
    own, foreign = world.own.account, world.foreign.account
    entry, value = factories.history(own)
    await write(entry)
    value.account_id = foreign.id
    module = factories.module()
    tariff = factories.tariff(module)
    subscription = factories.module_subscription(own.id, module)
    await write(module, tariff, subscription)
    period = factories.tariff_period(subscription, tariff, account_id=foreign.id)
    for row, constraint in (
        (value, "fk_history_value_account_id_history_entry_id"),
        (period, "fk_tariff_period_account_id_module_subscription_id"),
    ):
        with pytest.raises(IntegrityError, match=constraint):
            async with owner_engine.begin() as connection:
                await connection.execute(insert(row))


async def test_an_account_is_owned_by_its_own_owner_alone(owner_engine: AsyncEngine, world: World):
    statements = {
        "another account's owner": "UPDATE account SET owner_id = "
        "(SELECT owner_id FROM account WHERE id = :foreign) WHERE id = :own",
        "a reader of its own": "UPDATE account SET owner_id = "
        "(SELECT id FROM member WHERE account_id = :own AND role = 'READER') WHERE id = :own",
        "an owner who is reader": "UPDATE member SET role = 'READER' "
        "WHERE account_id = :own AND role = 'OWNER'",
        "nobody": "DELETE FROM member WHERE account_id = :own AND role = 'OWNER'",
    }
    ids = {"own": world.own.account_id, "foreign": world.foreign.account_id}
    for name, statement in statements.items():
        used = {key: id for key, id in ids.items() if f":{key}" in statement}
        with pytest.raises(IntegrityError, match="fk_account_owner"):
            async with owner_engine.begin() as connection:
                await connection.execute(sa.text(statement), used)
        assert name
