"""What an item costs a customer on a day, as ``portal.actions.modules.cost`` works it out."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.computed import Computed
from portal.rules.catalogue.terms import BillingMode, VatCategory
from portal.rules.contract.vat import VatTreatment


class CostLine(Computed):
    """An item of a price list in force, or a booked option; ``id`` is the item's."""

    __tablename__ = "cost_line"

    section_position: Mapped[int]
    position: Mapped[int]
    key: Mapped[str]
    name: Mapped[str]
    name_translations: Mapped[dict[str, str]]
    unit: Mapped[str]
    unit_translations: Mapped[dict[str, str]]
    billing_mode: Mapped[BillingMode]
    vat_category: Mapped[VatCategory]
    is_additional_option: Mapped[bool]
    quantity: Mapped[int]
    quantity_from: Mapped[date | None]
    unit_price: Mapped[Decimal]
    price_from: Mapped[date]
    special_price: Mapped[Decimal | None]
    special_price_from: Mapped[date | None]
    discount_percent: Mapped[Decimal | None]
    discount_from: Mapped[date | None]
    vat_treatment: Mapped[VatTreatment | None]
    vat_treatment_from: Mapped[date | None]
    agreed_price: Mapped[Decimal | None]
    monthly_amount: Mapped[Decimal | None] = mapped_column(sa.Numeric(20, 2))
