"""Which scopes a token's holder has, and where."""

from uuid import UUID

import pytest

from permissions.scopes import SCOPES_OF_MEMBERS, viewer_of
from portal.login.credentials import Credential
from portal.viewer import Grant, Language, MemberRole, Role, Scope, Viewer

A, B = UUID(int=1), UUID(int=2)
ME = UUID(int=3)
ALL = (
    "ACCOUNT_READ CONTRACT_EDIT CUSTOMER_NUMBER ORDER MEMBERS FILES_READ FILES_EDIT FINANCIALS"
    " HISTORY"
)


def credential(role, *, profile=(), memberships=(), authorizations=()):
    """Give what a look-up finds."""
    return Credential(
        role=role,
        id=ME,
        name="Noor Visser",
        language="NL",
        profile=frozenset(profile),
        memberships=dict(memberships),
        authorizations=tuple((account, frozenset(scopes)) for account, scopes in authorizations),
    )


@pytest.mark.parametrize(
    ("member_role", "scopes"),
    [
        (MemberRole.OWNER, ALL),
        (MemberRole.ADMIN, ALL),
        (MemberRole.BILLING, "ACCOUNT_READ CONTRACT_EDIT FINANCIALS FILES_READ HISTORY"),
        (MemberRole.READER, "ACCOUNT_READ FILES_READ"),
    ],
)
def test_what_members_hold(member_role, scopes):
    assert SCOPES_OF_MEMBERS[member_role] == set(map(Scope, scopes.split()))


def test_a_customer_holds_in_each_account_what_its_role_there_gives():
    viewer = viewer_of(
        credential(Role.CUSTOMER, memberships={A: MemberRole.OWNER, B: MemberRole.READER}.items())
    )
    assert viewer == Viewer(
        role=Role.CUSTOMER,
        id=ME,
        name="Noor Visser",
        language=Language.NL,
        grants={
            A: Grant(frozenset(Scope) - {Scope.INVOICING}, MemberRole.OWNER),
            B: Grant(frozenset({Scope.ACCOUNT_READ, Scope.FILES_READ}), MemberRole.READER),
        },
        everywhere=Grant(),
    )
    assert viewer.grant_in(B).scopes == {Scope.ACCOUNT_READ, Scope.FILES_READ}
    assert viewer.grant_in(ME) == Grant()


def test_an_employee_holds_its_profile_everywhere():
    viewer = viewer_of(credential(Role.EMPLOYEE, profile={Scope.HISTORY}))
    assert dict(viewer.grants) == {}
    assert viewer.everywhere == viewer.grant_in(A) == Grant(frozenset({Scope.HISTORY}))


def test_a_manager_holds_everything_whatever_its_profile():
    assert viewer_of(credential(Role.MANAGER)).grant_in(A) == Grant(frozenset(Scope))


def test_an_app_holds_what_all_its_authorisations_give():
    viewer = viewer_of(
        credential(
            Role.PARTNER,
            authorizations=[
                (A, {Scope.ACCOUNT_READ}),
                (A, {Scope.FINANCIALS}),
                (B, {Scope.ACCOUNT_READ}),
            ],
        )
    )
    assert dict(viewer.grants) == {
        A: Grant(frozenset({Scope.ACCOUNT_READ, Scope.FINANCIALS})),
        B: Grant(frozenset({Scope.ACCOUNT_READ})),
    }
    assert viewer.everywhere == Grant()
