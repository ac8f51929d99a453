"""Walk a contract through order, change, notice and end, in a few seconds.

It talks to a portal in development with its demo data, and moves the portal's clock; in the end the
real time applies again. With a fresh demo the output is the one in the README; a second walk is
refused, because the module was had then. Needs nothing but Python.

    python docs/examples/walk.py [http://127.0.0.1:8000]
"""

import json
import sys
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
OWNER, MANAGER, PASSWORD = "owner@dekade.example", "manager@demo.example", "portal-demo"

SHOWN = """... on Preview {
  token startsOn endsOn earliestEnd deadline monthlyBefore monthlyAfter reasons { sentence }
} """
REFUSAL = "... on Refusal { problems { code path message } }"
ACCOUNT = """{ viewer { accounts(first: 1) { edges { node { id monthlyTotal modules { edges { node {
  id status endsOn module { name { value } }
  currentTariff { name { value } } cancellationOptions(first: 2) { lastDay deadline daysLeft }
} } } } } } } }"""
CATALOGUE = """{ modules { edges { node { id key tariffs { edges { node {
  id name { value } } } } } } } }"""


def main() -> None:
    """Walk."""
    owner, manager = log_in(OWNER), log_in(MANAGER)
    change(owner, "updateProfile", {"language": "EN"}, "... on Profile { language }")
    modules = {row["key"]: row for row in rows(ask(owner, CATALOGUE)["modules"])}
    module = modules["scanning"]
    tariffs = {row["name"]["value"]: row["id"] for row in rows(module["tariffs"])}
    try:
        set_clock(manager, "2030-01-07")
        account = look(owner)
        order = {
            "id": account["id"],
            "moduleId": module["id"],
            "tariff": {"id": tariffs["Compact"]},
            "startsOn": "2030-01-15",
        }
        scanning = as_shown(owner, "Order", "orderModule", order, "Order Compact")

        set_clock(manager, "2030-03-31")
        look(owner)
        dearer = {"id": scanning, "tariff": {"id": tariffs["Volume"]}, "startsOn": "2030-05-01"}
        as_shown(owner, "TariffChange", "changeTariff", dearer, "Change to Volume")

        set_clock(manager, "2031-10-31")
        look(owner, options=True)
        notice = {"id": scanning, "reasonCode": "NO_LONGER_NEEDED"}
        as_shown(owner, "Notice", "giveNotice", notice, "Give notice, on the last day for it")

        set_clock(manager, "2031-12-31")
        look(owner)
        set_clock(manager, "2032-01-01")
        look(owner)
    finally:
        set_clock(manager, None)


def log_in(email: str) -> str:
    """Give the token of a demo login."""
    token: str = post("/login", {"email": email, "password": PASSWORD})["token"]
    return token


def set_clock(manager: str, day: str | None) -> None:
    """Move the portal's clock; None lets the real time apply again."""
    answer = "... on PortalTime { today }"
    time = change(manager, "setClock", {"day": day}, answer)
    print(f"\n{time['today']}" if day else "\nThe real time applies again.")


def look(owner: str, *, options: bool = False) -> dict[str, Any]:
    """Print what the account has, and give it."""
    (account,) = rows(ask(owner, ACCOUNT)["viewer"]["accounts"])
    print(f"  {account['monthlyTotal']} a month:")
    for row in rows(account["modules"]):
        last = f", last day {row['endsOn']}" if row["endsOn"] else ""
        module, tariff = (row[one]["name"]["value"] for one in ("module", "currentTariff"))
        print(f"    {module}, {tariff}: {row['status']}{last}")
        for option in row["cancellationOptions"] if options else ():
            print(
                f"      may end on {option['lastDay']}, with notice by {option['deadline']}"
                f" ({option['daysLeft']} days left)"
            )
    found: dict[str, Any] = account
    return found


def as_shown(token: str, name: str, mutation: str, given: dict[str, Any], said: str) -> str:
    """Preview a change, print what is shown, and make the change with the preview's token."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    print(f"  {said}")
    shown = change(token, f"preview{name}", given, SHOWN, kind)
    print(f"    {shown['monthlyBefore']} a month before, {shown['monthlyAfter']} after;", end="")
    for field in ("startsOn", "endsOn", "earliestEnd", "deadline"):
        if shown[field]:
            print(f" {field} {shown[field]}", end="")
    print()
    for reason in shown["reasons"]:
        print(f"      {reason['sentence']}")
    kept = given | {"previewToken": shown["token"]}
    made = change(token, mutation, kept, "... on ModuleSubscription { id status }")
    print(f"    done as shown: {made['status']}")
    id: str = made["id"]
    return id


def change(
    token: str, mutation: str, given: Mapping[str, Any], answer: str, kind: str = ""
) -> dict[str, Any]:
    """Send a mutation; print why where it is refused, and stop."""
    kind = kind or f"{mutation[0].upper()}{mutation[1:]}Input"
    document = (
        f"mutation ($input: {kind}!) {{ {mutation}(input: $input)"
        f" {{ __typename {answer} {REFUSAL} }} }}"
    )
    told: dict[str, Any] = ask(token, document, input=given)[mutation]
    if told["__typename"] == "Refusal":
        sys.exit("\n".join(f"  {problem['message']}" for problem in told["problems"]))
    return told


def ask(token: str, document: str, **variables: Any) -> dict[str, Any]:
    """Run a GraphQL operation."""
    answer = post("/graphql", {"query": document, "variables": variables}, token)
    if "errors" in answer:
        sys.exit(json.dumps(answer["errors"], indent=2))
    data: dict[str, Any] = answer["data"]
    return data


def post(path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
    """Send JSON, and give the JSON that comes back."""
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    request = Request(ADDRESS + path, json.dumps(body).encode(), headers)
    try:
        with urlopen(request, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
    except HTTPError as fault:
        sys.exit(f"{ADDRESS}{path}: {fault.code} {fault.read().decode()}")
    return answer


def rows(connection: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the rows of a connection."""
    return [edge["node"] for edge in connection["edges"]]


if __name__ == "__main__":
    main()
