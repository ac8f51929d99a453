"""Special agreements: a price, a discount or a VAT treatment for one customer."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount, Versioned, one_of
from portal.models.erasure import DeletedData, deleted
from portal.models.wall import of_account
from portal.rules.contract.vat import VatTreatment
from portal.rules.form import lines
from portal.rules.modules.special_agreement import AgreementKind


class SpecialAgreement(OfAccount, Versioned, Base):
    """What an account pays otherwise for an item of a module, or for all of them without a key.

    One of each kind holds for a target on a day. One about an item goes before one about the
    module; the discount, in per cent, is one of the agreed price.
    """

    __tablename__ = "special_agreement"
    wall = of_account()
    erasure = (deleted(DeletedData.MODULES),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            one_of("kind", AgreementKind),
            one_of("vat_treatment", VatTreatment),
            sa.CheckConstraint(
                "(unit_price IS NOT NULL) = (kind = 'UNIT_PRICE')"
                " AND (discount_percent IS NOT NULL) = (kind = 'DISCOUNT')"
                " AND (vat_treatment IS NOT NULL) = (kind = 'VAT_TREATMENT')",
                name="value_of_kind",
            ),
            sa.CheckConstraint("unit_price BETWEEN -1e7 AND 1e7", name="unit_price_finite"),
            sa.CheckConstraint(
                "discount_percent > 0 AND discount_percent <= 100", name="discount_percent"
            ),
            sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
            sa.CheckConstraint(
                "starts_on BETWEEN '1900-01-01' AND '2199-12-31' AND ends_on <= '2199-12-31'",
                name="days_in_range",
            ),
            ExcludeConstraint(
                (sa.column("account_id"), "="),
                (sa.column("module_id"), "="),
                (sa.text("coalesce(item_key, '')"), "="),
                (sa.column("kind"), "="),
                (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
                name="ex_special_agreement_no_overlap",
                using="gist",
            ),
            sa.Index("ix_special_agreement_target", "account_id", "module_id"),
        )

    module_id: Mapped[UUID] = mapped_column(sa.ForeignKey("module.id"), index=True)
    item_key: Mapped[str | None] = mapped_column(sa.String(60))
    kind: Mapped[AgreementKind]
    unit_price: Mapped[Decimal | None]
    discount_percent: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    vat_treatment: Mapped[VatTreatment | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    comment: Mapped[str | None] = mapped_column(sa.String(1000), info={"form": lines})
