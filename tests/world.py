"""A whole world for one test: two accounts with everything in them, and everybody who may look."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import count
from types import MappingProxyType
from uuid import UUID

from portal import models
from portal.clock import now
from portal.language.global_id import encode
from portal.models import Base
from portal.models.message import MessageState
from portal.rules.catalogue.terms import EndingDay, Renewal, TermUnit
from portal.rules.contract.vat import VatTreatment
from portal.rules.file_kind import FileKind
from portal.rules.modules.special_agreement import AgreementKind
from portal.rules.people.request import RequestKind, RequestStatus
from portal.viewer import Language, MemberRole, Role, Scope
from tests import factories

_worlds = count()


class Kind(StrEnum):
    """The kinds of viewers that the access rule tells apart."""

    ANONYMOUS = "ANONYMOUS"
    OWNER = "OWNER"
    ADMIN = "ADMIN"
    BILLING = "BILLING"
    READER = "READER"
    EMPLOYEE = "EMPLOYEE"
    EMPLOYEE_WITHOUT = "EMPLOYEE-"
    MANAGER = "MANAGER"
    PARTNER = "PARTNER"
    PARTNER_READING = "PARTNER-"


MEMBERS = MappingProxyType(
    {
        Kind.OWNER: MemberRole.OWNER,
        Kind.ADMIN: MemberRole.ADMIN,
        Kind.BILLING: MemberRole.BILLING,
        Kind.READER: MemberRole.READER,
    }
)


@dataclass
class AccountWorld:
    """An account in which no field and no list is empty, and the tokens of its own viewers."""

    account: models.Account
    owner: models.Person
    contract: models.Contract
    offered: models.Tariff
    rows: list[Base] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    tokens: dict[Kind, str | None] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The account's global id."""
        return encode("Account", self.account.id)

    @property
    def contract_id(self) -> str:
        """The contract's global id."""
        return encode("Contract", self.contract.id)

    @property
    def account_id(self) -> UUID:
        """The account's own id."""
        return self.account.id

    def add(self, *rows: Base) -> None:
        """Take rows in; those of types with global ids can be asked for."""
        self.rows += rows
        for row in rows:
            id = getattr(row, "id", None)
            if id is not None:
                name = type(row).__name__
                self.ids.setdefault(name, []).append(encode(name, id))

    def admit(self, kind: Kind, role: Role, holder: models.Person | models.App) -> None:
        """Give a holder a token."""
        token, row = factories.credential(role, holder)
        self.rows.append(row)
        self.tokens[kind] = token


def _add_operator(world: AccountWorld) -> None:
    """Add what the operator says of itself, and what it asks of the account."""
    # Of each kind one that comes, later than those of any other world: nobody agreed to it yet.
    coming = date(2100, 1, 1) + timedelta(days=next(_worlds))
    world.add(
        *(
            factories.consent_document(
                kind=kind,
                language=Language.NL,
                published_on=coming,
                asks_agreement=asks,
                added_at=datetime(2099, 1, 1, tzinfo=UTC),
            )
            for kind, asks in (("TERMS", True), ("DATA_PROTECTION", False))
        )
    )
    logo, text = factories.upload(FileKind.PNG), factories.upload()
    document = {"kind": "TERMS", "body": None, "file_id": text.id}
    world.add(logo, text, factories.consent_document(**document))
    world.add(factories.operator_profile(logo_id=logo.id), factories.general_payment_terms())


