"""A price list as one customer has it on a day, with what is agreed specially about its items."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped, composite

from portal.models.computed import Computed
from portal.rules.catalogue.terms import (
    BillingBasis,
    BillingMode,
    EndingDay,
    Term,
    TermUnit,
    VatCategory,
)
from portal.rules.contract.vat import VatTreatment


class _OfCustomer:
    """Whose price list it is, and on which day; ``price_from`` is its first day for them."""

    account_id: Mapped[UUID]
    module_id: Mapped[UUID]
    day: Mapped[date]
    price_from: Mapped[date]
    told_by: ClassVar[tuple[str, ...]] = ("id", "account_id", "module_id", "day", "price_from")


class AgreedPriceList(_OfCustomer, Computed):
    """A version of a tariff in force for a customer; ``id`` is the version's."""

    __tablename__ = "agreed_price_list"

    valid_from: Mapped[date]
    valid_from_for_existing: Mapped[date]


class AgreedPriceListSection(_OfCustomer, Computed):
    """A heading of it; ``id`` is the section's."""

    __tablename__ = "agreed_price_list_section"

    position: Mapped[int]
    title: Mapped[str]
    title_translations: Mapped[dict[str, str]]


class AgreedItem(Computed):
    """An item of it, and what decides what one costs; ``id`` is the item's."""

    __tablename__ = "agreed_item"

    position: Mapped[int]
    key: Mapped[str]
    name: Mapped[str]
    name_translations: Mapped[dict[str, str]]
    is_additional_option: Mapped[bool]
    unit: Mapped[str]
    unit_translations: Mapped[dict[str, str]]
    unit_code: Mapped[str]
    unit_price: Mapped[Decimal]
    vat_category: Mapped[VatCategory]
    vat_exemption_code: Mapped[str | None]
    vat_exemption_text: Mapped[str | None]
    billing_mode: Mapped[BillingMode]
    billing_basis: Mapped[BillingBasis]
    notice_period_count: Mapped[int | None]
    notice_period_unit: Mapped[TermUnit | None]
    notice_period: Mapped[Term | None] = composite(
        Term, "notice_period_count", "notice_period_unit"
    )
    ending_day: Mapped[EndingDay | None]
    price_from: Mapped[date]
    special_price: Mapped[Decimal | None]
    special_price_from: Mapped[date | None]
    discount_percent: Mapped[Decimal | None]
    discount_from: Mapped[date | None]
    vat_treatment: Mapped[VatTreatment | None]
    vat_treatment_from: Mapped[date | None]
    agreed_price: Mapped[Decimal | None]
