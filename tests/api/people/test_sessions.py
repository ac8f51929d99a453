"""viewer.sessions, revokeSession and logoutEverywhere."""

from datetime import timedelta

import pytest

from portal.clock import now
from portal.language.global_id import encode
from portal.login.hashing import hash_password
from portal.models import Password
from portal.models.people.credential import CredentialKind
from portal.viewer import Role
from tests import factories
from tests.api.playing import PASSWORD
from tests.world import Kind
from tests.writing import problem, refusal

SESSIONS = "{ viewer { sessions { id kind role createdAt expiresAt isCurrent } } }"
NO_SESSION = refusal(problem("NOT_FOUND", "input.id", "There is no such session."))
HASHED = hash_password(PASSWORD)


@pytest.fixture
async def person(write):
    """Somebody with a password."""
    person = factories.person()
    await write(person, Password(person_id=person.id, hash=HASHED))
    return person


@pytest.fixture
async def key(write, person):
    """A key of the same person, and its row."""
    token, row = factories.credential(Role.CUSTOMER, person, kind=CredentialKind.API_KEY)
    await write(row)
    return token, row


async def listed(people, token):
    return (await people.api(SESSIONS, token))["data"]["viewer"]["sessions"]


async def status(people, token):
    response = await people.client.post(
        "/graphql",
        json={"query": "{ viewer { role } }"},
        headers={"Authorization": f"Bearer {token}"},
    )
    return response.status_code


async def test_what_one_is_logged_in_with(people, person, key):
    before = now()
    first = await people.token(person.email)
    second = await people.token(person.email)
    newest, older, oldest = await listed(people, first)
    assert [(one["isCurrent"], one["kind"], one["role"]) for one in (newest, older, oldest)] == [
        (False, "SESSION", "CUSTOMER"),
        (True, "SESSION", "CUSTOMER"),
        (False, "API_KEY", "CUSTOMER"),
    ]
    assert [one["isCurrent"] for one in await listed(people, second)] == [True, False, False]
    _, row = key
    assert oldest["id"] == encode("Session", row.id)
    for one in (newest, older):
        assert before.isoformat() <= one["createdAt"].replace("Z", "+00:00")
        created, expires = (one[name].replace("Z", "") for name in ("createdAt", "expiresAt"))
        assert now().fromisoformat(expires) - now().fromisoformat(created) == timedelta(hours=12)


async def test_what_is_over_or_another_persons_is_not_listed(people, person, write):
    token = await people.token(person.email)
    _, over = factories.credential(Role.CUSTOMER, person, expires_at=now() - timedelta(seconds=1))
    _, revoked = factories.credential(Role.CUSTOMER, person, revoked_at=now())
    other = factories.person()
    _, foreign = factories.credential(Role.CUSTOMER, other)
    await write(other, over, revoked, foreign)
    assert [one["isCurrent"] for one in await listed(people, token)] == [True]


async def test_a_hundred_are_listed(people, person, write):
    token = await people.token(person.email)
    await write(*(factories.credential(Role.CUSTOMER, person)[1] for _ in range(101)))
    assert len(await listed(people, token)) == 100


@pytest.mark.parametrize("kind", [Kind.ANONYMOUS, Kind.PARTNER])
async def test_programs_and_strangers_have_none(people, world, kind):
    answer = await people.api(SESSIONS, world.tokens[kind])
    assert answer["data"] == {"viewer": {"sessions": None}}
    (error,) = answer["errors"]
    code = "UNAUTHENTICATED" if kind is Kind.ANONYMOUS else "FORBIDDEN"
    assert error["extensions"]["code"] == code


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.EMPLOYEE_WITHOUT, Kind.MANAGER])
async def test_people_of_every_role_have_some(people, world, kind):
    (one,) = await listed(people, world.tokens[kind])
    assert one["isCurrent"]


async def test_a_revoked_session_is_good_no_more(people, person, key):
    here, there = await people.token(person.email), await people.token(person.email)
    (session,) = [one for one in await listed(people, there) if one["isCurrent"]]
    answer = await people.send("revokeSession", {"id": session["id"]}, here)
    assert answer == {"__typename": "SessionsEnded", "count": 1}
    assert [await status(people, token) for token in (here, there, key[0])] == [200, 401, 200]
    assert await people.send("revokeSession", {"id": session["id"]}, here) == NO_SESSION


async def test_a_session_may_end_itself(people, person):
    token = await people.token(person.email)
    ((session),) = await listed(people, token)
    answer = await people.send("revokeSession", {"id": session["id"]}, token)
    assert answer == {"__typename": "SessionsEnded", "count": 1}
    assert await status(people, token) == 401


async def test_another_persons_session_is_answered_like_none(people, person, write):
    other = factories.person()
    foreign_token, foreign = factories.credential(Role.CUSTOMER, other)
    await write(other, foreign)
    token = await people.token(person.email)
    before = await people.written()
    for id in (
        encode("Session", foreign.id),
        encode("Session", factories.person().id),
        encode("Credential", foreign.id),
        "",
        "x" * 10_000,
    ):
        assert await people.send("revokeSession", {"id": id}, token) == NO_SESSION
    assert await status(people, foreign_token) == 200
    assert await people.written() == before


async def test_logging_out_everywhere_ends_keys_and_this_session_too(people, person, key, write):
    other = factories.person()
    foreign_token, foreign = factories.credential(Role.CUSTOMER, other)
    await write(other, foreign)
    tokens = [await people.token(person.email) for _ in range(2)]
    answer = await people.send("logoutEverywhere", {}, tokens[0])
    assert answer == {"__typename": "SessionsEnded", "count": 3}
    assert [await status(people, token) for token in (*tokens, key[0])] == [401] * 3
    assert await status(people, foreign_token) == 200
    assert (await people.log_in(person.email)).status_code == 200


async def test_the_same_key_is_carried_out_once(people, person, write):
    token = await people.token(person.email)
    _, row = factories.credential(Role.CUSTOMER, person)
    await write(row)
    given = {"id": encode("Session", row.id), "idempotencyKey": factories.word()}
    for _ in range(2):
        answer = await people.send("revokeSession", given, token)
        assert answer == {"__typename": "SessionsEnded", "count": 1}
