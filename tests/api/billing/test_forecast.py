"""What will be billed next is what the run then bills."""

import pytest

from portal.language.global_id import encode
from tests.api.asking import Api
from tests.api.billing.conftest import FIRST, MAY, Asked, Books
from tests.world import Kind, World

NEXT = """query ($id: ID!, $months: Int) { account(id: $id) { nextInvoices(months: $months) {
  on documents { kind dueOn net vat gross lines { module name firstDay lastDay quantity unit
      baseQuantity unitPrice net vatCategory vatRate shareDays shareOfDays }
    vatGroups { category rate net vat text } } } } }"""


async def test_it_is_what_the_run_then_bills(books: Books, manager: Asked) -> None:
    account = await books.customer()

    async def foreseen(months: int) -> list[tuple[str, str, str]]:
        answer = await manager(NEXT, id=encode("Account", account), months=months)
        assert "errors" not in answer
        return [
            (one["on"], document["kind"], document["net"])
            for one in answer["data"]["account"]["nextInvoices"]
            for document in one["documents"]
        ]

    ahead = [("2026-06-01", "INVOICE", "30.00"), ("2026-07-01", "INVOICE", "30.00")]
    assert await foreseen(2) == [("2026-05-05", "INVOICE", "65.00"), *ahead]
    await books.bill(MAY)
    assert await foreseen(2) == ahead
    await books.done(
        "UPDATE tariff_period SET ends_on = '2026-05-10' WHERE account_id = :id", id=account
    )
    assert await foreseen(2) == [("2026-05-05", "CREDIT_NOTE", "20.32")]


async def test_it_says_what_a_document_will_say(books: Books, manager: Asked) -> None:
    account = await books.customer()
    await books.bill(FIRST)
    answer = await manager(NEXT, id=encode("Account", account), months=1)
    late, _ = answer["data"]["account"]["nextInvoices"]
    assert late == {
        "on": "2026-05-05",
        "documents": [
            {
                "kind": "INVOICE", "dueOn": "2026-06-04", "net": "30.00", "vat": "6.30",
                "gross": "36.30",
                "lines": [{"module": books.module.name, "name": books.items[0].name,
                           "firstDay": "2026-05-01", "lastDay": "2026-05-31", "quantity": "1.00",
                           "unit": "month", "baseQuantity": "1.00", "unitPrice": "30.00",
                           "net": "30.00", "vatCategory": "S", "vatRate": "21.00",
                           "shareDays": None, "shareOfDays": None}],
                "vatGroups": [{"category": "S", "rate": "21.00", "net": "30.00", "vat": "6.30",
                               "text": None}],
            }
        ],
    }  # fmt: skip


@pytest.mark.parametrize("months", [0, 13])
async def test_so_many_months_are_not_foreseen(manager: Asked, books: Books, months: int) -> None:
    account = await books.customer()
    answer = await manager(NEXT, id=encode("Account", account), months=months)
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["message"]) == (
        "INVALID_INPUT", "Must be from 1 to 12.",
    )  # fmt: skip


@pytest.mark.reads
async def test_nobody_is_billed_before_it_is_said_from_when_on(lane: Api, world: World) -> None:
    answer = await lane(NEXT, world.tokens[Kind.OWNER], id=world.own.id)
    assert answer == {"data": {"account": {"nextInvoices": []}}}
