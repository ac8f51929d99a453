"""What a customer may ask for, and how long a request can be accepted."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.errors import Conflict
from portal.rules.calendar import end_of_day, local_day

OPEN_FOR = timedelta(days=30)


class RequestKind(StrEnum):
    """What a request asks to change."""

    PAYMENT_TERMS = "PAYMENT_TERMS"
    VAT_TREATMENT = "VAT_TREATMENT"
    CONTRACT_PARTNER = "CONTRACT_PARTNER"
    DEVIATING_DATE = "DEVIATING_DATE"


class RequestStatus(StrEnum):
    """How far a request has come; EXPIRED follows from its dates and is never stored."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


def last_day(made_at: datetime, time_zone: str) -> date:
    """Give the last day on which a request can be accepted, in the account's time zone."""
    return local_day(made_at, time_zone) + OPEN_FOR


def expiry(made_at: datetime, time_zone: str) -> datetime:
    """Give the instant at which a request is open no more: the end of its last day."""
    return end_of_day(last_day(made_at, time_zone), time_zone)


def status_at(now: datetime, state: RequestStatus, expires_at: datetime) -> RequestStatus:
    """Give the status that a request has at an instant."""
    if state is RequestStatus.OPEN and expires_at <= now:
        return RequestStatus.EXPIRED
    return state


def check_open(status: RequestStatus) -> None:
    """Refuse to end a request that is open no more."""
    if status is not RequestStatus.OPEN:
        raise Conflict(
            "This request is open no more; it is {status}.", path=["input", "id"], status=status
        )
