"""What a module subscription runs under on a day, and whether it can be changed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from portal.errors import Conflict, RuleBroken, translatable
from portal.language.phrase import Translated
from portal.rules.address import PartyKind
from portal.rules.catalogue.consumer import Law, law_of
from portal.rules.catalogue.terms import Term, Terms
from portal.rules.catalogue.terms_check import check_computable
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.notice import Party
from portal.rules.modules.period import PeriodSeries, billing_periods
from portal.rules.modules.tariff_change import ChangeRequest

_PATH = ("input", "id")


@dataclass(frozen=True, slots=True)
class Pending:
    """A cancellation or change of tariff that has not taken effect.

    ``day`` is its last or its first day, ``by`` the side that asked for it.
    """

    by: Party
    day: date
    is_notice: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A module subscription on a day in its account's time zone.

    ``starts_on`` and ``ends_on`` are the subscription's own. The period is that of today, before
    the first day the first one. ``billing_period`` is the longest of the items of today's prices,
    ``by_calendar`` how it runs; ``monthly_cost`` is what recurs, without VAT. ``agreed_on`` is the
    day on which the period was agreed; the contract partner's kind and country are absent while
    there is no contract. ``rises_on`` are the days on which prices rise, with a special right to
    cancel.
    """

    account_id: UUID
    module_id: UUID
    module: Translated
    is_single_booking: bool
    time_zone: str
    today: date
    starts_on: date
    ends_on: date | None
    period_id: UUID
    period_starts_on: date
    agreed_on: date
    counted_from: date | None
    tariff_id: UUID
    terms: Terms
    change_free_of_notice: bool
    billing_period: Term
    by_calendar: bool
    monthly_cost: Decimal
    partner: tuple[PartyKind, str] | None
    pending: Pending | None
    rises_on: tuple[date, ...]

    def agreement(self, asked_by: Party) -> Agreement:
        """Give what binds a side; law and special right protect none but the customer."""
        check_computable(self.terms)
        if asked_by is Party.OPERATOR:
            return Agreement(self.period_starts_on, self.terms, None, self.counted_from)
        law = self.law_on(self.agreed_on)
        return Agreement(self.period_starts_on, self.terms, law, self.counted_from, self.rises_on)

    def law_on(self, agreed_on: date) -> Law | None:
        """Give the law that protects the customer in what is agreed on a day."""
        return law_of(*self.partner, agreed_on) if self.partner else None

    @property
    def partner_kind(self) -> PartyKind | None:
        """What the contract partner is; None while there is no contract."""
        return self.partner and self.partner[0]

    def change_request(
        self, notice_day: date, asked_by: Party, *, term_continues: bool
    ) -> ChangeRequest:
        """Give what decides when another tariff may follow."""
        return ChangeRequest(
            self.agreement(asked_by),
            notice_day,
            self._free_after,
            term_continues=term_continues,
            asked_by=asked_by,
        )

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
        if self.ends_on is not None and self.ends_on < self.today:
            raise RuleBroken("This module has ended on {day}.", path=_PATH, day=self.ends_on)
        if self.pending is None:
            return
        message = translatable("A change of tariff of {module} on {day} by {by} is pending.")
        if self.pending.is_notice:
            message = translatable("A cancellation of {module} for {day} by {by} is pending.")
        raise Conflict(
            message, path=_PATH, module=self.module, day=self.pending.day, by=self.pending.by
        )

    @property
    def _free_after(self) -> PeriodSeries | None:
        if not self.change_free_of_notice:
            return None
        return billing_periods(self.starts_on, self.billing_period, by_calendar=self.by_calendar)
