"""What an order agreed is frozen with it, reaches people by mail, and stays as it was."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from portal.clock import now
from portal.jobs.delivery import send_mail
from portal.jobs.worker import transport_of
from portal.language.global_id import encode
from portal.rules.billing.number import canonical
from portal.settings.settings import Settings
from portal.viewer import MemberRole, Role
from tests import factories
from tests.api.asking import api_of, own_client
from tests.api.billing.conftest import NOW, Books
from tests.mailbox import mailbox

COPIES = """query ($id: ID!) { account(id: $id) { contractCopies(first: 5) { edges { node {
  module agreedAt sha256 paper { url } } } } } }"""
PREVIEW = """mutation ($input: OrderModuleInput!) { result: previewOrder(input: $input) {
  ... on Preview { startsOn } ... on Refusal { problems { code path message } } } }"""
ORDER = """mutation ($input: OrderModuleInput!) { result: orderModule(input: $input) {
  ... on ModuleSubscription { startsOn } ... on Refusal { problems { code path message } } } }"""


async def test_an_order_leaves_a_copy(books: Books, tmp_path: Path) -> None:
    person = factories.person()
    token, credential = factories.credential(Role.CUSTOMER, person)
    account = await books.customer()
    member = factories.member(account, person, MemberRole.ADMIN)
    terms = factories.consent_document(body="Fair to both.", title="Voorwaarden", version="3")
    agreed = factories.consent(account, terms, person, given_at=NOW)
    module = factories.module()
    tariff = factories.tariff(module)
    version = factories.tariff_version(tariff, valid_from=date(2024, 1, 1))
    section = factories.section(version)
    prices = (Decimal(30), Decimal(5), Decimal(2))
    items = [
        factories.item(section, place, unit_price=price, is_additional_option=place == 2)
        for place, price in enumerate(prices)
    ]
    await factories.write(books.owner, [person, credential, member, terms, agreed])
    await factories.write(books.owner, [module, tariff, version, section, *items])
    given: dict[str, Any] = {
        "id": encode("Account", account),
        "expectedVersion": 1,
        "moduleId": encode("Module", module.id),
        "tariff": {"id": encode("Tariff", tariff.id)},
        "startsOn": "2026-06-01",
        "data": {},
    }
    settings = Settings(data=tmp_path, budget=10**8)
    async with own_client(settings, books.addresses, lambda: NOW) as client:
        api = api_of(client)

        async def copies() -> list[dict[str, Any]]:
            answer = await api(COPIES, token, id=encode("Account", account))
            return [one["node"] for one in answer["data"]["account"]["contractCopies"]["edges"]]

        assert await api(PREVIEW, token, input=given) == {
            "data": {"result": {"startsOn": "2026-06-01"}}
        }
        assert await copies() == []
        assert await api(ORDER, token, input=given) == {
            "data": {"result": {"startsOn": "2026-06-01"}}
        }
        (copy,) = await copies()
        (row,) = await books.asked("SELECT id, payload, sha256 FROM contract_copy")
        says = row.payload
        assert copy["sha256"] == row.sha256.hex() == sha256(canonical(says)).hexdigest()
        assert (copy["module"], copy["agreedAt"]) == (
            says["modules"][0]["name"], "2026-05-05T10:00:00.000000Z",
        )  # fmt: skip
        assert says["seller"][0] == "Portaal Diensten B.V."
        assert says["consents"] == [
            ["Voorwaarden, versie 3: 5 mei 2026", sha256(b"Fair to both.").hexdigest()]
        ]
        (ordered,) = says["modules"]
        assert ordered["facts"] == [
            ["Sinds", "1 juni 2026"], ["Einde looptijd", "31 mei 2027"],
            ["Opzegtermijn", "1 maand"], ["Opzegging uiterlijk ontvangen", "30 april 2027"],
        ]  # fmt: skip
        assert [(item["quantity"], item["price"]) for item in ordered["items"]] == [
            (1, "30.000000"), (1, "5.000000"), (None, "2.000000"),
        ]  # fmt: skip
        assert ordered["reasons"][1] == (
            "De eerste looptijd van 12 maanden loopt van 1 juni 2026 tot en met 31 mei 2027."
        )
        pdf = await client.get(copy["paper"]["url"])
        assert pdf.status_code == 200, pdf.text
        assert pdf.content.startswith(b"%PDF-1.7")
        (name,) = await _mailed(books, pdf.content)
        assert f'filename="{name}"' in pdf.headers["content-disposition"]
        await _stays(books)
        assert (await client.get(copy["paper"]["url"])).content == pdf.content
        await books.done("DELETE FROM member WHERE account_id = :id AND role = 'ADMIN'", id=account)
        assert (await client.get(copy["paper"]["url"])).status_code == 404


async def _mailed(books: Books, content: bytes) -> set[str]:
    """Send what waits; owner and orderer have the very same file. Give its name."""
    rows = await books.asked("SELECT id FROM outbox WHERE contract_copy_id IS NOT NULL")
    with mailbox() as smtp:
        own = Settings(smtp_url=smtp.url, mail_from="Portal <portal@operator.example>")
        for row in rows:
            await send_mail(books.worker, transport_of(own), own.sender, row.id, now())
        found = [part for mail in smtp.mails for part in mail.iter_attachments()]
        assert [part.get_content() for part in found] == [content, content]
        for mail in smtp.mails:
            text = mail.get_body(("plain",))
            assert text is not None
            assert "Een afschrift van wat is afgesproken" in text.get_content()
        return {part.get_filename() or "" for part in found}


async def _stays(books: Books) -> None:
    for statement in (
        "UPDATE contract_copy SET module = 'Other'", "DELETE FROM contract_copy",
        "TRUNCATE contract_copy CASCADE",
    ):  # fmt: skip
        with pytest.raises(Exception, match="stays as it was issued"):
            await books.done(statement)
