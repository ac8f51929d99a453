"""What an app may be authorised to do, and until when."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from portal.errors import InvalidInput, RuleBroken
from portal.viewer import Scope

# What some field for partners asks for; the other scopes would promise what no app can do.
SCOPES_OF_APPS = frozenset(
    {Scope.ACCOUNT_READ, Scope.FILES_READ, Scope.FILES_EDIT, Scope.FINANCIALS}
)
LONGEST_YEARS = 2

_SCOPES = ("input", "scopes")
_EXPIRES_AT = ("input", "expiresAt")


def check_scopes(scopes: Sequence[Scope], held: Collection[Scope]) -> None:
    """Refuse no scopes, those that apps cannot use, and those that the granting viewer lacks."""
    if not scopes:
        raise InvalidInput("Must not be empty.", path=_SCOPES)
    useless = _named(set(scopes) - SCOPES_OF_APPS)
    if useless:
        raise RuleBroken("An app cannot have these rights: {scopes}.", path=_SCOPES, scopes=useless)
    lacking = _named(set(scopes) - set(held))
    if lacking:
        raise RuleBroken(
            "You do not have these rights yourself: {scopes}.", path=_SCOPES, scopes=lacking
        )


def check_narrower(scopes: Sequence[Scope], present: Collection[str]) -> None:
    """Refuse no scopes, and those that an authorisation does not hold."""
    if not scopes:
        raise InvalidInput("Must not be empty.", path=_SCOPES)
    wider = _named(set(scopes) - set(present))
    if wider:
        raise RuleBroken(
            "An authorisation can only be narrowed, and this one lacks these rights: {scopes}.",
            path=_SCOPES,
            scopes=wider,
        )


def check_expiry(expires_at: datetime, now: datetime) -> None:
    """Refuse an end that is past, or further away than two years."""
    if expires_at <= now:
        raise InvalidInput("Must lie in the future.", path=_EXPIRES_AT)
    if expires_at > _years_later(now):
        raise RuleBroken(
            "An authorisation lasts at most {years} years.", path=_EXPIRES_AT, years=LONGEST_YEARS
        )


def check_token_expiry(expires_at: datetime, now: datetime) -> None:
    """Refuse a token whose end is past, or further away than two years."""
    if expires_at <= now:
        raise InvalidInput("Must lie in the future.", path=_EXPIRES_AT)
    if expires_at > _years_later(now):
        raise RuleBroken(
            "A token lasts at most {years} years.", path=_EXPIRES_AT, years=LONGEST_YEARS
        )


def check_earlier(expires_at: datetime, present: datetime, now: datetime) -> None:
    """Refuse an end that is past, or later than the present one."""
    if expires_at <= now:
        raise InvalidInput("Must lie in the future.", path=_EXPIRES_AT)
    if expires_at > present:
        raise RuleBroken(
            "An authorisation can only be narrowed, and this one ends earlier.", path=_EXPIRES_AT
        )


def in_order(scopes: Collection[str]) -> list[str]:
    """Give scopes as they are kept: each once, in the order of the enum."""
    return [scope.value for scope in _named(scopes)]


def _named(scopes: Collection[str]) -> list[Scope]:
    return [scope for scope in Scope if scope in scopes]


def _years_later(now: datetime) -> datetime:
    local = now.astimezone(UTC)
    year = local.year + LONGEST_YEARS
    try:
        return local.replace(year=year)
    except ValueError:
        # From 29 February: the day after the last one of that month.
        return local.replace(year=year, month=3, day=1)
