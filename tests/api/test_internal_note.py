"""What staff note about a change: staff read it in the history, customers and apps do not."""

import pytest
import sqlalchemy as sa

from tests.api.asking import without_cost
from tests.saying import not_permitted
from tests.world import MEMBERS, Kind
from tests.writing import problem, refusal

HISTORY = """query ($id: ID!) { account(id: $id) { history(first: 3) { edges { node {
  action reason internalNote } } } } }"""
NOTE = "Asked for twice;\nfinance agrees."
TERMS = {"deviatingPaymentTerms": {"name": "30 days", "dueDays": 30, "method": "TRANSFER"}}
GIVEN = TERMS | {"reason": "Agreed by telephone.", "internalNote": NOTE}
STAFF_ALONE = {"roles": ["EMPLOYEE", "MANAGER"], "scope": None, "memberRoles": []}
NOT_YOURS = {
    "NL": "U hebt hiervoor geen toestemming: interne notitie.",
    "DE": "Dafür haben Sie keine Berechtigung: interne Notiz.",
    "EN": "You have no permission for this: internal note.",
}


@pytest.fixture
async def noted(writer):
    """Let a manager change the payment terms, with a reason and a note."""
    changed = await writer.change("changePaymentTerms", Kind.MANAGER, GIVEN)
    assert changed["__typename"] == "Contract"
    return writer


async def latest(writer, kind):
    """Ask for the history as somebody; give the newest entry, and the errors."""
    token = writer.world.tokens[kind]
    answer = without_cost(await writer.api(HISTORY, token, id=writer.world.own.id))
    edges = answer["data"]["account"]["history"]["edges"]
    return edges[0]["node"], answer.get("errors", [])


@pytest.mark.parametrize("kind", [Kind.EMPLOYEE, Kind.MANAGER])
async def test_staff_read_it_beside_the_reason(noted, kind):
    assert await latest(noted, kind) == (
        {
            "action": "changePaymentTerms",
            "reason": "Agreed by telephone.",
            "internalNote": NOTE,
        },
        [],
    )


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN, Kind.BILLING])
async def test_members_read_the_reason_and_are_refused_the_note(noted, kind):
    entry, errors = await latest(noted, kind)
    assert entry == {
        "action": "changePaymentTerms",
        "reason": "Agreed by telephone.",
        "internalNote": None,
    }
    assert {error["extensions"]["code"] for error in errors} == {"FORBIDDEN"}
    path = ["account", "history", "edges", 0, "node", "internalNote"]
    assert errors[0]["path"] == path
    assert errors[0]["message"] == not_permitted("internalNote")


async def test_the_standard_lane_refuses_the_note_alone(noted, standard_api):
    """It reads expressions with their row, also one that is refused: `portal_app` reads none."""
    owner = noted.world.tokens[Kind.OWNER]
    answer = await standard_api(HISTORY, owner, id=noted.world.own.id)
    edges = answer["data"]["account"]["history"]["edges"]
    assert [edge["node"]["internalNote"] for edge in edges] == [None] * 3
    assert edges[0]["node"]["action"] == "changePaymentTerms"
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}


@pytest.mark.parametrize("kind", [Kind.READER, Kind.EMPLOYEE_WITHOUT, Kind.PARTNER])
async def test_who_may_not_read_the_history_reads_no_note(noted, kind):
    token = noted.world.tokens[kind]
    answer = await noted.api(HISTORY, token, id=noted.world.own.id)
    assert answer["data"]["account"]["history"] is None
    assert NOTE.partition("\n")[0] not in str(answer)


@pytest.mark.parametrize("kind", MEMBERS)
@pytest.mark.parametrize("language", ["NL", "DE", "EN"])
async def test_a_member_may_not_send_one(writer, kind, language):
    async with writer.superuser.begin() as connection:
        await connection.execute(
            sa.text(
                "UPDATE person SET language = :language WHERE id IN"
                " (SELECT person_id FROM member WHERE account_id = :account)"
            ),
            {"language": language, "account": writer.world.own.account_id},
        )
    before = await writer.fingerprint()
    given = {"id": writer.world.own.id, "memberId": "x", "internalNote": "x"}
    answer = await writer.change("removeMember", kind, given)
    refused = problem("FORBIDDEN", "input.internalNote", NOT_YOURS[language], STAFF_ALONE)
    assert refused in answer["problems"]
    assert await writer.fingerprint() == before


async def test_a_note_is_as_long_as_a_reason_and_both_faults_are_told(writer):
    before = await writer.fingerprint()
    given = TERMS | {"reason": "x" * 1001, "internalNote": "x" * 1001}
    too_long = "May have at most 1,000 characters."
    assert await writer.change("changePaymentTerms", Kind.MANAGER, given) == refusal(
        problem("INVALID_INPUT", "input.reason", too_long),
        problem("INVALID_INPUT", "input.internalNote", too_long),
    )
    assert await writer.fingerprint() == before
