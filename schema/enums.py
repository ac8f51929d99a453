"""Enums of the domain, with descriptions for the people who read the schema."""

from permissions.enums import described
from portal.errors import Code
from portal.models.consent import ConsentDocumentKind
from portal.models.credential import CredentialKind
from portal.models.message import MessageKind, MessageState
from portal.rules.address import PartyKind
from portal.rules.document_delivery import DocumentDeliveryMode
from portal.rules.duration import DurationBasis
from portal.rules.invitation import InvitationStatus
from portal.rules.notice import NoticeReason, Party
from portal.rules.payment_terms import PaymentMethod
from portal.rules.reason import Rule
from portal.rules.request import RequestKind, RequestStatus
from portal.rules.terms import BillingMode, ModuleSubscriptionStatus, VatCategory
from portal.rules.vat import VatTreatment
from portal.viewer import Language

described(
    Language,
    "A language that users read.",
    NL="Dutch (nl).",
    EN="English (en).",
    DE="German (de).",
)
described(
    PartyKind,
    "Whether consumer law protects a contract partner.",
    BUSINESS="A business; a sole trader is one too.",
    CONSUMER="A natural person who does not act for a business.",
)
described(
    PaymentMethod,
    "How an invoice is paid.",
    TRANSFER="The customer transfers the amount.",
    DIRECT_DEBIT="The operator collects the amount (SEPA direct debit).",
)
described(
    DocumentDeliveryMode,
    "How a document reaches its recipients.",
    ATTACHMENT="Attached to an e-mail.",
    LINK="As a link from which it can be downloaded.",
)
described(
    VatTreatment,
    "How value added tax applies to a customer.",
    STANDARD="The operator charges VAT.",
    REVERSE_CHARGE="The customer accounts for the VAT.",
    NOT_TAXABLE="The services are outside the scope of VAT.",
)
described(
    RequestKind,
    "What a customer may only ask for.",
    PAYMENT_TERMS="Terms that deviate from the general ones, or none any more.",
    VAT_TREATMENT="How VAT applies, with the VAT number.",
    CONTRACT_PARTNER="Another party in the contract.",
    DEVIATING_DATE="A last day of a module, or a first day of another tariff, that deviates.",
)
described(
    RequestStatus,
    "How far a request has come.",
    OPEN="It waits for a manager.",
    ACCEPTED="A manager carried it out.",
    DECLINED="A manager declined it, and said why.",
    WITHDRAWN="The customer took it back.",
    EXPIRED="Nobody decided it in time.",
)
described(
    VatCategory,
    "The rate at which an item is taxed.",
    STANDARD="The standard rate.",
    REDUCED="The reduced rate.",
    ZERO="The rate of zero.",
    EXEMPT="Exempt: no tax is charged.",
)
described(
    BillingMode,
    "When an item is billed.",
    AT_ONCE="Once, when it is ordered.",
    MONTHLY="Every month, in arrears.",
    MONTHLY_IN_ADVANCE="Every month, in advance.",
    QUARTERLY_IN_ADVANCE="Every quarter, in advance.",
    YEARLY_IN_ADVANCE="Every year, in advance.",
    PER_USE="By what was used.",
)
described(
    ModuleSubscriptionStatus,
    "What the days of a module subscription say about today.",
    ORDERED="Its first day is still to come.",
    ACTIVE="It runs, and no last day is known.",
    CANCELLED="It runs until its last day.",
    ENDED="Its last day is over.",
)
described(
    InvitationStatus,
    "What has become of an invitation.",
    OPEN="It can be accepted.",
    ACCEPTED="It was accepted, and cannot be again.",
    REVOKED="It was withdrawn, or replaced by a later one to the same address.",
    EXPIRED="Its time ran out.",
)
described(
    ConsentDocumentKind,
    "What a document to consent to is about.",
    TERMS="The general terms and conditions.",
    DATA_PROTECTION="The data protection agreement.",
)
described(
    CredentialKind,
    "How a token came about.",
    SESSION="By logging in.",
    API_KEY="Made by the operator for a program.",
)
described(
    Code,
    "Every code that a refusal or an error may carry.",
    name="ErrorCode",
    UNAUTHENTICATED="Nobody is logged in, or the token is not good any more.",
    FORBIDDEN=(
        "The caller lacks a role or a scope; `required` says which. Without `required`: the"
        " document is none of those that the operator has approved."
    ),
    NOT_FOUND=(
        "There is no such row, or the caller may not see it. PersistedQueryNotFound: send the text"
        " of the document with its hash."
    ),
    INVALID_INPUT="A value cannot be what was asked for.",
    RULE_BROKEN="The values are well formed, and a rule of the business forbids them.",
    CONFLICT="Somebody else was there first.",
    PREVIEW_STALE="What a preview showed is not what would happen now.",
    KEY_REUSED="An idempotency key came back with other arguments.",
    RATE_LIMITED="Too many requests in a short time.",
    QUERY_TOO_LARGE="The document is beyond a limit, which the error names.",
    BAD_REQUEST="The HTTP request is not one that GraphQL over HTTP describes.",
    GRAPHQL_PARSE_FAILED="The document is not GraphQL.",
    GRAPHQL_VALIDATION_FAILED="The document or its variables do not fit the schema.",
    TIMEOUT="The operation took longer than it may.",
    UNAVAILABLE="A part that the answer needs is out of reach for now.",
    INTERNAL="A fault of the portal; its log holds more under the reference.",
)
described(
    DurationBasis,
    "What the first day of a contract follows from.",
    OLDEST_MODULE="The oldest module that still runs.",
    SET="A manager set the day.",
)
described(
    MessageKind,
    "What a mail is about.",
    REGISTRATION_CODE="The code that confirms a registration.",
    ALREADY_REGISTERED="That the e-mail address is registered already.",
    EMAIL_CONFIRMATION="The code that confirms an e-mail address.",
    PASSWORD_RESET_CODE="The code to set a new password.",  # noqa: S106  (a sentence)
    PASSWORD_CHANGED="That the password is another one now.",  # noqa: S106  (a sentence)
    INVITATION="An invitation to become a member.",
    MEMBER_REMOVED="That somebody can enter the account no more.",
    REQUEST_RECEIVED="To whoever asked: that the request waits for a manager.",
    REQUEST_ACCEPTED="To whoever asked: that a manager carried the request out.",
    REQUEST_DECLINED="To whoever asked: that a manager declined, and why.",
    APP_AUTHORIZED="That an app may act in the account.",
    APP_REVOKED="That an app may act no more.",
    ACCOUNT_DELETED="To the former owner: that it is gone, and what the law keeps.",
    PROFILE_DELETED="To a former person: that nothing of it is kept.",
    ERASURE_ANNOUNCED="To a person without an account: that it is erased, unless it logs in.",
    CANCELLATION_CONFIRMATION="What was cancelled, and its last day.",
    TARIFF_CHANGE_CONFIRMATION="To which tariff a module changes, and from which day.",
    CANCELLATION_WITHDRAWN="That a module runs on, although it had been cancelled.",
    ORDER_WITHDRAWN="That a module will not begin, although it had been ordered.",
    TARIFF_CHANGE_WITHDRAWN="That a module keeps its tariff, although another had been asked for.",
    ORDER_CONFIRMATION="What was ordered, from which day and under which tariff.",
)
described(
    MessageState,
    "How far a mail has come.",
    QUEUED="It is on its way.",
    SENT="A mail server took it.",
    FAILED="It was given up.",
)
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
described(
    Rule,
    "What a step of the computation of a day applies; its outcome is a day.",
    name="DateRule",
    NOTICE_ARRIVES="The day for which notice counts.",
    NO_NOTICE_PERIOD="The tariff asks for none: notice is good at once.",
    NOTICE_PERIOD="The tariff's notice period, after the day for which notice counts.",
    LEGAL_NOTICE_PERIOD="The longest notice period that the law allows with consumers.",
    NO_INITIAL_TERM="The tariff has none: the contract may end from its first day on.",
    INITIAL_TERM="The last day of the initial term.",
    LEGAL_INITIAL_TERM="The longest initial term that the law allows with consumers.",
    LAW_IN_FORCE="From which last day on the law reaches a contract that is older than the law.",
    WISHED_DAY="The day that was asked for.",
    ENDING_DAY="The days on which the tariff lets a contract end.",
    END_OF_TERM="The end of the initial term or of a renewal term.",
    END_OF_INITIAL_TERM="The end of a contract that ends by itself.",
    LEGAL_END_OF_TERM="The end of a renewal term that the law allows with consumers.",
    LEGAL_ANY_DAY="Any day, which the law allows consumers.",
    END_OF_BILLING_PERIOD="The tariff may be changed without notice, when the next invoice begins.",
    EARLIER_DAY="The earlier of what tariff and law allow.",
    EARLIER_CHANGE="The earlier of a day with notice and a day without.",
    DEVIATING_DAY="A day that a manager set.",
    DAY_AFTER="The first day of the new tariff.",
    NO_DAY_LEFT="There is no day on which the contract could end.",
)
