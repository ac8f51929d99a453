"""registerAccount and confirmRegistration: from a stranger to a customer with an account."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from portal.language.global_id import decode, encode
from portal.writing.transaction import Transaction
from tests import factories
from tests.api.ordering import today
from tests.api.people.test_password import EASY
from tests.api.playing import PASSWORD, WRONG_CODE
from tests.writing import problem, refusal

ACCOUNT = """{ viewer { role name language sessions { isCurrent } accounts { edges { node {
  id name language customerNumber owner { name email role } members { totalCount }
  consents { edges { node { givenAt givenBy document { id } } } }
  history { edges { node { number action actorRole actorName } } }
} } } } }"""


@pytest.fixture
def applicant(documents):
    """What somebody sends who registers."""
    return new_applicant(documents)


def new_applicant(documents):
    """Give the same of somebody new."""
    return {
        "email": f"{factories.word()}@example.org",
        "personName": "Noor Vos",
        "accountName": "Vos & Zn.",
        "password": PASSWORD,
        "language": "DE",
        "documentIds": documents,
    }


async def test_a_stranger_becomes_the_owner_of_an_account(people, applicant, documents):
    email = applicant["email"]
    before = datetime.now(UTC)
    sent = await people.send("registerAccount", applicant)
    after = datetime.now(UTC)
    assert set(sent) == {"__typename", "id", "expiresAt"}
    expires_at = datetime.fromisoformat(sent["expiresAt"])
    assert before <= expires_at - timedelta(minutes=30) <= after
    assert [subject for subject, _ in await people.mails(email)] == [
        "Ihr Code für die Registrierung"
    ]
    assert (await people.log_in(email)).status_code == 401

    given = {"id": sent["id"], "code": await people.code(email)}
    confirmed = await people.send("confirmRegistration", given)
    assert confirmed == {"__typename": "RegistrationConfirmed", "email": email}

    token = await people.token(email)
    (viewer,) = (await people.api(ACCOUNT, token))["data"].values()
    ((account,),) = ([edge["node"] for edge in viewer.pop("accounts")["edges"]],)
    consents = [edge["node"] for edge in account.pop("consents")["edges"]]
    kind, account_id = decode(account.pop("id"))
    assert kind == "Account"
    assert viewer == {
        "role": "CUSTOMER",
        "name": "Noor Vos",
        "language": "DE",
        "sessions": [{"isCurrent": True}],
    }
    assert account == {
        "name": "Vos & Zn.",
        "language": "DE",
        "customerNumber": None,
        "owner": {"name": "Noor Vos", "email": email, "role": "OWNER"},
        "members": {"totalCount": 1},
        "history": {
            "edges": [
                {
                    "node": {
                        "number": 1,
                        "action": "confirmRegistration",
                        "actorRole": "CUSTOMER",
                        "actorName": "Noor Vos",
                    }
                }
            ]
        },
    }
    assert sorted(one["document"]["id"] for one in consents) == sorted(documents)
    assert {one["givenBy"] for one in consents} == {"Noor Vos"}
    # They were given when the documents were shown, not when the mail was read.
    for one in consents:
        assert before <= datetime.fromisoformat(one["givenAt"]) <= after
    told = await people.rows(
        "SELECT field FROM history_value WHERE account_id = :id ORDER BY position", id=account_id
    )
    assert {"Account.name", "Member.role", "Consent.consentDocumentId"} <= {row[0] for row in told}


async def test_the_answer_is_alike_for_a_known_address(people, applicant, count_statements, write):
    known = factories.person(name="Jan Smit", language="NL")
    await write(known)
    answers, statements = [], []
    for email in (applicant["email"], known.email):
        with count_statements() as sent:
            answers.append(await people.send("registerAccount", {**applicant, "email": email}))
        statements.append([statement.split("(")[0] for statement in sent])
    unknown_answer, known_answer = answers
    assert set(unknown_answer) == set(known_answer) == {"__typename", "id", "expiresAt"}
    assert unknown_answer["__typename"] == known_answer["__typename"] == "CodeSent"
    assert len(unknown_answer["id"]) == len(known_answer["id"])
    assert statements[0] == statements[1]
    ((subject, text),) = await people.mails(known.email)
    assert subject == "U heeft al een account"
    assert "Jan Smit" in text
    # What was made for it cannot be confirmed: its code was sent to nobody.
    given = {"id": known_answer["id"], "code": "ABCDEFGH"}
    assert await people.send("confirmRegistration", given) == WRONG_CODE
    given = {"id": unknown_answer["id"], "code": "ABCDEFGH"}
    assert await people.send("confirmRegistration", given) == WRONG_CODE


async def test_the_hash_is_made_for_a_known_address_too(people, applicant, write):
    known = factories.person()
    await write(known)
    for email in (applicant["email"], known.email):
        await people.send("registerAccount", {**applicant, "email": email})
        ((hashed,),) = await people.rows(
            "SELECT password_hash FROM registration WHERE email = :email", email=email
        )
        assert hashed.startswith("$argon2id$")


async def test_a_code_works_once_and_as_it_is_typed(people, applicant):
    sent = await people.send("registerAccount", applicant)
    code = await people.code(applicant["email"])
    typed = f" {code[:4].lower()}-{code[4:].lower()} "
    confirmed = await people.send("confirmRegistration", {"id": sent["id"], "code": typed})
    assert confirmed["__typename"] == "RegistrationConfirmed"
    before = await people.written()
    again = await people.send("confirmRegistration", {"id": sent["id"], "code": code})
    assert again == WRONG_CODE
    assert await people.written() == before


async def test_two_at_once_make_one_account(people, applicant):
    sent = await people.send("registerAccount", applicant)
    given = {"id": sent["id"], "code": await people.code(applicant["email"])}
    answers = await asyncio.gather(*(people.send("confirmRegistration", given) for _ in range(4)))
    assert sorted(answer["__typename"] for answer in answers) == [
        "Refusal",
        "Refusal",
        "Refusal",
        "RegistrationConfirmed",
    ]
    ((accounts,),) = await people.rows(
        "SELECT count(*) FROM member m JOIN person p ON p.id = m.person_id WHERE p.email = :email",
        email=applicant["email"],
    )
    assert accounts == 1


async def test_two_confirmations_of_one_address_at_once_make_one_account(people, documents):
    for _ in range(4):
        given, one = [], new_applicant(documents)
        for _ in range(2):
            sent = await people.send("registerAccount", one)
            given.append({"id": sent["id"], "code": await people.code(one["email"])})
        answers = await asyncio.gather(
            *(people.send("confirmRegistration", proof) for proof in given)
        )
        kinds = sorted(answer["__typename"] for answer in answers)
        assert kinds == ["Refusal", "RegistrationConfirmed"]
        ((accounts,),) = await people.rows(
            "SELECT count(*) FROM member m JOIN person p ON p.id = m.person_id"
            " WHERE p.email = :email",
            email=one["email"],
        )
        assert accounts == 1


async def test_a_registration_that_was_in_anothers_way_posts_one_mail(
    people, applicant, monkeypatch
):
    commit, tries = Transaction.commit, []

    async def failing(transaction):
        await transaction.flush()
        tries.append(1)
        if len(tries) < 3:
            raise asyncpg.PostgresError.new({"C": "40P01", "M": "in the way", "S": "ERROR"})
        await commit(transaction)

    monkeypatch.setattr(Transaction, "commit", failing)
    sent = await people.send("registerAccount", applicant)
    assert (len(tries), sent["__typename"]) == (3, "CodeSent")
    assert len(await people.mails(applicant["email"])) == 1


async def test_a_code_is_good_for_half_an_hour(people, applicant):
    sent = await people.send("registerAccount", applicant)
    given = {"id": sent["id"], "code": await people.code(applicant["email"])}
    await people.expire("registration", sent["id"])
    before = await people.written()
    assert await people.send("confirmRegistration", given) == WRONG_CODE
    assert await people.written() == before
    # The next registration takes away what is over.
    await people.send("registerAccount", {**applicant, "email": f"{factories.word()}@example.org"})
    assert not await people.rows(
        "SELECT FROM registration WHERE id = :id", id=decode(sent["id"])[1]
    )


async def test_a_code_opens_its_own_registration_alone(people, applicant):
    """Somebody who registers another's address cannot have the reader of the mail confirm it."""
    mine = await people.send("registerAccount", applicant)
    code = await people.code(applicant["email"])
    theirs = await people.send("registerAccount", {**applicant, "password": "another password"})
    before = await people.written()
    given = {"id": theirs["id"], "code": code}
    assert await people.send("confirmRegistration", given) == WRONG_CODE
    assert await people.written() == before
    assert (await people.send("confirmRegistration", {**given, "id": mine["id"]}))[
        "__typename"
    ] == "RegistrationConfirmed"
    assert (await people.log_in(applicant["email"], "another password")).status_code == 401
    assert (await people.log_in(applicant["email"])).status_code == 200
    # The other registration is gone with it.
    assert not await people.rows(
        "SELECT FROM registration WHERE email = :email", email=applicant["email"]
    )


