"""The hand-written transaction: another purchase order number, with its entry in the history."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

STATEMENTS = {
    "set_viewer": "SELECT set_config('portal.accounts', $1, true),"
    " set_config('portal.viewer', $2, true)",
    "find": "SELECT account_id, version, purchase_order_number FROM contract WHERE id = $1"
    " FOR UPDATE",
    "change": "UPDATE contract SET purchase_order_number = $2, version = version + 1 WHERE id = $1",
    "count": "UPDATE account SET history_length = history_length + 1 WHERE id = $1"
    " RETURNING history_length",
    "enter": "INSERT INTO history_entry (id, account_id, number, at, action, actor_role, actor_id,"
    " actor_name) VALUES ($1, $2, $3, $4, 'updateContract', 'CUSTOMER', $5,"
    " (SELECT name FROM person WHERE id = $5))",
    "keep": "INSERT INTO history_value (id, account_id, history_entry_id, position, subject_id,"
    " subject_version, field, before, after) VALUES ($1, $2, $3, 0, $4, $5,"
    " 'Contract.purchaseOrderNumber', $6::text::jsonb, $7::text::jsonb)",
    "answer": "SELECT row_to_json(d)::text FROM (SELECT (SELECT row_to_json(u) FROM (SELECT"
    " (SELECT row_to_json(c) FROM (SELECT replace(encode(convert_to('Contract:' || c.id, 'UTF8'),"
    " 'base64'), E'\\n', '') id, c.version, c.purchase_order_number \"purchaseOrderNumber\""
    ' FROM contract c WHERE c.id = $1) c) "updateContract") u) AS data) d',
}


async def update_contract(taken: Any, person: str, accounts: str, variables: Any) -> bytes:
    """Change a contract and write its history, in one transaction; gives the answer."""
    connection, prepared = taken
    contract_id = UUID(variables["id"])
    number = variables["number"]
    async with connection.transaction():
        await prepared["set_viewer"].fetchval(f"{{{accounts}}}", person)
        account_id, version, before = await prepared["find"].fetchrow(contract_id)
        await prepared["change"].fetch(contract_id, number)
        entry_number = await prepared["count"].fetchval(account_id)
        entry_id = uuid7()
        await prepared["enter"].fetch(
            entry_id, account_id, entry_number, datetime.now(UTC), UUID(person)
        )
        await prepared["keep"].fetch(
            uuid7(),
            account_id,
            entry_id,
            contract_id,
            version + 1,
            _json(before),
            _json(number),
        )
        answer: str = await prepared["answer"].fetchval(contract_id)
    return answer.encode()


def _json(value: str | None) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
