"""changeVatTreatment: how VAT applies, and the number that proves a business, by managers."""

import pytest

from tests.world import Kind
from tests.writing import problem, refusal

MUTATION = "changeVatTreatment"
FIELDS = "version vatTreatment vatNumber"
CONSUMER = {
    "name": "Mevr. E. de Bakker",
    "street": "Molenstraat 8",
    "postalCode": "5211 EF",
    "city": "Den Bosch",
    "country": "NL",
    "kind": "CONSUMER",
}


@pytest.mark.parametrize(
    ("given", "treatment", "number", "told"),
    [
        (
            {"vatTreatment": "REVERSE_CHARGE"},
            "REVERSE_CHARGE",
            "NL004495445B01",
            [["Contract.vatTreatment", "STANDARD", "REVERSE_CHARGE"]],
        ),
        (
            {"vatTreatment": "NOT_TAXABLE", "vatNumber": None},
            "NOT_TAXABLE",
            None,
            [
                ["Contract.vatTreatment", "STANDARD", "NOT_TAXABLE"],
                ["Contract.vatNumber", "NL004495445B01", None],
            ],
        ),
        (
            {"vatTreatment": "STANDARD", "vatNumber": " nl 0024.55.799.b11 "},
            "STANDARD",
            "NL002455799B11",
            [["Contract.vatNumber", "NL004495445B01", "NL002455799B11"]],
        ),
        (
            {"vatTreatment": "REVERSE_CHARGE", "vatNumber": ""},
            "REVERSE_CHARGE",
            None,
            [
                ["Contract.vatTreatment", "STANDARD", "REVERSE_CHARGE"],
                ["Contract.vatNumber", "NL004495445B01", None],
            ],
        ),
    ],
)
async def test_a_manager_changes_how_vat_applies(writer, given, treatment, number, told):
    before = await writer.rows()
    answer = await writer.change(MUTATION, Kind.MANAGER, given | {"reason": "Brief."}, FIELDS)
    assert answer == {
        "__typename": "Contract",
        "version": 2,
        "vatTreatment": treatment,
        "vatNumber": number,
    }
    old = {"vat_treatment": "STANDARD", "vat_number": "NL004495445B01"}
    new = {"vat_treatment": treatment, "vat_number": number}
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "contract": {"version": 2}
        | {name: value for name, value in new.items() if value != old[name]},
    }
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["actor_role"], entry["reason"]) == (
        3,
        MUTATION,
        "MANAGER",
        "Brief.",
    )
    assert entry["values"] == told


@pytest.mark.parametrize(
    ("partner", "given", "refused"),
    [
        (
            None,
            {"vatTreatment": "STANDARD", "vatNumber": "NL123456789B90"},
            problem(
                "INVALID_INPUT",
                "input.vatNumber",
                "This is not a valid VAT number of a country of the European Union.",
            ),
        ),
        (
            CONSUMER,
            {"vatTreatment": "REVERSE_CHARGE"},
            problem(
                "RULE_BROKEN",
                "input.vatTreatment",
                "Reverse charge is for businesses; the contract partner is a consumer.",
            ),
        ),
        (
            CONSUMER | {"country": "BE", "postalCode": "9000", "kind": "BUSINESS"},
            {"vatTreatment": "REVERSE_CHARGE", "vatNumber": None},
            problem(
                "RULE_BROKEN",
                "input.vatNumber",
                "Reverse charge for a customer in another country needs a VAT number.",
            ),
        ),
    ],
)
async def test_what_cannot_be_is_refused(writer, partner, given, refused):
    if partner:
        await writer.change("changeContractPartner", Kind.MANAGER, {"contractPartner": partner})
    before = await writer.fingerprint()
    assert await writer.change(MUTATION, Kind.MANAGER, given) == refusal(refused)
    assert await writer.fingerprint() == before
