"""A tariff's terms and prices from a day on, as a draft and once it is published."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, composite, mapped_column

from portal.models.base import Base, Identified, Versioned, one_of
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import inside
from portal.rules.catalogue.price_rise import SpecialRight
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit
from portal.rules.catalogue.terms_check import MOST, check_terms


def length_of(term: str, *, least: int) -> sa.CheckConstraint:
    """Give the constraint that keeps a term to lengths with which days can be computed."""
    most = " ".join(f"WHEN '{unit.value}' THEN {count}" for unit, count in MOST.items())
    return sa.CheckConstraint(
        f"{term}_count BETWEEN {least} AND CASE {term}_unit {most} END", name=f"{term}_length"
    )


def term_of(count: int | None, unit: TermUnit | None) -> Term | None:
    """Read a term that may be absent."""
    return None if count is None or unit is None else Term(count, unit)


class TariffVersion(Identified, Versioned, Base):
    """A tariff's terms and prices from a day on; later for those who already have it.

    Until it is published it is a draft without days, which staff alone see; from then on it never
    changes, but that it may be withdrawn before it is in force. ``special_right`` is whose contract
    may end for a rise of its prices.
    With ``change_free_of_notice`` another tariff may follow after any billing period, and with
    ``term_continues`` the initial term is counted from where that of the tariff before it was.
    """

    __tablename__ = "tariff_version"
    wall = inside("tariff_id", "tariff", once="published_at")
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (
        sa.Index(
            "uq_tariff_version_one_on_a_day",
            "tariff_id",
            "valid_from",
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(published_at, valid_from, valid_from_for_existing) IN (0, 3)"
            " AND coalesce(withdrawn_at >= published_at, withdrawn_at IS NULL)",
            name="published_for_a_day",
        ),
        sa.CheckConstraint(
            "valid_from_for_existing >= valid_from", name="existing_customers_not_before_new"
        ),
        length_of("initial_term", least=0),
        length_of("renewal_term", least=1),
        length_of("notice_period", least=0),
        sa.CheckConstraint(
            "(renewal = 'RENEWAL_TERM') = (renewal_term_count IS NOT NULL)"
            " AND (renewal_term_count IS NULL) = (renewal_term_unit IS NULL)",
            name="renewal_with_its_term",
        ),
        sa.CheckConstraint(
            "CASE renewal WHEN 'RENEWAL_TERM' THEN ending_day = 'END_OF_TERM'"
            " WHEN 'OPEN_ENDED' THEN ending_day <> 'END_OF_TERM' ELSE initial_term_count > 0 END",
            name="ending_day_of_renewal",
        ),
        one_of("initial_term_unit", TermUnit),
        one_of("renewal_term_unit", TermUnit),
        one_of("notice_period_unit", TermUnit),
        one_of("renewal", Renewal),
        one_of("ending_day", EndingDay),
        one_of("special_right", SpecialRight),
    )

    tariff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tariff.id"))
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    valid_from: Mapped[date | None]
    valid_from_for_existing: Mapped[date | None]
    initial_term_count: Mapped[int]
    initial_term_unit: Mapped[TermUnit]
    renewal: Mapped[Renewal]
    renewal_term_count: Mapped[int | None]
    renewal_term_unit: Mapped[TermUnit | None]
    notice_period_count: Mapped[int]
    notice_period_unit: Mapped[TermUnit]
    initial_term: Mapped[Term] = composite(Term, "initial_term_count", "initial_term_unit")
    renewal_term: Mapped[Term | None] = composite(Term, "renewal_term_count", "renewal_term_unit")
    notice_period: Mapped[Term] = composite(Term, "notice_period_count", "notice_period_unit")
    ending_day: Mapped[EndingDay]
    special_right: Mapped[SpecialRight] = mapped_column(default=SpecialRight.NOBODY)
    change_free_of_notice: Mapped[bool] = mapped_column(default=False)
    term_continues: Mapped[bool] = mapped_column(default=False)

    @hybrid_property
    def is_published(self) -> bool:
        """Whether it holds on its days: it is no draft, and was not withdrawn."""
        return self.published_at is not None and self.withdrawn_at is None

    @is_published.inplace.expression
    @classmethod
    def _is_published(cls) -> sa.ColumnElement[bool]:
        return sa.and_(cls.published_at.is_not(None), cls.withdrawn_at.is_(None))

    @property
    def terms(self) -> Terms:
        """What is agreed with whoever orders under this version."""
        return Terms(
            Term(self.initial_term_count, self.initial_term_unit),
            self.renewal,
            term_of(self.renewal_term_count, self.renewal_term_unit),
            Term(self.notice_period_count, self.notice_period_unit),
            self.ending_day,
        )


@sa.event.listens_for(TariffVersion, "before_insert")
@sa.event.listens_for(TariffVersion, "before_update")
def _check_terms(_mapper: Any, _connection: Any, version: TariffVersion) -> None:
    """Refuse to write terms under which no day could be computed, whoever writes them."""
    check_terms(version.terms)
