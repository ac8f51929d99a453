"""What is agreed specially with one account, and what is sent to agree and to end it."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from permissions.enums import described
from portal import models
from portal.rules.modules.special_agreement import AgreementKind
from resolvers.listing import Order
from resolvers.queries.modules import special_agreement
from schema.access import PARTIES
from schema.fields import column, of_model, one, own_id, sent
from schema.length import characters
from schema.types.catalogue.module import Module
from schema.types.edit import SHOWN_BEFORE, ReasonedEditInput
from schema.types.node import Node
from schema.types.permission import FieldPermission, viewer_can
from schema.types.refusal import Refusal
from schema.types.vat import VatTreatment

described(
    AgreementKind,
    "What a special agreement is about.",
    UNIT_PRICE="What one costs, instead of the price list's price.",
    DISCOUNT="A discount in per cent, of the agreed price where there is one.",
    VAT_TREATMENT="How VAT applies.",
)

LATEST_AGREEMENT = Order((lambda row: row.starts_on,), descending=True, goes_by="starts_on")


@of_model(models.SpecialAgreement, description="What an account pays otherwise than others.")
class SpecialAgreement(Node):
    """About an item of a module, or all of them."""

    id: strawberry.ID = own_id()
    version: int | None = column(PARTIES, description="Counts the changes; see expectedVersion.")
    module: Module | None = one(
        PARTIES,
        models.Module,
        lambda agreement, module, _: module.id == agreement.module_id,
        stored=("SpecialAgreement.moduleId",),
        description="The module about which it is.",
    )
    item_key: str | None = column(
        PARTIES,
        description=(
            "The key of the item; null for all items of the module. One about the item goes before"
            " one about the module."
        ),
    )
    kind: AgreementKind | None = column(PARTIES, description="What it is about.")
    unit_price: Decimal | None = column(
        PARTIES, description="The price of one, without VAT; null for another kind."
    )
    discount_percent: Decimal | None = column(
        PARTIES, description="The discount in per cent; null for another kind."
    )
    vat_treatment: VatTreatment | None = column(
        PARTIES, description="How VAT applies; null for another kind."
    )
    starts_on: date | None = column(PARTIES, description="The first day on which it holds.")
    ends_on: date | None = column(PARTIES, description="The last day; null when open.")
    comment: str | None = column(PARTIES, description="Why it was agreed.")
    viewer_can: list[FieldPermission] | None = viewer_can(
        "SpecialAgreement", special_agreement.states
    )


@strawberry.input(one_of=True, description="What is agreed: one of the three.")
class AgreedValueInput:
    """A price, a discount or a VAT treatment."""

    unit_price: Decimal | None = sent(
        default=strawberry.UNSET, description="The price of one, without VAT, in euro."
    )
    discount_percent: Decimal | None = sent(
        default=strawberry.UNSET, description="Above 0 and at most 100, with two decimals at most."
    )
    vat_treatment: VatTreatment | None = sent(
        default=strawberry.UNSET, description="How VAT applies."
    )


@strawberry.input(description="What is agreed specially with an account, whose id is sent.")
class MakeSpecialAgreementInput(ReasonedEditInput):
    """What is agreed about which items, and for which days."""

    module_id: strawberry.ID = sent(description="The module about which it is.")
    item_key: str | None = sent(
        default=strawberry.UNSET,
        description="The key of the item; all items of the module when left out.",
        length=characters(models.Item.key),
    )
    value: AgreedValueInput = sent(description="What is agreed.")
    starts_on: date | None = sent(
        default=strawberry.UNSET,
        description="The first day; today when left out. One that is over takes a reason.",
    )
    ends_on: date | None = sent(
        default=strawberry.UNSET, description="The last day; none when left out."
    )
    comment: str | None = sent(
        default=strawberry.UNSET,
        description="Why it is agreed; both sides read it.",
        length=characters(models.SpecialAgreement.comment),
    )
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)


@strawberry.input(description="What was agreed specially holds no longer after a day.")
class EndSpecialAgreementInput(ReasonedEditInput):
    """Another last day."""

    ends_on: date = sent(
        description=(
            "The last day. Days that are over change with a reason alone, and never become dearer"
            " for a consumer."
        )
    )
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)


@strawberry.input(description="Which agreement is withdrawn, before its first day.")
class WithdrawSpecialAgreementInput(ReasonedEditInput):
    """An agreement that does not hold yet."""


SpecialAgreementResult = Annotated[
    SpecialAgreement | Refusal,
    strawberry.union(
        "SpecialAgreementResult", description="The agreement as it is now, or why not."
    ),
]
