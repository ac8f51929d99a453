"""Holding the billing of an account, and releasing it."""

from datetime import date, datetime

from portal.clock import OPERATOR_ZONE
from portal.errors import RuleBroken
from portal.models import Account
from portal.rules.calendar import check_coming, local_day


def hold(account: Account, until: date | None, reason: str | None, now: datetime) -> None:
    """Let no run bill an account up to a day, or bill it again; what is due by then comes later."""
    if reason is None:
        raise RuleBroken("Holding and releasing billing need a reason.", path=("input", "reason"))
    if until is not None:
        check_coming(until, local_day(now, OPERATOR_ZONE), path=("input", "until"))
    account.billing_held_until = until
