"""Sentences reach people in their own language; a stranger's browser says which."""

import pytest
import sqlalchemy as sa

from portal.models import ConsentDocument
from portal.viewer import Language, Role
from tests import factories
from tests.api.asking import without_cost
from tests.api.ordering import today
from tests.saying import not_logged_in, not_permitted
from tests.writing import document, problem, refusal, unauthenticated

EDITORS = ("CUSTOMER", "EMPLOYEE", "MANAGER")
NEEDS = {"roles": list(EDITORS), "scope": "CONTRACT_EDIT", "memberRoles": []}
NOT_HELD = {
    "NL": "U hebt hiervoor geen toestemming: inkoopordernummer.",
    "DE": "Dafür haben Sie keine Berechtigung: Bestellnummer des Kunden.",
    "EN": not_permitted("purchaseOrderNumber"),
}
WRONG = {
    "NL": ("Mag hoogstens 50 tekens bevatten.", "Dit is geen geldig IBAN."),
    "DE": ("Darf höchstens 50 Zeichen enthalten.", "Dies ist keine gültige IBAN."),
    "EN": ("May have at most 50 characters.", "This is not a valid IBAN."),
}
MISSING = {
    "NL": "Hiervoor is in het account een recht nodig: het contract wijzigen.",
    "DE": "Hierfür ist im Konto ein Recht erforderlich: den Vertrag ändern.",
    "EN": "This needs a right in the account: change the contract.",
}
NOBODY = {
    "NL": "Meld u hiervoor eerst aan: het contract wijzigen.",
    "DE": "Melden Sie sich hierfür zuerst an: den Vertrag ändern.",
    "EN": not_logged_in("updateContract"),
}
# Whoever is logged in has said already which language it shall be.
OTHER = {"NL": "de", "DE": "en", "EN": "nl"}


@pytest.fixture(params=sorted(Language))
def language(request):
    return request.param


@pytest.fixture
def ask(client):
    """Send a document as somebody whose browser asks for a language."""

    async def ask(sent, accept_language, token=None, **variables):
        headers = {"Accept-Language": accept_language}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        asked = {"query": sent, "variables": variables}
        response = await client.post("/graphql", json=asked, headers=headers)
        assert response.status_code == 200
        return without_cost(response.json())

    return ask


@pytest.fixture
def admit(world, write, language):
    """Let a new member of the account at hand log in, who reads one language."""

    async def admit(member_role):
        person = factories.person(language=language)
        member = factories.member(world.own.account_id, person, member_role)
        token, credential = factories.credential(Role.CUSTOMER, person)
        await write(person, member, credential)
        return token

    return admit


async def test_a_refused_right_is_told_in_the_viewers_language(ask, world, admit, language):
    given = {"id": world.own.contract_id, "purchaseOrderNumber": "PO 7"}
    token = await admit("READER")
    answer = await ask(document("updateContract"), OTHER[language], token, input=given)
    expected = problem("FORBIDDEN", "input.purchaseOrderNumber", NOT_HELD[language], NEEDS)
    assert answer == {"data": {"updateContract": refusal(expected)}}


async def test_faults_are_told_in_the_viewers_language(ask, world, admit, language):
    given = {"id": world.own.contract_id, "purchaseOrderNumber": "x" * 51, "iban": "NL00"}
    token = await admit("BILLING")
    answer = await ask(document("updateContract"), OTHER[language], token, input=given)
    too_long, no_iban = WRONG[language]
    expected = refusal(
        problem("INVALID_INPUT", "input.iban", no_iban),
        problem("INVALID_INPUT", "input.purchaseOrderNumber", too_long),
    )
    assert answer == {"data": {"updateContract": expected}}


async def test_what_is_missing_is_told_in_the_viewers_language(ask, world, admit, language):
    sent = "query ($id: ID!) { node(id: $id) { ... on Contract { viewerCan { field reason } } } }"
    token = await admit("READER")
    answer = await ask(sent, OTHER[language], token, id=world.own.contract_id)
    reasons = {entry["field"]: entry["reason"] for entry in answer["data"]["node"]["viewerCan"]}
    assert reasons["purchaseOrderNumber"] == MISSING[language]


@pytest.mark.parametrize("header", ["{}", "{}-BE, fr;q=0.9", "fr, {};q=0.5", "xx;q=1, {};q=0.1"])
async def test_nobody_is_told_in_the_language_of_the_header(ask, world, language, header):
    accept_language = header.format(language.lower())
    given = {"id": world.own.contract_id}
    answer = await ask(document("updateContract"), accept_language, input=given)
    expected = unauthenticated("updateContract", " ".join(EDITORS))
    expected["problems"][0]["message"] = NOBODY[language]
    assert answer == {"data": {"updateContract": expected}}


@pytest.mark.parametrize("header", ["", "fr", "*", ";;,q=", "nl;q=0", "nl_" * 5000])
async def test_nobody_is_told_in_english_where_the_header_says_nothing(ask, world, header):
    answer = await ask(document("updateContract"), header, input={"id": world.own.contract_id})
    assert answer["data"]["updateContract"]["problems"][0]["message"] == NOBODY["EN"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "Deze pagina bestaat niet."),
        ("de", "Diese Seite gibt es nicht."),
        ("en", "There is no such page."),
    ],
)
async def test_a_page_that_is_none_is_told_in_the_language_of_the_header(
    client, language, sentence
):
    response = await client.get("/nothing", headers={"Accept-Language": language})
    assert without_cost(response.json()) == {
        "errors": [{"message": sentence, "extensions": {"code": "NOT_FOUND"}}]
    }


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "Deze methode wordt niet ondersteund."),
        ("de", "Diese Methode wird nicht unterstützt."),
        ("en", "This method is not served."),
    ],
)
async def test_a_method_that_is_none_is_told_in_the_language_of_the_header(
    client, language, sentence
):
    response = await client.get("/logout", headers={"Accept-Language": language})
    assert without_cost(response.json()) == {
        "errors": [{"message": sentence, "extensions": {"code": "BAD_REQUEST"}}]
    }


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "Het e-mailadres of het wachtwoord is onjuist."),
        ("de", "Die E-Mail-Adresse oder das Passwort ist falsch."),
        ("en", "The e-mail address or the password is wrong."),
    ],
)
async def test_a_failed_login_is_told_in_the_language_of_the_header(client, language, sentence):
    login = {"email": "no@body.example", "password": "x"}
    response = await client.post("/login", json=login, headers={"Accept-Language": language})
    assert without_cost(response.json()) == {
        "errors": [{"message": sentence, "extensions": {"code": "UNAUTHENTICATED"}}]
    }


@pytest.fixture
async def titles(write, superuser):
    """Write a document in each language, which no other test has to agree to; gives its title."""
    documents = [
        factories.consent_document(language=language, title=factories.word(), published_on=today())
        for language in Language
    ]
    await write(*documents)
    yield {document.language: document.title for document in documents}
    async with superuser.begin() as connection:
        ids = [document.id for document in documents]
        await connection.execute(sa.delete(ConsentDocument).where(ConsentDocument.id.in_(ids)))


async def test_documents_are_in_the_language_of_whoever_asks(ask, titles):
    asked = "query ($language: Language) { documentsToConsent(language: $language) { title } }"

    def shown(answer):
        return {found["title"] for found in answer["data"]["documentsToConsent"]}

    for _ in range(2):
        for language in Language:
            answer = await ask(asked, language.lower())
            assert shown(answer) & set(titles.values()) == {titles[language]}
        answer = await ask(asked, "nl", language="DE")
        assert shown(answer) & set(titles.values()) == {titles[Language.DE]}
