"""changePassword, requestPasswordReset and resetPassword."""

import pytest
from argon2 import PasswordHasher

from portal.language.global_id import decode, encode
from portal.login.hashing import hash_password
from portal.models import Password
from portal.viewer import Role
from tests import factories
from tests.api.playing import PASSWORD, WRONG_CODE
from tests.writing import problem, refusal

NEW = "another good password"
LENGTH = "Must have from 12 to 1,000 characters."
EASY = (
    "This password is easy to guess. Take another one, such as four words that have nothing to do"
    " with one another."
)
NOT_YOURS = refusal(problem("INVALID_INPUT", "input.presentPassword", "This is not your password."))
HASHED = hash_password(PASSWORD)


@pytest.fixture
async def person(write):
    """Somebody with a password."""
    person = factories.person(name="Noor Vos")
    await write(person, Password(person_id=person.id, hash=HASHED))
    return person


@pytest.fixture
async def manager(write):
    """A manager with a password."""
    person = factories.person()
    await write(person, factories.staff(person), Password(person_id=person.id, hash=HASHED))
    return person


async def is_good(people, token):
    response = await people.client.post(
        "/graphql",
        json={"query": "{ viewer { role } }"},
        headers={"Authorization": f"Bearer {token}"},
    )
    return response.status_code == 200


async def kept(people, person):
    """Give what a refusal must not touch."""
    return await people.rows(
        "SELECT w.hash, array_agg(c.revoked_at ORDER BY c.id) FROM password w"
        " LEFT JOIN credential c ON c.person_id = w.person_id WHERE w.person_id = :id"
        " GROUP BY w.hash",
        id=person.id,
    )


@pytest.mark.parametrize("is_staff", [False, True])
async def test_a_new_password_ends_the_other_sessions(people, person, manager, is_staff):
    email = (manager if is_staff else person).email
    here, there, elsewhere = [await people.token(email) for _ in range(3)]
    given = {"presentPassword": PASSWORD, "newPassword": NEW}
    answer = await people.send("changePassword", given, here)
    assert answer == {"__typename": "SessionsEnded", "count": 2}
    assert [await is_good(people, token) for token in (here, there, elsewhere)] == [
        True,
        False,
        False,
    ]
    assert (await people.log_in(email)).status_code == 401
    assert (await people.log_in(email, NEW)).status_code == 200


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"presentPassword": "wrong", "newPassword": NEW}, NOT_YOURS),
        ({"presentPassword": "", "newPassword": NEW}, NOT_YOURS),
        ({"presentPassword": "x" * 10_000, "newPassword": NEW}, NOT_YOURS),
        ({"presentPassword": "a\0b", "newPassword": NEW}, NOT_YOURS),
        (
            {"presentPassword": PASSWORD, "newPassword": "short"},
            refusal(problem("INVALID_INPUT", "input.newPassword", LENGTH)),
        ),
        (
            {"presentPassword": PASSWORD, "newPassword": "x" * 1001},
            refusal(problem("INVALID_INPUT", "input.newPassword", LENGTH)),
        ),
    ],
)
async def test_a_refused_change_changes_nothing(people, person, given, answer):
    token, other = await people.token(person.email), await people.token(person.email)
    before = await kept(people, person)
    assert await people.send("changePassword", given, token) == answer
    assert await kept(people, person) == before
    assert await is_good(people, other)


async def test_the_new_password_is_not_the_address(people, person):
    token = await people.token(person.email)
    before = await kept(people, person)
    given = {"presentPassword": PASSWORD, "newPassword": person.email}
    assert await people.send("changePassword", given, token) == refusal(
        problem("INVALID_INPUT", "input.newPassword", EASY)
    )
    assert await kept(people, person) == before


async def test_somebody_without_a_password_has_none_to_change(people, write):
    person = factories.person()
    token, credential = factories.credential(Role.CUSTOMER, person)
    await write(person, credential)
    given = {"presentPassword": PASSWORD, "newPassword": NEW}
    assert await people.send("changePassword", given, token) == NOT_YOURS
    assert not await kept(people, person)


