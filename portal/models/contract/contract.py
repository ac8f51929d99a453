"""What an account has agreed with the operator."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, composite, mapped_column
from typing_extensions import override

from portal.models.base import Base, Identified, OfAccount, Versioned, one_of
from portal.models.composite import address, payment_terms, terms_constraints
from portal.models.erasure import DeletedData, deleted, kept
from portal.models.key import sort_key_of
from portal.models.recording import History
from portal.models.wall import of_account, shared
from portal.rules.address import Address, ContractPartner, PartyKind
from portal.rules.contract.document_delivery import DocumentDelivery, DocumentDeliveryMode
from portal.rules.contract.operator_form import (
    LONGEST_ENDPOINT,
    LONGEST_REGISTRATION,
    peppol_endpoint,
    registration_number,
)
from portal.rules.contract.payment_terms import PaymentTerms
from portal.rules.contract.vat import VatTreatment
from portal.rules.form import email, iban, vat_number

MOST_RECIPIENTS = 20


class Contract(OfAccount, Versioned, Base):
    """Comes into being with an account's first order.

    The general payment terms are a copy of those in force that day: later ones never reach it.
    """

    __tablename__ = "contract"
    # The rest is agreed with the operator: managers alone change it.
    wall = of_account(
        adds=True,
        writes=[
            *("billing_address", "iban", "document_delivery", "purchase_order_number"),
            *("registration_number", "electronic_address", "buyer_reference", "receives_ubl"),
        ],
    )
    erasure = (deleted(DeletedData.CONTRACT),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.UniqueConstraint("account_id"),
            one_of("contract_partner_kind", PartyKind),
            one_of("vat_treatment", VatTreatment),
            one_of("document_delivery_mode", DocumentDeliveryMode),
            *terms_constraints("general_payment_terms"),
            *terms_constraints("deviating_payment_terms"),
            sa.CheckConstraint(
                "num_nulls(billing_address_name, billing_address_street,"
                " billing_address_postal_code, billing_address_city, billing_address_country)"
                " IN (0, 5)",
                name="billing_address_whole",
            ),
            sa.CheckConstraint(
                "num_nulls(deviating_payment_terms_name, deviating_payment_terms_due_days,"
                " deviating_payment_terms_method) IN (0, 3)",
                name="deviating_payment_terms_whole",
            ),
            sa.CheckConstraint(
                "starts_on_override BETWEEN '1900-01-01' AND '2199-12-31'",
                name="starts_on_override_range",
            ),
        )

    contract_partner: Mapped[ContractPartner] = composite(
        *address("contract_partner", nullable=False, kind=True)
    )
    sort_contract_partner_name: Mapped[str] = sort_key_of("contract_partner_name")
    billing_address: Mapped[Address | None] = composite(*address("billing_address", nullable=True))
    general_payment_terms: Mapped[PaymentTerms] = composite(
        *payment_terms("general_payment_terms", nullable=False)
    )
    deviating_payment_terms: Mapped[PaymentTerms | None] = composite(
        *payment_terms("deviating_payment_terms", nullable=True)
    )
    starts_on_override: Mapped[date | None]
    vat_treatment: Mapped[VatTreatment] = mapped_column(default=VatTreatment.STANDARD)
    vat_number: Mapped[str | None] = mapped_column(sa.String(20), info={"form": vat_number})
    iban: Mapped[str | None] = mapped_column(sa.String(34), info={"form": iban})
    document_delivery: Mapped[DocumentDelivery] = composite(
        mapped_column(
            "document_delivery_recipients", info={"form": email, "most": MOST_RECIPIENTS}
        ),
        mapped_column("document_delivery_mode"),
    )
    purchase_order_number: Mapped[str | None] = mapped_column(sa.String(50))
    registration_number: Mapped[str | None] = mapped_column(
        sa.String(LONGEST_REGISTRATION), info={"form": registration_number}
    )
    electronic_address: Mapped[str | None] = mapped_column(
        sa.String(LONGEST_ENDPOINT), info={"form": peppol_endpoint}
    )
    buyer_reference: Mapped[str | None] = mapped_column(sa.String(100))
    receives_ubl: Mapped[bool] = mapped_column(default=False)
    concluded_on: Mapped[date]


class GeneralPaymentTerms(Identified, Base):
    """The operator's payment terms from a day on; a new contract copies those in force.

    Rows are added and stay; of two from one day on, the later one holds. One whose day has not come
    may be withdrawn.
    """

    __tablename__ = "general_payment_terms"
    wall = shared()
    history = History.OPERATOR
    erasure = (kept(),)
    __table_args__ = terms_constraints("terms")

    valid_from: Mapped[date] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
    terms: Mapped[PaymentTerms] = composite(*payment_terms("terms", nullable=False))
