"""What lists can be filtered, searched and ordered by is declared with its guards, or no start."""

from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest
import strawberry
from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, GraphQLString

from permissions.fields import EVERYONE, allowed
from portal.errors import Forbidden
from portal.viewer import Grant, MemberRole, Role, Scope, Viewer
from resolvers.listing import BY_ID, Criterion, Order, Search
from schema import lists
from schema.criteria import by, criteria
from schema.criterion import exactly, filled, related, within
from schema.lists import check_lists
from schema.root import schema
from schema.shown import Undeclared
from schema.types.catalogue.module import MODULES
from schema.types.people.invitation import INVITATIONS, Invitation
from schema.types.people.message import MESSAGES

CORE = schema._schema  # noqa: SLF001 -- no public name
MANAGERS = allowed(Role.MANAGER)


def criterion(reads, access=EVERYONE):
    return Criterion("planted", int, access, (reads,), "Planted.", lambda *_: None)


@pytest.fixture
def plant(monkeypatch):
    """Put other criteria under a list."""

    def put(made, coordinate="Account.invitations"):
        type_name, _, name = coordinate.partition(".")
        field = CORE.type_map[type_name].fields[name]
        real = lists.source_of
        source = replace(real(field), criteria=made)
        monkeypatch.setattr(
            lists, "source_of", lambda asked: source if asked is field else real(asked)
        )

    return put


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        (None, "Account.invitations does not declare by what Invitation can be listed."),
        (MESSAGES, "Account.invitations does not declare by what Invitation can be listed."),
        (
            replace(INVITATIONS, orders={"FAX": Order((), goes_by="fax")}),
            "Account.invitations goes by Invitation.fax, which is no field.",
        ),
        (
            replace(INVITATIONS, orders={"CREATED_AT": Order((), goes_by="created_at")}),
            "Account.invitations goes by Invitation.created_at without its guard.",
        ),
        (
            replace(INVITATIONS, criteria=(criterion("Invitation.fax"),)),
            "Invitation(filter: planted) reads Invitation.fax, which is no field.",
        ),
        (
            replace(INVITATIONS, criteria=(criterion("Invitation.email"),)),
            "Invitation(filter: planted) reads Invitation.email without its guard.",
        ),
        (
            replace(INVITATIONS, search=Search(EVERYONE, ("Member.name",), "", lambda _: None)),
            "Invitation(search) reads Member.name without its guard.",
        ),
    ],
)
def test_a_list_that_does_not_carry_its_guards_stops_the_start(plant, planted, fault):
    plant(planted)
    with pytest.raises(Undeclared) as found:
        check_lists(CORE)
    assert str(found.value) == fault


def test_a_list_that_is_never_null_is_refused_to_nobody(plant):
    plant(replace(MODULES, criteria=(criterion("Module.key", MANAGERS),)), "Query.modules")
    with pytest.raises(Undeclared) as found:
        check_lists(CORE)
    assert str(found.value) == (
        "Query.modules is never null, so whoever may read it must be allowed filter: planted."
    )


def test_the_schema_itself_and_types_without_declarations_are_right():
    check_lists(CORE)
    check_lists(GraphQLSchema(GraphQLObjectType("Query", {"a": GraphQLField(GraphQLString)})))


@strawberry.type
class Silent:
    """Shows the rows of a model, and forgot to say to whom, and from where."""

    __portal_model__ = Invitation.__portal_model__
    role: str


CREATED = by("created_at", "When it was sent.")
ROLE = exactly("role", "The role.")


@pytest.mark.parametrize(
    ("cls", "member", "order", "fault"),
    [
        (Invitation, exactly("fax", "A."), CREATED, "Invitation has no field fax."),
        (Invitation, within("telex"), CREATED, "Invitation has no field telex."),
        (Invitation, ROLE, by("pager", "A."), "Invitation has no field pager."),
        (
            Invitation,
            ROLE,
            by("accepted_at", "A."),
            "Invitation.accepted_at may be null, so rows need a key to follow.",
        ),
        (Silent, filled("has", "role", "A."), CREATED, "Silent.role is no column and no expr"),
        (Silent, related("role", "R", "role_id", "A."), CREATED, "Silent.role declares no access."),
    ],
)
def test_what_a_type_does_not_show_decides_no_list(cls, member, order, fault):
    with pytest.raises(Undeclared, match=fault):
        criteria(cls, "rows", member, orders=(order,))


