"""What Prometheus reads, and who else may not."""

import os
from pathlib import Path

from httpx import AsyncClient
from pydantic import SecretStr

from portal.database.addresses import Addresses
from portal.settings.settings import Settings
from tests.api.asking import own_client

TOKEN = "a-token-for-metrics"  # noqa: S105  (of this test alone)
PROCESS = f'process="{os.getpid()}"'


async def test_a_scrape_shows_what_was_counted(addresses: Addresses, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, metrics_token=SecretStr(TOKEN), compiled_reading=True)
    async with own_client(settings, addresses) as client:
        for number in range(3):
            # What the same bytes asked for a moment ago may be known without a look at the plans.
            asked = {"query": "query Mine { viewer { role } }", "extensions": {"number": number}}
            await client.post("/graphql", json=asked)
        for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
            refused = await client.get("/metrics", headers=header)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
            assert refused.json() == {
                "errors": [
                    {
                        "message": "The token is not valid.",
                        "extensions": {"code": "UNAUTHENTICATED"},
                    }
                ]
            }
        answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    samples = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert samples == [
        f"portal_plans{{{PROCESS}}} 1.0",
        f'portal_plan_lookups_total{{outcome="hit",{PROCESS}}} 2.0',
        f'portal_plan_lookups_total{{outcome="miss",{PROCESS}}} 1.0',
    ]


async def test_without_a_token_there_is_no_such_page(client: AsyncClient) -> None:
    assert (await client.get("/metrics")).status_code == 404
