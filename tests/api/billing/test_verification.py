"""Whether an invoice is the operator's: told to anybody, not too often, and nothing besides."""

from typing import Any

import pytest

from portal.settings.settings import Settings
from tests.api.asking import api_of, own_client
from tests.api.billing.conftest import MAY, NOW, Books

VERIFY = """query ($code: String!, $iban: String!, $amount: Decimal!) {
  verifyDocument(code: $code, iban: $iban, amount: $amount) {
    result mismatches issuedOn isTest } }"""
IBAN = "NL91 ABNA 0417 1643 00"
UNKNOWN = {"result": "UNKNOWN", "mismatches": [], "issuedOn": None, "isTest": None}


async def test_anybody_may_ask_ten_times_a_minute(books: Books, tmp_path: Any) -> None:
    account = await books.customer()
    await books.bill(MAY)
    (row,) = await books.asked(
        "SELECT verification_code AS code FROM document WHERE account_id = :id", id=account
    )
    settings = Settings(data=tmp_path, budget=10**8)
    async with own_client(settings, books.addresses, lambda: NOW) as client:

        async def asked(code: str, iban: str = IBAN, amount: str = "78.65") -> Any:
            return await api_of(client)(VERIFY, code=code, iban=iban, amount=amount)

        async def told(*given: str) -> Any:
            return (await asked(*given))["data"]["verifyDocument"]

        known = {"issuedOn": "2026-05-05", "isTest": False}
        typed = f" {row.code[:5].lower()}-{row.code[5:]}"
        assert await told(typed) == {"result": "MATCH", "mismatches": [], **known}
        assert await told(row.code, "nl20ingb0001234567", "78.66") == {
            "result": "MISMATCH", "mismatches": ["IBAN", "AMOUNT"], **known,
        }  # fmt: skip
        assert await told(row.code, IBAN, "78.6") == {
            "result": "MISMATCH", "mismatches": ["AMOUNT"], **known,
        }  # fmt: skip
        # What is no code asks nothing of the database, and counts for nothing.
        for code in ("", "x" * 10_000, "0123", "UUUUUUUUUU"):
            assert await told(code) == UNKNOWN
        for _ in range(7):
            assert await told("0123456789") == UNKNOWN
        answer = await asked(row.code)
        assert answer["data"] == {"verifyDocument": None}
        (error,) = answer["errors"]
        assert (error["extensions"]["code"], error["path"]) == ("RATE_LIMITED", ["verifyDocument"])


@pytest.mark.reads
async def test_the_page_asks_nobody_to_log_in(addresses: Any, tmp_path: Any) -> None:
    async with own_client(Settings(data=tmp_path), addresses) as client:
        answer = await client.get("/verify?code=0123456789&iban=NL91&amount=1.00&unknown=1")
    assert answer.status_code == 200
    assert (
        "Wij kennen geen document met deze code." in answer.text or "We know of no" in answer.text
    )
