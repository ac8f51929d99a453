"""What each role is shown of the schema is what the reviewed matrix says it was answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    print_schema,
    validate_schema,
)

from permissions.visible_schema import visible_schema
from portal.viewer import Role
from tests.permission_matrix.attempt import ALLOWED
from tests.permission_matrix.coordinate import CORE
from tests.world import MEMBERS, Kind

OUTCOMES = Path(__file__).parent / "outcomes.txt"
_KINDS = {
    Role.ANONYMOUS: {Kind.ANONYMOUS},
    Role.CUSTOMER: set(MEMBERS),
    Role.EMPLOYEE: {Kind.EMPLOYEE, Kind.EMPLOYEE_WITHOUT},
    Role.MANAGER: {Kind.MANAGER},
    Role.PARTNER: {Kind.PARTNER, Kind.PARTNER_READING},
}
# What a mutation answers that refuses: partners call none, and are not shown what it says.
_OF_REFUSALS = {"Refusal", "Problem", "Requirements"}


def answered(role: Role) -> set[str]:
    """List the coordinates that some viewer of a role was answered."""
    lines = OUTCOMES.read_text(encoding="utf-8").splitlines()
    (header,) = (line.split()[2:] for line in lines if line.startswith("# coordinate"))
    found: set[str] = set()
    for line in lines:
        coordinate, *outcomes = line.split()
        if not line.startswith("#"):
            of_kind = dict(zip(header, outcomes, strict=True))
            if any(of_kind[kind] == ALLOWED for kind in _KINDS[role]):
                found.add(coordinate)
    return found


def shown(schema: GraphQLSchema) -> Iterator[str]:
    """List the coordinates of a schema, as the matrix writes them."""
    for name, kind in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(kind, GraphQLInputObjectType):
            yield from (f"{name}.{field}" for field in kind.fields)
        elif isinstance(kind, GraphQLObjectType):
            for field_name, field in kind.fields.items():
                yield f"{name}.{field_name}"
                yield from (f"{name}.{field_name}({argument}:)" for argument in field.args)


@pytest.mark.parametrize("role", Role)
def test_each_role_is_shown_what_it_is_answered(role: Role):
    schema = visible_schema(CORE, role)
    expected = answered(role)
    if schema.mutation_type is None:
        expected = {name for name in expected if name.split(".")[0] not in _OF_REFUSALS}
    assert sorted(shown(schema)) == sorted(expected)
    assert (schema.mutation_type is None) == (role is Role.PARTNER)


@pytest.mark.parametrize("role", Role)
def test_each_role_is_shown_no_type_that_nothing_leads_to(role: Role):
    schema = visible_schema(CORE, role)
    assert validate_schema(schema) == []
    led_to = {"Query", "Mutation", "String", "Boolean"}
    for kind in schema.type_map.values():
        if kind.name.startswith("__"):
            continue
        if isinstance(kind, GraphQLUnionType):
            led_to |= {member.name for member in kind.types}
        elif isinstance(kind, GraphQLInterfaceType):
            led_to |= {member.name for member in schema.get_possible_types(kind)}
        for field in getattr(kind, "fields", {}).values():
            used = (field, *getattr(field, "args", {}).values())
            led_to |= {get_named_type(element.type).name for element in used}
    assert {name for name in schema.type_map if not name.startswith("__")} - led_to == set()


def test_what_a_role_may_not_use_is_not_named():
    anonymous = print_schema(visible_schema(CORE, Role.ANONYMOUS))
    assert "type Account " not in anonymous
    assert "enum Scope" in anonymous  # a refusal names what it requires
    for role, word in (
        (Role.ANONYMOUS, "ConsentConnection"),
        (Role.CUSTOMER, "StaffHistoryEntry"),
        (Role.CUSTOMER, "StaffFilter"),
        (Role.CUSTOMER, "offerMostUses"),
        (Role.EMPLOYEE, "SetTestAccountInput"),
        (Role.PARTNER, "paymentTerms"),
        (Role.PARTNER, "ErrorCode"),
    ):
        assert word not in print_schema(visible_schema(CORE, role))
        assert word in print_schema(visible_schema(CORE, Role.MANAGER))


def test_what_else_is_needed_is_said():
    def text(role: Role) -> str | None:
        contract = visible_schema(CORE, role).type_map["Contract"]
        assert isinstance(contract, GraphQLObjectType)
        return contract.fields["iban"].description

    plain = "The bank account that refunds go to."
    assert text(Role.CUSTOMER) == (
        f"{plain} Needs the scope FINANCIALS in the account. For members who are OWNER or BILLING."
    )
    assert text(Role.EMPLOYEE) == f"{plain} Needs the scope FINANCIALS in the account."
    assert text(Role.MANAGER) == plain