def account_world() -> AccountWorld:
    """Make an account with everything, its members and the programs it authorised."""
    owner = factories.person()
    account, owning = factories.account(owner, is_test=True, reminds_of_deadlines=False)
    public_module = factories.module(
        retired_from=date(2199, 1, 1),
        data_schema={"properties": {"greeting": {"pattern": "^[A-Z]"}}},
    )
    offered_module = factories.module()
    public = factories.tariff(public_module)
    offered = factories.tariff(
        offered_module,
        offer_number=factories.word(),
        offer_expires_on=(now() + timedelta(days=30)).date(),
        offer_most_uses=10,
        offer_uses=1,
        closed_from=date(2199, 1, 1),
    )
    contract = factories.contract(account.id)
    world = AccountWorld(account, owner, contract, offered)
    document = factories.consent_document()
    running = factories.module_subscription(account.id, public_module)
    cancelled = factories.module_subscription(
        account.id, offered_module, ends_on=(now() + timedelta(days=90)).date()
    )
    world.add(owner, account, owning, contract, public_module, offered_module, public, offered)
    prices = factories.price_list(public)
    world.add(*prices, *factories.price_list(offered))
    world.add(*factories.price_list(public, version=factories.draft(public)))
    renewed = {"renewal": Renewal.RENEWAL_TERM, "ending_day": EndingDay.END_OF_TERM}
    renewed |= {"renewal_term_count": 12, "renewal_term_unit": TermUnit.MONTHS}
    world.add(factories.tariff_version(public, **renewed, withdrawn_at=now()))
    world.add(running, factories.tariff_period(running, public))
    world.add(*_specials(running, public_module, prices))
    version = next(row for row in prices if isinstance(row, models.TariffVersion))
    told = factories.price_announcement(account.id, version)
    world.add(factories.version_job(version), told)
    world.add(cancelled, factories.tariff_period(cancelled, offered))
    # Both at once, which no action makes: so that nothing that can be read is empty.
    world.add(
        factories.notice(cancelled, owner, withdrawn_at=now(), withdrawn_by=owner.id),
        factories.notice(cancelled, owner),
        factories.tariff_change(
            cancelled,
            offered,
            owner,
            (now() + timedelta(days=30)).date(),
        ),
        factories.tariff_change(
            cancelled,
            offered,
            owner,
            (now() + timedelta(days=30)).date(),
            withdrawn_at=now(),
            withdrawn_by=owner.id,
        ),
    )
    world.add(document, factories.consent(account.id, document, owner))
    _add_operator(world)
    for outcome in ({}, {"accepted_at": now()}, {"revoked_at": now()}):
        world.add(factories.invitation(account.id, owner, **outcome)[1])
    for outcome in ({}, {"revoked_at": now()}):
        world.add(factories.calendar_address(account.id, owner, **outcome)[1])
    for state, sent_at in ((MessageState.SENT, now()), (MessageState.QUEUED, None)):
        world.add(factories.message(account.id, state=state, sent_at=sent_at))
    world.add(
        factories.request(account.id, owner, RequestKind.CONTRACT_PARTNER, contract),
        factories.request(account.id, owner, state=RequestStatus.WITHDRAWN),
        factories.request(
            account.id, owner, RequestKind.VAT_TREATMENT, state=RequestStatus.WITHDRAWN
        ),
    )
    asked = RequestKind.DEVIATING_DATE
    about = {"module_subscription_id": running.id, "present_tariff_id": public.id}
    over = {"state": RequestStatus.WITHDRAWN}
    world.add(
        factories.request(
            account.id,
            owner,
            asked,
            proposed_last_day=now().date(),
            present_last_day=now().date(),
            **about,
            **over,
        ),
        factories.request(
            account.id,
            owner,
            asked,
            proposed_starts_on=now().date(),
            proposed_tariff_id=public.id,
            **about,
            **over,
        ),
    )
    for entry, value in (
        factories.history(account, actor_id=owner.id, actor_name=owner.name),
        factories.history(account, "Contract.vatTreatment", actor_role=Role.MANAGER),
    ):
        world.add(entry, value, factories.history_note(entry))
    world.add(factories.idempotency_key(owner.id))
    world.admit(Kind.OWNER, Role.CUSTOMER, owner)
    for kind, role in MEMBERS.items():
        if kind is not Kind.OWNER:
            person = factories.person()
            world.add(person, factories.member(account.id, person, role))
            world.admit(kind, Role.CUSTOMER, person)
    for kind, scopes in ((Kind.PARTNER, list(Scope)), (Kind.PARTNER_READING, [Scope.ACCOUNT_READ])):
        app = factories.app()
        used, over = {"last_used_at": now()}, {"revoked_at": now()}
        world.add(
            app,
            factories.app_authorization(account.id, app, owner, scopes, **used),
            factories.app_authorization(account.id, app, owner, scopes, **over),
        )
        world.admit(kind, Role.PARTNER, app)
    over = factories.app(disabled_at=now())
    world.add(over, factories.app_token(app, revoked_at=None), factories.app_token(over))
    world.tokens[Kind.ANONYMOUS] = None
    return world


def _specials(
    subscription: models.ModuleSubscription, module: models.Module, prices: list[Base]
) -> Iterator[Base]:
    """Give how many there are of an item, an additional option, and an agreement of each kind."""
    section = next(row for row in prices if isinstance(row, models.PriceListSection))
    item = next(row for row in prices if isinstance(row, models.Item))
    option, other = (
        factories.item(section, len(prices) + place, is_additional_option=True) for place in (0, 1)
    )
    ends_on = (now() + timedelta(days=900)).date()
    yield from (option, other, factories.item_quantity(subscription, item.key, ends_on=ends_on))
    yield factories.booked_option(subscription, option.key)
    yield factories.booked_option(
        subscription, other.key, starts_on=ends_on - timedelta(days=1), ends_on=ends_on
    )
    for values in (
        {"kind": AgreementKind.UNIT_PRICE, "unit_price": Decimal("9.99"), "item_key": item.key},
        {"kind": AgreementKind.DISCOUNT, "ends_on": ends_on},
        {"kind": AgreementKind.VAT_TREATMENT, "vat_treatment": VatTreatment.NOT_TAXABLE},
    ):
        yield factories.special_agreement(subscription.account_id, module, **values)


def add_staff(world: AccountWorld) -> None:
    """Let a manager, an employee with every scope, and one without any, look at everything."""
    full, empty = factories.permission_profile(), factories.permission_profile(())
    world.add(full, empty)
    for kind, profile in (
        (Kind.MANAGER, None),
        (Kind.EMPLOYEE, full),
        (Kind.EMPLOYEE_WITHOUT, empty),
    ):
        person = factories.person()
        staff = factories.staff(person, profile)
        world.add(person, staff, factories.operator_history(person, profile or staff))
        world.admit(kind, Role.EMPLOYEE if profile else Role.MANAGER, person)
    former = factories.person()
    world.add(former, factories.staff(former, empty, deactivated_at=now()))


@dataclass
class World:
    """The account at hand with every kind of viewer, and a foreign one with its own."""

    own: AccountWorld
    foreign: AccountWorld

    @property
    def tokens(self) -> dict[Kind, str | None]:
        """The tokens of everybody who may look at the account at hand."""
        return self.own.tokens


def make_world() -> World:
    """Make two accounts that know nothing of each other."""
    own = account_world()
    add_staff(own)
    return World(own, account_world())
