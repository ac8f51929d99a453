"""Mails about logins, members, requests and deletions."""

from dataclasses import dataclass
from datetime import date

from portal.mail.content import Content
from portal.models.message import MessageKind
from portal.viewer import MemberRole


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
class AccountMade(Content):
    """Tells somebody that the operator made an account for them, and how to come in."""

    kind = MessageKind.ACCOUNT_MADE
    goes_to_strangers = True
    name: str
    account: str


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
class RequestExpired(Content):
    """Tells that nobody decided a request up to its last day."""

    kind = MessageKind.REQUEST_EXPIRED
    name: str
    account: str
    topic: str
    until: date


@dataclass(frozen=True, slots=True)
class InvitationExpired(Content):
    """Tells whoever invited that nobody came; ``invited`` is the address that was asked."""

    kind = MessageKind.INVITATION_EXPIRED
    name: str
    account: str
    invited: str
    until: date


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
