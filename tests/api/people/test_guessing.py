"""Guessing gets slower: codes and passwords, for those who are known and those who are not."""

import asyncio
from ipaddress import IPv6Address

import pytest

from portal.language.global_id import encode
from portal.models import Password
from tests import factories
from tests.api.playing import CHEAP, PASSWORD, WRONG_CODE
from tests.saying import waiting

NEW = "another good password"
HASHED = CHEAP.hash(PASSWORD)


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
    return waiting(fault["message"], "Too many attempts")


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
    waits = []
    for _ in range(17):
        assert limited(await people.send("changePassword", given, token)) is None
        ((wait,),) = await people.rows(
            "SELECT extract(epoch FROM next_at - last_at)::integer FROM attempt"
            " ORDER BY last_at DESC LIMIT 1"
        )
        waits.append(wait)
        await people.forgive()
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    answer = await people.send("changePassword", {**given, "presentPassword": PASSWORD}, token)
    assert answer["__typename"] == "SessionsEnded"
    # The right one makes all the others forgotten.
    for _ in range(4):
        again = await people.send("changePassword", given, token)
        assert limited(again) is None


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
    await people.rows(
        "UPDATE attempt SET last_at = last_at - interval '25 hours',"
        " next_at = next_at - interval '25 hours'"
    )
    for _ in range(5):
        assert (await people.log_in(person.email, "wrong")).status_code == 401


async def test_many_at_once_are_counted_one_by_one(people, person):
    answers = await asyncio.gather(*(people.log_in(person.email, "wrong") for _ in range(20)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes.count(401) <= 6
    assert codes.count(429) >= 14


async def test_a_stranger_elsewhere_keeps_nobody_waiting(people, person):
    async with people.elsewhere() as stranger:
        for _ in range(5):
            await stranger.log_in(person.email, "wrong")
            await stranger.send("requestPasswordReset", {"email": person.email})
        assert (await stranger.log_in(person.email)).status_code == 429
        assert limited(await stranger.send("requestPasswordReset", {"email": person.email}))
    assert (await people.log_in(person.email)).status_code == 200
    sent = await people.send("requestPasswordReset", {"email": person.email})
    assert sent["__typename"] == "CodeSent"


def addresses_of_one_network():
    """Give addresses of one /64, and of its neighbour."""
    own = IPv6Address(factories.network())
    return [str(own + step) for step in range(5)], str(own + (1 << 64))


async def test_a_network_of_ipv6_counts_as_one(people, person):
    within, neighbour = addresses_of_one_network()
    for address in within:
        async with people.elsewhere(address) as guesser:
            assert (await guesser.log_in(person.email, "wrong")).status_code == 401
    async with people.elsewhere(within[0]) as guesser:
        assert (await guesser.log_in(person.email)).status_code == 429
    async with people.elsewhere(neighbour) as guesser:
        assert (await guesser.log_in(person.email)).status_code == 200


@pytest.fixture
async def used_up(people, person):
    """A network that has tried fifty addresses in this hour."""
    for _ in range(50):
        response = await people.log_in(f"{factories.word()}@example.org", "wrong")
        assert response.status_code == 401
    return people


async def test_a_network_tries_fifty_addresses_in_an_hour(used_up, person):
    response = await used_up.log_in(person.email)
    assert response.status_code == 429
    assert 3500 < int(response.headers["Retry-After"]) <= 3600
    # Nothing is counted that was refused.
    async with used_up.elsewhere() as other:
        for _ in range(5):
            assert (await other.log_in(person.email, "wrong")).status_code == 401
    # What it does otherwise is counted for itself.
    sent = await used_up.send("requestPasswordReset", {"email": person.email})
    assert sent["__typename"] == "CodeSent"
    await used_up.rows("UPDATE rate_event SET expires_at = expires_at - interval '1 hour'")
    assert (await used_up.log_in(person.email)).status_code == 200


async def test_who_has_logged_in_from_a_network_is_not_held_up_by_others_in_it(
    people, person, write
):
    other = factories.person()
    await write(other, Password(person_id=other.id, hash=HASHED))
    assert (await people.log_in(person.email)).status_code == 200
    for _ in range(50):
        await people.log_in(f"{factories.word()}@example.org", "wrong")
    assert (await people.log_in(other.email)).status_code == 429
    assert (await people.log_in(person.email)).status_code == 200
    # One's own guesses count as ever.
    for _ in range(5):
        await people.log_in(person.email, "wrong")
    assert (await people.log_in(person.email)).status_code == 429


async def test_right_passwords_use_up_nothing_of_a_network(people, write):
    persons = [factories.person() for _ in range(60)]
    await write(*persons, *(Password(person_id=one.id, hash=HASHED) for one in persons))
    for one in persons:
        assert (await people.log_in(one.email)).status_code == 200


async def test_an_address_is_tried_a_hundred_times_from_networks_it_never_used(people, person):
    known = await people.log_in(person.email)
    assert known.status_code == 200
    for _ in range(20):
        async with people.elsewhere() as stranger:
            for _ in range(5):
                assert (await stranger.log_in(person.email, "wrong")).status_code == 401
    async with people.elsewhere() as stranger:
        response = await stranger.log_in(person.email)
        assert response.status_code == 429
        assert 3500 < int(response.headers["Retry-After"]) <= 3600
        # A new password proves who it is, whatever was tried at logging in.
        sent = await stranger.send("requestPasswordReset", {"email": person.email})
        given = {"id": sent["id"], "code": await people.code(person.email), "newPassword": NEW}
        assert (await stranger.send("resetPassword", given))["__typename"] == "SessionsEnded"
        assert (await stranger.log_in(person.email, NEW)).status_code == 200
    assert (await people.log_in(person.email, NEW)).status_code == 200


@pytest.mark.parametrize(("days", "status"), [(89, 200), (91, 429)])
async def test_a_network_is_known_for_ninety_days(people, person, days, status):
    assert (await people.log_in(person.email)).status_code == 200
    await people.rows(
        "UPDATE known_network SET last_at = now() - make_interval(days => :days)"
        " WHERE person_id = :id",
        days=days,
        id=person.id,
    )
    for _ in range(50):
        await people.log_in(f"{factories.word()}@example.org", "wrong")
    assert (await people.log_in(person.email)).status_code == status


async def test_networks_are_kept_as_hashes_that_differ_from_person_to_person(people, write):
    persons = [factories.person() for _ in range(2)]
    await write(*persons, *(Password(person_id=one.id, hash=HASHED) for one in persons))
    for one in persons:
        await people.log_in(one.email)
    ids = [one.id for one in persons]
    kept = await people.rows(
        "SELECT network FROM known_network WHERE person_id = ANY (:ids)", ids=ids
    )
    assert len({row.network for row in kept}) == 2


async def test_nobodys_address_is_kept(people):
    email = f"{factories.word()}@example.org"
    await people.log_in(email, "wrong")
    kept = await people.rows("SELECT to_jsonb(a)::text FROM attempt a")
    assert kept
    assert not any(email in row[0] for row in kept)
