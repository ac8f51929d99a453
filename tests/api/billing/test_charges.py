"""issueCharge: an invoice that a manager writes; holdBilling: no run bills an account."""

from datetime import timedelta
from typing import Any

from portal.jobs.billing import run_billing
from portal.language.global_id import encode
from tests.api.billing.conftest import MAY, NOW, Asked, Books
from tests.api.billing.test_by_hand import net_of, problems, run_again
from tests.api.billing.test_run import chain_is_whole

DOCUMENT = """... on Document { number kind dueOn net vat gross reason
  lines { module name itemKey quantity unit unitCode unitPrice net vatRate left } }"""
PREVIEW = "... on BillingPreview { token documents { kind dueOn net gross } }"
REFUSAL = "... on Refusal { problems { code path message } }"
TERMS = {"name": "7 days", "dueDays": 7, "method": "DIRECT_DEBIT"}


async def send(manager: Asked, mutation: str, **given: Any) -> Any:
    shown = PREVIEW if mutation.startswith("preview") else DOCUMENT
    answer = await manager(
        f"mutation ($input: IssueChargeInput!) {{ {mutation}(input: $input)"
        f" {{ __typename {shown} {REFUSAL} }} }}",
        input={"reason": "Ordered by telephone."} | given,
    )
    assert set(answer) == {"data"}, answer
    return answer["data"][mutation]


async def module_of(books: Books, account: Any) -> str:
    (row,) = await books.asked(
        "SELECT id FROM module_subscription WHERE account_id = :id", id=account
    )
    return encode("ModuleSubscription", row.id)


async def test_a_manual_invoice_is_issued_as_it_was_shown(books: Books, manager: Asked) -> None:
    account = await books.customer()
    await books.bill(MAY)
    given = {
        "accountId": encode("Account", account),
        "terms": TERMS,
        "lines": [
            {"moduleSubscriptionId": await module_of(books, account), "itemKey": "BASE",
             "quantity": "2"},
            {"text": "Help on site", "quantity": "1.5", "unit": "hour", "unitCode": "HUR",
             "unitPrice": "80.00", "vatCategory": "REDUCED", "firstDay": "2026-05-04"},
        ],
    }  # fmt: skip
    shown = await send(manager, "previewCharge", **given)
    assert shown["documents"] == [
        {"kind": "INVOICE", "dueOn": "2026-05-12", "net": "180.00", "gross": "203.40"}
    ]
    made = await send(manager, "issueCharge", **given, previewToken=shown["token"])
    assert (made["net"], made["vat"], made["reason"]) == (
        "180.00", "23.40", "Ordered by telephone.",
    )  # fmt: skip
    item, help_ = made["lines"]
    assert (item["itemKey"], item["unitPrice"], item["vatRate"]) == ("BASE", "30.00", "21.00")
    assert (help_["name"], help_["quantity"], help_["unitCode"], help_["left"]) == (
        "Help on site", "1.50", "HUR", "120.00",
    )  # fmt: skip
    (row,) = await books.asked(
        "SELECT payload FROM document WHERE number = :number", number=made["number"]
    )
    assert row.payload["terms"]["method"] == "DIRECT_DEBIT"
    await run_again(books, account)
    assert await net_of(books, account) == "245.00"
    await chain_is_whole(books)


async def test_what_no_invoice_can_say_is_refused(books: Books, manager: Asked) -> None:
    account = await books.customer()
    id, module = encode("Account", account), await module_of(books, account)
    words = {"text": "Help", "quantity": "1", "unitPrice": "1", "vatCategory": "STANDARD"}
    item = {"moduleSubscriptionId": module, "itemKey": "BASE", "quantity": "1"}
    for lines, refused in (
        ([], [("INVALID_INPUT", "input.lines")]),
        ([words] * 101, [("INVALID_INPUT", "input.lines")]),
        ([words, words | {"quantity": "0"}], [("INVALID_INPUT", "input.lines.1.quantity")]),
        ([item | {"itemKey": "NONE"}], [("NOT_FOUND", "input.lines.0.itemKey")]),
        ([item | {"unit": "week"}], [("INVALID_INPUT", "input.lines.0.unit")]),
        ([item | {"moduleSubscriptionId": id}],
         [("NOT_FOUND", "input.lines.0.moduleSubscriptionId")]),
        ([words | {"quantity": "0.001"}], [("RULE_BROKEN", "input.lines.0")]),
    ):  # fmt: skip
        assert problems(await send(manager, "issueCharge", accountId=id, lines=lines)) == refused
    late = TERMS | {"dueDays": 121}
    assert problems(
        await send(manager, "issueCharge", accountId=id, lines=[words], terms=late)
    ) == [("INVALID_INPUT", "input.terms.dueDays")]
    assert problems(
        await send(manager, "issueCharge", accountId=id, lines=[words], reason=" ")
    ) == [("RULE_BROKEN", "input.reason")]
    await books.done("DELETE FROM contract WHERE account_id = :id", id=account)
    assert problems(await send(manager, "issueCharge", accountId=id, lines=[words])) == [
        ("RULE_BROKEN", "")
    ]
    assert await books.documents(account) == []


async def test_no_run_bills_an_account_that_is_held(books: Books, manager: Asked) -> None:
    account = await books.customer()

    async def hold(**given: Any) -> Any:
        answer = await manager(
            "mutation ($input: HoldBillingInput!) { holdBilling(input: $input) {"
            f" __typename ... on Account {{ billingHeldUntil }} {REFUSAL} }} }}",
            input={"id": encode("Account", account)} | given,
        )
        return answer["data"]["holdBilling"]

    assert problems(await hold(until="2026-05-31")) == [("RULE_BROKEN", "input.reason")]
    over = await hold(until="2026-05-04", reason="A dispute.")
    assert problems(over) == [("RULE_BROKEN", "input.until")]
    held = await hold(until="2026-05-31", reason="A dispute.")
    assert held["billingHeldUntil"] == "2026-05-31"
    await books.bill(MAY)
    assert await books.documents(account) == []
    answer = await manager(
        "{ billingProblems(filter: { codeIn: [ON_HOLD] }) { edges { node { code sentence } } } }"
    )
    (edge,) = answer["data"]["billingProblems"]["edges"]
    assert edge["node"]["code"] == "ON_HOLD"
    assert edge["node"]["sentence"].startswith("Billing is held up to and including")
    assert (await hold(reason="It is settled."))["billingHeldUntil"] is None
    report = await run_billing(books.worker, NOW + timedelta(minutes=1), MAY)
    assert report.invoices == 1
    assert await books.documents(account) == [("INVOICE", "65.00", "78.65")]
