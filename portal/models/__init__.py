"""Every table; importing this package registers all of them."""

from portal.models.account import Account, Member
from portal.models.app import App, AppAuthorization
from portal.models.attempt import Attempt, RateEvent
from portal.models.base import Base, OfAccount
from portal.models.clock import Clock
from portal.models.consent import Consent, ConsentDocument
from portal.models.contract import Contract, GeneralPaymentTerms
from portal.models.cost_bucket import CostBucket
from portal.models.credential import Credential, IdempotencyKey
from portal.models.history import HistoryEntry, HistoryNote, HistoryValue
from portal.models.idle_person import IdlePerson
from portal.models.invitation import Invitation
from portal.models.known_network import KnownNetwork
from portal.models.message import Message, MessageKind, MessageState, Outbox
from portal.models.module_subscription import ModuleSubscription, TariffPeriod
from portal.models.notice import Notice, TariffChange
from portal.models.password_reset import PasswordReset
from portal.models.person import (
    Password,
    PermissionProfile,
    Person,
    Staff,
    StaffHistoryEntry,
)
from portal.models.preview import UsedPreview
from portal.models.registration import Registration
from portal.models.request import Request
from portal.models.tariff import Item, Module, PriceListSection, Tariff, TariffVersion

__all__ = [
    "Account",
    "App",
    "AppAuthorization",
    "Attempt",
    "Base",
    "Clock",
    "Consent",
    "ConsentDocument",
    "Contract",
    "CostBucket",
    "Credential",
    "GeneralPaymentTerms",
    "HistoryEntry",
    "HistoryNote",
    "HistoryValue",
    "IdempotencyKey",
    "IdlePerson",
    "Invitation",
    "Item",
    "KnownNetwork",
    "Member",
    "Message",
    "MessageKind",
    "MessageState",
    "Module",
    "ModuleSubscription",
    "Notice",
    "OfAccount",
    "Outbox",
    "Password",
    "PasswordReset",
    "PermissionProfile",
    "Person",
    "PriceListSection",
    "RateEvent",
    "Registration",
    "Request",
    "Staff",
    "StaffHistoryEntry",
    "Tariff",
    "TariffChange",
    "TariffPeriod",
    "TariffVersion",
    "UsedPreview",
]
