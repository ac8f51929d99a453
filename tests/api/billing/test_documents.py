"""Documents as they are read: by whoever may, in both lanes, with what they print."""

import pytest

from tests.api.asking import Api
from tests.world import Kind, World

DOCUMENTS = """
query ($id: ID!) { account(id: $id) {
  documents(filter: {kind: INVOICE}) { totalCount edges { node {
    kind isTest net vat gross credited currency buyer { city country vatNumber }
    lines { position firstDay lastDay quantity unitCode baseQuantity unitPrice net vatCategory
      vatRate shareDays shareOfDays isCorrection reasons { rule since } }
    vatGroups { category rate net vat code text }
    eInvoiceProblems { code sentence }
    corrects { id } correctedBy { kind gross corrects { gross } } account { id } } } } } }
"""


@pytest.mark.reads
async def test_an_invoice_says_what_it_bills_and_what_was_credited(lane: Api, world: World) -> None:
    answer = await lane(DOCUMENTS, world.tokens[Kind.BILLING], id=world.own.id)
    assert "errors" not in answer
    found = answer["data"]["account"]["documents"]
    assert found["totalCount"] == 1
    (edge,) = found["edges"]
    assert edge["node"] == {
        "kind": "INVOICE",
        "isTest": True,
        "net": "10.00",
        "vat": "0.00",
        "gross": "10.00",
        "credited": "10.00",
        "currency": "EUR",
        "buyer": {"city": "Utrecht", "country": "NL", "vatNumber": "NL004495445B01"},
        "lines": [
            {
                "position": 1,
                "firstDay": "2024-01-15",
                "lastDay": "2024-01-15",
                "quantity": "2.00",
                "unitCode": "DAY",
                "baseQuantity": "1.00",
                "unitPrice": "5.00",
                "net": "10.00",
                "vatCategory": "E",
                "vatRate": "0.00",
                "shareDays": 1,
                "shareOfDays": 31,
                "isCorrection": False,
                "reasons": [{"rule": "PRICE_LIST", "since": "2024-01-15"},
                            {"rule": "QUANTITY", "since": "2024-01-15"}],
            }
        ],
        "vatGroups": [
            {"category": "E", "rate": "0.00", "net": "10.00", "vat": "0.00",
             "code": "VATEX-EU-132", "text": "Exempt"}
        ],
        "eInvoiceProblems": [
            {"code": "BUYER_ELECTRONIC_ADDRESS",
             "sentence": "The customer's address for electronic invoices is not known."}
        ],
        "corrects": None,
        "correctedBy": [
            {"kind": "CREDIT_NOTE", "gross": "10.00", "corrects": {"gross": "10.00"}}
        ],
        "account": {"id": world.own.id},
    }  # fmt: skip


@pytest.mark.reads
@pytest.mark.parametrize("kind", [Kind.READER, Kind.EMPLOYEE_WITHOUT])
async def test_whoever_may_not_read_figures_sees_no_document(
    lane: Api, world: World, kind: Kind
) -> None:
    answer = await lane(
        "query ($id: ID!) { account(id: $id) { documents { totalCount } } }",
        world.tokens[kind],
        id=world.own.id,
    )
    assert answer["data"]["account"]["documents"] is None
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.reads
async def test_staff_read_the_problems_with_what_to_do(lane: Api, world: World) -> None:
    (id,) = world.own.ids["BillingProblem"]
    answer = await lane(
        "query ($id: ID!) { node(id: $id) { ... on BillingProblem {"
        " code sentence runDay account { id } } } }",
        world.tokens[Kind.MANAGER],
        id=id,
    )
    assert answer["data"]["node"] == {
        "code": "NO_CONTRACT",
        "sentence": (
            "The account has modules and no contract: nobody is known to whom an invoice could go."
        ),
        "runDay": "2024-01-15",
        "account": {"id": world.own.id},
    }
