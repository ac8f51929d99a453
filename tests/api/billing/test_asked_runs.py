"""runBilling: some accounts at once, as the preview says; all of them by the worker."""

from datetime import timedelta
from typing import Any

from portal.jobs.billing import carry_out, run_nightly
from portal.language.global_id import encode
from tests.api.billing.conftest import NOW, Asked, Books

RUN = "__typename ... on BillingRun { id billedUntil finishedAt accounts invoices unbilled }"
PREVIEW = "__typename ... on BillingPreview { token documents { kind net gross lines { net } } }"
REFUSAL = "... on Refusal { problems { code path message } }"


async def send(manager: Asked, mutation: str, **given: Any) -> Any:
    shown = RUN if mutation == "runBilling" else PREVIEW
    answer = await manager(
        f"mutation ($input: RunBillingInput!) {{ {mutation}(input: $input)"
        f" {{ {shown} {REFUSAL} }} }}",
        input=given,
    )
    assert set(answer) == {"data"}, answer
    return answer["data"][mutation]


def problem(answer: Any) -> tuple[str, list[str]]:
    (one,) = answer["problems"]
    return one["code"], one["path"]


async def test_some_accounts_are_billed_at_once_as_it_was_shown(
    books: Books, manager: Asked
) -> None:
    account, other = await books.customer(), await books.customer()
    given = {"accountIds": [encode("Account", account)], "until": "2026-05-01"}
    shown = await send(manager, "previewBilling", **given)
    assert shown["documents"] == [
        {"kind": "INVOICE", "net": "65.00", "gross": "78.65",
         "lines": [{"net": "30.00"}, {"net": "30.00"}, {"net": "5.00"}]}
    ]  # fmt: skip
    assert await books.documents(account) == []
    counters = await books.asked("SELECT last_number FROM number_series")
    done = await send(manager, "runBilling", **given, previewToken=shown["token"])
    assert (done["accounts"], done["invoices"], done["unbilled"]) == (1, 1, 0)
    assert done["finishedAt"] is not None
    assert await books.documents(account) == [("INVOICE", "65.00", "78.65")]
    assert await books.documents(other) == []
    # A preview draws no number.
    (row,) = await books.asked("SELECT last_number FROM number_series WHERE key = 'INV'")
    assert row.last_number == sum(one.last_number for one in counters) + 1
    again = await send(manager, "runBilling", **given)
    assert (again["accounts"], again["invoices"]) == (0, 0)
    assert len(await books.documents(account)) == 1


async def test_all_of_them_are_billed_by_the_worker(books: Books, manager: Asked) -> None:
    account = await books.customer()
    asked = await send(manager, "runBilling", until="2026-05-01", reason="Before the holidays.")
    assert asked["finishedAt"] is None
    assert problem(await send(manager, "runBilling")) == ("CONFLICT", [])
    assert await books.documents(account) == []
    await carry_out(books.worker, NOW + timedelta(minutes=1))
    assert len(await books.documents(account)) == 1
    answer = await manager(f'{{ node(id: "{asked["id"]}") {{ {RUN} }} }}')
    run = answer["data"]["node"]
    assert run["finishedAt"] == "2026-05-05T10:01:00.000000Z"
    assert (run["invoices"], run["unbilled"]) == (run["accounts"], 0)
    await carry_out(books.worker, NOW)
    later = await books.customer()
    await run_nightly(books.worker, NOW + timedelta(hours=1))
    assert len(await books.documents(later)) == 1
    answer = await manager("{ billingRuns(first: 1) { edges { node { billedUntil invoices } } } }")
    (edge,) = answer["data"]["billingRuns"]["edges"]
    assert edge["node"]["billedUntil"] == "2026-05-05"


async def test_a_run_that_nobody_may_ask_for_is_refused(books: Books, manager: Asked) -> None:
    account = await books.customer()
    ids = [encode("Account", account)]
    until = ["input", "until"]
    for given, refused in (
        ({"until": "2026-05-06"}, ("RULE_BROKEN", until)),
        ({"accountIds": [encode("Person", account)]}, ("NOT_FOUND", ["input", "accountIds"])),
        ({"accountIds": []}, ("INVALID_INPUT", ["input", "accountIds"])),
        ({"accountIds": ids * 51}, ("INVALID_INPUT", ["input", "accountIds"])),
    ):
        assert problem(await send(manager, "runBilling", **given)) == refused
    assert problem(await send(manager, "previewBilling")) == (
        "INVALID_INPUT", ["input", "accountIds"],
    )  # fmt: skip
    await books.done("INSERT INTO books_closing VALUES ('2026-04-30', now(), gen_random_uuid())")
    closed = await send(manager, "runBilling", accountIds=ids, until="2026-04-30")
    assert problem(closed) == ("RULE_BROKEN", until)
    await books.done("DELETE FROM billing_start")
    assert problem(await send(manager, "runBilling", accountIds=ids)) == ("RULE_BROKEN", [])
    assert await books.documents(account) == []
    assert await books.asked("SELECT 1 FROM billing_run WHERE finished_at IS NULL") == []
