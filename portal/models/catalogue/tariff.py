"""Modules, their tariffs, and the price lists of those."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, composite, mapped_column

from portal.models.base import Base, Identified, Versioned, one_of
from portal.models.catalogue.tariff_version import length_of, term_of
from portal.models.erasure import kept
from portal.models.key import sort_key_of, unique_key_of
from portal.models.recording import History, unrecorded
from portal.models.text import sort_translations_of, translations_of
from portal.models.wall import condition, inside, shared
from portal.rules.catalogue.terms import (
    BillingBasis,
    BillingMode,
    EndingDay,
    Term,
    Terms,
    TermUnit,
    VatCategory,
)
from portal.rules.catalogue.unit import ONE
from portal.rules.form import key, lines
from portal.rules.key import number_key


class Module(Identified, Versioned, Base):
    """A service that customers can order; ``data_schema`` is the JSON Schema of its data.

    Staff alone see it until a version of one of its tariffs was published.
    """

    __tablename__ = "module"
    wall = shared(once="first_published_at")
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (sa.UniqueConstraint("unique_key"), sa.UniqueConstraint("unique_name"))

    key: Mapped[str] = mapped_column(sa.String(60), info={"form": key})
    unique_key: Mapped[str] = unique_key_of("key")
    name: Mapped[str] = mapped_column(sa.String(200))
    name_translations: Mapped[dict[str, str]] = translations_of("name")
    unique_name: Mapped[str] = unique_key_of("name")
    sort_name: Mapped[str] = sort_key_of("name")
    sort_name_translations: Mapped[dict[str, str]] = sort_translations_of("name")
    description: Mapped[str] = mapped_column(sa.String(5000), info={"form": lines})
    description_translations: Mapped[dict[str, str]] = translations_of("description")
    is_single_booking: Mapped[bool] = mapped_column(default=True)
    data_schema: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(default=0)
    retired_from: Mapped[date | None]
    first_published_at: Mapped[datetime | None] = mapped_column(info=unrecorded())


class Tariff(Identified, Versioned, Base):
    """Public, or opened by an offer number to whoever holds it.

    A public one is seen by staff alone until one of its versions was published.
    An offer may be used up to and including a day, and a number of times; None knows no limit. From
    ``closed_from`` on nobody can order it any more; whoever has it keeps it.
    """

    __tablename__ = "tariff"
    wall = condition(flag="is_public", once="first_published_at", used_by="tariff_period.tariff_id")
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
    name_translations: Mapped[dict[str, str]] = translations_of("name")
    unique_name: Mapped[str] = unique_key_of("name")
    sort_name: Mapped[str] = sort_key_of("name")
    sort_name_translations: Mapped[dict[str, str]] = sort_translations_of("name")
    is_public: Mapped[bool]
    first_published_at: Mapped[datetime | None] = mapped_column(info=unrecorded())
    closed_from: Mapped[date | None]
    offer_number: Mapped[str | None] = mapped_column(sa.String(40))
    unique_offer_number: Mapped[str | None] = unique_key_of(
        "offer_number", number_key, nullable=True
    )
    offer_expires_on: Mapped[date | None]
    offer_most_uses: Mapped[int | None]
    offer_uses: Mapped[int] = mapped_column(default=0)


class PriceListSection(Identified, Base):
    """A heading in a price list."""

    __tablename__ = "price_list_section"
    wall = inside("tariff_version_id", "tariff_version")
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (
        # A price list is saved whole: in between, two may have one place.
        sa.UniqueConstraint("tariff_version_id", "position", deferrable=True, initially="DEFERRED"),
        sa.UniqueConstraint("tariff_version_id", "id"),
    )

    tariff_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tariff_version.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    title_translations: Mapped[dict[str, str]] = translations_of("title")


class Item(Identified, Base):
    """What is charged: a unit price, how it is taxed and when it is billed.

    By its ``key`` it is found again in later versions. An additional option is charged where a
    manager books it; it ends by its own notice terms, or else by those of the tariff.
    """

    __tablename__ = "item"
    wall = inside("tariff_version_id", "tariff_version")
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["tariff_version_id", "price_list_section_id"],
            ["price_list_section.tariff_version_id", "price_list_section.id"],
        ),
        sa.UniqueConstraint(
            "price_list_section_id", "position", deferrable=True, initially="DEFERRED"
        ),
        sa.UniqueConstraint("tariff_version_id", "key"),
        one_of("vat_category", VatCategory),
        one_of("billing_mode", BillingMode),
        one_of("billing_basis", BillingBasis),
        one_of("notice_period_unit", TermUnit),
        one_of("ending_day", EndingDay),
        length_of("notice_period", least=0),
        sa.CheckConstraint("unit_price BETWEEN -1e7 AND 1e7", name="unit_price_finite"),
        sa.CheckConstraint(
            "vat_category = 'EXEMPT' OR num_nonnulls(vat_exemption_code, vat_exemption_text) = 0",
            name="exemption_of_exempt",
        ),
        sa.CheckConstraint(
            "num_nonnulls(notice_period_count, notice_period_unit, ending_day) IN (0, 3)"
            " AND (is_additional_option OR notice_period_count IS NULL)"
            " AND ending_day <> 'END_OF_TERM'",
            name="notice_terms_of_option",
        ),
    )

    tariff_version_id: Mapped[UUID]
    price_list_section_id: Mapped[UUID]
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    name_translations: Mapped[dict[str, str]] = translations_of("name")
    key: Mapped[str] = mapped_column(sa.String(60))
    is_additional_option: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[str] = mapped_column(sa.String(40))
    unit_translations: Mapped[dict[str, str]] = translations_of("unit")
    unit_code: Mapped[str] = mapped_column(sa.String(3), default=ONE)
    unit_price: Mapped[Decimal]
    vat_category: Mapped[VatCategory]
    vat_exemption_code: Mapped[str | None] = mapped_column(sa.String(30))
    vat_exemption_text: Mapped[str | None] = mapped_column(sa.String(200))
    billing_mode: Mapped[BillingMode]
    billing_basis: Mapped[BillingBasis] = mapped_column(default=BillingBasis.CONTRACT)
    notice_period_count: Mapped[int | None]
    notice_period_unit: Mapped[TermUnit | None]
    notice_period: Mapped[Term | None] = composite(
        Term, "notice_period_count", "notice_period_unit"
    )
    ending_day: Mapped[EndingDay | None]

    @property
    def notice_terms(self) -> Terms | None:
        """By what an additional option ends, if not by the terms of its tariff."""
        notice = term_of(self.notice_period_count, self.notice_period_unit)
        if notice is None or self.ending_day is None:
            return None
        return Terms.of_option(notice, self.ending_day)
