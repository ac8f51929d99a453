"""Cancellations and changes of tariff, and what is sent for them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import strawberry

from permissions.enums import described
from portal import models
from portal.actions.modules.date_request import DEVIATING_DATE
from portal.rules.modules.notice import NoticeReason, Party
from portal.rules.modules.reason import Subject
from portal.rules.modules.step_data import restored
from resolvers.context import Context
from resolvers.points import REASON
from schema.access import MANAGERS, PARTIES, STAFF
from schema.fields import column, function, of_model, one, own_id, sent
from schema.length import characters
from schema.types.catalogue.tariff import Tariff
from schema.types.catalogue.tariff_input import TariffChoiceInput
from schema.types.edit import SHOWN_BEFORE, ReasonedEditInput
from schema.types.node import Node
from schema.types.reason import Reason, reasons

described(
    Party,
    "One of the two sides of a contract.",
    CUSTOMER="The side that orders and pays, whoever of its members acts.",
    OPERATOR="The side that runs the portal, whoever of its staff acts.",
)
described(
    NoticeReason,
    "Why a module is cancelled.",
    NO_LONGER_NEEDED="It is not needed any more.",
    PRICE="It costs too much.",
    QUALITY="It is not good enough.",
    MOVING="The customer moves.",
    BUSINESS_ENDS="The customer's business ends.",
    OTHER_PROVIDER="Somebody else takes it over.",
    PAYMENT_DEFAULT="The customer does not pay.",
    OTHER="Anything else; see the comment.",
)

USUAL_REASONS = 5
ASKED_BY = "Which side asked for it."
_RECEIVED_AT = "The instant at which it was entered."
_RECEIVED_ON = "The day for which it counts: local time of the account, or that of a letter."
_DEADLINE = "The last day on which it was in time; null where a manager deviated from the tariff."
_IS_DEVIATING = "Whether a manager set a day that the tariff need not allow."
_COMMENT = "What was said about it."
_REASONS = "Why it is that day, step by step."
_WISHED = "A day that the tariff allows; the earliest one when left out. See {options}."
DEVIATING = "Any day, whatever the tariff says; only with a reason."
GIVEN_BY = (
    "For which side you enter it: the customer where `receivedOn` is sent, else the operator. The"
    " law protects consumers alone, not the operator."
)
LETTER = "The day on which a letter arrived; today when left out."


def steps_about(subject: Subject) -> Any:
    """Make what answers stored steps as reasons."""

    async def answer(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[list[Reason]]:
        language = context.viewer.language
        return [reasons(restored(steps), subject, language) for (steps,) in rows]

    return answer


@of_model(models.Notice, description="A cancellation of a module.")
class Notice(Node):
    """It stands until it is withdrawn."""

    id: strawberry.ID = own_id()
    given_by: Party | None = column(PARTIES, "asked_by", description=ASKED_BY)
    received_at: datetime | None = column(PARTIES, description=_RECEIVED_AT)
    received_on: date | None = column(PARTIES, description=_RECEIVED_ON)
    last_day: date | None = column(PARTIES, description="The last day on which the module runs.")
    deadline: date | None = column(PARTIES, description=_DEADLINE)
    is_deviating: bool | None = column(PARTIES, description=_IS_DEVIATING)
    reason_code: NoticeReason | None = column(PARTIES, description="Why the module is cancelled.")
    comment: str | None = column(PARTIES, description=_COMMENT)
    reasons: list[Reason] | None = function(
        PARTIES,
        steps_about(Subject.NOTICE),
        ("steps",),
        weight=REASON,
        usual=USUAL_REASONS,
        stored=("Notice.steps",),
        description=_REASONS,
    )
    withdrawn_at: datetime | None = column(
        PARTIES, description="The instant at which it was taken back; null while it stands."
    )


@of_model(models.TariffChange, description="A change to another tariff.")
class TariffChange(Node):
    """It stands until it is withdrawn."""

    id: strawberry.ID = own_id()
    asked_by: Party | None = column(PARTIES, description=ASKED_BY)
    received_at: datetime | None = column(PARTIES, description=_RECEIVED_AT)
    received_on: date | None = column(PARTIES, description=_RECEIVED_ON)
    starts_on: date | None = column(PARTIES, description="The first day of the new tariff.")
    counted_from: date | None = column(
        PARTIES, description="From which day the initial term of the new tariff is counted."
    )
    tariff: Tariff | None = one(
        PARTIES,
        models.Tariff,
        lambda change, tariff, _: tariff.id == change.tariff_id,
        stored=("TariffChange.tariffId",),
        description="The new tariff.",
    )
    deadline: date | None = column(PARTIES, description=_DEADLINE)
    is_deviating: bool | None = column(PARTIES, description=_IS_DEVIATING)
    comment: str | None = column(PARTIES, description=_COMMENT)
    reasons: list[Reason] | None = function(
        PARTIES,
        steps_about(Subject.TARIFF_CHANGE),
        ("steps",),
        weight=REASON,
        usual=USUAL_REASONS,
        stored=("TariffChange.steps",),
        description=_REASONS,
    )
    withdrawn_at: datetime | None = column(
        PARTIES, description="The instant at which it was taken back; null while it stands."
    )


@strawberry.input(description="Which module is cancelled, and for when.")
class GiveNoticeInput(ReasonedEditInput):
    """A cancellation."""

    last_day: date | None = sent(
        default=strawberry.UNSET, description=_WISHED.format(options="cancellationOptions")
    )
    reason_code: NoticeReason | None = sent(
        default=strawberry.UNSET, description="Why the module is cancelled."
    )
    comment: str | None = sent(
        default=strawberry.UNSET,
        description="What you want to say.",
        length=characters(models.Notice.comment),
    )
    given_by: Party | None = sent(STAFF, default=strawberry.UNSET, description=GIVEN_BY)
    received_on: date | None = sent(MANAGERS, default=strawberry.UNSET, description=LETTER)
    deviating_date: date | None = sent(
        MANAGERS,
        requestable=DEVIATING_DATE,
        default=strawberry.UNSET,
        description=DEVIATING,
    )
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)


@strawberry.input(description="Which module gets another tariff, and from when on.")
class ChangeTariffInput(ReasonedEditInput):
    """A change of tariff."""

    tariff: TariffChoiceInput = sent(
        description="Another tariff of the module; managers name any one of it by its id."
    )
    starts_on: date | None = sent(
        default=strawberry.UNSET, description=_WISHED.format(options="tariffChangeOptions")
    )
    comment: str | None = sent(
        default=strawberry.UNSET,
        description="What you want to say.",
        length=characters(models.TariffChange.comment),
    )
    asked_by: Party | None = sent(STAFF, default=strawberry.UNSET, description=GIVEN_BY)
    received_on: date | None = sent(MANAGERS, default=strawberry.UNSET, description=LETTER)
    deviating_date: date | None = sent(
        MANAGERS,
        requestable=DEVIATING_DATE,
        default=strawberry.UNSET,
        description=DEVIATING,
    )
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)


@strawberry.input(description="Of which module the cancellation is withdrawn.")
class WithdrawNoticeInput(ReasonedEditInput):
    """A module that runs on."""

    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)


@strawberry.input(description="Of which module the change of tariff is withdrawn.")
class WithdrawTariffChangeInput(ReasonedEditInput):
    """A module that keeps its tariff."""

    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)