async def test_an_address_taken_in_between_is_a_conflict(people, applicant, write):
    sent = await people.send("registerAccount", applicant)
    given = {"id": sent["id"], "code": await people.code(applicant["email"])}
    await write(factories.person(email=applicant["email"]))
    before = await people.written()
    assert await people.send("confirmRegistration", given) == refusal(
        problem("CONFLICT", "input.id", "Somebody has registered with this e-mail address already.")
    )
    assert await people.written() == before


async def test_neither_code_nor_password_is_kept_as_it_is(people, applicant):
    await people.send("registerAccount", applicant)
    code = await people.code(applicant["email"])
    ((row,),) = await people.rows(
        "SELECT to_jsonb(r)::text FROM registration r WHERE email = :email",
        email=applicant["email"],
    )
    assert code not in row
    assert PASSWORD not in row


NO_ADDRESS = "This is not an e-mail address."
ONE_LINE = "Must be one line of text without control characters."
LENGTH = "Must have from 12 to 1,000 characters."
DECEIVES = "Must not have characters that are invisible or turn the direction of reading."


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("email", "nobody", NO_ADDRESS),
        ("email", "", "Must not be empty."),
        ("email", f"{'a' * 300}@example.org", NO_ADDRESS),
        ("email", "a@example.org\r\nBcc: b@example.org", NO_ADDRESS),
        ("email", "a@example.org\nSubject: x", NO_ADDRESS),
        ("email", "a@example.org, b@example.org", NO_ADDRESS),
        ("email", "Noor <a@example.org>", NO_ADDRESS),
        ("email", "a\u202e@example.org", NO_ADDRESS),
        ("email", "a\u200b@example.org", NO_ADDRESS),
        ("personName", " ", "Must not be empty."),
        ("personName", "x" * 201, "May have at most 200 characters."),
        ("personName", "Noor\u202eVos", DECEIVES),
        ("personName", "No\u200bor", DECEIVES),
        ("personName", "Noor\nVos", ONE_LINE),
        ("accountName", "", "Must not be empty."),
        ("accountName", "Vos\u2066", DECEIVES),
        ("accountName", "Vos\u00ad", DECEIVES),
        ("password", "elevenchars", LENGTH),
        ("password", "x" * 1001, LENGTH),
        ("password", "a good\0 long password", ONE_LINE),
    ],
)
async def test_a_bad_value_is_named_and_nothing_is_written(people, applicant, name, value, message):
    before = await people.written()
    answer = await people.send("registerAccount", {**applicant, name: value})
    assert answer == refusal(problem("INVALID_INPUT", f"input.{name}", message))
    assert await people.written() == before


