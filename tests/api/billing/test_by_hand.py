"""creditDocument and reissueDocument: what was credited by hand is billed by no later run."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from portal.language.global_id import decode, encode
from tests.api.billing.conftest import MAY, Asked, Books
from tests.api.billing.test_run import chain_is_whole

LINES = "lines { position net left firstDay lastDay }"
ISSUED = f"... on Document {{ id number kind dueOn net reason corrects {{ number }} {LINES} }}"
PREVIEWED = "... on BillingPreview { token documents { kind net gross } }"
REFUSAL = "... on Refusal { problems { code path message } }"
KINDS = {
    "creditDocument": "CreditDocumentInput",
    "previewCredit": "CreditDocumentInput",
    "reissueDocument": "ReissueDocumentInput",
    "previewReissue": "ReissueDocumentInput",
}


async def send(manager: Asked, mutation: str, id: str, **given: Any) -> Any:
    shown = PREVIEWED if mutation.startswith("preview") else ISSUED
    answer = await manager(
        f"mutation ($input: {KINDS[mutation]}!) {{ {mutation}(input: $input)"
        f" {{ __typename {shown} {REFUSAL} }} }}",
        input={"id": id, "reason": "Agreed."} | given,
    )
    assert set(answer) == {"data"}, answer
    return answer["data"][mutation]


def problems(answer: Any) -> list[tuple[str, str]]:
    return [(one["code"], ".".join(one["path"])) for one in answer["problems"]]


async def invoice_of(books: Books, account: UUID) -> str:
    (row,) = await books.asked(
        "SELECT id FROM document WHERE account_id = :id AND kind = 'INVOICE'"
        " ORDER BY id DESC LIMIT 1", id=account,
    )  # fmt: skip
    return encode("Document", row.id)


async def net_of(books: Books, account: UUID) -> str:
    (row,) = await books.asked(
        "SELECT sum(CASE kind WHEN 'INVOICE' THEN net ELSE -net END) AS net FROM document"
        " WHERE account_id = :id", id=account,
    )  # fmt: skip
    return str(row.net)


async def run_again(books: Books, account: UUID, until: date = MAY) -> None:
    """Let a run look at the account once more."""
    await books.done(
        "UPDATE account SET history_length = history_length + 1 WHERE id = :id", id=account
    )
    await books.bill(until)


async def test_what_is_credited_stays_credited(books: Books, manager: Asked) -> None:
    account = await books.customer()
    await books.bill(MAY)
    id = await invoice_of(books, account)
    given = {"lines": [{"position": 1, "net": "10.00"}], "expectedCredited": "0.00"}
    shown = await send(manager, "previewCredit", id, **given)
    assert shown["documents"] == [{"kind": "CREDIT_NOTE", "net": "10.00", "gross": "12.10"}]
    note = await send(manager, "creditDocument", id, **given, previewToken=shown["token"])
    assert (note["kind"], note["net"], note["reason"]) == ("CREDIT_NOTE", "10.00", "Agreed.")
    assert [(line["position"], line["net"]) for line in note["lines"]] == [(1, "10.00")]
    # Who had read it before, and credits too, is told.
    assert problems(await send(manager, "creditDocument", id, **given)) == [
        ("CONFLICT", "input.expectedCredited")
    ]
    too_much = {"lines": [{"position": 1, "net": "20.01"}, {"position": 9}]}
    refused = await send(manager, "creditDocument", id, **too_much)
    assert problems(refused) == [("RULE_BROKEN", "input.lines.0.net")]
    await run_again(books, account)
    assert await net_of(books, account) == "55.00"
    # The module ends on the 10th: of May, 9.68 remain due, and 10.00 were waived of April.
    await books.done("UPDATE tariff_period SET ends_on = '2026-05-10' WHERE account_id = :id",
                     id=account)  # fmt: skip
    await run_again(books, account)
    assert await net_of(books, account) == "34.68"
    rest = await send(manager, "creditDocument", id)
    assert (rest["net"], rest["corrects"]["number"]) == ("34.68", note["corrects"]["number"])
    await run_again(books, account)
    assert await net_of(books, account) == "0.00"
    assert problems(await send(manager, "creditDocument", id)) == [("CONFLICT", "input.id")]
    assert problems(await send(manager, "creditDocument", note["id"])) == [
        ("RULE_BROKEN", "input.id")
    ]
    # Only now it is billed again, with what remains due of it.
    again = await send(manager, "reissueDocument", id, dueOn="2026-06-30")
    assert (again["kind"], again["net"], again["dueOn"]) == ("INVOICE", "44.68", "2026-06-30")
    await run_again(books, account)
    assert await net_of(books, account) == "44.68"
    await chain_is_whole(books)


async def test_an_invoice_is_issued_again_with_the_address_of_today(
    books: Books, manager: Asked
) -> None:
    account = await books.customer()
    await books.bill(MAY)
    id = await invoice_of(books, account)
    await books.done("UPDATE contract SET purchase_order_number = 'PO-7' WHERE account_id = :id",
                     id=account)  # fmt: skip
    shown = await send(manager, "previewReissue", id)
    assert [(one["kind"], one["net"]) for one in shown["documents"]] == [
        ("CREDIT_NOTE", "65.00"), ("INVOICE", "65.00"),
    ]  # fmt: skip
    again = await send(manager, "reissueDocument", id, previewToken=shown["token"])
    assert (again["net"], again["dueOn"]) == ("65.00", "2026-06-04")
    assert [line["left"] for line in again["lines"]] == ["30.00", "30.00", "5.00"]
    _, key = decode(again["id"]) or ("", None)
    (row,) = await books.asked("SELECT payload FROM document WHERE id = :id", id=key)
    assert row.payload["purchaseOrderNumber"] == "PO-7"
    spans = await books.asked(
        "SELECT DISTINCT document_id FROM billed_span WHERE account_id = :id", id=account
    )
    assert [span.document_id for span in spans] == [key]
    await run_again(books, account)
    assert await net_of(books, account) == "65.00"
    assert problems(await send(manager, "reissueDocument", id)) == [("CONFLICT", "input.id")]
    await chain_is_whole(books)


async def test_of_two_credit_notes_at_once_the_second_is_a_conflict(
    books: Books, manager: Asked
) -> None:
    account = await books.customer()
    await books.bill(MAY)
    id = await invoice_of(books, account)
    answers = await asyncio.gather(
        *(send(manager, "creditDocument", id, expectedCredited="0.00") for _ in range(2))
    )
    assert sorted(one["__typename"] for one in answers) == ["Document", "Refusal"]
    (refused,) = [one for one in answers if one["__typename"] == "Refusal"]
    assert {code for code, _ in problems(refused)} == {"CONFLICT"}
    assert await net_of(books, account) == "0.00"
    await chain_is_whole(books)
