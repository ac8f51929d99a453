"""A request and its inputs, as callers see them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import and_

from permissions.enums import described
from portal import models
from portal.rules.people.request import RequestKind, RequestStatus
from resolvers.listing import Condition
from resolvers.queries.people import request as queries
from schema.access import PARTIES
from schema.criteria import by, criteria
from schema.criterion import any_of, criterion, related, within
from schema.fields import column, expression, itself, of_model, one, own_id
from schema.types.address import ContractPartner
from schema.types.catalogue.tariff import Tariff
from schema.types.contract.payment_terms import PaymentTerms
from schema.types.node import Node
from schema.types.permission import FieldPermission, viewer_can
from schema.types.refusal import Refusal
from schema.types.vat import VatTreatment

if TYPE_CHECKING:
    from schema.types.account import Account
    from schema.types.modules.module_subscription import ModuleSubscription

described(
    RequestStatus,
    "How far a request has come.",
    OPEN="It waits for a manager.",
    ACCEPTED="A manager carried it out.",
    DECLINED="A manager declined it, and said why.",
    WITHDRAWN="The customer took it back.",
    EXPIRED="Nobody decided it in time.",
)

_TERMS = "Terms that deviate from the general ones; null where the general ones apply."
_PARTNER = "Who makes the contract."
_LAST_DAY = "The last day of the module."
_STARTS_ON = "The first day of the tariff."
_TARIFF = "The tariff of the module."
_VAT_TREATMENT = "How VAT applies."
_VAT_NUMBER = "The VAT number, in its compact form."


@strawberry.type(description="What a request asks for; what its kind is not about is null.")
class ProposedValues:
    """A request, seen for its proposal; each value is guarded as in the contract."""

    deviating_payment_terms: PaymentTerms | None = column(
        PARTIES, "proposed_deviating_payment_terms", description=_TERMS
    )
    vat_treatment: VatTreatment | None = column(
        PARTIES, "proposed_vat_treatment", description=_VAT_TREATMENT
    )
    vat_number: str | None = column(PARTIES, "proposed_vat_number", description=_VAT_NUMBER)
    contract_partner: ContractPartner | None = column(
        PARTIES, "proposed_contract_partner", description=_PARTNER
    )
    last_day: date | None = column(PARTIES, "proposed_last_day", description=_LAST_DAY)
    starts_on: date | None = column(PARTIES, "proposed_starts_on", description=_STARTS_ON)
    tariff: Tariff | None = one(
        PARTIES,
        models.Tariff,
        lambda request, tariff, _: tariff.id == request.proposed_tariff_id,
        stored=("Request.proposedTariffId",),
        description=_TARIFF,
    )


@strawberry.type(description="What applied when a request was made, in the same fields.")
class PresentValues:
    """A request, seen for what it would replace; each value is guarded as in the contract."""

    deviating_payment_terms: PaymentTerms | None = column(
        PARTIES, "present_deviating_payment_terms", description=_TERMS
    )
    vat_treatment: VatTreatment | None = column(
        PARTIES, "present_vat_treatment", description=_VAT_TREATMENT
    )
    vat_number: str | None = column(PARTIES, "present_vat_number", description=_VAT_NUMBER)
    contract_partner: ContractPartner | None = column(
        PARTIES, "present_contract_partner", description=_PARTNER
    )
    last_day: date | None = column(PARTIES, "present_last_day", description=_LAST_DAY)
    tariff: Tariff | None = one(
        PARTIES,
        models.Tariff,
        lambda request, tariff, _: tariff.id == request.present_tariff_id,
        stored=("Request.presentTariffId",),
        description=_TARIFF,
    )


@of_model(models.Request, description="A change that a customer asks for and a manager makes.")
class Request(Node):
    """A request."""

    id: strawberry.ID = own_id()
    version: int | None = column(PARTIES, description="Counts the changes; see expectedVersion.")
    account: Annotated["Account", strawberry.lazy("schema.types.account")] | None = one(
        PARTIES,
        models.Account,
        lambda request, account, _: account.id == request.account_id,
        description="The account that it is about.",
    )
    kind: RequestKind | None = column(PARTIES, description="What it asks to change.")
    module_subscription: (
        Annotated["ModuleSubscription", strawberry.lazy("schema.types.modules.module_subscription")]
        | None
    ) = one(
        PARTIES,
        models.ModuleSubscription,
        lambda request, subscription, _: and_(
            subscription.account_id == request.account_id,
            subscription.id == request.module_subscription_id,
        ),
        stored=("Request.moduleSubscriptionId",),
        description="The module whose days it is about; null where it is about the contract.",
    )
    status: RequestStatus | None = expression(
        PARTIES,
        queries.status,
        stored=("Request.state",),
        description="How far it has come; only an open request can be decided.",
    )
    proposed: ProposedValues | None = itself(PARTIES, description="What it asks for.")
    present: PresentValues | None = itself(
        PARTIES, description="What applied when it was made; when that changes, it is stale."
    )
    comment: str | None = column(PARTIES, description="What the customer says about it.")
    requested_by: str | None = expression(
        PARTIES, queries.requested_by, description="The name of the member who made it."
    )
    requested_at: datetime | None = column(PARTIES, description="When it was made.")
    expires_at: datetime | None = column(
        PARTIES, description="From when on it can be accepted no more: the end of its 30th day."
    )
    decided_by: str | None = expression(
        PARTIES,
        queries.decided_by,
        description="Who ended it; customers see members of theirs, not the names of staff.",
    )
    decided_at: datetime | None = column(
        PARTIES, description="When it was accepted, declined or withdrawn."
    )
    reason: str | None = column(PARTIES, description="Why it was decided so; both sides read it.")
    viewer_can: list[FieldPermission] | None = viewer_can("Request", queries.states)


def _in_status(given: RequestStatus, _filter: Any) -> Condition:
    return Condition(queries.has_status, (given,))


REQUESTS = criteria(
    Request,
    "requests",
    criterion(
        "status",
        RequestStatus,
        "Has come exactly this far.",
        _in_status,
        access=PARTIES,
        reads=("Request.status",),
    ),
    any_of("kind", "Asks to change this."),
    related(
        "module_subscription",
        "ModuleSubscription",
        "module_subscription_id",
        "Is about the days of this one, by its id.",
    ),
    within("requested_at"),
    orders=(
        by("requested_at", "When it was made, the earliest first."),
        by("expires_at", "When it can be accepted no more, the earliest first."),
    ),
)


RequestResult = Annotated[
    Request | Refusal,
    strawberry.union("RequestResult", description="The request as it is now, or why not."),
]
