"""What a module subscription runs under on a day, and whether it can be changed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from portal.rules.address import PartyKind
from portal.rules.catalogue.consumer import Law, law_of
from portal.rules.catalogue.terms import Term, Terms
from portal.rules.catalogue.terms_check import check_computable
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.course import Course
from portal.rules.modules.notice import Party
from portal.rules.modules.period import PeriodSeries, billing_periods
from portal.rules.modules.tariff_change import ChangeRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Course):
    """The course of a module subscription, and what decides its days.

    The period is that of today, before
    the first day the first one. ``billing_period`` is the longest of the items of today's prices,
    ``by_calendar`` how it runs; ``monthly_cost`` is what recurs, without VAT. ``agreed_on`` is the
    day on which the period was agreed; the contract partner's kind and country are absent while
    there is no contract. ``rises_on`` are the days on which prices rise, with a special right to
    cancel.
    """

    account_id: UUID
    module_id: UUID
    is_single_booking: bool
    time_zone: str
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
    def _free_after(self) -> PeriodSeries | None:
        if not self.change_free_of_notice:
            return None
        return billing_periods(self.starts_on, self.billing_period, by_calendar=self.by_calendar)
