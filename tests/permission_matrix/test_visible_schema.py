"""What each role is shown of the schema is what it is answered."""

from collections.abc import Iterator

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
from tests.permission_matrix.coordinate import CORE
from tests.permission_matrix.expected import ALLOWED, expected
from tests.permission_matrix.structure import structure
from tests.world import MEMBERS, Kind

_KINDS = {
    Role.ANONYMOUS: {Kind.ANONYMOUS},
    Role.CUSTOMER: set(MEMBERS),
    Role.EMPLOYEE: {Kind.EMPLOYEE, Kind.EMPLOYEE_WITHOUT},
    Role.MANAGER: {Kind.MANAGER},
    Role.PARTNER: {Kind.PARTNER, Kind.PARTNER_READING},
}


def answered(role: Role) -> set[str]:
    """List the coordinates that some viewer of a role is answered, but for structure."""
    found = (item for kind in _KINDS[role] for item in expected(kind).items())
    return {name for name, outcome in found if outcome == ALLOWED} - set(structure())


def shown(schema: GraphQLSchema) -> Iterator[str]:
    """List the coordinates of a schema, as the matrix writes them."""
    yield from (name for name in _everything_shown(schema) if name not in structure())


def _everything_shown(schema: GraphQLSchema) -> Iterator[str]:
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
    assert sorted(shown(schema)) == sorted(answered(role))
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