async def test_every_fault_is_told_at_once(people, applicant):
    given = {**applicant, "email": "x", "personName": "", "password": "short"}
    answer = await people.send("registerAccount", given)
    assert [one["path"] for one in answer["problems"]] == [
        ["input", "email"],
        ["input", "personName"],
        ["input", "password"],
    ]


async def test_the_password_is_not_the_address(people, applicant):
    given = {**applicant, "password": applicant["email"].upper()}
    assert await people.send("registerAccount", given) == refusal(
        problem("INVALID_INPUT", "input.password", EASY)
    )


async def test_the_latest_document_of_each_kind_has_to_be_agreed_to(
    people, applicant, documents, write
):
    old = factories.consent_document(
        kind="TERMS", published_on=datetime(2020, 1, 1, tzinfo=UTC).date()
    )
    future = factories.consent_document(kind="TERMS", published_on=today() + timedelta(days=2))
    await write(old, future)
    before = await people.written()
    wrong = [
        encode("ConsentDocument", old.id),
        encode("ConsentDocument", future.id),
        "x",
        *documents,
    ]
    assert await people.send("registerAccount", {**applicant, "documentIds": wrong}) == refusal(
        *(
            problem("NOT_FOUND", f"input.documentIds.{index}", "There is no such document.")
            for index in range(3)
        )
    )
    for some in ([], documents[:1], documents[1:]):
        given = {**applicant, "documentIds": some, "email": f"{factories.word()}@example.org"}
        assert await people.send("registerAccount", given) == refusal(
            problem(
                "RULE_BROKEN",
                "input.documentIds",
                "Agree to each document for which your agreement is asked.",
            )
        )
    assert await people.written() == before


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"id": encode("Registration", factories.person().id), "code": "ABCDEFGH"}, WRONG_CODE),
        ({"id": encode("PasswordReset", factories.person().id), "code": "ABCDEFGH"}, WRONG_CODE),
        ({"id": "", "code": "ABCDEFGH"}, WRONG_CODE),
        ({"id": "x" * 10_000, "code": "ABCDEFGH"}, WRONG_CODE),
        *(
            (
                {"id": encode("Registration", factories.person().id), "code": code},
                refusal(
                    problem(
                        "INVALID_INPUT",
                        "input.code",
                        "This is not a code: it has 8 letters and digits.",
                    )
                ),
            )
            for code in ("", "ABC", "ABCDEFGHI", "ABCDEFG0", "ABCDEFGH" * 500, "\uff21" * 8)
        ),
    ],
)
async def test_what_opens_nothing_is_answered_alike(people, given, answer):
    before = await people.written()
    assert await people.send("confirmRegistration", given) == answer
    assert await people.written() == before


