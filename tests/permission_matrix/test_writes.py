"""Each field of the input of each mutation that edits is written once, by each database role.

The other tests of the matrix send what nothing comes of. Here everything that the schema lets a
customer, and somebody of the staff, send is sent, and what is stored of it is looked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type, is_required_input_field
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from permissions.definition import definition_of
from permissions.guards import access_of
from resolvers.changing.preview import PreviewOf
from schema.verb import RUN_KEY
from tests.api.asking import Api
from tests.api.conftest import Write
from tests.api.ordering import set_general_terms
from tests.permission_matrix.coordinate import CORE, may, target_of
from tests.permission_matrix.sample import parts, sample
from tests.permission_matrix.stored import differing, leaves, rows, stored
from tests.permission_matrix.worksite import Worksite, documents, worksite
from tests.world import MEMBERS, Kind

MUTATIONS: Mapping[str, Any] = CORE.type_map["Mutation"].fields
# Every request carries these, so that each is written with each.
_ALWAYS = ("id", "expectedVersion", "idempotencyKey")
_BY_ROLE = (tuple(MEMBERS), (Kind.EMPLOYEE, Kind.MANAGER))
# What has to be sent beside a field, where the input does not require it.
_BESIDE = {
    "changePaymentTerms": ("deviatingPaymentTerms",),
    "setContractStart": ("startsOn",),
    "narrowAppAuthorization": ("expiresAt",),
    "updateModule": ("name",),
    "retireModule": ("retiredFrom",),
    "updateTariff": ("name",),
    "closeTariff": ("closedFrom",),
    "savePermissionProfile": ("name", "scopes"),
    "transferOwnership": ("reason",),
    "holdBilling": ("until", "reason"),
    "giveNotice.deviatingDate": ("reason",),
    "changeTariff.deviatingDate": ("reason",),
    "changeQuantity.deviatingDate": ("reason",),
    "endOption.deviatingDate": ("reason",),
    "assessVersion": ("validFrom",),
}
# What has to be done before it is taken back.
_UNDONE = {"withdrawNotice": "giveNotice", "withdrawTariffChange": "changeTariff"}


def run_of(mutation: str) -> Any:
    return definition_of(MUTATIONS[mutation]).metadata[RUN_KEY]


def input_of(mutation: str) -> GraphQLInputObjectType:
    kind = get_named_type(MUTATIONS[mutation].args["input"].type)
    assert isinstance(kind, GraphQLInputObjectType)
    return kind


def edits(mutation: str) -> bool:
    """Say whether a mutation changes a row that is there: one with a version, or one's own."""
    fields = input_of(mutation).fields
    own = [fields[name] for name in fields if name not in _ALWAYS]
    if isinstance(run_of(mutation), PreviewOf) or run_of(mutation).of_login:
        return False
    return "expectedVersion" in fields or (any(own) and not any(map(is_required_input_field, own)))


# The clock would be moved for every other test, and nobody is billed in their database.
EDITING = [name for name in MUTATIONS if edits(name) and name not in {"setClock", "runBilling"}]


@dataclass(frozen=True)
class Case:
    """One write: a field of a mutation's input, what part of it, and who sends it."""

    mutation: str
    field: str
    part: Mapping[str, str]
    kind: Kind

    def __str__(self) -> str:
        part = f" ({', '.join(self.part.values())})" if self.part else ""
        return f"{self.field}{part} by {self.kind}"

    def given(self, site: Worksite) -> dict[str, Any]:
        """Write the input."""
        kind = input_of(self.mutation)
        beside = _BESIDE.get(self.mutation, ())
        beside = (*beside, *_BESIDE.get(f"{self.mutation}.{self.field}", ()))
        target = site.known.get(target_of(self.mutation))
        row = {"id": site.known.get(self.mutation, target), "expectedVersion": 1}
        return {name: row[name] for name in row if name in kind.fields} | {
            name: sample(element.type, name, site.known, kind.name, self.part)
            for name, element in kind.fields.items()
            if name not in {"id", "expectedVersion"}
            and (
                name in {self.field, "idempotencyKey", *beside} or is_required_input_field(element)
            )
        }


