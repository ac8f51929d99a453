"""What is sent to order a module, and to look after what was ordered."""

from datetime import date

import strawberry
from strawberry.scalars import JSON

from portal.actions.contract.consent import MOST_DOCUMENTS
from schema.access import CONSENT_GIVERS
from schema.fields import sent
from schema.length import entries
from schema.types.address import ContractPartnerInput
from schema.types.catalogue.tariff_input import TariffChoiceInput
from schema.types.edit import SHOWN_BEFORE, EditInput, ReasonedEditInput
from schema.types.modules.quantity import ItemQuantityInput


@strawberry.input(description="An order of a module for an account, whose id is sent.")
class OrderModuleInput(EditInput):
    """An order; the first one makes the contract."""

    module_id: strawberry.ID = sent(description="Which service; Query.modules lists them.")
    tariff: TariffChoiceInput = sent(
        description="Which one of the module, or an offer number that opens one."
    )
    starts_on: date | None = sent(
        default=strawberry.UNSET,
        description=("The first day; today when left out. Only managers set one that is over."),
    )
    data: JSON | None = sent(
        default=strawberry.UNSET,
        description=(
            "The module's data, which Module.dataSchema describes: 50,000 bytes and 10 levels at"
            " most. Empty when left out."
        ),
    )
    contract_partner: ContractPartnerInput | None = sent(
        default=strawberry.UNSET,
        description="Who makes the contract: with the first order, and never again.",
    )
    consent_document_ids: list[strawberry.ID] | None = sent(
        CONSENT_GIVERS,
        default=strawberry.UNSET,
        description=(
            "What you agree to for the account, as documentsToConsent showed it: the latest of"
            " each kind, where the account has not agreed to that yet."
        ),
        length=entries(MOST_DOCUMENTS),
    )
    quantities: list[ItemQuantityInput] | None = sent(
        default=strawberry.UNSET,
        description="How many of an item; one of each that is left out.",
    )
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)


@strawberry.input(description="Which order is withdrawn, before its first day.")
class WithdrawOrderInput(ReasonedEditInput):
    """An order that has not begun."""


@strawberry.input(description="The data of a module, sent whole.")
class UpdateModuleDataInput(EditInput):
    """Other data."""

    data: JSON = sent(
        description="What Module.dataSchema describes: 50,000 bytes and 10 levels at most."
    )
