"""A preview says which documents its change causes, and the run then issues those."""

from datetime import date
from decimal import Decimal
from typing import Any

from portal.language.global_id import encode
from tests import factories
from tests.api.billing.conftest import MAY, Asked, Books

SHOWN = """__typename ... on Preview { token monthlyBefore monthlyAfter
  documents { kind net gross lines { firstDay lastDay net } } }
  ... on Refusal { problems { code path message } }"""
DONE = "__typename ... on Refusal { problems { code path message } }"


async def module_of(books: Books, account: Any) -> str:
    (row,) = await books.asked(
        "SELECT id FROM module_subscription WHERE account_id = :id", id=account
    )
    return encode("ModuleSubscription", row.id)


async def send(manager: Asked, mutation: str, given: dict[str, Any], shown: str = DONE) -> Any:
    name = mutation.replace("previewNotice", "giveNotice", 1)
    name = {
        "previewNotice": "GiveNoticeInput",
        "previewNoticeWithdrawal": "WithdrawNoticeInput",
        "previewTariffChange": "ChangeTariffInput",
    }.get(mutation, f"{name[0].upper()}{name[1:]}Input")
    answer = await manager(
        f"mutation ($input: {name}!) {{ {mutation}(input: $input) {{ {shown} }} }}", input=given
    )
    assert set(answer) == {"data"}, answer
    return answer["data"][mutation]


async def test_a_notice_shows_its_credit_note(books: Books, manager: Asked) -> None:
    account = await books.customer()
    await books.bill(MAY)
    id = await module_of(books, account)
    given = {"id": id, "deviatingDate": "2026-05-10", "reason": "Agreed."}
    shown = await send(manager, "previewNotice", given, SHOWN)
    assert shown["documents"] == [
        {"kind": "CREDIT_NOTE", "net": "20.32", "gross": "24.59",
         "lines": [{"firstDay": "2026-05-11", "lastDay": "2026-05-31", "net": "20.32"}]}
    ]  # fmt: skip
    assert await books.documents(account) == [("INVOICE", "65.00", "78.65")]
    made = await send(manager, "giveNotice", given | {"previewToken": shown["token"]})
    assert made == {"__typename": "ModuleSubscription"}
    await books.bill(date(2026, 5, 2))
    assert (await books.documents(account))[1:] == [("CREDIT_NOTE", "20.32", "24.59")]
    back = await send(manager, "previewNoticeWithdrawal", {"id": id}, SHOWN)
    assert (back["monthlyBefore"], back["monthlyAfter"]) == ("0.00", "30.00")
    assert [(one["kind"], one["net"]) for one in back["documents"]] == [("INVOICE", "20.32")]
    # What the run bills meanwhile is no more what was shown.
    again = {"id": id, "previewToken": back["token"]}
    await books.done(
        "UPDATE billed_span SET net_left = net_left - 1 WHERE account_id = :id"
        " AND last_day = '2026-05-10'", id=account,
    )  # fmt: skip
    stale = await send(manager, "withdrawNotice", again)
    assert [(one["code"], one["message"]) for one in stale["problems"]] == [
        ("PREVIEW_STALE", "Other than in the preview: documents.")
    ]


async def test_another_tariff_credits_and_charges(books: Books, manager: Asked) -> None:
    dear = factories.tariff(books.module)
    version = factories.tariff_version(dear, valid_from=date(2024, 1, 1))
    section = factories.section(version)
    base = factories.item(section, 0, key="BASE", unit_price=Decimal(62))
    await factories.write(books.owner, [dear, version, section, base])
    account = await books.customer()
    await books.bill(MAY)
    given = {"id": await module_of(books, account), "tariff": {"id": encode("Tariff", dear.id)}}
    given |= {"deviatingDate": "2026-05-03", "reason": "Agreed."}
    shown = await send(manager, "previewTariffChange", given, SHOWN)
    assert [(one["kind"], one["net"]) for one in shown["documents"]] == [
        ("CREDIT_NOTE", "28.06"), ("INVOICE", "58.00"),
    ]  # fmt: skip
    await books.done(
        "UPDATE contract SET contract_partner_kind = 'CONSUMER' WHERE account_id = :id", id=account
    )
    refused = await send(manager, "previewTariffChange", given, SHOWN)
    assert [(one["code"], one["path"]) for one in refused["problems"]] == [
        ("RULE_BROKEN", ["input", "deviatingDate"])
    ]
    assert refused["problems"][0]["message"].startswith("For a consumer nothing becomes dearer")
