"""The course of a module subscription: its days, what is pending, what can be changed by that."""

from dataclasses import dataclass
from datetime import date

from portal.errors import Conflict, Forbidden, Requirement, RuleBroken, translatable
from portal.language.phrase import Translated
from portal.rules.modules.notice import Party
from portal.viewer import Role

_PATH = ("input", "id")


def check_order_withdrawable(starts_on: date, today: date) -> None:
    """Refuse to undo an order from its first day on."""
    if today >= starts_on:
        raise RuleBroken(
            "An order can be withdrawn before its first day, which was {first_day}; give notice"
            " instead.",
            path=_PATH,
            first_day=starts_on,
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """A cancellation or change of tariff that has not taken effect.

    ``day`` is its last or its first day, ``by`` the side that asked for it; without it the module
    would end on ``previous_ends_on``.
    """

    by: Party
    day: date
    is_notice: bool
    previous_ends_on: date | None = None

    def check_taken_back(self, role: Role, today: date) -> None:
        """Refuse to take it back: what the operator asked for is for managers to take back."""
        if self.by is Party.OPERATOR and role is not Role.MANAGER:
            raise Forbidden(
                "Only a manager withdraws what the operator asked for.",
                path=_PATH,
                required=Requirement((Role.MANAGER,)),
            )
        if self.previous_ends_on is not None and self.previous_ends_on < today:
            raise RuleBroken(
                "Without it this module would have ended on {day}.",
                path=_PATH,
                day=self.previous_ends_on,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A module subscription on a day in its account's time zone, between its own two days."""

    module: Translated
    today: date
    starts_on: date
    ends_on: date | None
    pending: Pending | None

    @property
    def is_open(self) -> bool:
        """Whether the module runs today, and no end or change of it is pending."""
        runs = self.starts_on <= self.today and (self.ends_on is None or self.today <= self.ends_on)
        return runs and self.pending is None

    def check_open(self) -> None:
        """Refuse a change of what has not begun, has ended or is about to change already."""
        if self.today < self.starts_on:
            raise RuleBroken(
                "This module starts on {day}; until then withdraw the order.",
                path=_PATH,
                day=self.starts_on,
            )
        self.check_not_over()
        if self.pending is None:
            return
        message = translatable("A change of tariff of {module} on {day} by {by} is pending.")
        if self.pending.is_notice:
            message = translatable("A cancellation of {module} for {day} by {by} is pending.")
        raise Conflict(
            message, path=_PATH, module=self.module, day=self.pending.day, by=self.pending.by
        )

    def check_not_over(self) -> None:
        """Refuse a change of what has ended."""
        if self.ends_on is not None and self.ends_on < self.today:
            raise RuleBroken("This module has ended on {day}.", path=_PATH, day=self.ends_on)

    def check_notice_withdrawable(self, role: Role) -> None:
        """Refuse to take a cancellation back that is none, or has taken effect."""
        if self.pending is None or not self.pending.is_notice:
            raise RuleBroken("No cancellation is pending.", path=_PATH)
        if self.pending.day < self.today:
            raise RuleBroken("This module has ended on {day}.", path=_PATH, day=self.pending.day)
        self.pending.check_taken_back(role, self.today)

    def check_change_withdrawable(self, role: Role) -> None:
        """Refuse to take a change of tariff back that is none, or has taken effect."""
        if self.pending is None or self.pending.is_notice:
            raise RuleBroken("No change of tariff is pending.", path=_PATH)
        self.pending.check_taken_back(role, self.today)
