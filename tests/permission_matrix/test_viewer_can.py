"""What a page may offer: what ``viewerCan`` says of each field is what its mutation answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from permissions.explain import EDITABLE, Editable
from tests.api.asking import Api
from tests.permission_matrix.coordinate import may
from tests.permission_matrix.expected import ALLOWED, REFUSED
from tests.permission_matrix.test_matrix import HERE, SHORT, table
from tests.world import Kind, World

ASKS = "ask"
LEGEND = f"""\
# What can be changed, by which mutation, and who may.
# {ALLOWED}: may change it  {REFUSED}: may not  {ASKS}: may not, and may make the request named last
"""
CAN = """
fragment can on FieldPermission {
  field mutation inputPath allowed requires { roles scope memberRoles }
  howToRequest { mutation kind }
}
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Account { viewerCan { ...can } }
    ... on Contract { viewerCan { ...can } }
    ... on ModuleSubscription { viewerCan { ...can } }
    ... on SpecialAgreement { viewerCan { ...can } }
    ... on BookedOption { viewerCan { ...can } }
  }
}
"""
TYPES = ("Account", "Contract", "ModuleSubscription", "SpecialAgreement", "BookedOption")
# What the world's own rows are in no state for: a module runs, begun, with nothing pending.
OBSTRUCTED = {
    *("deleteAccount", "withdrawOrder", "withdrawNotice", "withdrawTariffChange"),
    *("withdrawOption", "withdrawOptionEnd", "withdrawSpecialAgreement"),
}
READERS = [
    kind
    for kind in Kind
    if kind not in {Kind.ANONYMOUS, Kind.EMPLOYEE_WITHOUT, Kind.PARTNER, Kind.PARTNER_READING}
]


def outcome(kind: Kind, editable: Editable) -> str:
    """Say whether a kind of viewer may change a field, or ask for it."""
    if all(may(kind, access) for access in editable.guards):
        return ALLOWED
    request = editable.how_to_request
    return ASKS if request and may(kind, request.access) else REFUSED


def expected(kind: Kind, editable: Editable) -> dict[str, Any]:
    """Say what a kind of viewer is told of a field: what the first guard that refuses requires."""
    told = outcome(kind, editable)
    refusing = [access for access in editable.guards if not may(kind, access)]
    decisive = (refusing or [editable.guards[-1]])[0]
    request = editable.how_to_request
    return {
        "field": editable.field,
        "mutation": editable.mutation,
        "inputPath": editable.input_path and list(editable.input_path),
        "allowed": told == ALLOWED and editable.mutation not in OBSTRUCTED,
        "requires": {
            "roles": list(decisive.roles),
            "scope": decisive.scope,
            "memberRoles": list(decisive.member_roles),
        },
        "howToRequest": (
            {"mutation": request.mutation, "kind": request.kind}
            if request and told == ASKS
            else None
        ),
    }


@pytest.mark.check
def test_what_can_be_changed_is_what_was_reviewed(compare: Callable[[Path, str], None]):
    rows = [("# field", "mutation", *SHORT.values(), "request")]
    for editable in EDITABLE:
        name = f"{editable.type_name}.{editable.field}"
        request = editable.how_to_request
        how = f"{request.mutation} {request.kind}" if request else ""
        outcomes = (outcome(kind, editable) for kind in Kind)
        rows.append((name, editable.mutation, *outcomes, how))
    compare(HERE / "editable.txt", LEGEND + table([rows[0], *sorted(rows[1:])]))


@pytest.mark.reads
@pytest.mark.parametrize("kind", READERS)
async def test_everybody_is_told_what_it_may_change(kind: Kind, api: Api, world: World):
    # Booked options are for managers alone.
    names = TYPES if kind is Kind.MANAGER else TYPES[:-1]
    ids = [world.own.ids[name][0] for name in names]
    answer = await api(CAN, world.tokens[kind], ids=ids)
    assert "errors" not in answer
    for name, row in zip(names, answer["data"]["nodes"], strict=True):
        of_type = [editable for editable in EDITABLE if editable.type_name == name]
        assert row["viewerCan"] == [expected(kind, editable) for editable in of_type]


@pytest.mark.reads
@pytest.mark.parametrize(
    ("kind", "field", "sentence"),
    [
        (Kind.OWNER, "iban", None),
        (Kind.OWNER, "paymentTerms", "Only for: managers."),
        (Kind.ADMIN, "iban", "Only for members who are: owner, billing."),
        (
            Kind.READER,
            "purchaseOrderNumber",
            "This needs a right in the account: change the contract.",
        ),
        (Kind.EMPLOYEE, "iban", "Only for: customers, managers."),
    ],
)
async def test_why_not_is_a_sentence(
    kind: Kind, field: str, sentence: str | None, api: Api, world: World
):
    answer = await api(
        "query ($id: ID!) { node(id: $id) { ... on Contract { viewerCan { field reason } } } }",
        world.tokens[kind],
        id=world.own.contract_id,
    )
    reasons = {one["field"]: one["reason"] for one in answer["data"]["node"]["viewerCan"]}
    assert reasons[field] == sentence
