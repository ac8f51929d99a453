"""``/.well-known/security.txt``."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx import Response

from portal.database.addresses import Addresses
from portal.settings.settings import Settings
from tests.api.asking import own_client


async def page(addresses: Addresses, folder: Path, **settings: object) -> Response:
    now = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)
    given = Settings(data=folder, **settings)
    async with own_client(given, addresses, lambda: now, base_url="http://127.0.0.1") as client:
        return await client.get("/.well-known/security.txt")


async def test_it_names_the_contact_for_half_a_year(addresses: Addresses, tmp_path: Path) -> None:
    contact = "mailto:security@operator.example"
    answer = await page(addresses, tmp_path, security_contact=contact)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:security@operator.example\n"
        "Expires: 2027-05-26T00:00:00Z\n"
        "Preferred-Languages: en, nl, de\n"
    )


async def test_without_a_contact_there_is_none(addresses: Addresses, tmp_path: Path) -> None:
    answer = await page(addresses, tmp_path)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        404,
        "NOT_FOUND",
    )


@pytest.mark.parametrize("contact", ["security@operator.example", "mailto:a@b\nX: y", "http://x"])
def test_a_contact_is_a_uri(contact: str) -> None:
    with pytest.raises(ValueError, match="security_contact"):
        Settings(security_contact=contact)
