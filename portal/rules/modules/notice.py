"""Who ends or changes a contract, why, and which of the two ways of saying when was chosen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.errors import InvalidInput, RuleBroken
from portal.rules.calendar import check_day


class Party(StrEnum):
    """One of the two sides of a contract."""

    CUSTOMER = "CUSTOMER"
    OPERATOR = "OPERATOR"


class NoticeReason(StrEnum):
    """Why a module is cancelled."""

    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    PRICE = "PRICE"
    QUALITY = "QUALITY"
    MOVING = "MOVING"
    BUSINESS_ENDS = "BUSINESS_ENDS"
    OTHER_PROVIDER = "OTHER_PROVIDER"
    PAYMENT_DEFAULT = "PAYMENT_DEFAULT"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Wish:
    """For when something is asked: a day that the tariff has to allow, a deviating one, or neither.

    Neither means the earliest day that the tariff allows. ``field`` names the input field that
    holds the allowed day, and ``deviating_at`` leads to the other one.
    """

    field: str
    allowed: date | None = None
    deviating: date | None = None
    deviating_at: tuple[str, ...] = ("input", "deviatingDate")

    @property
    def path(self) -> tuple[str, ...]:
        """Give the input field that the answer is about."""
        return self.deviating_at if self.deviating else ("input", self.field)

    def check(self, reason: str | None) -> None:
        """Refuse two days at once, a deviating one without a reason, and a day of no calendar."""
        if self.allowed is not None:
            check_day(self.allowed, path=("input", self.field))
        if self.deviating is not None:
            check_day(self.deviating, path=self.deviating_at)
        if self.allowed is not None and self.deviating is not None:
            raise InvalidInput(
                "Give a day that the tariff allows, or a deviating date: not both.",
                path=self.deviating_at,
            )
        if self.deviating is not None and reason is None:
            raise RuleBroken("A deviating date needs a reason.", path=("input", "reason"))


def check_arrival(received_on: date, *, first: date, today: date) -> None:
    """Refuse a letter that arrived before the module ran, or has not arrived yet."""
    path = ("input", "receivedOn")
    check_day(received_on, path=path)
    if received_on < first:
        raise RuleBroken(
            "The module did not run on {day}; the first possible day is {first}.",
            path=path,
            day=received_on,
            first=first,
        )
    if received_on > today:
        raise RuleBroken(
            "Nothing can have arrived on {day}; the last possible day is {today}.",
            path=path,
            day=received_on,
            today=today,
        )