async def test_who_lost_the_password_sets_a_new_one(people, person):
    token = await people.token(person.email)
    sent = await people.send("requestPasswordReset", {"email": f" {person.email.upper()} "})
    assert set(sent) == {"__typename", "id", "expiresAt"}
    ((subject, text),) = await people.mails(person.email)
    assert subject == "Your code for a new password"
    assert "Noor Vos" in text
    given = {"id": sent["id"], "code": await people.code(person.email), "newPassword": NEW}
    answer = await people.send("resetPassword", given)
    assert answer == {"__typename": "SessionsEnded", "count": 1}
    assert not await is_good(people, token)
    assert (await people.log_in(person.email)).status_code == 401
    assert (await people.log_in(person.email, NEW)).status_code == 200
    before = await kept(people, person)
    assert await people.send("resetPassword", {**given, "newPassword": PASSWORD}) == WRONG_CODE
    assert await kept(people, person) == before


async def test_a_first_password_is_set_like_a_lost_one(people, write):
    person = factories.person()
    await write(person)
    sent = await people.send("requestPasswordReset", {"email": person.email})
    given = {"id": sent["id"], "code": await people.code(person.email), "newPassword": NEW}
    assert (await people.send("resetPassword", given))["count"] == 0
    assert (await people.log_in(person.email, NEW)).status_code == 200


async def test_the_answer_is_alike_for_an_unknown_address(people, person, count_statements):
    unknown = f"{factories.word()}@example.org"
    answers, statements = [], []
    for email in (person.email, unknown):
        with count_statements() as sent:
            answers.append(await people.send("requestPasswordReset", {"email": email}))
        statements.append([statement.split("(")[0] for statement in sent])
    assert [answer["__typename"] for answer in answers] == ["CodeSent", "CodeSent"]
    assert len(answers[0]["id"]) == len(answers[1]["id"])
    # The mail is written for both, and taken back for nobody.
    kind = {"RELEASE": "SAVEPOINT", "ROLLBACK": "SAVEPOINT"}
    assert [kind.get(one.split()[0], one) for one in statements[0]] == [
        kind.get(one.split()[0], one) for one in statements[1]
    ]
    assert len(await people.mails(person.email)) == 1
    assert await people.mails(unknown) == []
    for answer in answers:
        given = {"id": answer["id"], "code": "ABCDEFGH", "newPassword": NEW}
        assert await people.send("resetPassword", given) == WRONG_CODE


async def test_a_code_that_is_over_opens_nothing(people, person):
    sent = await people.send("requestPasswordReset", {"email": person.email})
    given = {"id": sent["id"], "code": await people.code(person.email), "newPassword": NEW}
    await people.expire("password_reset", sent["id"])
    before = await kept(people, person)
    assert await people.send("resetPassword", given) == WRONG_CODE
    assert await kept(people, person) == before
    await people.send("requestPasswordReset", {"email": f"{factories.word()}@example.org"})
    assert not await people.rows(
        "SELECT FROM password_reset WHERE id = :id", id=decode(sent["id"])[1]
    )


async def test_a_code_is_for_one_password_of_one_person(people, person, manager):
    mine = await people.send("requestPasswordReset", {"email": person.email})
    code = await people.code(person.email)
    theirs = await people.send("requestPasswordReset", {"email": manager.email})
    before = await kept(people, manager)
    for id in (theirs["id"], encode("Registration", decode(mine["id"])[1])):
        given = {"id": id, "code": code, "newPassword": NEW}
        assert await people.send("resetPassword", given) == WRONG_CODE
    assert await kept(people, manager) == before


