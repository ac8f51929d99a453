"""Documents reach people by mail: to all recipients, once, with the files that were made."""

from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from portal.clock import now
from portal.jobs.delivery import send_mail
from portal.jobs.documents import PAGE, deliver_documents
from portal.jobs.worker import transport_of
from portal.language.global_id import encode
from portal.pages.billing import PAGES
from portal.settings.settings import Settings
from portal.viewer import MemberRole, Role
from tests import factories
from tests.api.asking import Api, api_of, own_client
from tests.api.billing.conftest import MAY, NOW, Books
from tests.mailbox import Mailbox, mailbox

RESEND = """mutation ($input: ResendDocumentInput!) { resendDocument(input: $input) {
  ... on Document { deliveries { recipient cause mode withUbl state sentAt } }
  ... on Refusal { problems { code path message } } } }"""
SENDER = "Portal <portal@operator.example>"


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


@pytest.fixture
async def customer(books: Books, tmp_path: Any) -> AsyncIterator[tuple[Api, str, UUID]]:
    """An account of a test, and a way to ask as a member of it who reads German."""
    person = factories.person(language="DE")
    token, credential = factories.credential(Role.CUSTOMER, person)
    account = await books.customer()
    member = factories.member(account, person, MemberRole.BILLING)
    await factories.write(books.owner, [person, credential, member])
    recipients = f"{{{person.email},first@shop.example,second@shop.example}}"
    await books.done(
        "UPDATE contract SET document_delivery_recipients = :to, document_delivery_mode ="
        " 'ATTACHMENT' WHERE account_id = :id".replace(":to", f"'{recipients}'"), id=account,
    )  # fmt: skip
    async with own_client(Settings(data=tmp_path, budget=10**8), books.addresses, lambda: NOW) as c:
        yield api_of(c), token, account


async def work(books: Books, smtp: Mailbox, host: str | None = None) -> list[EmailMessage]:
    """Write the mails of what waits, and send what nobody has sent yet; give what is new."""
    before = len(smtp.mails)
    settings = Settings(smtp_url=smtp.url, mail_from=SENDER)
    await deliver_documents(books.worker, host, now())
    rows = await books.asked("SELECT id FROM outbox WHERE state = 'QUEUED' AND delivery_id IS NOT"
                             " NULL ORDER BY recipient")  # fmt: skip
    for row in rows:
        await send_mail(books.worker, transport_of(settings), settings.sender, row.id, now())
    return smtp.mails[before:]


def files(mail: EmailMessage) -> dict[str, bytes]:
    return {part.get_filename(): part.get_content() for part in mail.iter_attachments()}


async def test_each_recipient_gets_the_files_once(
    books: Books, customer: tuple[Api, str, UUID], smtp: Mailbox
) -> None:
    _, _, account = customer
    await books.bill(MAY)
    mails = await work(books, smtp)
    assert await work(books, smtp) == []
    (document,) = await books.asked(
        "SELECT id, number, due_on FROM document WHERE account_id = :id", id=account
    )
    mine = [mail for mail in mails if document.number in mail["subject"]]
    assert len(mine) == 3
    kept = {
        row.kind: row.sha256.hex()
        for row in await books.asked(
            "SELECT kind, sha256 FROM document_file WHERE document_id = :id", id=document.id
        )
    }
    assert {*kept} == {"PDF", "UBL"}
    for mail in mine:
        assert {name: sha256(content).hexdigest() for name, content in files(mail).items()} == {
            f"{document.number}.pdf": kept["PDF"], f"{document.number}.ubl.xml": kept["UBL"],
        }  # fmt: skip
    subjects = sorted(mail["subject"] for mail in mine)
    assert subjects == [f"Factuur {document.number}: € 78,65"] * 2 + [
        f"Rechnung {document.number}: 78,65 €"
    ]
    states = await books.asked(
        "SELECT state, cause FROM delivery WHERE document_id = :id", id=document.id
    )
    assert [(row.state, row.cause) for row in states] == [("SENT", "ISSUED")] * 3


async def test_a_link_leads_to_the_page(
    books: Books, customer: tuple[Api, str, UUID], smtp: Mailbox
) -> None:
    _, _, account = customer
    await books.done(
        "UPDATE contract SET document_delivery_mode = 'LINK' WHERE account_id = :id", id=account
    )
    await books.bill(MAY)
    mails = await work(books, smtp, "portal.operator.example")
    (document,) = await books.asked("SELECT id FROM document WHERE account_id = :id", id=account)
    path = PAGE.format(account=encode("Account", account), document=encode("Document", document.id))
    assert PAGES["invoice"].path.replace("{id}", "{account}") == PAGE
    mine = [
        mail for mail in mails
        if f"https://portal.operator.example{path}" in mail.get_body(("plain",)).get_content()
    ]  # fmt: skip
    assert len(mine) == 3
    assert [files(mail) for mail in mine] == [{}, {}, {}]


async def test_what_is_no_invoice_goes_to_members_alone(
    books: Books, customer: tuple[Api, str, UUID], smtp: Mailbox
) -> None:
    _, _, account = customer
    await books.done("UPDATE account SET is_test = true WHERE id = :id", id=account)
    await books.bill(MAY)
    mails = await work(books, smtp)
    (mine,) = [mail for mail in mails if "TEST-" in mail["subject"]]
    assert mine["subject"].startswith("TEST: Rechnung TEST-2026-")
    states = await books.asked(
        "SELECT state FROM delivery WHERE account_id = :id ORDER BY state", id=account
    )
    assert [row.state for row in states] == ["SENT", "WITHHELD", "WITHHELD"]


async def test_it_is_sent_again_to_whoever_may_have_it(
    books: Books, customer: tuple[Api, str, UUID], smtp: Mailbox
) -> None:
    api, token, account = customer
    await books.bill(MAY)
    await work(books, smtp)
    (document,) = await books.asked("SELECT id FROM document WHERE account_id = :id", id=account)

    async def resent(*recipients: str) -> Any:
        given = {"id": encode("Document", document.id), "recipients": recipients}
        answer = await api(RESEND, token, input=given)
        assert "errors" not in answer, answer
        return answer["data"]["resendDocument"]

    refusal = await resent("first@shop.example", "stranger@elsewhere.example")
    assert [(one["code"], one["path"]) for one in refusal["problems"]] == [
        ("RULE_BROKEN", ["input", "recipients", "1"])
    ]
    assert (await resent())["problems"][0]["code"] == "INVALID_INPUT"
    assert await work(books, smtp) == []
    deliveries = (await resent("First@shop.example ", "first@shop.example"))["deliveries"]
    assert [(one["cause"], one["state"]) for one in deliveries] == [
        *[("ISSUED", "SENT")] * 3, ("RESENT", "QUEUED"),
    ]  # fmt: skip
    assert deliveries[-1] == {
        "recipient": "first@shop.example", "cause": "RESENT", "mode": "ATTACHMENT",
        "withUbl": True, "state": "QUEUED", "sentAt": None,
    }  # fmt: skip
    (mail,) = await work(books, smtp)
    assert len(files(mail)) == 2
