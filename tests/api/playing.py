"""People as tests play them: they send mutations, read their mail, and log in."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from argon2 import PasswordHasher
from httpx import AsyncClient, Response
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from portal.language.global_id import decode
from portal.models import Base
from tests.api.asking import Api, api_of, client_of
from tests.writing import problem, refusal

PASSWORD = "a good long password"  # noqa: S105 -- of people who do not exist
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
WRONG_CODE = refusal(
    problem("INVALID_INPUT", "input.code", "The code is wrong, used or out of date.")
)
_CODE = re.compile(r"^ {4}([2-9A-Z]{8})$", re.MULTILINE)
_WRITTEN = " UNION ALL ".join(
    f"SELECT '{table.name}', count(*), sum(age('3'::xid) - age(xmin)) FROM {table.name}"  # noqa: S608
    for table in Base.metadata.sorted_tables
    if table.name not in {"attempt", "cost_bucket", "rate_event"}
)
_WRITTEN += " ORDER BY 1"
_ANSWERS = {
    "registerAccount": "... on CodeSent { id expiresAt }",
    "requestPasswordReset": "... on CodeSent { id expiresAt }",
    "confirmRegistration": "... on RegistrationConfirmed { email }",
    "updateProfile": "... on Profile { name language }",
}
_REFUSAL = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"


@dataclass(frozen=True)
class People:
    """A way to act as anybody, and to look past every wall."""

    app: Starlette
    client: AsyncClient
    superuser: AsyncEngine

    @property
    def api(self) -> Api:
        """Send any document."""
        return api_of(self.client)

    async def send(
        self, mutation: str, given: dict[str, Any], token: str | None = None
    ) -> dict[str, Any]:
        """Send a mutation that nothing breaks; give its own part of the response."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        fields = _ANSWERS.get(mutation, "... on SessionsEnded { count }")
        response = await self.api(
            f"mutation ($input: {kind}!)"
            f" {{ {mutation}(input: $input) {{ __typename {fields} {_REFUSAL} }} }}",
            token,
            input=given,
        )
        assert set(response) == {"data"}, response
        answer: dict[str, Any] = response["data"][mutation]
        return answer

    @asynccontextmanager
    async def elsewhere(self, address: str | None = None) -> AsyncIterator["People"]:
        """Act from another network."""
        async with client_of(self.app, address) as client:
            yield People(self.app, client, self.superuser)

    async def log_in(self, email: str, password: str = PASSWORD) -> Response:
        """Send an e-mail address and a password."""
        return await self.client.post("/login", json={"email": email, "password": password})

    async def token(self, email: str, password: str = PASSWORD) -> str:
        """Log in, and give the token."""
        response = await self.log_in(email, password)
        assert response.status_code == 200, response.json()
        token: str = response.json()["token"]
        return token

    async def mails(self, email: str) -> list[tuple[str, str]]:
        """Give subject and text of every mail to an address, the oldest first."""
        found = await self.rows(
            "SELECT subject, text FROM outbox WHERE recipient = :email ORDER BY id", email=email
        )
        return [(row.subject, row.text) for row in found]

    async def code(self, email: str) -> str:
        """Read the code in the last mail to an address."""
        (_, text) = (await self.mails(email))[-1]
        (code,) = _CODE.findall(text)
        return code

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        """Ask the database past every wall; what is changed stays."""
        async with self.superuser.begin() as connection:
            result = await connection.execute(sa.text(statement), values)
            return list(result) if result.returns_rows else []

    async def written(self) -> list[Any]:
        """Count the rows of every table, and add up the transactions that wrote them.

        Attempts are left out: they outlive a refusal.
        """
        return await self.rows(_WRITTEN)

    async def expire(self, table: str, id: str) -> None:
        """Let a code run out."""
        _, row_id = decode(id) or ("", UUID(int=0))
        await self.rows(
            f"UPDATE {table} SET expires_at = now() - interval '1 second' WHERE id = :id",  # noqa: S608
            id=row_id,
        )

    async def forgive(self) -> None:
        """Let every wait be over."""
        await self.rows("UPDATE attempt SET next_at = now() - interval '1 hour'")