async def test_a_changed_password_ends_older_codes(people, person):
    sent = await people.send("requestPasswordReset", {"email": person.email})
    code = await people.code(person.email)
    token = await people.token(person.email)
    await people.send("changePassword", {"presentPassword": PASSWORD, "newPassword": NEW}, token)
    given = {"id": sent["id"], "code": code, "newPassword": "a third good password"}
    assert await people.send("resetPassword", given) == WRONG_CODE


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("short", LENGTH),
        ("x" * 1001, LENGTH),
        (None, EASY),
    ],
)
async def test_a_bad_password_leaves_the_code_good(people, person, new, message):
    sent = await people.send("requestPasswordReset", {"email": person.email})
    given = {"id": sent["id"], "code": await people.code(person.email)}
    before = await kept(people, person)
    answer = await people.send("resetPassword", {**given, "newPassword": new or person.email})
    assert answer == refusal(problem("INVALID_INPUT", "input.newPassword", message))
    assert await kept(people, person) == before
    answer = await people.send("resetPassword", {**given, "newPassword": NEW})
    assert answer["__typename"] == "SessionsEnded"


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@example.org\r\nBcc: b@example.org", "x" * 10_000, "a@b\u202e.org"]
)
async def test_what_is_no_address_is_refused(people, email):
    before = await people.written()
    answer = await people.send("requestPasswordReset", {"email": email})
    assert [(one["code"], one["path"]) for one in answer["problems"]] == [
        ("INVALID_INPUT", ["input", "email"])
    ]
    assert await people.written() == before


async def test_a_changed_password_is_told_by_mail(people, person):
    token = await people.token(person.email)
    given = {"presentPassword": PASSWORD, "newPassword": NEW}
    await people.send("changePassword", {**given, "presentPassword": "wrong"}, token)
    assert await people.mails(person.email) == []
    await people.send("changePassword", given, token)
    ((subject, text),) = await people.mails(person.email)
    assert subject == "Your password was changed"
    assert text.startswith("Dear Noor Vos,\n\nThe password with which you log in")


async def test_a_password_that_was_reset_is_told_by_mail(people, person):
    sent = await people.send("requestPasswordReset", {"email": person.email})
    code = await people.code(person.email)
    await people.send("resetPassword", {"id": sent["id"], "code": code, "newPassword": NEW})
    subjects = [subject for subject, _ in await people.mails(person.email)]
    assert subjects[1:] == ["Your password was changed"]


@pytest.mark.parametrize("new", ["passwordpassword", "Noor Vos 2026", "xxxxxxxxxxxxxxxx"])
async def test_what_is_easy_to_guess_is_refused(people, person, new):
    token = await people.token(person.email)
    sent = await people.send("requestPasswordReset", {"email": person.email})
    code = await people.code(person.email)
    before = await people.written()
    easy = refusal(problem("INVALID_INPUT", "input.newPassword", EASY))
    given = {"presentPassword": PASSWORD, "newPassword": new}
    assert await people.send("changePassword", given, token) == easy
    given = {"id": sent["id"], "code": code, "newPassword": new}
    assert await people.send("resetPassword", given) == easy
    assert await people.written() == before


async def test_logging_out_everywhere_ends_open_codes(people, person):
    token = await people.token(person.email)
    sent = await people.send("requestPasswordReset", {"email": person.email})
    code = await people.code(person.email)
    await people.send("logoutEverywhere", {}, token)
    given = {"id": sent["id"], "code": code, "newPassword": NEW}
    assert await people.send("resetPassword", given) == WRONG_CODE


async def test_ending_one_session_leaves_the_codes(people, person):
    here, there = [await people.token(person.email) for _ in range(2)]
    sent = await people.send("requestPasswordReset", {"email": person.email})
    code = await people.code(person.email)
    answer = await people.api("{ viewer { sessions { id isCurrent } } }", here)
    (other,) = [row for row in answer["data"]["viewer"]["sessions"] if not row["isCurrent"]]
    await people.send("revokeSession", {"id": other["id"]}, here)
    assert not await is_good(people, there)
    given = {"id": sent["id"], "code": code, "newPassword": NEW}
    assert (await people.send("resetPassword", given))["__typename"] == "SessionsEnded"


async def test_a_password_of_old_opens_as_it_was_typed_and_then_in_every_form(people, write):
    person = factories.person()
    typed, other = "cafe\u0301 met slagroom", "caf\u00e9 met slagroom"
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(typed)
    await write(person, Password(person_id=person.id, hash=old))
    assert (await people.log_in(person.email, other)).status_code == 401
    assert (await people.log_in(person.email, typed)).status_code == 200
    assert (await people.log_in(person.email, other)).status_code == 200
    assert (await people.log_in(person.email, typed)).status_code == 200