def cases(mutation: str) -> Iterator[Case]:
    """Give a case for each field of an input and, of each role, the first who may send it."""
    fields = input_of(mutation).fields
    for name in [name for name in fields if name not in _ALWAYS] or ["id"]:
        guards = (access_of(MUTATIONS[mutation]), access_of(fields[name]))
        for kinds in _BY_ROLE:
            for kind in [kind for kind in kinds if all(may(kind, one) for one in guards)][:1]:
                for part in parts(get_named_type(fields[name].type)):
                    yield Case(mutation, name, part, kind)


@pytest.mark.parametrize("mutation", EDITING)
async def test_each_field_that_may_be_sent_is_written(
    mutation: str, api: Api, write: Write, superuser: AsyncEngine
):
    agreed = documents()
    sites = [(case, worksite(f"{mutation}.{case.field}", agreed)) for case in cases(mutation)]
    await write(*agreed, *(row for _, site in sites for row in site.rows))
    await set_general_terms(superuser)
    async with superuser.connect() as connection:
        outcomes = {str(case): await carry_out(case, site, api, connection) for case, site in sites}
    assert outcomes == dict.fromkeys(outcomes, "written")


async def carry_out(case: Case, site: Worksite, api: Api, connection: AsyncConnection) -> Any:
    """Send a write; say what was refused, or what is not to be found afterwards."""
    given = case.given(site)
    token = site.world.tokens[case.kind]
    if case.mutation in _UNDONE:
        first = Case(_UNDONE[case.mutation], "comment", {}, Kind.OWNER)
        done = await api(
            document(first.mutation), site.world.tokens[first.kind], input=first.given(site)
        )
        assert "problems" not in done["data"][first.mutation], done
        given["expectedVersion"] += 1
    if case.field == "previewToken":
        given["previewToken"] = await preview(case.mutation, given, token, api)
    before = await rows(connection, site)
    answer = await api(document(case.mutation), token, input=given)
    found = (answer["data"] or {}).get(case.mutation, {})
    if "errors" in answer or "problems" in found:
        return answer.get("errors") or found["problems"]
    after = await rows(connection, site)
    changed = set(leaves(differing(before, after)))
    sent = {name: value for name, value in given.items() if name not in _UNSEEN}
    missing = [leaf for leaf in stored(sent, site) if leaf not in changed]
    return {"missing": missing, "of": sorted(map(str, changed))} if missing else "written"


# A version that does not fit refuses; the id of the row is where its columns are. A file with
# values is gone once these were read.
_UNSEEN = ("id", "expectedVersion", "previewToken", "uploadId")


def document(mutation: str) -> str:
    given = input_of(mutation).name
    return (
        f"mutation ($input: {given}!) {{ {mutation}(input: $input)"
        " { __typename ... on Refusal { problems { code path message } } } }"
    )


async def preview(mutation: str, given: dict[str, Any], token: str | None, api: Api) -> str:
    """Give the token of the preview with the same arguments."""
    (name,) = (
        name
        for name in MUTATIONS
        if isinstance(run_of(name), PreviewOf) and run_of(name).mutation is run_of(mutation)
    )
    sent = {
        key: value for key, value in given.items() if key not in {"previewToken", "idempotencyKey"}
    }
    (shown,) = (
        kind for kind in get_named_type(MUTATIONS[name].type).types if kind.name != "Refusal"
    )
    answer = await api(
        f"mutation ($input: {input_of(name).name}!) {{ {name}(input: $input) {{"
        f" ... on {shown} {{ token }} ... on Refusal {{ problems {{ code path message }} }} }} }}",
        token,
        input=sent,
    )
    return str(answer["data"][name].get("token", answer))
