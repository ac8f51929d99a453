"""What a mail says: one class for each kind, with the values that its templates use.

Values are as people typed them; the templates escape them. A mail that ``goes_to_strangers``
goes to an address that anybody may name: how many there are is limited, and of the words of others
it carries none that hold a link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from portal.language.phrase import Money, Phrase
from portal.models.message import MessageKind
from portal.viewer import MemberRole, Scope


@dataclass(frozen=True, slots=True)
class Content:
    """The values of one mail, apart from its language."""

    kind: ClassVar[MessageKind]
    goes_to_strangers: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class RegistrationCode(Content):
    """Proves that somebody who registers reads this address; the code is good for ``minutes``."""

    kind = MessageKind.REGISTRATION_CODE
    goes_to_strangers = True
    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class AlreadyRegistered(Content):
    """What a known address gets instead of a code, so that registering answers alike."""

    kind = MessageKind.ALREADY_REGISTERED
    goes_to_strangers = True
    name: str


@dataclass(frozen=True, slots=True)
class EmailConfirmation(Content):
    """Goes to the new address of a person who changes it."""

    kind = MessageKind.EMAIL_CONFIRMATION
    goes_to_strangers = True
    name: str
    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PasswordResetCode(Content):
    """Lets a person choose a new password."""

    kind = MessageKind.PASSWORD_RESET_CODE
    name: str
    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PasswordChanged(Content):
    """Tells a person that the password is another one now, whoever set it."""

    kind = MessageKind.PASSWORD_CHANGED
    name: str


@dataclass(frozen=True, slots=True)
class Invitation(Content):
    """Asks somebody into an account; ``until`` is the last day on which it can be accepted."""

    kind = MessageKind.INVITATION
    goes_to_strangers = True
    inviter: str
    account: str
    role: MemberRole
    code: str
    until: date


@dataclass(frozen=True, slots=True)
class MemberRemoved(Content):
    """Tells a person that an account is closed to them."""

    kind = MessageKind.MEMBER_REMOVED
    name: str
    account: str


@dataclass(frozen=True, slots=True)
class RequestReceived(Content):
    """Confirms a request; ``topic`` is in the recipient's language, ``until`` its last day."""

    kind = MessageKind.REQUEST_RECEIVED
    name: str
    account: str
    topic: str
    until: date


@dataclass(frozen=True, slots=True)
class RequestAccepted(Content):
    """Tells that a request was carried out."""

    kind = MessageKind.REQUEST_ACCEPTED
    name: str
    account: str
    topic: str


@dataclass(frozen=True, slots=True)
class RequestDeclined(Content):
    """Tells that a request was declined, and why: text of one line or more."""

    kind = MessageKind.REQUEST_DECLINED
    name: str
    account: str
    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class AppAuthorized(Content):
    """Tells an owner what a program may do from now on, and until which day."""

    kind = MessageKind.APP_AUTHORIZED
    name: str
    account: str
    app: str
    scopes: Sequence[Scope]
    until: date


@dataclass(frozen=True, slots=True)
class AppRevoked(Content):
    """Tells an owner that a program has lost its access."""

    kind = MessageKind.APP_REVOKED
    name: str
    account: str
    app: str


@dataclass(frozen=True, slots=True)
class AccountDeleted(Content):
    """Tells what became of an account; None when no document of it has to be kept."""

    kind = MessageKind.ACCOUNT_DELETED
    name: str
    account: str
    retained_until: date | None


@dataclass(frozen=True, slots=True)
class ProfileDeleted(Content):
    """Tells a person that nothing of it is kept any more, as it wanted."""

    kind = MessageKind.PROFILE_DELETED
    name: str


@dataclass(frozen=True, slots=True)
class ErasureAnnounced(Content):
    """Tells a person without an account that it is erased ``on`` a day, unless it logs in."""

    kind = MessageKind.ERASURE_ANNOUNCED
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class CancellationConfirmation(Content):
    """Confirms a notice at once, with its arrival and the end (BGB 312k (4)).

    ``received_at`` is shown in its own time zone, so hand it in the account's; a letter's day,
    ``letter_of``, is shown instead.
    """

    kind = MessageKind.CANCELLATION_CONFIRMATION
    name: str
    account: str
    module: str
    by_operator: bool
    received_at: datetime
    letter_of: date | None
    last_day: date


@dataclass(frozen=True, slots=True)
class OrderConfirmation(Content):
    """Confirms an order at once; ``last_day`` is known where the contract ends by itself.

    ``monthly`` is without VAT, ``earliest_end`` the first possible last day; terms of zero length
    are none.

    ``received_at`` is shown in its own time zone, so hand it in the account's.
    """

    kind = MessageKind.ORDER_CONFIRMATION
    name: str
    account: str
    module: str
    tariff: str
    received_at: datetime
    first_day: date
    last_day: date | None
    monthly: Money
    initial_term: Phrase | None
    notice_period: Phrase | None
    earliest_end: date | None


@dataclass(frozen=True, slots=True)
class TariffChangeConfirmation(Content):
    """Confirms a change of tariff at once, with its arrival and the first day of the new one.

    ``received_at`` and ``letter_of`` are as in a ``CancellationConfirmation``, the terms those of
    the new tariff and told as in an ``OrderConfirmation``.
    """

    kind = MessageKind.TARIFF_CHANGE_CONFIRMATION
    name: str
    account: str
    module: str
    tariff: str
    by_operator: bool
    received_at: datetime
    letter_of: date | None
    starts_on: date
    monthly: Money
    initial_term: Phrase | None
    notice_period: Phrase | None
    earliest_end: date | None


@dataclass(frozen=True, slots=True)
class CancellationWithdrawn(Content):
    """Tells that a module runs on; ``last_day`` would have been its last one."""

    kind = MessageKind.CANCELLATION_WITHDRAWN
    name: str
    account: str
    module: str
    by_operator: bool
    received_at: datetime
    last_day: date


@dataclass(frozen=True, slots=True)
class OrderWithdrawn(Content):
    """Tells that an order was taken back before its first day."""

    kind = MessageKind.ORDER_WITHDRAWN
    name: str
    account: str
    module: str
    received_at: datetime
    first_day: date


@dataclass(frozen=True, slots=True)
class TariffChangeWithdrawn(Content):
    """Tells that a module keeps its tariff; the other one would have begun on ``starts_on``."""

    kind = MessageKind.TARIFF_CHANGE_WITHDRAWN
    name: str
    account: str
    module: str
    tariff: str
    by_operator: bool
    received_at: datetime
    starts_on: date
