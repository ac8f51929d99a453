"""changeContractPartner: another party in the contract, by managers."""

import pytest

from tests.world import Kind
from tests.writing import NOT_FOUND, problem, refusal

MUTATION = "changeContractPartner"
FIELDS = """
version contractPartner { name attention street extra postalCode city country kind }
billingAddress { street } vatTreatment
"""
PARTNER = {
    "name": " Brouwerij De Kade BV ",
    "street": "Kaai 21",
    "postalCode": "9000",
    "city": "Gent",
    "country": "be",
    "kind": "BUSINESS",
}
STORED = PARTNER | {
    "name": "Brouwerij De Kade BV",
    "country": "BE",
    "attention": None,
    "extra": None,
}


async def test_a_manager_puts_another_party_in_the_contract(writer):
    old = writer.world.own.contract.contract_partner
    before = await writer.rows()
    given = {"contractPartner": PARTNER, "reason": " Overgenomen.\r\nAkte volgt. "}
    assert await writer.change(MUTATION, Kind.MANAGER, given, FIELDS) == {
        "__typename": "Contract",
        "version": 2,
        "contractPartner": STORED,
        "billingAddress": {"street": "Hoofdstraat 1"},
        "vatTreatment": "STANDARD",
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "contract": {
            "version": 2,
            "contract_partner_name": "Brouwerij De Kade BV",
            "contract_partner_street": "Kaai 21",
            "contract_partner_postal_code": "9000",
            "contract_partner_city": "Gent",
            "contract_partner_country": "BE",
            "contract_partner_attention": None,
            "contract_partner_extra": None,
        },
    }
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["actor_role"], entry["reason"]) == (
        3,
        MUTATION,
        "MANAGER",
        "Overgenomen.\nAkte volgt.",
    )
    assert entry["values"] == [
        [
            "Contract.contractPartner",
            {
                "name": old.name,
                "street": "Hoofdstraat 1",
                "postalCode": "3511 AA",
                "city": "Utrecht",
                "country": "NL",
                "kind": "BUSINESS",
                "attention": "Administratie",
                "extra": "2e verdieping",
            },
            STORED,
        ]
    ]


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        (
            {"name": "", "street": " ", "city": "x" * 101, "country": "XX"},
            [
                ("name", "Must not be empty."),
                ("street", "Must not be empty."),
                ("city", "May have at most 100 characters."),
                ("country", "Must be a country code of two letters (ISO 3166-1)."),
            ],
        ),
        ({"postalCode": "1" * 21}, [("postalCode", "May have at most 20 characters.")]),
        (
            {"attention": "a\tb", "extra": "a\nb"},
            [
                ("attention", "Must be one line of text without control characters."),
                ("extra", "Must be one line of text without control characters."),
            ],
        ),
    ],
)
@pytest.mark.reads
async def test_every_fault_of_a_partner_is_told(writer, changed, problems):
    before = await writer.fingerprint()
    given = {"contractPartner": PARTNER | changed}
    assert await writer.change(MUTATION, Kind.MANAGER, given) == refusal(
        *(
            problem("INVALID_INPUT", f"input.contractPartner.{name}", message)
            for name, message in problems
        )
    )
    assert await writer.fingerprint() == before


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("x" * 1001, "May have at most 1,000 characters."),
        ("a\x07b", "Must be text without control characters."),
        ("\0", "Must be text without control characters."),
    ],
)
@pytest.mark.reads
async def test_a_reason_is_text_of_a_thousand_characters_at_most(writer, reason, message):
    before = await writer.fingerprint()
    given = {"contractPartner": PARTNER, "reason": reason}
    refused = await writer.change(MUTATION, Kind.MANAGER, given)
    assert refused == refusal(problem("INVALID_INPUT", "input.reason", message))
    assert await writer.fingerprint() == before


@pytest.mark.parametrize(("reason", "kept"), [("x" * 1000, "x" * 1000), (" \n ", None)])
async def test_a_reason_is_kept_trimmed(writer, reason, kept):
    given = {"contractPartner": PARTNER, "reason": reason}
    assert (await writer.change(MUTATION, Kind.MANAGER, given))["version"] == 2
    (entry,) = await writer.entries()
    assert entry["reason"] == kept


async def test_the_vat_treatment_must_still_fit_the_new_partner(writer):
    treatment = {"vatTreatment": "REVERSE_CHARGE", "vatNumber": None}
    await writer.change("changeVatTreatment", Kind.MANAGER, treatment)
    before = await writer.fingerprint()
    for changed, path, message in (
        (
            {"kind": "CONSUMER"},
            "input.contractPartner.kind",
            "Reverse charge is for businesses; the contract partner is a consumer.",
        ),
        (
            {},
            "input.contractPartner.country",
            "Reverse charge for a customer in another country needs a VAT number.",
        ),
    ):
        given = {"contractPartner": PARTNER | changed}
        refused = await writer.change(MUTATION, Kind.MANAGER, given)
        assert refused == refusal(problem("RULE_BROKEN", path, message))
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_a_contract_that_is_none_is_not_found(writer):
    for id in (writer.world.own.id, "", writer.world.own.contract_id[:-4]):
        given = {"id": id, "contractPartner": PARTNER}
        assert await writer.change(MUTATION, Kind.MANAGER, given) == NOT_FOUND
