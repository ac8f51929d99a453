"""Mutations as tests send them, and what they leave in the database."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.models import Base
from portal.models.key import keys_in
from tests.saying import not_logged_in, not_permitted
from tests.world import Kind, World

Rows = dict[tuple[str, str], dict[str, Any]]

# Every mutation with the type of row that it changes.
MUTATIONS: Mapping[str, str] = {
    "updateAccount": "Account",
    "setTestAccount": "Account",
    "holdBilling": "Account",
    "giveConsent": "Account",
    "inviteMember": "Account",
    "revokeInvitation": "Account",
    "revokeCalendarAddress": "Account",
    "changeMemberRole": "Account",
    "removeMember": "Account",
    "transferOwnership": "Account",
    "orderModule": "Account",
    "withdrawOrder": "ModuleSubscription",
    "updateModuleData": "ModuleSubscription",
    "giveNotice": "ModuleSubscription",
    "withdrawNotice": "ModuleSubscription",
    "changeTariff": "ModuleSubscription",
    "withdrawTariffChange": "ModuleSubscription",
    "changeQuantity": "ModuleSubscription",
    "makeSpecialAgreement": "Account",
    "endSpecialAgreement": "SpecialAgreement",
    "withdrawSpecialAgreement": "SpecialAgreement",
    "bookOption": "ModuleSubscription",
    "withdrawOption": "BookedOption",
    "endOption": "BookedOption",
    "withdrawOptionEnd": "BookedOption",
    "updateContract": "Contract",
    "changeContractPartner": "Contract",
    "changePaymentTerms": "Contract",
    "setContractStart": "Contract",
    "changeVatTreatment": "Contract",
    "createRequest": "Contract",
    "withdrawRequest": "Request",
    "resendDocument": "Document",
    "acceptRequest": "Request",
    "declineRequest": "Request",
}
# What a mutation answers where it is not the row that it changes.
_ANSWERS = {
    "bookOption": "BookedOption",
    "createRequest": "Request",
    "withdrawOption": "ModuleSubscription",
    "makeSpecialAgreement": "SpecialAgreement",
    "withdrawSpecialAgreement": "Account",
    "orderModule": "ModuleSubscription",
    "withdrawOrder": "Account",
}
# How many history entries an account of a world begins with.
TOLD = 2

_REFUSAL = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"
# What a caller asked, and attempts at a secret, are counted whatever comes of them.
_TABLES = [
    table
    for table in Base.metadata.sorted_tables
    if table.name not in {"attempt", "cost_bucket", "rate_event"}
]
# A row that is written anew carries the number of the transaction that wrote it, xmin; it is
# told by its distance from the first number there is, as numbers of transactions cannot be added.
_ALL = " UNION ALL ".join(
    f"SELECT '{table.name}', count(*), sum(age('3'::xid) - age(xmin)) FROM {table.name}"  # noqa: S608
    for table in _TABLES
)
# Several processes of PostgreSQL may read at once, so the order has to be asked for.
_ALL += " ORDER BY 1"
_OWN = " UNION ALL ".join(
    f"SELECT '{table.name}', to_jsonb(t) FROM {table.name} t"  # noqa: S608
    f" WHERE {'account_id' if 'account_id' in table.c else 'id'} = ANY (:accounts)"
    for table in _TABLES
    if "account_id" in table.c or table.name == "account"
)
_ENTRIES = """
SELECT e.number, e.action, e.actor_role, e.actor_id, e.actor_name, e.reason,
    jsonb_agg(jsonb_build_array(v.field, v.before, v.after) ORDER BY v.position)
FROM history_entry e JOIN history_value v ON v.history_entry_id = e.id
WHERE e.account_id = :account AND e.number > :told GROUP BY e.id ORDER BY e.number
"""


def document(mutation: str, fields: str = "version") -> str:
    """Give the document that sends one mutation and asks for some fields of its row."""
    given = f"{mutation[0].upper()}{mutation[1:]}Input"
    if mutation not in MUTATIONS:
        raise LookupError(f"Say in MUTATIONS which type of row {mutation} changes.")
    row = f"... on {_ANSWERS.get(mutation, MUTATIONS[mutation])} {{ {fields} }}"
    return (
        f"mutation ($input: {given}!) {{"
        f" {mutation}(input: $input) {{ __typename {row} {_REFUSAL} }} }}"
    )


def problem(
    code: str,
    path: str,
    message: str,
    required: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Give a problem as a refusal shows it; the path's parts set apart by dots."""
    parts = path.split(".") if path else []
    return {"code": code, "path": parts, "message": message, "required": required}


