"""What mutations answer: the same in both lanes, and read by one statement."""

import json
from typing import Any

import pytest

from tests.api.conftest import Api, CountStatements
from tests.api.test_reading_walls import FOOT, HEAD, is_one_expression
from tests.factories import word
from tests.world import Kind, World
from tests.writing import Writer

REVERSED = {"vatTreatment": "REVERSE_CHARGE", "vatNumber": "NL002455799B11"}
CONTRACT = """
mutation ($input: UpdateContractInput!, $more: Boolean = true) {
  changed: updateContract(input: $input) {
    kind: __typename
    ...row
    ... on Refusal { problems { code path message } }
    ... on Node { id }
    ... on Contract {
      number: purchaseOrderNumber iban
      duration { startsOn basis }
      viewerCan @include(if: $more) { field allowed reason howToRequest { mutation } }
    }
  }
}
fragment row on Contract {
  __typename version purchaseOrderNumber
  contractPartner { __typename name kind } billingAddress { name }
  paymentTerms { __typename effective { ...terms } deviating { ...terms } }
  documentDelivery @skip(if: $more) { mode }
}
fragment terms on PaymentTerms { name dueDays discountPercent }
"""
ACCOUNT = """
mutation ($input: UpdateAccountInput!, $first: Int) {
  updateAccount(input: $input) {
    ... on Account {
      name customerNumber isTest deletedAt monthlyTotal
      contract { id iban viewerCan { field allowed } }
      modules(first: $first) { totalCount edges { cursor node {
        status data currentTariff { tariff { name { value language } }
          priceList { sections { items { unitPrice unit { value } } } } }
      } } }
      members(last: 2) { pageInfo { hasPreviousPage } edges { node { role email } } }
      history(first: 3) { edges { node { number at action reason values { field before after } } } }
      requests(first: 2) { edges { node { kind status proposed { vatTreatment } } } }
    }
  }
}
"""
REQUEST = """
mutation ($input: CreateRequestInput!) {
  createRequest(input: $input) {
    __typename
    ... on Request { kind status reason proposed { vatTreatment vatNumber } present { vatNumber } }
    ... on Refusal { problems { code path } }
  }
}
"""
BOTH = """
mutation ($contract: UpdateContractInput!, $account: UpdateAccountInput!) {
  one: updateContract(input: $contract) { ... on Contract { version purchaseOrderNumber iban } }
  two: updateAccount(input: $account) { ... on Account { version name contract { iban version } } }
  three: updateContract(input: $contract) { ... on Contract { version } }
}
"""


def shown(answer: dict[str, Any]) -> tuple[str, list[str]]:
    """Give the data with its keys in their order, and the errors, which have none."""
    return json.dumps(answer["data"]), sorted(map(json.dumps, answer.get("errors", ())))


async def in_both(
    api: Api, standard_api: Api, document: str, token: str | None, **variables: Any
) -> dict[str, Any]:
    """Send a change with a key of its own; the standard lane then answers its repetition."""
    fast = await api(document, token, **variables)
    slow = await standard_api(document, token, **variables)
    assert shown(fast) == shown(slow)
    return fast


def given(id: str, **more: Any) -> dict[str, Any]:
    """Give an input with a key that nobody has used."""
    return {"id": id, "idempotencyKey": word(), **more}


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN, Kind.EMPLOYEE, Kind.MANAGER])
@pytest.mark.parametrize("more", [True, False])
async def test_the_lanes_answer_a_changed_contract_alike(
    api: Api, standard_api: Api, world: World, kind: Kind, more: bool
):
    answer = await in_both(
        api,
        standard_api,
        CONTRACT,
        world.tokens[kind],
        input=given(world.own.contract_id, purchaseOrderNumber='P "O" \\ 7'),
        more=more,
    )
    changed = answer["data"]["changed"]
    assert [*changed] == [
        *("kind", "__typename", "version", "purchaseOrderNumber", "contractPartner"),
        *("billingAddress", "paymentTerms", *(() if more else ("documentDelivery",))),
        *("id", "number", "iban", "duration", *(("viewerCan",) if more else ())),
    ]
    assert (changed["kind"], changed["__typename"]) == ("Contract", "Contract")
    assert (changed["version"], changed["number"]) == (2, 'P "O" \\ 7')
    assert changed["contractPartner"]["__typename"] == "ContractPartner"
    refused = [error["path"] for error in answer.get("errors", ())]
    assert refused == ([["changed", "iban"]] if kind is Kind.ADMIN else [])
    assert (changed["iban"] is None) == (kind is Kind.ADMIN)


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN, Kind.EMPLOYEE, Kind.MANAGER])
async def test_the_lanes_answer_a_changed_account_alike(
    api: Api, standard_api: Api, world: World, kind: Kind
):
    answer = await in_both(
        api,
        standard_api,
        ACCOUNT,
        world.tokens[kind],
        input=given(world.own.id, name="Vof De Eik"),
        first=1,
    )
    account = answer["data"]["updateAccount"]
    assert account["name"] == "Vof De Eik"
    assert account["modules"]["totalCount"] == 2
    assert account["history"]["edges"][0]["node"]["action"] == "updateAccount"
    refused = {".".join(map(str, error["path"])) for error in answer.get("errors", ())}
    assert refused == {
        f"updateAccount.{name}"
        for name, hidden in (
            ("deletedAt", kind in {Kind.OWNER, Kind.ADMIN}),
            ("contract.iban", kind is Kind.ADMIN),
        )
        if hidden
    }


