"""What is asked: three reads and one change, for each contender in its own words."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.contenders import Contender, Style
from bench.data import Customer, Data
from bench.load import Request
from portal.language import global_id

DOCUMENTS = Path(__file__).with_name("documents")
SDL = Path(__file__).parent.parent / "schema" / "schema.graphql"
ROWS = 50
LARGEST_PAGE = 100
COUNT = "PO-@COUNT@"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask; the ratios are what the portal is to reach at 16 connections."""

    key: str
    name: str
    of_limit: float
    """The least share of the limit's throughput."""
    of_postgraphile: float | None = None
    """How many times PostGraphile's throughput."""


CONTRACT_PAGE = Operation(
    "contract_page", "Contract page: five modules, their prices and costs, ten changes", 0.90, 4
)
ACCOUNT_LIST = Operation(
    "account_list", "List of 50 accounts: owner, three modules, monthly total", 0.80, 2
)
VIEWER = Operation("viewer", "Viewer: name, language, accounts", 0.60, 2)
UPDATE_CONTRACT = Operation("update_contract", "updateContract, with its entry in the history", 0.5)
READS = (CONTRACT_PAGE, ACCOUNT_LIST, VIEWER)


@cache
def has_monthly_total() -> bool:
    """Say whether the portal's schema has the total of a month."""
    return "monthlyTotal:" in SDL.read_text(encoding="utf-8")


def requests(
    operation: Operation, contender: Contender, data: Data, rows: int = ROWS
) -> list[Request]:
    """Give the requests to send in turn: one for each customer, or the manager's only one."""
    document = _document(operation, contender.style, rows)
    if operation is ACCOUNT_LIST:
        size = rows if contender.style is Style.LIMIT else min(rows, LARGEST_PAGE)
        headers = _headers(contender.style, str(data.manager), "", data.manager_token)
        asked: Iterable[tuple[dict[str, str], dict[str, Any]]] = [(headers, {"first": size})]
    else:
        asked = (
            (
                _headers(contender.style, str(who.person), str(who.account), who.token),
                _variables(operation, contender.style, who),
            )
            for who in data.customers
        )
    path = f"/{operation.key}" if contender.style is Style.LIMIT else "/graphql"
    return [
        Request(path, headers, json.dumps({"query": document, "variables": variables}))
        for headers, variables in asked
    ]


def _headers(style: Style, person: str, accounts: str, token: str) -> dict[str, str]:
    """The portal finds out who asks; the others believe what they are told."""
    who = (
        {"authorization": f"Bearer {token}"}
        if style is Style.PORTAL
        else {"x-person": person, "x-accounts": accounts}
    )
    return {"content-type": "application/json", "accept": "application/json", **who}


def _variables(operation: Operation, style: Style, customer: Customer) -> dict[str, Any]:
    if operation is VIEWER:
        return {"person": str(customer.person)} if style is Style.POSTGRAPHILE else {}
    is_page = operation is CONTRACT_PAGE
    id = customer.account if is_page else customer.contract
    own = global_id.encode("Account" if is_page else "Contract", id)
    variables = {"id": own if style is Style.PORTAL else str(id)}
    return variables if is_page else {**variables, "number": COUNT}


def _document(operation: Operation, style: Style, rows: int) -> str:
    own = ".postgraphile" if style is Style.POSTGRAPHILE else ""
    text = (DOCUMENTS / f"{operation.key}{own}.graphql").read_text(encoding="utf-8")
    if not has_monthly_total():
        text = text.replace("monthlyTotal", "")
    if rows > LARGEST_PAGE and operation is ACCOUNT_LIST:
        # A page has 100 rows at most, so 200 are the first and the last hundred.
        _, _, selected = text.partition("accounts(first: $first)")
        inner = selected.rstrip().removesuffix("}")
        text = text.rstrip().removesuffix("}") + f"last: accounts(last: $first) {inner}}}"
    return text
