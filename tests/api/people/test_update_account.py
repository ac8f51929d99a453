"""updateAccount: an account's own fields, each with its own right."""

import pytest

from tests import factories
from tests.world import Kind
from tests.writing import NOT_FOUND, problem, refusal

MUTATION = "updateAccount"
FIELDS = "version name customerNumber language timeZone remindsOfDeadlines"


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Kind.OWNER, {"name": " De Timmerwinkel ", "language": "DE"}),
        (Kind.ADMIN, {"name": "De Timmerwinkel"}),
        (Kind.BILLING, {"language": "EN", "remindsOfDeadlines": True}),
        (Kind.EMPLOYEE, {"name": "De Timmerwinkel", "customerNumber": f" {factories.word()}"}),
        (Kind.MANAGER, {"customerNumber": None, "timeZone": "Europe/Brussels"}),
        (Kind.MANAGER, {"customerNumber": "  ", "name": "Gärtnerei"}),
    ],
)
async def test_each_field_by_who_holds_its_right(writer, kind, given):
    account = writer.world.own.account
    shown = {
        "name": account.name,
        "customerNumber": account.customer_number,
        "language": "NL",
        "timeZone": "Europe/Amsterdam",
        "remindsOfDeadlines": account.reminds_of_deadlines,
    }
    new = {
        name: value if isinstance(value, bool) else (value or "").strip() or None
        for name, value in given.items()
    }
    columns = {
        "customerNumber": "customer_number",
        "timeZone": "time_zone",
        "remindsOfDeadlines": "reminds_of_deadlines",
    }
    before = await writer.rows()
    assert await writer.change(MUTATION, kind, given, FIELDS) == {
        "__typename": "Account",
        "version": 2,
        **shown,
        **new,
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 3, "version": 2}
        | {columns.get(name, name): value for name, value in new.items()}
    }
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["reason"]) == (3, MUTATION, None)
    assert sorted(entry["values"]) == sorted(
        [f"Account.{name}", shown[name], value] for name, value in new.items()
    )


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        (
            {"name": "", "customerNumber": "x" * 41, "timeZone": "Utrecht", "language": None},
            [
                ("name", "Must not be empty."),
                ("customerNumber", "May have at most 40 characters."),
                ("language", "Must not be empty."),
                ("timeZone", "This is not a time zone, for example Europe/Amsterdam."),
            ],
        ),
        ({"name": None}, [("name", "Must not be empty.")]),
        ({"timeZone": " "}, [("timeZone", "Must not be empty.")]),
        (
            {"timeZone": "localtime"},
            [("timeZone", "This is not a time zone, for example Europe/Amsterdam.")],
        ),
        ({"name": "x" * 201}, [("name", "May have at most 200 characters.")]),
    ],
)
async def test_every_fault_is_told(writer, given, problems):
    before = await writer.fingerprint()
    assert await writer.change(MUTATION, Kind.MANAGER, given) == refusal(
        *(problem("INVALID_INPUT", f"input.{name}", message) for name, message in problems)
    )
    assert await writer.fingerprint() == before


async def test_a_customer_number_belongs_to_one_account(writer):
    before = await writer.fingerprint()
    taken = writer.world.foreign.account.customer_number
    assert await writer.change(MUTATION, Kind.EMPLOYEE, {"customerNumber": taken}) == refusal(
        problem("CONFLICT", "input.customerNumber", "Another account has this customer number.")
    )
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.READER])
async def test_a_foreign_account_is_answered_like_none(writer, kind):
    before = await writer.fingerprint()
    no_account = writer.world.own.ids["Module"][0]
    for id in (writer.world.foreign.id, no_account, "", "QWNjb3VudA=="):
        given = {"id": id, "name": "x"}
        assert await writer.change(MUTATION, kind, given) == NOT_FOUND
    assert await writer.fingerprint() == before


async def test_what_partners_read_of_the_change_stays_theirs(writer):
    await writer.change(MUTATION, Kind.OWNER, {"name": "De Timmerwinkel"})
    answer = await writer.api(
        "query ($id: ID!) { account(id: $id) { name version } }",
        writer.world.tokens[Kind.PARTNER_READING],
        id=writer.world.own.id,
    )
    assert answer == {"data": {"account": {"name": "De Timmerwinkel", "version": 2}}}
