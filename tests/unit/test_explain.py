"""What a page may offer: the guards of the mutations, as data and as sentences."""

from types import MappingProxyType
from uuid import UUID

import pytest

from permissions.explain import needed, permissions_of, reason
from permissions.scopes import SCOPES_OF_MEMBERS
from portal.errors import Requirement
from portal.language.messages import translate
from portal.rules.people.request import RequestKind
from portal.viewer import ANONYMOUS, Grant, Language, MemberRole, Role, Scope, Viewer
from schema.root import schema

ACCOUNT = UUID(int=1)
assert schema  # fills what can be edited


def member(role: MemberRole) -> Viewer:
    """Give a member of the account."""
    grants = MappingProxyType({ACCOUNT: Grant(SCOPES_OF_MEMBERS[role], role)})
    return Viewer(Role.CUSTOMER, UUID(int=2), grants=grants)


def staff(role: Role, *scopes: Scope) -> Viewer:
    """Give somebody who works for the operator."""
    return Viewer(role, UUID(int=3), everywhere=Grant(frozenset(scopes)))


def allowed(viewer, type_name):
    """Give the fields that a viewer may change."""
    found = permissions_of(viewer, type_name, ACCOUNT)
    return {permission.field for permission in found if permission.allowed}


OWN_CONTRACT = {"billingAddress", "documentDelivery", "purchaseOrderNumber"}
OWN_ACCOUNT = {"name", "language"}
MEMBERS = {"members", "invitations"}
ORDERS = {"modules"}
ALL_OF_ACCOUNT = (
    MEMBERS
    | ORDERS
    | {
        "name",
        "customerNumber",
        "language",
        "timeZone",
        "isTest",
        "appAuthorizations",
        "deletedAt",
        "owner",
    }
)
ALL_OF_CONTRACT = OWN_CONTRACT | {
    "iban",
    "contractPartner",
    "paymentTerms",
    "duration",
    "vatTreatment",
    "vatNumber",
}


@pytest.mark.parametrize(
    ("viewer", "account", "contract"),
    [
        (ANONYMOUS, set(), set()),
        (
            member(MemberRole.OWNER),
            OWN_ACCOUNT
            | MEMBERS
            | ORDERS
            | {"consents", "owner", "appAuthorizations", "deletedAt"},
            OWN_CONTRACT | {"iban"},
        ),
        (member(MemberRole.ADMIN), OWN_ACCOUNT | MEMBERS | ORDERS | {"consents"}, OWN_CONTRACT),
        (member(MemberRole.BILLING), OWN_ACCOUNT, OWN_CONTRACT | {"iban"}),
        (member(MemberRole.READER), set(), set()),
        (staff(Role.EMPLOYEE), set(), set()),
        (staff(Role.EMPLOYEE, Scope.CONTRACT_EDIT), OWN_ACCOUNT, OWN_CONTRACT),
        (staff(Role.EMPLOYEE, Scope.ORDER), ORDERS, set()),
        (staff(Role.EMPLOYEE, Scope.CUSTOMER_NUMBER), {"customerNumber"}, set()),
        (
            staff(Role.EMPLOYEE, *Scope),
            OWN_ACCOUNT | MEMBERS | ORDERS | {"customerNumber"},
            OWN_CONTRACT,
        ),
        (staff(Role.MANAGER, *Scope), ALL_OF_ACCOUNT, ALL_OF_CONTRACT),
        (Viewer(Role.PARTNER, UUID(int=4)), set(), set()),
    ],
)
def test_what_a_viewer_may_change(viewer, account, contract):
    assert allowed(viewer, "Account") == account
    assert allowed(viewer, "Contract") == contract


def test_every_field_that_can_be_changed_is_listed_with_its_mutation():
    found = permissions_of(ANONYMOUS, "Contract", ACCOUNT)
    assert {permission.field: permission.mutation for permission in found} == {
        "billingAddress": "updateContract",
        "iban": "updateContract",
        "documentDelivery": "updateContract",
        "purchaseOrderNumber": "updateContract",
        "contractPartner": "changeContractPartner",
        "paymentTerms": "changePaymentTerms",
        "duration": "setContractStart",
        "vatTreatment": "changeVatTreatment",
        "vatNumber": "changeVatTreatment",
    }
    found = permissions_of(ANONYMOUS, "ModuleSubscription", ACCOUNT)
    assert {permission.field: permission.mutation for permission in found} == {
        "data": "updateModuleData",
        "endsOn": "giveNotice",
        "currentTariff": "changeTariff",
        "deviatingDate": "changeTariff",
    }
    deviating = [one.mutation for one in permissions_of(ANONYMOUS, "ModuleSubscription", ACCOUNT)]
    assert deviating.count("giveNotice") == deviating.count("changeTariff") == 2
    found = permissions_of(ANONYMOUS, "Account", ACCOUNT)
    assert {permission.field: permission.mutation for permission in found} == {
        "name": "updateAccount",
        "customerNumber": "updateAccount",
        "language": "updateAccount",
        "timeZone": "updateAccount",
        "isTest": "setTestAccount",
        "consents": "giveConsent",
        "members": "changeMemberRole",
        "invitations": "inviteMember",
        "modules": "orderModule",
        "owner": "transferOwnership",
        "appAuthorizations": "authorizeApp",
        "deletedAt": "deleteAccount",
    }


