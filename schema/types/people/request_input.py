"""What is sent about a request."""

from datetime import date

import strawberry

from portal import models
from portal.rules.contract.vat import VatTreatment
from resolvers.given import LONGEST_REASON
from schema.access import DATE_REQUESTERS
from schema.fields import sent
from schema.length import characters
from schema.types.address import ContractPartnerInput
from schema.types.contract.payment_terms import PaymentTermsInput
from schema.types.edit import EditInput, NotedEditInput, ReasonedEditInput


@strawberry.input(description="Another tariff from a day on.")
class TariffFromDateInput:
    """A tariff of the module, and its first day."""

    id: strawberry.ID = sent(description="Another public tariff of the module.")
    starts_on: date = sent(description="The first day of that tariff.")


@strawberry.input(one_of=True, description="What shall happen to a module on a day.")
class ChangeOnDateInput:
    """It ends, or gets another tariff."""

    last_day: date | None = sent(
        default=strawberry.UNSET, description="The last day on which it shall run."
    )
    tariff: TariffFromDateInput | None = sent(
        default=strawberry.UNSET, description="Another tariff from a day on."
    )


@strawberry.input(
    description=(
        "A day that the tariff does not allow: the last one of a module, or the first one of"
        " another tariff."
    )
)
class DeviatingDateInput:
    """A module, and what shall happen on which day."""

    module_subscription_id: strawberry.ID = sent(description="Which module of the account.")
    change: ChangeOnDateInput = sent(description="What shall happen.")


@strawberry.input(description="Other payment terms.")
class ProposedPaymentTermsInput:
    """Deviating ones, or the general ones."""

    deviating_payment_terms: PaymentTermsInput | None = sent(
        default=strawberry.UNSET,
        description="The terms, sent whole; without them the general ones shall apply.",
    )


@strawberry.input(description="Another VAT treatment.")
class ProposedVatTreatmentInput:
    """A treatment with its VAT number."""

    vat_treatment: VatTreatment = sent(description="How VAT shall apply.")
    vat_number: strawberry.Maybe[str | None] = sent(
        description="The VAT number with it; left out, the present one stays."
    )


@strawberry.input(one_of=True, description="What is asked for: one change.")
class ProposedChangeInput:
    """A change in the words of the managers' own mutations."""

    payment_terms: ProposedPaymentTermsInput | None = sent(
        default=strawberry.UNSET, description="Other payment terms."
    )
    vat_treatment: ProposedVatTreatmentInput | None = sent(
        default=strawberry.UNSET, description="Another VAT treatment."
    )
    contract_partner: ContractPartnerInput | None = sent(
        default=strawberry.UNSET, description="Another contract partner, sent whole."
    )
    deviating_date: DeviatingDateInput | None = sent(
        DATE_REQUESTERS,
        default=strawberry.UNSET,
        description="A day for a module that its tariff does not allow.",
    )


@strawberry.input(description="What you ask for, and why.")
class CreateRequestInput(EditInput):
    """The contract, whose id is sent, and a change of it."""

    proposed: ProposedChangeInput = sent(description="What shall change.")
    comment: str | None = sent(
        default=strawberry.UNSET,
        description="Why you ask.",
        length=characters(models.Request.comment),
    )


@strawberry.input(description="Which request is taken back.")
class WithdrawRequestInput(EditInput):
    """A request of one's own side."""


@strawberry.input(description="Which request is carried out.")
class AcceptRequestInput(ReasonedEditInput):
    """A request to carry out."""


@strawberry.input(description="Which request is declined.")
class DeclineRequestInput(NotedEditInput):
    """A request to decline, and why."""

    reason: str = sent(description="Why; the customer reads it.", length=characters(LONGEST_REASON))
