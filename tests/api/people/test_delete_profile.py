"""A person without any account is erased: by itself, or by the worker after a year."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.clock import now
from portal.jobs.people import erase_idle_people
from portal.jobs.worker import worker_engine
from portal.login.hashing import hash_password
from portal.models import IdlePerson, Password
from portal.viewer import MemberRole, Role
from tests import factories
from tests.api.playing import PASSWORD
from tests.writing import problem, refusal

HASHED = hash_password(PASSWORD)
WRONG = refusal(problem("INVALID_INPUT", "input.password", "This is not your password."))
MEMBER = refusal(
    problem("RULE_BROKEN", "input", "You are a member of an account: first leave it, or delete it.")
)
STAFF = refusal(
    problem(
        "RULE_BROKEN", "input", "You work for the operator: first a manager has to deactivate you."
    )
)
TABLES = """SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'procrastinate') ORDER BY 1"""
YEAR = timedelta(days=366)


@pytest.fixture
async def person(write):
    """Somebody with a password and no account."""
    person = factories.person(name="Zeldzame Naam")
    await write(person, Password(person_id=person.id, hash=HASHED))
    return person


@pytest.fixture
async def engine(addresses):
    """The worker's own way to the database."""
    engine = worker_engine(addresses)
    yield engine
    await engine.dispose()


