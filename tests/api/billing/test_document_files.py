"""Files of documents: by a link that is over soon, made once, for whoever may at that moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from time import time
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract.contract_paper import contract_says
from portal.language.global_id import encode
from portal.settings.settings import Settings
from portal.viewer import MemberRole, Role
from tests import factories
from tests.api.asking import api_of, own_client
from tests.api.billing.conftest import FIRST, MAY, NOW, Books
from tests.official import EN16931_CII, EN16931_UBL, PEPPOL, broken

FILES = """query ($id: ID!) { account(id: $id) { documents(first: 1) { edges { node {
  number eInvoiceProblems { code } files { kind url expiresAt sha256 size } } } } } }"""
GONE = {"message": "There is no such file, or its link is over: ask for it again.",
        "extensions": {"code": "NOT_FOUND"}}  # fmt: skip


@dataclass
class Reader:
    """A member who reads what the account was billed."""

    client: AsyncClient
    token: str
    account_id: UUID
    books: Books

    async def document(self) -> dict[str, Any]:
        answer = await api_of(self.client)(FILES, self.token, id=encode("Account", self.account_id))
        assert "errors" not in answer, answer
        (edge,) = answer["data"]["account"]["documents"]["edges"]
        found: dict[str, Any] = edge["node"]
        return found

    async def is_gone(self, url: str) -> bool:
        answer = await self.client.get(url)
        return answer.status_code == 404 and answer.json()["errors"] == [GONE]


@pytest.fixture
async def reader(books: Books, tmp_path: Any) -> AsyncIterator[Reader]:
    person = factories.person()
    token, credential = factories.credential(Role.CUSTOMER, person)
    account = await books.customer()
    member = factories.member(account, person, MemberRole.BILLING)
    await factories.write(books.owner, [person, credential, member])
    await books.bill(MAY)
    settings = Settings(data=tmp_path, budget=10**8)
    async with own_client(settings, books.addresses, lambda: NOW) as client:
        yield Reader(client, token, account, books)


async def test_files_are_made_once_and_keep_the_rules(reader: Reader) -> None:
    document = await reader.document()
    assert [(file["kind"], file["sha256"], file["size"]) for file in document["files"]] == [
        ("PDF", None, None), ("UBL", None, None), ("CII", None, None),
    ]  # fmt: skip
    assert document["eInvoiceProblems"] == []
    contents: dict[str, bytes] = {}
    for file in document["files"]:
        answer = await reader.client.get(file["url"])
        assert answer.status_code == 200, answer.text
        contents[file["kind"]] = answer.content
        assert answer.headers["cache-control"] == "private, no-cache"
        again = await reader.client.get(
            file["url"], headers={"If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
    disposition = f'attachment; filename="{document["number"]}.pdf"'
    answer = await reader.client.get(document["files"][0]["url"])
    assert (answer.headers["content-type"], answer.headers["content-disposition"]) == (
        "application/pdf", disposition,
    )  # fmt: skip
    assert broken(contents["UBL"], EN16931_UBL, PEPPOL) == []
    assert broken(contents["CII"], EN16931_CII) == []
    made = (await reader.document())["files"]
    assert [(file["sha256"], file["size"]) for file in made] == [
        (sha256(contents[kind]).hexdigest(), len(contents[kind])) for kind in contents
    ]
    kept = await reader.books.asked(
        "SELECT kind FROM document_file WHERE account_id = :id", id=reader.account_id
    )
    assert len(kept) == 3


async def test_a_link_asks_for_the_right_again(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = (await reader.document())["files"][0]["url"]
    assert await reader.is_gone(url[:-6] + "AAAAAA")
    assert await reader.is_gone("/documents")
    assert await reader.is_gone("/documents?key=" + "A" * 2000)
    change = "UPDATE member SET role = :role WHERE account_id = :id AND role <> 'OWNER'"
    await reader.books.done(change, id=reader.account_id, role="READER")
    assert await reader.is_gone(url)
    await reader.books.done(change, id=reader.account_id, role="BILLING")
    with monkeypatch.context() as later:
        later.setattr("cryptography.fernet.time.time", lambda: time() + 901)
        assert await reader.is_gone(url)
    rows = await reader.books.asked(
        "SELECT kind FROM document_file WHERE account_id = :id", id=reader.account_id
    )
    assert rows == []
    assert (await reader.client.get(url)).status_code == 200
    await reader.books.done("UPDATE credential SET revoked_at = now() WHERE person_id IN"
                            " (SELECT person_id FROM member WHERE account_id = :id)",
                            id=reader.account_id)  # fmt: skip
    assert await reader.is_gone(url)


async def test_a_file_stays_as_it_was_made(reader: Reader) -> None:
    assert FIRST < MAY
    await reader.client.get((await reader.document())["files"][0]["url"])
    for statement in (
        "UPDATE document_file SET content = 'x', sha256 = sha256('x'), size = 1",
        "DELETE FROM document_file", "TRUNCATE document_file",
    ):  # fmt: skip
        with pytest.raises(Exception, match="stays as it was issued"):
            await reader.books.done(statement)


async def test_the_contract_is_on_paper_as_it_stands(reader: Reader) -> None:
    asked = "query ($id: ID!) { account(id: $id) { contractSummary { url } } }"
    answer = await api_of(reader.client)(
        asked, reader.token, id=encode("Account", reader.account_id)
    )
    url = answer["data"]["account"]["contractSummary"]["url"]
    paper = await reader.client.get(url)
    assert paper.status_code == 200, paper.text
    assert paper.headers["content-disposition"] == 'attachment; filename="contract-2026-05-05.pdf"'
    assert paper.content.startswith(b"%PDF-1.7")
    assert (await reader.client.get(url)).content == paper.content
    async with AsyncSession(reader.books.owner) as session:
        says = await contract_says(session, reader.account_id, NOW)
    assert says is not None
    (module,) = says["modules"]
    assert says["seller"][0] == "Portaal Diensten B.V."
    assert module["facts"] == [
        ("Sinds", "1 april 2026"), ("Einde looptijd", "31 maart 2027"),
        ("Opzegtermijn", "1 maand"), ("Opzegging uiterlijk ontvangen", "28 februari 2027"),
    ]  # fmt: skip
    assert [(item["billing"], item["quantity"], item["price"]) for item in module["items"]] == [
        ("per maand, vooraf", 1, "30.000000"), ("eenmalig", 1, "5.000000"),
    ]  # fmt: skip
    await reader.books.done("DELETE FROM member WHERE account_id = :id AND role <> 'OWNER'",
                            id=reader.account_id)  # fmt: skip
    assert await reader.is_gone(url)
