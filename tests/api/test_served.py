"""The whole as a user meets it: started by its command, driven by a GraphQL client over HTTP."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from graphql import GraphQLError

from portal import demo

ROOT = Path(__file__).parent.parent.parent
PORTAL = str(Path(sys.executable).with_name("portal"))

CONTRACT_PAGE = """
query {
  viewer {
    role
    name
    accounts(first: 1) {
      totalCount
      edges {
        node {
          id
          name
          customerNumber
          isTest
          owner { name email }
          consents { edges { node { givenBy document { title version } } } }
          contract {
            id
            version
            contractPartner { name kind street postalCode city country }
            billingAddress { name }
            paymentTerms {
              general { name dueDays method }
              deviating { name dueDays }
              effective { name dueDays }
            }
            duration { basis }
            vatTreatment
            vatNumber
            iban
            documentDelivery { recipients mode }
            purchaseOrderNumber
          }
          modules {
            edges {
              node {
                module { name { value } }
                status
                currentTariff {
                  name { value }
                  priceList { sections { title { value } items { name { value } unitPrice } } }
                }
              }
            }
          }
          history { edges { node { number action actorRole actorName values { field } } } }
        }
      }
    }
  }
}
"""
SET_NUMBER = """
mutation ($input: UpdateContractInput!) {
  updateContract(input: $input) {
    __typename
    ... on Contract { purchaseOrderNumber }
    ... on Refusal { problems { code path required { roles scope } } }
  }
}
"""
SET_TERMS = """
mutation ($input: ChangePaymentTermsInput!) {
  changePaymentTerms(input: $input) {
    __typename
    ... on Contract { paymentTerms { effective { dueDays } } }
    ... on Refusal { problems { code path required { roles } } }
  }
}
"""


@dataclass
class Served:
    """A running portal, and who talks to it."""

    address: str
    environment: dict[str, str]

    def log_in(self, email: str) -> str:
        """Give the token of a demo login."""
        answer = httpx.post(
            f"{self.address}/login", json={"email": email, "password": demo.PASSWORD}
        )
        assert answer.status_code == 200
        token: str = answer.json()["token"]
        return token

    def ask(self, document: str, token: str | None = None, **variables: Any) -> Any:
        """Give the data of an operation, as a client gives it that fetches the schema first."""
        return self._ask(document, token, variables, fetches_schema=True)

    def ask_blindly(self, document: str, token: str | None = None, **variables: Any) -> Any:
        """Do the same as a client that does not know what its role is shown."""
        return self._ask(document, token, variables, fetches_schema=False)

    def _ask(
        self, document: str, token: str | None, variables: Any, *, fetches_schema: bool
    ) -> Any:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        transport = HTTPXTransport(f"{self.address}/graphql", headers=headers)
        with Client(transport=transport, fetch_schema_from_transport=fetches_schema) as client:
            return client.execute(GraphQLRequest(document, variable_values=variables))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PORTAL_DATA": str(tmp_path_factory.mktemp("served")),
        "PORTAL_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [PORTAL, "serve"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    printed = []
    for line in process.stdout:
        printed.append(line)
        if line.startswith("Serving at"):
            break
    assert any(demo.PASSWORD in line for line in printed)
    for email, _ in demo.LOGINS:
        assert any(email in line for line in printed)
    yield Served(f"http://127.0.0.1:{port}", environment)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert process.returncode == 0


def test_anonymous(served):
    assert served.ask("{ viewer { role name } }") == {"viewer": {"role": "ANONYMOUS", "name": None}}
    found = served.ask("{ modules { totalCount edges { node { name { value } } } } }")["modules"]
    assert found["totalCount"] == 5
    with pytest.raises(TransportQueryError) as refused:
        served.ask_blindly("{ accounts { totalCount } }")
    assert refused.value.data == {"accounts": None}
    assert [error["extensions"]["code"] for error in refused.value.errors] == ["UNAUTHENTICATED"]


def test_a_client_that_knows_the_schema_refuses_what_its_role_is_not_shown(served):
    with pytest.raises(GraphQLError, match=r"^Cannot query field 'accounts'"):
        served.ask("{ accounts { totalCount } }")


def test_a_wrong_token_is_no_login(served):
    with pytest.raises(TransportQueryError) as refused:
        served.ask("{ viewer { role } }", "wrong")
    assert [error["extensions"]["code"] for error in refused.value.errors] == ["UNAUTHENTICATED"]


def test_customer(served):
    token = served.log_in("owner@timmerwinkel.example")
    viewer = served.ask(CONTRACT_PAGE, token)["viewer"]
    assert (viewer["role"], viewer["name"]) == ("CUSTOMER", "Joris Timmer")
    assert viewer["accounts"]["totalCount"] == 1
    account = viewer["accounts"]["edges"][0]["node"]
    assert account["owner"] == {"name": "Joris Timmer", "email": "owner@timmerwinkel.example"}
    contract = account["contract"]
    assert contract["paymentTerms"] == {
        "general": {"name": "14 dagen netto", "dueDays": 14, "method": "TRANSFER"},
        "deviating": {"name": "30 dagen netto", "dueDays": 30},
        "effective": {"name": "30 dagen netto", "dueDays": 30},
    }
    assert contract["duration"] == {"basis": "OLDEST_MODULE"}
    assert [
        (edge["node"]["module"]["name"]["value"], edge["node"]["status"])
        for edge in account["modules"]["edges"]
    ] == [
        ("Telefoonservice", "ACTIVE"),
        ("Post scannen", "ENDED"),
        ("Zakelijk adres", "CANCELLED"),
        ("Post scannen", "ACTIVE"),
    ]
    sections = account["modules"]["edges"][0]["node"]["currentTariff"]["priceList"]["sections"]
    assert sections[0]["items"][0] == {
        "name": {"value": "Basisbedrag"},
        "unitPrice": "249.95",
    }
    history = account["history"]["edges"][0]["node"]
    assert (history["actorRole"], history["actorName"]) == ("MANAGER", None)

    changed = served.ask(
        SET_NUMBER, token, input={"id": contract["id"], "purchaseOrderNumber": " PO-4711 "}
    )
    assert changed == {
        "updateContract": {"__typename": "Contract", "purchaseOrderNumber": "PO-4711"}
    }
    refused = served.ask_blindly(
        SET_TERMS, token, input={"id": contract["id"], "deviatingPaymentTerms": None}
    )
    assert refused["changePaymentTerms"] == {
        "__typename": "Refusal",
        "problems": [{"code": "FORBIDDEN", "path": [], "required": {"roles": ["MANAGER"]}}],
    }
    after = served.ask(CONTRACT_PAGE, token)["viewer"]["accounts"]["edges"][0]["node"]
    assert after["contract"]["paymentTerms"] == contract["paymentTerms"]


def test_reader_may_not_write(served):
    token = served.log_in("reader@timmerwinkel.example")
    found = served.ask(
        "{ viewer { accounts { edges { node { contract { id purchaseOrderNumber } } } } } }", token
    )
    contract = found["viewer"]["accounts"]["edges"][0]["node"]["contract"]
    refused = served.ask(
        SET_NUMBER, token, input={"id": contract["id"], "purchaseOrderNumber": "x"}
    )
    assert refused["updateContract"]["problems"] == [
        {
            "code": "FORBIDDEN",
            "path": ["input", "purchaseOrderNumber"],
            "required": {"roles": ["CUSTOMER", "EMPLOYEE", "MANAGER"], "scope": "CONTRACT_EDIT"},
        }
    ]


def test_employee(served):
    token = served.log_in("employee@demo.example")
    found = served.ask(
        '{ accounts(search: "huisje") { edges { node { name contract { id } } } } }', token
    )
    (edge,) = found["accounts"]["edges"]
    assert edge["node"]["name"] == "VvE Het Huisje"
    refused = served.ask_blindly(
        SET_TERMS,
        token,
        input={"id": edge["node"]["contract"]["id"], "deviatingPaymentTerms": None},
    )
    assert refused["changePaymentTerms"]["problems"][0]["code"] == "FORBIDDEN"


def test_manager(served):
    token = served.log_in("manager@demo.example")
    found = served.ask(
        '{ accounts(search: "bakker") { edges { node { contract { id } } } } }', token
    )
    (edge,) = found["accounts"]["edges"]
    terms = {"name": "60 dagen netto", "dueDays": 60, "method": "TRANSFER"}
    changed = served.ask(
        SET_TERMS,
        token,
        input={"id": edge["node"]["contract"]["id"], "deviatingPaymentTerms": terms},
    )
    assert changed["changePaymentTerms"] == {
        "__typename": "Contract",
        "paymentTerms": {"effective": {"dueDays": 60}},
    }


def test_partner(served):
    printed = subprocess.run(
        [PORTAL, "token", demo.APP],
        env=served.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    token = printed.stdout.strip()
    found = served.ask(
        "{ viewer { role name accounts { edges { node { name contract { vatNumber } } } } } }",
        token,
    )
    assert found == {
        "viewer": {
            "role": "PARTNER",
            "name": "Boekhoudkoppeling",
            "accounts": {
                "edges": [
                    {
                        "node": {
                            "name": "De Timmerwinkel",
                            "contract": {"vatNumber": "NL004495445B01"},
                        }
                    }
                ]
            },
        }
    }
    with pytest.raises(TransportQueryError) as refused:
        served.ask_blindly(
            "{ viewer { accounts { edges { node { contract { documentDelivery { mode } } } } } } }",
            token,
        )
    assert refused.value.errors[0]["extensions"]["code"] == "FORBIDDEN"


def test_logging_out_ends_the_token(served):
    token = served.log_in("owner@huisje.example")
    assert served.ask("{ viewer { role } }", token) == {"viewer": {"role": "CUSTOMER"}}
    answer = httpx.post(f"{served.address}/logout", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 204
    with pytest.raises(TransportQueryError) as refused:
        served.ask("{ viewer { role } }", token)
    assert [error["extensions"]["code"] for error in refused.value.errors] == ["UNAUTHENTICATED"]


def test_the_walk_through_a_contract_prints_what_the_readme_shows(served):
    walk = [sys.executable, str(ROOT / "docs" / "examples" / "walk.py"), served.address]
    done = subprocess.run(walk, check=False, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"```\n{done.stdout.strip()}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")
    again = subprocess.run(walk, check=False, capture_output=True, text=True, timeout=300)
    assert (again.returncode, again.stderr) == (
        1,
        (
            "  This module can be had once at a time;"
            " it can be ordered again from 1 January 2032 on.\n"
        ),
    )
    assert again.stdout.endswith("\nThe real time applies again.\n")
