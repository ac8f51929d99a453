"""The log in JSON: what failed and where, and nobody's data."""

import json
import logging
import sys
from pathlib import Path

import httpx
import pytest
from sqlalchemy import pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from portal.embedded import EmbeddedPostgres
from portal.settings.log import JsonFormatter, without_personal_data
from tests.command_line import environment, migrated
from tests.server import serving

__all__ = ["environment", "migrated"]
EMAIL = "secret.person@somewhere.example"


@pytest.mark.usefixtures("migrated")
async def test_the_log_of_a_server_names_nobody(
    cluster: EmbeddedPostgres, worker_id: str, tmp_path: Path
) -> None:
    name = f"own_{worker_id}"
    engine = create_async_engine(cluster.superuser(name), poolclass=pool.NullPool)
    async with engine.begin() as connection:
        # Whoever has this address is a fault of ours, and PostgreSQL repeats the address.
        await connection.execute(
            text(
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE 'no % here', NEW USING DETAIL = NEW; END $$"
            )
        )
        await connection.execute(text("REVOKE EXECUTE ON FUNCTION fail() FROM PUBLIC"))
        await connection.execute(
            text(
                "CREATE TRIGGER fail BEFORE INSERT ON registration"
                " FOR EACH ROW EXECUTE FUNCTION fail()"
            )
        )
    await engine.dispose()
    register = "mutation($i: RegisterAccountInput!){registerAccount(input:$i){__typename}}"
    with serving(cluster.addresses(name), tmp_path, log_format="json") as server:
        async with httpx.AsyncClient(base_url=server.address, timeout=30) as client:
            given = {
                "email": EMAIL,
                "personName": "Geheim",
                "accountName": "Geheim",
                "password": "zes woorden zijn genoeg",
                "documentIds": [],
            }
            asked = {"query": register, "variables": {"i": given}}
            answer = (await client.post("/graphql", json=asked)).json()
            await client.get("/graphql", params={"query": "{ viewer { role } }", "x": EMAIL})
            await client.get(f"/nothing?who={EMAIL}")
        reference = answer["errors"][0]["extensions"]["reference"]
        log = server.log.read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    (failure,) = [line for line in lines if line.get("reference") == reference]
    assert failure["level"] == "error"
    assert failure["logger"] == "portal.web"
    assert failure["message"] == f"{reference}: unexpected failure at registerAccount"
    assert "P0001" in [one.get("sqlstate") for one in failure["error"]]
    assert any("registration.py" in place for one in failure["error"] for place in one["at"])
    for word in (EMAIL, "somewhere", "Geheim", "zes woorden"):
        assert word not in log


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mail 1 waits: 550 <a.b@c.example> unknown", "Mail 1 waits: 550 <...> unknown"),
        ("GET /graphql?query=%7B&x=a HTTP/1.1", "GET /graphql?... HTTP/1.1"),
        ("duplicate key\nDETAIL:  Key (email)=(a@b.example) exists.", "duplicate key\nDETAIL: ..."),
        ("Is it well? It is.", "Is it well? It is."),
    ],
)
def test_a_sentence_loses_what_is_personal(said: str, kept: str) -> None:
    assert without_personal_data(said) == kept


def test_a_failure_keeps_its_kind_and_its_place() -> None:
    try:
        try:
            int("Jansen")
        except ValueError as fault:
            raise LookupError("Jansen") from fault
    except LookupError:
        record = logging.getLogger("portal").makeRecord(
            "portal", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info()
        )
    line = json.loads(JsonFormatter().format(record))
    assert [one["type"] for one in line["error"]] == ["builtins.LookupError", "builtins.ValueError"]
    assert all("test_log.py" in one["at"][-1] for one in line["error"])
    assert "Jansen" not in json.dumps(line)
    assert (line["level"], line["logger"], line["message"]) == ("error", "portal", "it failed")