def refusal(*problems: dict[str, Any]) -> dict[str, Any]:
    """Give the answer of a mutation that was refused."""
    return {"__typename": "Refusal", "problems": list(problems)}


def forbidden(
    name: str, path: str, roles: str, scope: str | None = None, member_roles: str = ""
) -> dict[str, Any]:
    """Give the answer to a viewer who may not use something; roles set apart by spaces."""
    required = {"roles": roles.split(), "scope": scope, "memberRoles": member_roles.split()}
    return refusal(problem("FORBIDDEN", path, not_permitted(name), required))


def unauthenticated(
    name: str, roles: str, scope: str | None = None, member_roles: str = ""
) -> dict[str, Any]:
    """Give the answer to nobody."""
    required = {"roles": roles.split(), "scope": scope, "memberRoles": member_roles.split()}
    return refusal(problem("UNAUTHENTICATED", "", not_logged_in(name), required))


NOT_FOUND = refusal(
    problem("NOT_FOUND", "input.id", "There is no such row, or you may not see it.")
)


@dataclass(frozen=True)
class Writer:
    """Sends mutations about the account at hand, and looks past every wall at its rows."""

    api: Callable[..., Awaitable[dict[str, Any]]]
    world: World
    superuser: AsyncEngine

    def id_for(self, mutation: str) -> str:
        """Give the global id of the row that a mutation is about; of several, the first."""
        return self.world.own.ids[MUTATIONS[mutation]][0]

    async def send(
        self, mutation: str, kind: Kind, given: dict[str, Any], fields: str = "version"
    ) -> dict[str, Any]:
        """Send a mutation about the account at hand; give the whole response."""
        sent = {"id": self.id_for(mutation)} | given
        return await self.api(document(mutation, fields), self.world.tokens[kind], input=sent)

    async def change(
        self, mutation: str, kind: Kind, given: dict[str, Any], fields: str = "version"
    ) -> dict[str, Any]:
        """Send a mutation that nothing breaks; give its own part of the response."""
        response = await self.send(mutation, kind, given, fields)
        assert set(response) == {"data"}, response
        answer: dict[str, Any] = response["data"][mutation]
        return answer

    async def rows(self) -> Rows:
        """Give every row of the account at hand, by its table and its id, without its keys."""
        return await rows_of(self.superuser, self.world.own.account_id)

    async def written_since(self, before: Rows) -> dict[str, dict[str, Any]]:
        """Give what changed, by table: each column with its new value, or how many new rows.

        The history's own rows are left to ``entries``.
        """
        after = await self.rows()
        assert set(before) <= set(after)
        changed: dict[str, dict[str, Any]] = {}
        for (table, id), row in after.items():
            if (table, id) in before:
                old = before[table, id]
                new = {name: value for name, value in row.items() if value != old[name]}
                if new:
                    changed.setdefault(table, {}).update(new)
            elif not table.startswith("history"):
                counted = changed.setdefault(table, {})
                counted["added"] = counted.get("added", 0) + 1
        return changed

    async def entries(self, told: int = TOLD) -> list[dict[str, Any]]:
        """Give the history entries beyond those that were told already, as they are stored."""
        names = ("number", "action", "actor_role", "actor_id", "actor_name", "reason", "values")
        async with self.superuser.connect() as connection:
            found = await connection.execute(
                sa.text(_ENTRIES), {"account": self.world.own.account_id, "told": told}
            )
            return [dict(zip(names, row, strict=True)) for row in found]

    async def fingerprint(self) -> list[tuple[str, int, int]]:
        """Give, for each table but attempts, what any write to any of its rows changes."""
        async with self.superuser.connect() as connection:
            # In parallel, PostgreSQL gives the parts of a union in any order.
            return sorted(tuple(row) for row in await connection.execute(sa.text(_ALL)))


async def rows_of(superuser: AsyncEngine, *accounts: UUID) -> Rows:
    """Give every row of some accounts, by its table and its id, without its keys."""
    async with superuser.connect() as connection:
        found = await connection.execute(sa.text(_OWN), {"accounts": list(accounts)})
        return {
            (table, row["id"]): {name: row[name] for name in row.keys() - _keys_of(table)}
            for table, row in found
        }


def _keys_of(table: str) -> set[str]:
    """Name the columns that follow from others."""
    return set(keys_in(Base.metadata.tables[table]))
