"""What an app may be authorised to do, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.errors import InvalidInput, PortalError, RuleBroken
from portal.rules.partner.app_authorization import (
    SCOPES_OF_APPS,
    check_earlier,
    check_expiry,
    check_narrower,
    check_scopes,
    in_order,
)
from portal.viewer import Role, Scope
from tests.permission_matrix.coordinate import declarations

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
SOME = [Scope.FINANCIALS, Scope.ACCOUNT_READ]


def fault(check, *given) -> PortalError:
    with pytest.raises(PortalError) as raised:
        check(*given)
    return raised.value


def test_apps_get_what_some_field_for_them_asks_for():
    """The scopes of files wait for the fields of files."""
    used = {access.scope for _, _, access in declarations() if Role.PARTNER in access.roles} - {
        None
    }
    assert used <= SCOPES_OF_APPS
    assert SCOPES_OF_APPS - used <= {Scope.FILES_READ, Scope.FILES_EDIT, Scope.FINANCIALS}


def test_scopes_that_are_held_and_of_use():
    check_scopes(SOME, frozenset(Scope))
    check_scopes(SOME, frozenset(SOME))


@pytest.mark.parametrize(
    ("scopes", "held", "kind", "named"),
    [
        ([], Scope, InvalidInput, None),
        ([Scope.ORDER], Scope, RuleBroken, [Scope.ORDER]),
        (
            [Scope.MEMBERS, *SOME, Scope.CONTRACT_EDIT],
            Scope,
            RuleBroken,
            [Scope.CONTRACT_EDIT, Scope.MEMBERS],
        ),
        (SOME, [Scope.ACCOUNT_READ], RuleBroken, [Scope.FINANCIALS]),
    ],
)
def test_other_scopes_are_refused_and_named(scopes, held, kind, named):
    error = fault(check_scopes, scopes, held)
    assert (type(error), error.path, error.values.get("scopes")) == (
        kind,
        ("input", "scopes"),
        named,
    )


def test_narrower_is_some_of_the_present_ones():
    check_narrower([Scope.FINANCIALS], ["ACCOUNT_READ", "FINANCIALS"])
    check_narrower(SOME, ["ACCOUNT_READ", "FINANCIALS"])
    assert type(fault(check_narrower, [], ["ACCOUNT_READ"])) is InvalidInput
    wider = fault(check_narrower, SOME, ["ACCOUNT_READ"])
    assert (type(wider), wider.values) == (RuleBroken, {"scopes": [Scope.FINANCIALS]})


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (NOW, datetime(2028, 11, 22, 18, 0, tzinfo=UTC)),
        (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), datetime(2030, 3, 1, 12, 0, tzinfo=UTC)),
    ],
)
def test_an_end_is_ahead_and_two_years_away_at_most(now, last):
    check_expiry(now + timedelta(microseconds=1), now)
    check_expiry(last, now)
    assert type(fault(check_expiry, now, now)) is InvalidInput
    late = fault(check_expiry, last + timedelta(microseconds=1), now)
    assert (type(late), late.path, late.values) == (
        RuleBroken,
        ("input", "expiresAt"),
        {"years": 2},
    )


def test_an_earlier_end_is_ahead_and_not_after_the_present_one():
    present = NOW + timedelta(days=1)
    check_earlier(present, present, NOW)
    check_earlier(NOW + timedelta(microseconds=1), present, NOW)
    assert type(fault(check_earlier, NOW, present, NOW)) is InvalidInput
    assert type(fault(check_earlier, present + timedelta(seconds=1), present, NOW)) is RuleBroken


def test_scopes_are_kept_once_and_in_the_order_of_the_enum():
    assert in_order([*SOME, *SOME]) == ["ACCOUNT_READ", "FINANCIALS"]
