"""Every table; importing this package registers all of them."""

from portal.models.base import Base, OfAccount
from portal.models.billing.books import BooksClosing
from portal.models.billing.delivery import Delivery
from portal.models.billing.document import (
    Document,
    DocumentLine,
    DocumentVat,
    NumberSeries,
)
from portal.models.billing.document_file import DocumentFile
from portal.models.billing.run import (
    BilledSpan,
    BillingProblem,
    BillingRun,
    BillingRunAccount,
    BillingStart,
)
from portal.models.catalogue.tariff import Item, Module, PriceListSection, Tariff
from portal.models.catalogue.tariff_version import TariffVersion
from portal.models.clock import Clock
from portal.models.computed import Computed
from portal.models.contract.consent import Consent, ConsentDocument
from portal.models.contract.contract import Contract, GeneralPaymentTerms
from portal.models.contract.contract_copy import ContractCopy
from portal.models.contract.operator_profile import OperatorProfile
from portal.models.cost_bucket import CostBucket
from portal.models.effect import Effect, EffectKind, EffectWatermark
from portal.models.history import HistoryEntry, HistoryNote, HistoryValue
from portal.models.message import Message, MessageKind, MessageState, Outbox
from portal.models.modules.agreed_price_list import (
    AgreedItem,
    AgreedPriceList,
    AgreedPriceListSection,
)
from portal.models.modules.cost_line import CostLine
from portal.models.modules.counted import BookedOption, SubscriptionItemQuantity
from portal.models.modules.module_subscription import ModuleSubscription, TariffPeriod
from portal.models.modules.notice import Notice, TariffChange
from portal.models.modules.special_agreement import SpecialAgreement
from portal.models.modules.version_job import PriceAnnouncement, VersionJob, VersionJobKind
from portal.models.operator_history import OperatorHistoryEntry, StaffHistoryEntry
from portal.models.partner.app import App, AppAuthorization, AppToken
from portal.models.people.account import Account, Member
from portal.models.people.attempt import Attempt, RateEvent
from portal.models.people.calendar_address import CalendarAddress
from portal.models.people.credential import Credential, IdempotencyKey
from portal.models.people.idle_person import IdlePerson
from portal.models.people.invitation import Invitation
from portal.models.people.known_network import KnownNetwork
from portal.models.people.password_reset import PasswordReset
from portal.models.people.person import (
    Password,
    PermissionProfile,
    Person,
    Staff,
)
from portal.models.people.registration import Registration
from portal.models.people.request import Request
from portal.models.preview import UsedPreview
from portal.models.upload import Upload

__all__ = [
    "Account",
    "AgreedItem",
    "AgreedPriceList",
    "AgreedPriceListSection",
    "App",
    "AppAuthorization",
    "AppToken",
    "Attempt",
    "Base",
    "BilledSpan",
    "BillingProblem",
    "BillingRun",
    "BillingRunAccount",
    "BillingStart",
    "BookedOption",
    "BooksClosing",
    "CalendarAddress",
    "Clock",
    "Computed",
    "Consent",
    "ConsentDocument",
    "Contract",
    "ContractCopy",
    "CostBucket",
    "CostLine",
    "Credential",
    "Delivery",
    "Document",
    "DocumentFile",
    "DocumentLine",
    "DocumentVat",
    "Effect",
    "EffectKind",
    "EffectWatermark",
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
    "NumberSeries",
    "OfAccount",
    "OperatorHistoryEntry",
    "OperatorProfile",
    "Outbox",
    "Password",
    "PasswordReset",
    "PermissionProfile",
    "Person",
    "PriceAnnouncement",
    "PriceListSection",
    "RateEvent",
    "Registration",
    "Request",
    "SpecialAgreement",
    "Staff",
    "StaffHistoryEntry",
    "SubscriptionItemQuantity",
    "Tariff",
    "TariffChange",
    "TariffPeriod",
    "TariffVersion",
    "Upload",
    "UsedPreview",
    "VersionJob",
    "VersionJobKind",
]
