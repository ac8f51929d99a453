"""giveConsent: the owner or an admin agrees to documents for the account, once each."""

import pytest

from portal.language.global_id import decode, encode
from tests import factories
from tests.world import Kind
from tests.writing import NOT_FOUND, problem, refusal

MUTATION = "giveConsent"
FIELDS = "version consents(first: 5) { totalCount edges { node { givenBy document { id } } } }"
NO_DOCUMENT = "There is no such document."


@pytest.fixture
async def documents(write):
    """The global ids of two documents that nobody has agreed to."""
    rows = [factories.consent_document(), factories.consent_document()]
    await write(*rows)
    return [encode("ConsentDocument", row.id) for row in rows]


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN])
async def test_the_owner_and_admins_agree_for_the_account(writer, documents, kind):
    before = await writer.rows()
    given = {"documentIds": [*documents, documents[0]]}
    answer = await writer.change(MUTATION, kind, given, FIELDS)
    (entry,) = await writer.entries()
    name = entry["actor_name"]
    edges = answer["consents"]["edges"]
    shown = [(edge["node"]["givenBy"], edge["node"]["document"]["id"]) for edge in edges]
    assert sorted(shown[:2]) == sorted((name, id) for id in documents)
    assert (answer["__typename"], answer["version"]) == ("Account", 1)
    assert (answer["consents"]["totalCount"], len(edges)) == (3, 3)
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "consent": {"added": 2},
    }
    assert (entry["number"], entry["action"], entry["actor_role"], entry["reason"]) == (
        3,
        MUTATION,
        "CUSTOMER",
        None,
    )
    rows = [row for (table, _), row in (await writer.rows()).items() if table == "consent"]
    new = {row["consent_document_id"]: row for row in rows}
    for document in documents:
        row = new[str(decode(document)[1])]
        assert row["person_id"] == str(entry["actor_id"])
        assert ["Consent.consentDocumentId", None, row["consent_document_id"]] in entry["values"]
    assert sorted({field for field, _, _ in entry["values"]}) == [
        "Consent.consentDocumentId",
        "Consent.givenAt",
        "Consent.personId",
    ]
    assert len(entry["values"]) == 6


async def test_agreeing_again_writes_nothing(writer, documents):
    await writer.change(MUTATION, Kind.OWNER, {"documentIds": documents})
    before = await writer.fingerprint()
    for kind in (Kind.OWNER, Kind.ADMIN):
        answer = await writer.change(MUTATION, kind, {"documentIds": documents}, "version")
        assert answer == {"__typename": "Account", "version": 1}
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_no_documents_write_nothing(writer):
    before = await writer.fingerprint()
    answer = await writer.change(MUTATION, Kind.OWNER, {"documentIds": []})
    assert answer == {"__typename": "Account", "version": 1}
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_what_is_no_document_is_named_by_its_place(writer, documents):
    before = await writer.fingerprint()
    own = writer.world.own
    given = [
        documents[0],
        own.id,
        "",
        encode("ConsentDocument", own.account_id),
        documents[1],
        encode("Account", own.account_id),
        "x" * 10_000,
    ]
    assert await writer.change(MUTATION, Kind.OWNER, {"documentIds": given}) == refusal(
        *(
            problem("NOT_FOUND", f"input.documentIds.{index}", NO_DOCUMENT)
            for index in (1, 2, 3, 5, 6)
        )
    )
    assert await writer.fingerprint() == before


async def test_twenty_documents_at_most(writer, documents):
    before = await writer.fingerprint()
    given = {"documentIds": documents * 10 + [documents[0]]}
    assert await writer.change(MUTATION, Kind.OWNER, given) == refusal(
        problem("INVALID_INPUT", "input.documentIds", "May have at most 20 entries.")
    )
    assert await writer.fingerprint() == before
    given = {"documentIds": documents * 10}
    assert (await writer.change(MUTATION, Kind.OWNER, given))["__typename"] == "Account"


@pytest.mark.reads
async def test_a_foreign_account_is_answered_like_none(writer, documents):
    before = await writer.fingerprint()
    given = {"id": writer.world.foreign.id, "documentIds": documents}
    assert await writer.change(MUTATION, Kind.OWNER, given) == NOT_FOUND
    assert await writer.fingerprint() == before