@pytest.mark.parametrize(
    ("accept_language", "subject", "language"),
    [
        ("nl", "Uw code voor de registratie", "NL"),
        ("de", "Ihr Code für die Registrierung", "DE"),
        ("fr", "Your code for the registration", "EN"),
    ],
)
async def test_without_a_language_it_is_that_of_the_request(
    people, applicant, accept_language, subject, language
):
    del applicant["language"]
    people.client.headers["Accept-Language"] = accept_language
    sent = await people.send("registerAccount", applicant)
    ((told, _),) = await people.mails(applicant["email"])
    assert told == subject
    given = {"id": sent["id"], "code": await people.code(applicant["email"])}
    await people.send("confirmRegistration", given)
    ((kept,),) = await people.rows(
        "SELECT language FROM person WHERE email = :email", email=applicant["email"]
    )
    assert kept == language


@pytest.mark.parametrize(
    ("accept_language", "message"),
    [
        ("nl", "De code is onjuist, gebruikt of verlopen."),
        ("de", "Der Code ist falsch, verbraucht oder abgelaufen."),
    ],
)
async def test_a_stranger_is_refused_in_the_language_of_the_request(
    people, accept_language, message
):
    people.client.headers["Accept-Language"] = accept_language
    given = {"id": encode("Registration", factories.person().id), "code": "ABCDEFGH"}
    assert await people.send("confirmRegistration", given) == refusal(
        problem("INVALID_INPUT", "input.code", message)
    )


async def test_a_mailbox_is_not_flooded(people, applicant, write):
    known = factories.person()
    await write(known)
    for email in (applicant["email"], known.email):
        given = {**applicant, "email": email}
        for _ in range(3):
            assert (await people.send("registerAccount", given))["__typename"] == "CodeSent"
        assert await people.send("registerAccount", given) == refusal(
            problem("RATE_LIMITED", "input", "Too many attempts. Try again in 1 second.")
        )
        assert len(await people.mails(email)) == 3


@pytest.mark.parametrize(
    "domain",
    [
        "xn--bcher-kva.example",
        "bu\u0308cher.example",
        "B\u00dcCHER.example",
        "b\u00fcc\uff48er.example",
    ],
)
async def test_an_address_is_the_same_however_it_is_typed(people, applicant, domain):
    local = factories.word()
    stored = f"{local}@b\u00fccher.example"
    typed = applicant | {"email": f"{local}@{domain}"}
    sent = await people.send("registerAccount", typed)
    given = {"id": sent["id"], "code": await people.code(stored)}
    confirmed = await people.send("confirmRegistration", given)
    assert confirmed == {"__typename": "RegistrationConfirmed", "email": stored}
    for again in (typed["email"], stored, f" {local.upper()}@xn--bcher-kva.example "):
        assert (await people.log_in(again)).status_code == 200
    await people.send("requestPasswordReset", {"email": typed["email"]})
    assert len(await people.mails(stored)) == 2