async def found(superuser, word):
    """Give the tables in which a word stands somewhere."""
    async with superuser.connect() as connection:
        tables = (await connection.scalars(sa.text(TABLES))).all()
        return [
            table
            for table in tables
            if await connection.scalar(
                sa.text(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE :word"),  # noqa: S608
                {"word": f"%{word}%"},
            )
        ]


@pytest.mark.parametrize("was_staff", [False, True])
async def test_who_has_no_account_deletes_itself(people, person, write, superuser, was_staff):
    if was_staff:
        await write(factories.staff(person, deactivated_at=now()))
    token, _ = [await people.token(person.email) for _ in range(2)]
    await people.send("requestPasswordReset", {"email": person.email})
    answer = await people.send("deleteProfile", {"password": PASSWORD}, token)
    assert answer == {"__typename": "SessionsEnded", "count": 2}
    assert (await people.log_in(person.email)).status_code == 401
    response = await people.client.post(
        "/graphql",
        json={"query": "{ viewer { role } }"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert response.status_code == 401
    # The mails that are on their way say so, and are emptied when they are sent.
    assert [subject for subject, _ in await people.mails(person.email)][-1] == (
        "Your data was deleted"
    )
    await people.rows("DELETE FROM outbox WHERE recipient = :email", email=person.email)
    for word in (person.email, "Zeldzame Naam"):
        assert await found(superuser, word) == []
    ((name, email),) = await people.rows(
        "SELECT name, email FROM person WHERE id = :id", id=person.id
    )
    assert (name, email) == ("deleted", f"{person.id}@deleted.invalid")
    for table in ("password", "credential", "known_network", "password_reset"):
        assert not await people.rows(
            f"SELECT FROM {table} WHERE person_id = :id",
            id=person.id,
        )


@pytest.mark.parametrize("role", ["OWNER", "READER", "EMPLOYEE", "MANAGER"])
async def test_who_is_needed_is_not_erased(people, person, world, write, role):
    if role == "OWNER":
        await write(*factories.account(person))
    elif role == "READER":
        await write(factories.member(world.own.account_id, person, MemberRole.READER))
    else:
        profile = factories.permission_profile() if role == "EMPLOYEE" else None
        await write(*([profile] if profile else []), factories.staff(person, profile))
    token = await people.token(person.email)
    before = await people.written()
    expected = STAFF if role in {"EMPLOYEE", "MANAGER"} else MEMBER
    assert await people.send("deleteProfile", {"password": PASSWORD}, token) == expected
    assert await people.written() == before


async def test_the_password_proves_who_it_is_and_guessing_gets_slower(people, person):
    token = await people.token(person.email)
    before = await people.written()
    for _ in range(5):
        assert await people.send("deleteProfile", {"password": "wrong"}, token) == WRONG
    answer = await people.send("deleteProfile", {"password": PASSWORD}, token)
    assert answer["problems"][0]["code"] == "RATE_LIMITED"
    assert await people.written() == before


async def test_who_has_no_password_sets_one_first(people, write):
    person = factories.person()
    token, credential = factories.credential(Role.CUSTOMER, person)
    await write(person, credential)
    assert await people.send("deleteProfile", {"password": PASSWORD}, token) == WRONG


@pytest.fixture
async def idle(people, engine, person):
    """Run the worker's job so long after now; says whether the person is still there."""
    # Other tests' people, whom the worker sees too, are let alone.
    others = "DELETE FROM idle_person WHERE person_id <> :id"

    async def run(after):
        await people.rows(others, id=person.id)
        await erase_idle_people(engine, now() + after)
        ((name,),) = await people.rows("SELECT name FROM person WHERE id = :id", id=person.id)
        return name != "deleted"

    yield run
    await people.rows("DELETE FROM idle_person")


async def mails(people, person):
    return [subject for subject, _ in await people.mails(person.email)]


ANNOUNCED = "Your login will be deleted"
STEP = timedelta(minutes=5)
NOTICE = timedelta(days=30)


async def test_who_has_had_no_account_for_a_year_is_told_and_erased(people, person, idle):
    assert await idle(timedelta(0))
    assert await idle(timedelta(days=330))
    assert await mails(people, person) == []
    assert await idle(timedelta(days=337))
    assert await mails(people, person) == [ANNOUNCED]
    # Once, and not before thirty days are over, however late the worker is.
    assert await idle(timedelta(days=337) + NOTICE - STEP)
    assert await mails(people, person) == [ANNOUNCED]
    assert not await idle(timedelta(days=337) + NOTICE + STEP)
    ((_, text),) = await people.mails(person.email)
    assert "To keep it, log in before that day." in text
    assert not await people.rows("SELECT FROM idle_person WHERE person_id = :id", id=person.id)
    # What was erased is not found again.
    assert not await idle(timedelta(days=800))
    assert await mails(people, person) == [ANNOUNCED]


async def test_a_worker_that_was_down_tells_first(people, person, idle):
    assert await idle(timedelta(0))
    assert await idle(timedelta(days=1000))
    assert await mails(people, person) == [ANNOUNCED]
    assert not await idle(timedelta(days=1000) + NOTICE + STEP)


async def test_a_login_answers(people, person, idle):
    await idle(timedelta(0))
    await idle(timedelta(days=340))
    assert await mails(people, person) == [ANNOUNCED]
    assert (await people.log_in(person.email)).status_code == 200
    assert await idle(timedelta(days=340) + NOTICE + STEP)
    # It begins anew, and is announced anew.
    assert await mails(people, person) == [ANNOUNCED, ANNOUNCED]


@pytest.mark.parametrize("role", ["MEMBER", "STAFF"])
async def test_who_is_needed_again_is_idle_no_more(people, person, idle, world, write, role):
    await idle(timedelta(0))
    await idle(timedelta(days=340))
    needed = (
        factories.member(world.own.account_id, person, MemberRole.READER)
        if role == "MEMBER"
        else factories.staff(person)
    )
    await write(needed)
    assert await idle(timedelta(days=340) + NOTICE + STEP)
    assert not await people.rows("SELECT FROM idle_person WHERE person_id = :id", id=person.id)


async def test_who_left_the_operator_is_erased_too(people, person, idle, write):
    await write(factories.staff(person, deactivated_at=now()))
    await write(IdlePerson(person_id=person.id, since=now() - YEAR, announced_at=now() - NOTICE))
    assert not await idle(timedelta(0))


async def test_who_joins_while_it_is_erased_stays(people, person, idle, world, engine, superuser):
    """The row of somebody who is just becoming a member is locked, and is left alone."""
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text(
                "INSERT INTO idle_person VALUES (:id, now() - interval '2 years',"
                " now() - interval '31 days')"
            ),
            {"id": person.id},
        )
    async with superuser.connect() as joining:
        await joining.execute(
            sa.text(
                "INSERT INTO member (id, account_id, person_id, role, joined_at)"
                " VALUES (gen_random_uuid(), :account, :person, 'READER', now())"
            ),
            {"account": world.own.account_id, "person": person.id},
        )
        assert await idle(timedelta(0))
        await joining.commit()
    assert await idle(timedelta(0))
