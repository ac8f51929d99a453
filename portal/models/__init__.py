"""Every table; importing this package registers all of them."""

from portal.models.account import Account, Member
from portal.models.app import App, AppAuthorization
from portal.models.base import Base, OfAccount
from portal.models.consent import Consent, ConsentDocument
from portal.models.contract import Contract, GeneralPaymentTerms
from portal.models.credential import Credential, IdempotencyKey
from portal.models.history import HistoryEntry, HistoryValue
from portal.models.message import Message, MessageKind, MessageState, Outbox
from portal.models.module_subscription import ModuleSubscription, TariffPeriod
from portal.models.person import Password, PermissionProfile, Person, Staff
from portal.models.request import Request
from portal.models.tariff import Item, Module, PriceListSection, Tariff, TariffVersion

__all__ = [
    "Account",
    "App",
    "AppAuthorization",
    "Base",
    "Consent",
    "ConsentDocument",
    "Contract",
    "Credential",
    "GeneralPaymentTerms",
    "HistoryEntry",
    "HistoryValue",
    "IdempotencyKey",
    "Item",
    "Member",
    "Message",
    "MessageKind",
    "MessageState",
    "Module",
    "ModuleSubscription",
    "OfAccount",
    "Outbox",
    "Password",
    "PermissionProfile",
    "Person",
    "PriceListSection",
    "Request",
    "Staff",
    "Tariff",
    "TariffPeriod",
    "TariffVersion",
]
