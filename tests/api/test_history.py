"""The listener that writes the history: nothing slips past it, and it counts without gaps."""

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.clock import now
from portal.models import Account, Contract, ModuleSubscription
from portal.viewer import Role
from portal.writing.audit import Actor, Occasion, Unrecorded, record_for
from tests import factories
from tests.world import World, account_world

NEW = sa.text("SELECT * FROM history_value WHERE history_entry_id = :entry ORDER BY position")
ENTRIES = sa.text(
    "SELECT id, number, action, reason FROM history_entry WHERE account_id = :account"
    " AND number > 2 ORDER BY number"
)


@pytest.fixture
async def session(owner_engine):
    """A session whose changes are told, as a manager's."""
    async with AsyncSession(owner_engine, expire_on_commit=False) as session:
        actor = Actor(Role.MANAGER, None, "Hanna Vos")
        record_for(session.sync_session, Occasion(actor, "test", now(), "Because."))
        yield session
        await session.rollback()


async def told(session: AsyncSession, world: World):
    """Give the entries of the account at hand: number, reason, and the values of each."""
    entries = (await session.execute(ENTRIES, {"account": world.own.account_id})).all()
    return [
        (
            entry.number,
            entry.reason,
            [
                (row.field, row.subject_version, row.before, row.after)
                for row in await session.execute(NEW, {"entry": entry.id})
            ],
        )
        for entry in entries
    ]


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(Account).values(name="x"),
        sa.delete(Contract),
        sa.insert(Account).values(name="x"),
        sa.update(Contract.__table__).values(iban=None),
    ],
)
async def test_a_change_past_the_listener_is_refused(session, statement):
    with pytest.raises(Unrecorded):
        await session.execute(statement)


async def test_all_changes_of_a_transaction_are_one_entry_per_account(session, world, write):
    other = account_world()
    await write(*other.rows)
    account = await session.get_one(Account, world.own.account_id)
    contract = await session.get_one(Contract, world.own.contract.id)
    foreign = await session.get_one(Account, other.account_id)
    account.name = "one"
    await session.flush()
    contract.vat_number = None
    foreign.name = "other"
    await session.flush()
    assert await told(session, world) == [
        (
            3,
            "Because.",
            [
                ("Account.name", 2, world.own.account.name, "one"),
                ("Contract.vatNumber", 2, "NL004495445B01", None),
            ],
        )
    ]
    assert await told(session, World(other, world.own)) == [
        (3, "Because.", [("Account.name", 2, other.account.name, "other")])
    ]


async def test_new_rows_and_rows_taken_away_are_told_whole(session, world):
    row = factories.consent(world.own.account_id, factories.consent_document(), world.own.owner)
    document = factories.consent_document()
    row.consent_document_id = document.id
    session.add(document)
    await session.flush()
    session.add(row)
    await session.flush()
    given = {
        "Consent.consentDocumentId": str(document.id),
        "Consent.personId": str(world.own.owner.id),
        "Consent.givenAt": "2024-01-15T09:30:00+00:00",
    }
    ((number, _, values),) = await told(session, world)
    assert number == 3
    assert {field: after for field, _, before, after in values if before is None} == given
    await session.delete(row)
    await session.flush()
    ((_, _, values),) = await told(session, world)
    assert {field: before for field, _, before, after in values[3:] if after is None} == given
    assert len(values) == 6


async def test_what_is_touched_and_stays_the_same_is_not_told(session, world):
    account = await session.get_one(Account, world.own.account_id)
    name = account.name
    account.name = "other"
    account.name = name
    await session.flush()
    assert await told(session, world) == []


async def test_a_new_row_of_an_account_has_its_first_version(session, world):
    module = factories.module()
    session.add(module)
    await session.flush()
    row: ModuleSubscription = factories.module_subscription(world.own.account_id, module)
    session.add(row)
    await session.flush()
    ((_, _, values),) = await told(session, world)
    assert ("ModuleSubscription.startsOn", 1, None, "2024-01-15") in values
    assert {version for _, version, _, _ in values} == {1}
