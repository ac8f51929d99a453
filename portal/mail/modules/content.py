"""Mails about cancellations and changes of tariff."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.language.phrase import Money, Phrase, Translated
from portal.mail.content import Content
from portal.models.message import MessageKind


@dataclass(frozen=True, slots=True)
class AnnouncedPrice:
    """What a module costs each month from a later day on, as was published before it was agreed."""

    starts_on: date
    monthly: Money


@dataclass(frozen=True, slots=True)
class CancellationConfirmation(Content):
    """Confirms a notice at once, with its arrival and the end (BGB 312k (4)).

    ``received_at`` is shown in its own time zone, so hand it in the account's; a letter's day,
    ``letter_of``, is shown instead.
    """

    kind = MessageKind.CANCELLATION_CONFIRMATION
    name: str
    account: str
    module: Translated
    by_operator: bool
    received_at: datetime
    letter_of: date | None
    last_day: date


@dataclass(frozen=True, slots=True)
class TariffChangeConfirmation(Content):
    """Confirms a change of tariff at once, with its arrival and the first day of the new one.

    ``received_at`` and ``letter_of`` are as in a ``CancellationConfirmation``, the terms those of
    the new tariff and told as in an ``OrderConfirmation``.
    """

    kind = MessageKind.TARIFF_CHANGE_CONFIRMATION
    name: str
    account: str
    module: Translated
    tariff: Translated
    by_operator: bool
    received_at: datetime
    letter_of: date | None
    starts_on: date
    monthly: Money
    coming: tuple[AnnouncedPrice, ...]
    initial_term: Phrase | None
    notice_period: Phrase | None
    earliest_end: date | None


@dataclass(frozen=True, slots=True)
class CancellationWithdrawn(Content):
    """Tells that a module runs on; ``last_day`` would have been its last one."""

    kind = MessageKind.CANCELLATION_WITHDRAWN
    name: str
    account: str
    module: Translated
    by_operator: bool
    received_at: datetime
    last_day: date


@dataclass(frozen=True, slots=True)
class TariffChangeWithdrawn(Content):
    """Tells that a module keeps its tariff; the other one would have begun on ``starts_on``."""

    kind = MessageKind.TARIFF_CHANGE_WITHDRAWN
    name: str
    account: str
    module: Translated
    tariff: Translated
    by_operator: bool
    received_at: datetime
    starts_on: date


@dataclass(frozen=True, slots=True)
class DeadlineReminder(Content):
    """Reminds of the last day of notice; missing it binds up to and including a later last day."""

    kind = MessageKind.DEADLINE_REMINDER
    name: str
    account: str
    module: Translated
    deadline: date
    last_day: date
    next_last_day: date


@dataclass(frozen=True, slots=True)
class ModuleBegun(Content):
    """Tells that a module runs from a day on, which is today unless the portal was down."""

    kind = MessageKind.MODULE_BEGUN
    name: str
    account: str
    module: Translated
    first_day: date


@dataclass(frozen=True, slots=True)
class TariffBegun(Content):
    """Tells that a module runs under another tariff from a day on."""

    kind = MessageKind.TARIFF_BEGUN
    name: str
    account: str
    module: Translated
    tariff: Translated
    first_day: date


@dataclass(frozen=True, slots=True)
class ModuleEnded(Content):
    """Tells that a module has run on its last day."""

    kind = MessageKind.MODULE_ENDED
    name: str
    account: str
    module: Translated
    last_day: date


@dataclass(frozen=True, slots=True)
class EndingItem:
    """What ends with the price list: so many of an item, or what is agreed about it."""

    name: Translated
    quantity: int | None
    last_day: date


@dataclass(frozen=True, slots=True)
class PriceChangeAnnounced(Content):
    """Tells whoever has a tariff what a published version changes for them, and from when.

    Until ``cancel_until``, and for that day, they may cancel by the special right to cancel.
    """

    kind = MessageKind.PRICE_CHANGE_ANNOUNCED
    name: str
    account: str
    module: Translated
    tariff: Translated
    starts_on: date
    monthly_before: Money
    monthly_after: Money
    by_use: bool
    ends: tuple[EndingItem, ...]
    cancel_until: date | None


@dataclass(frozen=True, slots=True)
class PriceChangeWithdrawn(Content):
    """Tells that announced prices do not come; a cancellation for ``last_day`` stands."""

    kind = MessageKind.PRICE_CHANGE_WITHDRAWN
    name: str
    account: str
    module: Translated
    tariff: Translated
    starts_on: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class QuantityChanged(Content):
    """Tells how many of an item a module has from a day on, and what it costs each month by that.

    ``received_at`` and ``letter_of`` are as in a ``CancellationConfirmation``.
    """

    kind = MessageKind.QUANTITY_CHANGED
    name: str
    account: str
    module: Translated
    item: Translated
    by_operator: bool
    received_at: datetime
    letter_of: date | None
    quantity: int
    first_day: date
    monthly: Money


class OptionChange(StrEnum):
    """What the operator did about an additional option."""

    BOOKED = "BOOKED"
    BOOKING_WITHDRAWN = "BOOKING_WITHDRAWN"
    ENDED = "ENDED"
    END_WITHDRAWN = "END_WITHDRAWN"


@dataclass(frozen=True, slots=True)
class OptionChanged(Content):
    """Tells of an additional option that is booked or ends, or does not after all.

    ``monthly`` is what its module costs each month by that, ``monthly_from`` a day on.
    """

    kind = MessageKind.OPTION_CHANGED
    name: str
    account: str
    module: Translated
    item: Translated
    received_at: datetime
    change: OptionChange
    quantity: int
    first_day: date
    last_day: date | None
    monthly: Money
    monthly_from: date
