"""closeBooks: days in books that are closed keep what they cost, whatever a manager asks."""

from portal.language.global_id import encode
from tests.api.billing.conftest import Asked, Books

REFUSAL = "__typename ... on Refusal { problems { code path message } }"
CLOSED = "The books are closed up to and including 30 April 2026: choose a later day."


async def sent(manager: Asked, mutation: str, **given: object) -> list[tuple[str, str, str]]:
    name = f"{mutation[0].upper()}{mutation[1:]}Input"
    answer = await manager(
        f"mutation ($input: {name}!) {{ {mutation}(input: $input) {{ {REFUSAL} }} }}", input=given
    )
    problems = answer["data"][mutation].get("problems", [])
    return [(one["code"], one["path"][-1], one["message"]) for one in problems]


async def test_the_day_up_to_which_they_are_closed_moves_forward(
    books: Books, manager: Asked
) -> None:
    over = [("RULE_BROKEN", "until", "This day is not over yet.")]
    assert await sent(manager, "closeBooks", until="2026-05-05") == over
    assert await sent(manager, "closeBooks", until="2026-04-30", reason="April.") == []
    again = [("RULE_BROKEN", "until", CLOSED)]
    assert await sent(manager, "closeBooks", until="2026-04-30") == again
    answer = await manager("{ booksClosings { edges { node { closedUntil closedAt } } } }")
    assert [edge["node"] for edge in answer["data"]["booksClosings"]["edges"]] == [
        {"closedUntil": "2026-04-30", "closedAt": "2026-05-05T10:00:00.000000Z"}
    ]
    account = await books.customer()
    (row,) = await books.asked(
        "SELECT id FROM module_subscription WHERE account_id = :id", id=account
    )
    module = {"id": encode("ModuleSubscription", row.id), "reason": "Agreed."}
    agreed = {"id": encode("Account", account), "moduleId": encode("Module", books.module.id)}
    agreed |= {"value": {"discountPercent": "10"}, "reason": "Agreed."}
    for mutation, field, given in (
        ("giveNotice", "deviatingDate", module),
        ("changeQuantity", "deviatingDate", module | {"itemKey": "BASE", "quantity": 2}),
        ("makeSpecialAgreement", "startsOn", agreed),
    ):
        refused = await sent(manager, mutation, **given, **{field: "2026-04-30"})
        assert refused == [("RULE_BROKEN", field, CLOSED)]
    (row,) = await books.asked("SELECT history_length FROM account WHERE id = :id", id=account)
    assert row.history_length == 0
    assert await sent(manager, "makeSpecialAgreement", **agreed, startsOn="2026-05-01") == []
    assert await sent(manager, "giveNotice", **module, deviatingDate="2026-05-01") == []


async def test_nobody_who_serves_may_open_them_again(books: Books) -> None:
    rights = await books.asked(
        "SELECT has_table_privilege(role, 'books_closing', verb) AS has"
        " FROM unnest(ARRAY['portal_app', 'portal_staff', 'portal_worker']) role,"
        " unnest(ARRAY['UPDATE', 'DELETE']) verb"
    )
    assert [right.has for right in rights] == [False] * 6
