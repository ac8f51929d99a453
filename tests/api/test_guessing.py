"""Guessing gets slower: codes and passwords, for those who are known and those who are not."""

import asyncio
import re

import pytest

from portal.credentials import hash_password
from portal.global_id import encode
from portal.models import Password
from portal.throttle import Purpose, Throttled
from tests import factories
from tests.api.people import PASSWORD, WRONG_CODE

NEW = "another good password"
HASHED = hash_password(PASSWORD)


@pytest.fixture
async def person(write):
    """Somebody with a password."""
    person = factories.person()
    await write(person, Password(person_id=person.id, hash=HASHED))
    return person


def limited(answer):
    """Give the seconds to wait, or None for an answer to the guess itself."""
    (fault,) = answer["problems"]
    if fault["code"] != "RATE_LIMITED":
        return None
    assert fault["path"] == ["input"]
    told = re.fullmatch(
        r"Too many attempts\. Try again in (\d+) (second|minute|hour)s?\.", fault["message"]
    )
    return int(told[1]) * {"second": 1, "minute": 60, "hour": 3600}[told[2]]


async def test_a_thousand_guesses_at_a_code_do_not_get_through(people, person):
    sent = await people.send("requestPasswordReset", {"email": person.email})
    right = await people.code(person.email)
    given = {"id": sent["id"], "code": "ABCDEFGH", "newPassword": NEW}
    answered = 0
    for _ in range(100):
        answers = await asyncio.gather(*(people.send("resetPassword", given) for _ in range(10)))
        answered += sum(answer == WRONG_CODE for answer in answers)
        assert all(answer == WRONG_CODE or limited(answer) for answer in answers)
    # 5 at once; then one after each wait of 1, 2, 4 ... seconds that has passed meanwhile.
    assert 5 <= answered <= 12
    # Whoever has the code waits like everybody, and then it is good.
    await people.rows("UPDATE attempt SET next_at = now() + interval '9 seconds'")
    assert limited(await people.send("resetPassword", {**given, "code": right})) in {8, 9}
    await people.forgive()
    answer = await people.send("resetPassword", {**given, "code": right})
    assert answer["__typename"] == "SessionsEnded"


@pytest.mark.parametrize("mutation", ["confirmRegistration", "resetPassword"])
async def test_codes_of_nothing_wait_alike(people, mutation):
    kind = "Registration" if mutation == "confirmRegistration" else "PasswordReset"
    given = {"id": encode(kind, factories.person().id), "code": "ABCDEFGH"}
    if mutation == "resetPassword":
        given["newPassword"] = NEW
    for _ in range(5):
        assert await people.send(mutation, given) == WRONG_CODE
    assert limited(await people.send(mutation, given)) == 1


async def test_the_waits_double_up_to_a_quarter_of_an_hour(people, person):
    token = await people.token(person.email)
    given = {"presentPassword": "wrong", "newPassword": NEW}
    key = Throttled(Purpose.PASSWORD_CHANGE, str(person.id)).key
    waits = []
    for _ in range(17):
        assert limited(await people.send("changePassword", given, token)) is None
        ((wait,),) = await people.rows(
            "SELECT extract(epoch FROM next_at - last_at)::integer FROM attempt"
            " WHERE subject = :key",
            key=key,
        )
        waits.append(wait)
        await people.forgive()
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    answer = await people.send("changePassword", {**given, "presentPassword": PASSWORD}, token)
    assert answer["__typename"] == "SessionsEnded"
    # The right one makes all the others forgotten.
    assert not await people.rows("SELECT FROM attempt WHERE subject = :key", key=key)


@pytest.mark.parametrize("known", [True, False])
async def test_logging_in_waits_for_known_and_unknown_alike(people, person, known):
    email = person.email if known else f"{factories.word()}@example.org"
    for _ in range(5):
        assert (await people.log_in(email, "wrong")).status_code == 401
    response = await people.log_in(f" {email.upper()}", PASSWORD)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "1"
    (error,) = response.json()["errors"]
    assert error["message"] == "Too many attempts. Try again in 1 second."
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["extensions"]["seconds"] == 1
    # Others are not kept waiting.
    assert (await people.log_in(f"{factories.word()}@example.org", "wrong")).status_code == 401
    await people.forgive()
    assert (await people.log_in(email, PASSWORD)).status_code == (200 if known else 401)


async def test_logging_in_makes_the_wrong_ones_forgotten(people, person):
    for _ in range(3):
        for _ in range(4):
            assert (await people.log_in(person.email, "wrong")).status_code == 401
        assert (await people.log_in(person.email)).status_code == 200


async def test_a_new_password_ends_the_wait_that_others_caused(people, person):
    for _ in range(5):
        await people.log_in(person.email, "wrong")
    assert (await people.log_in(person.email)).status_code == 429
    sent = await people.send("requestPasswordReset", {"email": person.email})
    given = {"id": sent["id"], "code": await people.code(person.email), "newPassword": NEW}
    await people.send("resetPassword", given)
    assert (await people.log_in(person.email, NEW)).status_code == 200


async def test_a_day_without_attempts_begins_anew(people, person):
    for _ in range(5):
        await people.log_in(person.email, "wrong")
    await people.rows("UPDATE attempt SET last_at = last_at - interval '25 hours'")
    for _ in range(5):
        assert (await people.log_in(person.email, "wrong")).status_code == 401


async def test_many_at_once_are_counted_one_by_one(people, person):
    answers = await asyncio.gather(*(people.log_in(person.email, "wrong") for _ in range(20)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes.count(401) <= 6
    assert codes.count(429) >= 14


async def test_nobodys_address_is_kept(people):
    email = f"{factories.word()}@example.org"
    await people.log_in(email, "wrong")
    kept = await people.rows("SELECT to_jsonb(a)::text FROM attempt a")
    assert kept
    assert not any(email in row[0] for row in kept)