async def test_arguments_that_are_refused_below_a_change_are_refused_alike(
    api: Api, standard_api: Api, world: World
):
    answer = await in_both(
        api,
        standard_api,
        ACCOUNT,
        world.tokens[Kind.OWNER],
        input=given(world.own.id, name="Vof De Eik"),
        first=-1,
    )
    assert answer["data"]["updateAccount"]["name"] == "Vof De Eik"
    assert ["updateAccount", "modules"] in [error["path"][:2] for error in answer["errors"]]


async def test_the_lanes_answer_a_new_row_and_a_refusal_alike(
    api: Api, standard_api: Api, world: World
):
    token = world.tokens[Kind.OWNER]
    sent = given(world.own.contract_id, proposed={"vatTreatment": REVERSED})
    answer = await in_both(api, standard_api, REQUEST, token, input=sent)
    assert answer["data"]["createRequest"]["__typename"] == "Request"
    assert answer["data"]["createRequest"]["proposed"] == REVERSED
    stale = given(world.own.contract_id, purchaseOrderNumber="7", expectedVersion=9)
    answer = await in_both(api, standard_api, CONTRACT, token, input=stale)
    assert answer["data"]["changed"]["kind"] == "Refusal"
    (told,) = answer["data"]["changed"]["problems"]
    assert (told["code"], told["path"]) == ("CONFLICT", ["input", "expectedVersion"])
    foreign = given(world.foreign.contract_id, purchaseOrderNumber="7")
    answer = await in_both(api, standard_api, CONTRACT, token, input=foreign)
    assert [told["code"] for told in answer["data"]["changed"]["problems"]] == ["NOT_FOUND"]


async def test_several_changes_in_one_request_answer_alike(
    api: Api, standard_api: Api, world: World
):
    answer = await in_both(
        api,
        standard_api,
        BOTH,
        world.tokens[Kind.ADMIN],
        contract=given(world.own.contract_id, purchaseOrderNumber="7"),
        account=given(world.own.id, name="Vof De Eik"),
    )
    assert answer["data"] == {
        "one": {"version": 2, "purchaseOrderNumber": "7", "iban": None},
        "two": {"version": 2, "name": "Vof De Eik", "contract": {"iban": None, "version": 2}},
        "three": {"version": 2},
    }
    assert sorted(error["path"] for error in answer["errors"]) == [
        ["one", "iban"],
        ["two", "contract", "iban"],
    ]


async def test_a_change_costs_five_statements_and_its_answer_one(
    compiled_api: Api, writer: Writer, all_statements: CountStatements
):
    token = writer.world.tokens[Kind.OWNER]
    sent = {"id": writer.id_for("updateContract"), "purchaseOrderNumber": "7"}
    with all_statements() as statements:
        answer = await compiled_api(CONTRACT, token, input=sent, more=False)
    assert answer["data"]["changed"]["number"] == "7"
    begun = [" ".join(text.partition("_login(")[0].split()[:2]) for text in statements]
    assert begun == [
        "WITH viewer",
        "BEGIN; SELECT",
        "SELECT contract.contract_partner_name,",
        "WITH changed",
        "SELECT confirm",
        "WITH viewer",
    ]
    assert statements[4].endswith("; COMMIT")
    for text in (statements[0], statements[-1]):
        head = HEAD.match(text)
        assert head, text
        assert text.endswith(FOOT)
        assert is_one_expression(text[head.end() : -len(FOOT)])


async def test_the_account_of_a_row_is_looked_up_once_for_a_viewer(
    compiled_api: Api, writer: Writer, all_statements: CountStatements
):
    own, manager = writer.world.tokens[Kind.OWNER], writer.world.tokens[Kind.MANAGER]
    sent = {"id": writer.id_for("updateContract")}
    begun = []
    for number, token in enumerate((own, own, manager, own)):
        changed = {**sent, "purchaseOrderNumber": str(number)}
        with all_statements() as statements:
            answer = await compiled_api(CONTRACT, token, input=changed, more=False)
        assert answer["data"]["changed"]["number"] == str(number)
        begun.append(statements[0].split(";")[0][:11])
    assert begun == ["WITH viewer", "BEGIN", "WITH viewer", "BEGIN"]


async def test_the_standard_lane_alone_answers_the_same_change(
    standard_api: Api, writer: Writer, all_statements: CountStatements
):
    token = writer.world.tokens[Kind.OWNER]
    sent = {"id": writer.id_for("updateContract"), "purchaseOrderNumber": "7"}
    with all_statements() as statements:
        answer = await standard_api(CONTRACT, token, input=sent, more=False)
    assert answer["data"]["changed"]["number"] == "7"
    assert not [text for text in statements if text.startswith("WITH viewer")]


async def test_the_type_may_be_asked_for_beside_a_change(api, world):
    asked = 'updateAccount(input: {id: "x"}) { ... on Refusal { problems { code } } }'
    answer = await api(f"mutation {{ __typename {asked} }}", world.tokens[Kind.OWNER])
    assert answer["data"] == {
        "__typename": "Mutation",
        "updateAccount": {"problems": [{"code": "NOT_FOUND"}]},
    }
