"""What a customer asked for: the values proposed, beside those that applied at that moment."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount, Versioned, one_of
from portal.models.composite import address, payment_terms, terms_constraints
from portal.models.erasure import DeletedData, deleted, kept
from portal.models.wall import may, of_account
from portal.rules.address import ContractPartner, PartyKind
from portal.rules.contract.payment_terms import PaymentTerms
from portal.rules.contract.vat import VatTreatment
from portal.rules.form import lines
from portal.rules.people.request import RequestKind, RequestStatus

_PARTNER = "name street postal_code city country kind"
_TERMS = "name due_days method"


def _constraints_of(side: str) -> tuple[sa.CheckConstraint, ...]:
    """Keep the values of one side whole, and to those that the kind is about."""
    partner = [f"{side}_contract_partner_{name}" for name in _PARTNER.split()]
    terms = [f"{side}_deviating_payment_terms_{name}" for name in _TERMS.split()]
    return (
        *terms_constraints(f"{side}_deviating_payment_terms"),
        one_of(f"{side}_contract_partner_kind", PartyKind),
        one_of(f"{side}_vat_treatment", VatTreatment),
        sa.CheckConstraint(
            f"num_nonnulls({', '.join(partner)})"
            f" = CASE kind WHEN 'CONTRACT_PARTNER' THEN {len(partner)} ELSE 0 END",
            name=f"{side}_contract_partner_whole",
        ),
        sa.CheckConstraint(
            f"num_nonnulls({', '.join(terms)}) IN"
            f" (0, CASE kind WHEN 'PAYMENT_TERMS' THEN {len(terms)} ELSE 0 END)",
            name=f"{side}_deviating_payment_terms_whole",
        ),
        sa.CheckConstraint(
            f"(kind = 'VAT_TREATMENT') = ({side}_vat_treatment IS NOT NULL)"
            f" AND (kind = 'VAT_TREATMENT' OR {side}_vat_number IS NULL)",
            name=f"{side}_vat_whole",
        ),
    )


class Request(OfAccount, Versioned, Base):
    """A change of the contract, or of the days of a module, that only managers make.

    ``proposed_X`` and ``present_X`` are called after the contract's own ``X``; a kind fills those
    that it is about. No terms proposed means that the general ones shall apply again. A deviating
    date is a last day of a module, or the first day of another tariff of it.
    """

    __tablename__ = "request"
    # A customer makes a request and withdraws it, and decides none.
    wall = of_account(
        adds=True,
        writes=["state", "decided_by", "decided_at"],
        check="state IN ('OPEN', 'WITHDRAWN')",
        staff=may("SELECT", update=["state", "decided_by", "decided_at", "reason"]),
    )
    # What a person has asked for is the account's, with whom it was agreed.
    erasure = (
        deleted(DeletedData.REQUESTS),
        kept("kind", "comment", "state", "requested_at", "expires_at", "decided_at", "reason"),
        kept("proposed_deviating_payment_terms", "present_deviating_payment_terms"),
        kept("proposed_contract_partner", "present_contract_partner"),
        kept("proposed_vat_treatment", "present_vat_treatment"),
        kept("proposed_vat_number", "present_vat_number"),
        kept("proposed_last_day", "present_last_day", "proposed_starts_on", "version"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            one_of("kind", RequestKind),
            sa.CheckConstraint(
                "state IN ('OPEN', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')", name="state_known"
            ),
            sa.CheckConstraint(
                "(state = 'OPEN') = (decided_at IS NULL)"
                " AND (decided_at IS NULL) = (decided_by IS NULL)",
                name="decided",
            ),
            sa.CheckConstraint("state <> 'DECLINED' OR reason IS NOT NULL", name="declined_why"),
            sa.CheckConstraint("expires_at > requested_at", name="expires_later"),
            # A request that expired is still OPEN here, and leaves room for the next one.
            ExcludeConstraint(
                (sa.column("account_id"), "="),
                (sa.column("kind"), "="),
                (sa.text("tstzrange(requested_at, expires_at)"), "&&"),
                where=sa.text("state = 'OPEN'"),
                name="ex_request_one_open_of_a_kind",
                using="gist",
            ),
            sa.Index("ix_request_requested_at_id", "requested_at", "id"),
            sa.Index("ix_request_expires_at_id", "expires_at", "id"),
            sa.Index("ix_request_requested_by", "requested_by"),
            sa.Index("ix_request_decided_by", "decided_by"),
            sa.ForeignKeyConstraint(
                ["account_id", "module_subscription_id"],
                ["module_subscription.account_id", "module_subscription.id"],
            ),
            sa.Index("ix_request_subscription", "account_id", "module_subscription_id"),
            sa.CheckConstraint(
                "(kind = 'DEVIATING_DATE') = (module_subscription_id IS NOT NULL)"
                " AND num_nonnulls(proposed_last_day, proposed_starts_on)"
                " = CASE kind WHEN 'DEVIATING_DATE' THEN 1 ELSE 0 END"
                " AND (proposed_starts_on IS NULL) = (proposed_tariff_id IS NULL)"
                " AND (kind = 'DEVIATING_DATE') = (present_tariff_id IS NOT NULL)"
                " AND (kind = 'DEVIATING_DATE' OR present_last_day IS NULL)",
                name="deviating_date_whole",
            ),
            *_constraints_of("proposed"),
            *_constraints_of("present"),
        )

    kind: Mapped[RequestKind]
    comment: Mapped[str | None] = mapped_column(sa.String(1000), info={"form": lines})
    state: Mapped[RequestStatus] = mapped_column(default=RequestStatus.OPEN)
    requested_by: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(sa.String(1000))

    proposed_deviating_payment_terms: Mapped[PaymentTerms | None] = composite(
        *payment_terms("proposed_deviating_payment_terms", nullable=True)
    )
    present_deviating_payment_terms: Mapped[PaymentTerms | None] = composite(
        *payment_terms("present_deviating_payment_terms", nullable=True)
    )
    proposed_contract_partner: Mapped[ContractPartner | None] = composite(
        *address("proposed_contract_partner", nullable=True, kind=True)
    )
    present_contract_partner: Mapped[ContractPartner | None] = composite(
        *address("present_contract_partner", nullable=True, kind=True)
    )
    proposed_vat_treatment: Mapped[VatTreatment | None]
    present_vat_treatment: Mapped[VatTreatment | None]
    proposed_vat_number: Mapped[str | None] = mapped_column(sa.String(20))
    present_vat_number: Mapped[str | None] = mapped_column(sa.String(20))
    module_subscription_id: Mapped[UUID | None]
    proposed_last_day: Mapped[date | None]
    present_last_day: Mapped[date | None]
    proposed_starts_on: Mapped[date | None]
    proposed_tariff_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("tariff.id"), index=True)
    present_tariff_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("tariff.id"), index=True)
