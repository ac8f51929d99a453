"""Inputs of which exactly one field is sent: any other is refused before anything runs."""

import pytest
from graphql import GraphQLInputObjectType

from tests.permission_matrix.coordinate import CORE
from tests.world import Kind

# What stands around each of them in an input.
AROUND = {
    "TariffChoiceInput": ("changeTariff", 'id: "x", tariff: %s'),
    "AgreedValueInput": ("makeSpecialAgreement", 'id: "x", moduleId: "x", value: %s'),
    "ProposedChangeInput": ("createRequest", 'id: "x", proposed: %s'),
    "ChangeOnDateInput": (
        "createRequest",
        'id: "x", proposed: {deviatingDate: {moduleSubscriptionId: "x", change: %s}}',
    ),
    "ConsentDocumentContentInput": (
        "publishConsentDocument",
        (
            'kind: TERMS, version: "1", publishedOn: "2199-01-01", asksAgreement: true,'
            ' texts: [{language: NL, title: "x", content: %s}]'
        ),
    ),
}


def codes(answer):
    """Give the codes of what was refused before anything ran."""
    assert "data" not in answer
    return {one["extensions"]["code"] for one in answer["errors"]}


def test_each_is_checked_as_it_is_printed():
    inputs = {kind for kind in CORE.type_map.values() if isinstance(kind, GraphQLInputObjectType)}
    assert {kind.name for kind in inputs if kind.is_one_of} == set(AROUND)


@pytest.mark.reads
@pytest.mark.parametrize("name", AROUND)
async def test_none_null_and_two_are_refused(api, world, name):
    mutation, around = AROUND[name]
    kind = CORE.type_map[name]
    first, second = list(kind.fields)[:2]
    token = world.tokens[Kind.MANAGER]
    for wrong in ("{}", f"{{{first}: null}}", f"{{{first}: null, {second}: null}}"):
        document = f"mutation {{ {mutation}(input: {{{around % wrong}}}) {{ __typename }} }}"
        answer = await api(document, token)
        assert codes(answer) == {"GRAPHQL_VALIDATION_FAILED"}
    document = (
        f"mutation ($one: {name}!) {{ {mutation}(input: {{{around % '$one'}}}) {{ __typename }} }}"
    )
    for sent in ({}, {first: None}, {first: None, second: None}):
        answer = await api(document, token, one=sent)
        assert codes(answer) == {"GRAPHQL_VALIDATION_FAILED"}