def test_a_deviating_date_is_asked_for_by_whoever_may_order():
    def ways(viewer):
        return {
            permission.how_to_request
            and (permission.how_to_request.mutation, permission.how_to_request.kind)
            for permission in permissions_of(viewer, "ModuleSubscription", ACCOUNT)
            if permission.field == "deviatingDate"
        }

    asking = {("createRequest", RequestKind.DEVIATING_DATE)}
    assert ways(member(MemberRole.OWNER)) == ways(member(MemberRole.ADMIN)) == asking
    assert ways(member(MemberRole.BILLING)) == ways(member(MemberRole.READER)) == {None}
    assert ways(staff(Role.EMPLOYEE, *Scope)) == ways(staff(Role.MANAGER, *Scope)) == {None}


REQUESTABLE = {
    "contractPartner": ("createRequest", RequestKind.CONTRACT_PARTNER),
    "paymentTerms": ("createRequest", RequestKind.PAYMENT_TERMS),
    "vatTreatment": ("createRequest", RequestKind.VAT_TREATMENT),
    "vatNumber": ("createRequest", RequestKind.VAT_TREATMENT),
}


@pytest.mark.parametrize(
    ("viewer", "requestable"),
    [
        (ANONYMOUS, {}),
        (member(MemberRole.OWNER), REQUESTABLE),
        (member(MemberRole.ADMIN), REQUESTABLE),
        (member(MemberRole.BILLING), REQUESTABLE),
        (member(MemberRole.READER), {}),
        (staff(Role.EMPLOYEE, *Scope), {}),
        (staff(Role.MANAGER, *Scope), {}),
        (Viewer(Role.PARTNER, UUID(int=4)), {}),
    ],
)
def test_how_to_request_what_one_may_not_change(viewer, requestable):
    found = {
        permission.field: (permission.how_to_request.mutation, permission.how_to_request.kind)
        for type_name in ("Account", "Contract")
        for permission in permissions_of(viewer, type_name, ACCOUNT)
        if permission.how_to_request
    }
    assert found == requestable


@pytest.mark.parametrize(
    ("viewer", "field", "sentence", "requires"),
    [
        (
            member(MemberRole.OWNER),
            "paymentTerms",
            "Only for: managers.",
            Requirement((Role.MANAGER,)),
        ),
        (
            member(MemberRole.ADMIN),
            "iban",
            "Only for members who are: owner, billing.",
            Requirement(
                (Role.CUSTOMER, Role.MANAGER),
                Scope.FINANCIALS,
                (MemberRole.OWNER, MemberRole.BILLING),
            ),
        ),
        (
            staff(Role.EMPLOYEE),
            "purchaseOrderNumber",
            "This needs a right in the account: change the contract.",
            Requirement((Role.CUSTOMER, Role.EMPLOYEE, Role.MANAGER), Scope.CONTRACT_EDIT),
        ),
        (
            Viewer(Role.PARTNER, UUID(int=4)),
            "purchaseOrderNumber",
            "Only for: customers, employees, managers.",
            Requirement((Role.CUSTOMER, Role.EMPLOYEE, Role.MANAGER)),
        ),
        (
            staff(Role.EMPLOYEE, *Scope),
            "iban",
            "Only for: customers, managers.",
            Requirement(
                (Role.CUSTOMER, Role.MANAGER),
                Scope.FINANCIALS,
                (MemberRole.OWNER, MemberRole.BILLING),
            ),
        ),
    ],
)
def test_why_not(viewer, field, sentence, requires):
    found = permissions_of(viewer, "Contract", ACCOUNT)
    permission = next(one for one in found if one.field == field)
    assert permission.allowed is False
    assert permission.requires == requires
    assert translate(reason(permission), Language.EN, **needed(permission)) == sentence
