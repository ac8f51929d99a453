"""Modules, their tariffs, and the price lists of those."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Identified, one_of
from portal.models.erasure import kept
from portal.models.key import sort_key_of, unique_key_of
from portal.models.recording import History
from portal.models.wall import condition, inside, shared
from portal.rules.catalogue.terms import (
    BillingBasis,
    BillingMode,
    EndingDay,
    Renewal,
    Term,
    Terms,
    TermUnit,
    VatCategory,
)
from portal.rules.catalogue.terms_check import MOST, check_terms
from portal.rules.key import number_key


class Module(Identified, Base):
    """A service that customers can order; ``data_schema`` is the JSON Schema of its data."""

    __tablename__ = "module"
    wall = shared()
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (sa.UniqueConstraint("unique_key"), sa.UniqueConstraint("unique_name"))

    key: Mapped[str] = mapped_column(sa.String(60))
    unique_key: Mapped[str] = unique_key_of("key")
    name: Mapped[str] = mapped_column(sa.String(200))
    unique_name: Mapped[str] = unique_key_of("name")
    sort_name: Mapped[str] = sort_key_of("name")
    description: Mapped[str] = mapped_column(sa.Text())
    is_single_booking: Mapped[bool] = mapped_column(default=True)
    data_schema: Mapped[dict[str, Any]]


class Tariff(Identified, Base):
    """Public, or opened by an offer number to whoever holds it.

    An offer may be used up to and including a day, and a number of times; None knows no limit.
    """

    __tablename__ = "tariff"
    wall = condition(flag="is_public", used_by="tariff_period.tariff_id")
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (
        sa.UniqueConstraint("module_id", "unique_name"),
        sa.UniqueConstraint("unique_offer_number"),
        sa.CheckConstraint("is_public = (offer_number IS NULL)", name="non_public_has_offer"),
        sa.CheckConstraint(
            "NOT is_public OR num_nonnulls(offer_expires_on, offer_most_uses) = 0"
            " AND offer_uses = 0",
            name="public_is_no_offer",
        ),
        sa.CheckConstraint(
            "offer_uses >= 0 AND offer_most_uses > 0 AND offer_uses <= offer_most_uses",
            name="offer_uses_counted",
        ),
    )

    module_id: Mapped[UUID] = mapped_column(sa.ForeignKey("module.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    unique_name: Mapped[str] = unique_key_of("name")
    sort_name: Mapped[str] = sort_key_of("name")
    is_public: Mapped[bool]
    offer_number: Mapped[str | None] = mapped_column(sa.String(40))
    unique_offer_number: Mapped[str | None] = unique_key_of(
        "offer_number", number_key, nullable=True
    )
    offer_expires_on: Mapped[date | None]
    offer_most_uses: Mapped[int | None]
    offer_uses: Mapped[int] = mapped_column(default=0)


def _length(term: str, *, least: int) -> sa.CheckConstraint:
    """Give the constraint that keeps a term to lengths with which days can be computed."""
    most = " ".join(f"WHEN '{unit.value}' THEN {count}" for unit, count in MOST.items())
    return sa.CheckConstraint(
        f"{term}_count BETWEEN {least} AND CASE {term}_unit {most} END", name=f"{term}_length"
    )


class TariffVersion(Identified, Base):
    """A tariff's terms and prices from a day on; later for those who already have it.

    With ``change_free_of_notice`` another tariff may follow after any billing period, and with
    ``term_continues`` the initial term is counted from where that of the tariff before it was.
    """

    __tablename__ = "tariff_version"
    wall = inside("tariff_id", "tariff")
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (
        sa.UniqueConstraint("tariff_id", "valid_from"),
        sa.CheckConstraint(
            "valid_from_for_existing >= valid_from", name="existing_customers_not_before_new"
        ),
        _length("initial_term", least=0),
        _length("renewal_term", least=1),
        _length("notice_period", least=0),
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
    )

    tariff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tariff.id"))
    valid_from: Mapped[date]
    valid_from_for_existing: Mapped[date]
    initial_term_count: Mapped[int]
    initial_term_unit: Mapped[TermUnit]
    renewal: Mapped[Renewal]
    renewal_term_count: Mapped[int | None]
    renewal_term_unit: Mapped[TermUnit | None]
    notice_period_count: Mapped[int]
    notice_period_unit: Mapped[TermUnit]
    ending_day: Mapped[EndingDay]
    change_free_of_notice: Mapped[bool] = mapped_column(default=False)
    term_continues: Mapped[bool] = mapped_column(default=False)

    @property
    def terms(self) -> Terms:
        """What is agreed with whoever orders under this version."""
        renewal_term = None
        if self.renewal_term_count is not None and self.renewal_term_unit is not None:
            renewal_term = Term(self.renewal_term_count, self.renewal_term_unit)
        return Terms(
            Term(self.initial_term_count, self.initial_term_unit),
            self.renewal,
            renewal_term,
            Term(self.notice_period_count, self.notice_period_unit),
            self.ending_day,
        )


@sa.event.listens_for(TariffVersion, "before_insert")
@sa.event.listens_for(TariffVersion, "before_update")
def _check_terms(_mapper: Any, _connection: Any, version: TariffVersion) -> None:
    """Refuse to write terms under which no day could be computed, whoever writes them."""
    check_terms(version.terms)


class PriceListSection(Identified, Base):
    """A heading in a price list."""

    __tablename__ = "price_list_section"
    wall = inside("tariff_version_id", "tariff_version")
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (sa.UniqueConstraint("tariff_version_id", "position"),)

    tariff_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tariff_version.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))


class Item(Identified, Base):
    """What is charged: a unit price, how it is taxed and when it is billed."""

    __tablename__ = "item"
    wall = inside("price_list_section_id", "price_list_section")
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (
        sa.UniqueConstraint("price_list_section_id", "position"),
        one_of("vat_category", VatCategory),
        one_of("billing_mode", BillingMode),
        one_of("billing_basis", BillingBasis),
        sa.CheckConstraint("unit_price BETWEEN -1e7 AND 1e7", name="unit_price_finite"),
    )

    price_list_section_id: Mapped[UUID] = mapped_column(sa.ForeignKey("price_list_section.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    key: Mapped[str] = mapped_column(sa.String(60))
    unit: Mapped[str] = mapped_column(sa.String(40))
    unit_price: Mapped[Decimal]
    vat_category: Mapped[VatCategory]
    billing_mode: Mapped[BillingMode]
    billing_basis: Mapped[BillingBasis] = mapped_column(default=BillingBasis.CONTRACT)