ACCOUNT, OTHER = uuid4(), uuid4()
BILLING = Grant(frozenset({Scope.ACCOUNT_READ, Scope.HISTORY}), MemberRole.BILLING)
ADMIN = Grant(frozenset(Scope), MemberRole.ADMIN)


@pytest.mark.parametrize(
    ("grants", "account_id", "may"),
    [
        ({ACCOUNT: ADMIN, OTHER: BILLING}, ACCOUNT, True),
        ({ACCOUNT: BILLING, OTHER: ADMIN}, ACCOUNT, False),
        ({ACCOUNT: ADMIN, OTHER: ADMIN}, None, True),
        ({ACCOUNT: ADMIN, OTHER: BILLING}, None, False),
        ({}, None, True),
        ({ACCOUNT: ADMIN}, OTHER, False),
    ],
)
def test_a_list_stands_by_id_where_its_usual_order_may_not_be_read(grants, account_id, may):
    viewer = Viewer(Role.CUSTOMER, uuid4(), grants=grants)
    usual = INVITATIONS.order("CREATED_AT", descending=True)
    listing = INVITATIONS.listing(usual, viewer, account_id, {})
    assert listing.order == (usual if may else BY_ID)
    if not may:
        asked = {
            "order_by": SimpleNamespace(field=SimpleNamespace(value="EXPIRES_AT"), descending=0)
        }
        with pytest.raises(Forbidden) as refused:
            INVITATIONS.listing(usual, viewer, account_id, asked)
        assert refused.value.path == ("orderBy",)


def test_every_list_takes_an_order_and_most_a_filter_or_a_search():
    found = {
        f"{kind.name}.{name}": tuple(dict.fromkeys(field.args).keys())
        for kind in CORE.type_map.values()
        for name, field in getattr(kind, "fields", {}).items()
        if isinstance(field, GraphQLField) and "first" in field.args and "after" in field.args
    }
    page = ("first", "after", "last", "before")
    assert found == {
        "Account.appAuthorizations": ("filter", "orderBy", *page),
        "Account.consents": ("orderBy", *page),
        "Account.contractCopies": ("orderBy", *page),
        "Account.documents": ("filter", "orderBy", *page),
        "Account.history": ("filter", "orderBy", *page),
        "Account.invitations": ("filter", "orderBy", *page),
        "Account.members": ("filter", "search", "orderBy", *page),
        "Account.messages": ("filter", "orderBy", *page),
        "Account.modules": ("filter", "search", "orderBy", *page),
        "Account.requests": ("filter", "orderBy", *page),
        "Module.tariffs": ("filter", "search", "orderBy", *page),
        "PublicationPreview.customers": ("first", "after"),
        "Tariff.versions": ("filter", "orderBy", *page),
        "Query.accounts": ("filter", "search", "orderBy", *page),
        "Query.apps": ("search", "orderBy", *page),
        "Query.billingProblems": ("filter", "orderBy", *page),
        "Query.billingRuns": ("orderBy", *page),
        "Query.booksClosings": ("orderBy", *page),
        "Query.documents": ("filter", "orderBy", *page),
        "Query.modules": ("filter", "search", "orderBy", *page),
        "Query.generalPaymentTerms": ("orderBy", *page),
        "Query.operatorProfiles": ("orderBy", *page),
        "Query.operatorHistory": ("filter", "orderBy", *page),
        "Query.permissionProfiles": ("search", "orderBy", *page),
        "Query.requests": ("filter", "orderBy", *page),
        "Query.staff": ("filter", "search", "orderBy", *page),
        "Query.staffHistory": ("filter", "orderBy", *page),
        "Viewer.accounts": ("filter", "search", "orderBy", *page),
    }
