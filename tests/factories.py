"""Rows for tests: one function each, random where a test does not care."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv6Address
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from uuid_utils.compat import uuid7

from portal import models
from portal.clock import now
from portal.login.credentials import new_token
from portal.models import Base
from portal.models.contract.consent import ConsentDocumentKind
from portal.models.message import MessageKind
from portal.models.people.credential import CredentialKind
from portal.rules.address import Address, ContractPartner, PartyKind
from portal.rules.catalogue.terms import (
    BillingMode,
    EndingDay,
    Renewal,
    Term,
    TermUnit,
    VatCategory,
)
from portal.rules.contract.document_delivery import DocumentDelivery, DocumentDeliveryMode
from portal.rules.contract.payment_terms import PaymentMethod, PaymentTerms
from portal.rules.contract.vat import VatTreatment
from portal.rules.modules.notice import NoticeReason, Party
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.step_data import stored
from portal.rules.people.request import RequestKind, RequestStatus
from portal.viewer import Language, MemberRole, Role, Scope

BEGAN = datetime(2024, 1, 15, 9, 30, tzinfo=UTC)
OPENED = date(2024, 1, 15)

_PLACES = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}


async def write(engine: AsyncEngine, rows: Iterable[Base]) -> None:
    """Write rows in one transaction, those first that others refer to."""
    layers: dict[int, list[Base]] = {}
    for row in rows:
        layers.setdefault(_PLACES[row.__tablename__], []).append(row)
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        for place in sorted(layers):
            session.add_all(layers[place])
            await session.flush()


def word() -> str:
    """Give a word that nothing else has."""
    return uuid4().hex[:12]


def network() -> str:
    """Make an address in a network of IPv6 that nobody else has."""
    return str(IPv6Address((0xFD << 120) | (uuid4().int >> 72 << 64) | 1))


def person(**values: Any) -> models.Person:
    defaults = {
        "id": uuid7(),
        "email": f"{word()}@example.org",
        "name": f"Person {word()}",
        "language": Language.EN,
        "created_at": BEGAN,
    }
    return models.Person(**defaults | values)


def account(owner: models.Person, **values: Any) -> tuple[models.Account, models.Member]:
    """Give an account and the membership of its owner."""
    id = values.pop("id", None) or uuid7()
    owning = member(id, owner, MemberRole.OWNER)
    defaults = {
        "id": id,
        "name": f"Account {word()}",
        "customer_number": word(),
        "owner_id": owning.id,
        "created_at": BEGAN,
    }
    return models.Account(**defaults | values), owning


def member(
    account_id: UUID, person: models.Person, role: MemberRole, **values: Any
) -> models.Member:
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "person_id": person.id,
        "role": role,
        "joined_at": BEGAN,
    }
    return models.Member(**defaults | values)


def invitation(
    account_id: UUID, invited_by: models.Person, **values: Any
) -> tuple[str, models.Invitation]:
    """Give a token and the open invitation that it accepts."""
    token, token_hash = new_token()
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "email": f"{word()}@example.org",
        "role": MemberRole.READER,
        "invited_by": invited_by.id,
        "token_hash": token_hash,
        "created_at": BEGAN,
        "expires_at": now() + timedelta(days=1),
    }
    return token, models.Invitation(**defaults | values)


def message(account_id: UUID, **values: Any) -> models.Message:
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "kind": MessageKind.MEMBER_REMOVED,
        "recipient": f"{word()}@example.org",
        "subject": word(),
        "created_at": BEGAN,
    }
    return models.Message(**defaults | values)


def payment_terms(**values: Any) -> PaymentTerms:
    defaults = {
        "name": f"Terms {word()}",
        "due_days": 30,
        "method": PaymentMethod.TRANSFER,
        "discount_percent": Decimal("2.50"),
        "discount_days": 8,
    }
    return PaymentTerms(**defaults | values)


def contract(account_id: UUID, **values: Any) -> models.Contract:
    """Give a contract with every field filled."""
    place = {
        "name": f"Partner {word()}",
        "street": "Hoofdstraat 1",
        "postal_code": "3511 AA",
        "city": "Utrecht",
        "country": "NL",
        "attention": "Administratie",
        "extra": "2e verdieping",
    }
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "contract_partner": ContractPartner(kind=PartyKind.BUSINESS, **place),
        "billing_address": Address(**place),
        "general_payment_terms": payment_terms(),
        "deviating_payment_terms": payment_terms(),
        "starts_on_override": OPENED,
        "vat_treatment": VatTreatment.STANDARD,
        "vat_number": "NL004495445B01",
        "iban": "NL91ABNA0417164300",
        "document_delivery": DocumentDelivery([f"{word()}@example.org"], DocumentDeliveryMode.LINK),
        "purchase_order_number": word(),
        "concluded_on": OPENED,
    }
    return models.Contract(**defaults | values)


def module(**values: Any) -> models.Module:
    defaults = {
        "id": uuid7(),
        "key": word(),
        "name": f"Module {word()}",
        "description": "A service.",
        "is_single_booking": False,
        "data_schema": {"type": "object"},
    }
    return models.Module(**defaults | values)


def tariff(module: models.Module, **values: Any) -> models.Tariff:
    """Give a public tariff; with ``offer_number`` a non-public one."""
    defaults = {
        "id": uuid7(),
        "module_id": module.id,
        "name": f"Tariff {word()}",
        "is_public": "offer_number" not in values,
    }
    return models.Tariff(**defaults | values)


def tariff_version(tariff: models.Tariff, **values: Any) -> models.TariffVersion:
    defaults = {
        "id": uuid7(),
        "tariff_id": tariff.id,
        "valid_from": OPENED,
        "valid_from_for_existing": OPENED,
        "initial_term_count": 12,
        "initial_term_unit": TermUnit.MONTHS,
        "renewal": Renewal.OPEN_ENDED,
        "notice_period_count": 1,
        "notice_period_unit": TermUnit.MONTHS,
        "ending_day": EndingDay.END_OF_MONTH,
    }
    return models.TariffVersion(**defaults | values)


def section(
    version: models.TariffVersion, position: int = 0, **values: Any
) -> models.PriceListSection:
    defaults = {
        "id": uuid7(),
        "tariff_version_id": version.id,
        "position": position,
        "title": f"Section {word()}",
    }
    return models.PriceListSection(**defaults | values)


def item(section: models.PriceListSection, position: int = 0, **values: Any) -> models.Item:
    defaults = {
        "id": uuid7(),
        "price_list_section_id": section.id,
        "position": position,
        "name": f"Item {word()}",
        "key": word(),
        "unit": "month",
        "unit_price": Decimal("12.50"),
        "vat_category": VatCategory.STANDARD,
        "billing_mode": BillingMode.MONTHLY_IN_ADVANCE,
    }
    return models.Item(**defaults | values)


def price_list(tariff: models.Tariff, sections: int = 2, items: int = 2) -> list[Base]:
    """Give a version of a tariff with its sections and items."""
    version = tariff_version(tariff)
    headings = [section(version, position) for position in range(sections)]
    lines = [item(heading, position) for heading in headings for position in range(items)]
    return [version, *headings, *lines]


def module_subscription(
    account_id: UUID, module: models.Module, **values: Any
) -> models.ModuleSubscription:
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "module_id": module.id,
        "starts_on": OPENED,
        "data": {"greeting": word()},
    }
    return models.ModuleSubscription(**defaults | values)


def tariff_period(
    subscription: models.ModuleSubscription, tariff: models.Tariff, **values: Any
) -> models.TariffPeriod:
    """Give the period in which a subscription has a tariff; by default all its days."""
    defaults = {
        "id": uuid7(),
        "account_id": subscription.account_id,
        "module_subscription_id": subscription.id,
        "tariff_id": tariff.id,
        "starts_on": subscription.starts_on,
        "ends_on": subscription.ends_on,
        "agreed_on": subscription.starts_on,
    }
    return models.TariffPeriod(**defaults | values)


def _asked(subscription: models.ModuleSubscription, person: models.Person) -> dict[str, Any]:
    """Give what a notice and a change of tariff have in common."""
    initial_term = Term(12, TermUnit.MONTHS)
    steps = (
        Step(Rule.NOTICE_ARRIVES, OPENED),
        Step(Rule.INITIAL_TERM, OPENED, (("period", initial_term), ("first_day", OPENED))),
    )
    return {
        "id": uuid7(),
        "account_id": subscription.account_id,
        "module_subscription_id": subscription.id,
        "asked_by": Party.CUSTOMER,
        "asked_by_person": person.id,
        "received_at": BEGAN,
        "received_on": OPENED,
        "deadline": OPENED,
        "is_deviating": False,
        "comment": f"Comment {word()}",
        "steps": stored(steps),
    }


def notice(
    subscription: models.ModuleSubscription, person: models.Person, **values: Any
) -> models.Notice:
    """Give the notice that ends a subscription on its last day."""
    defaults = _asked(subscription, person) | {
        "last_day": subscription.ends_on,
        "reason_code": NoticeReason.PRICE,
    }
    return models.Notice(**defaults | values)


def tariff_change(
    subscription: models.ModuleSubscription,
    tariff: models.Tariff,
    person: models.Person,
    starts_on: date,
    **values: Any,
) -> models.TariffChange:
    """Give a change of tariff, without the periods that it leads to."""
    defaults = _asked(subscription, person) | {
        "tariff_id": tariff.id,
        "starts_on": starts_on,
        "counted_from": starts_on,
    }
    return models.TariffChange(**defaults | values)


def consent_document(**values: Any) -> models.ConsentDocument:
    defaults = {
        "id": uuid7(),
        "kind": ConsentDocumentKind.TERMS,
        "version": word(),
        "language": Language.EN,
        "title": "General terms",
        "body": "Be kind.",
        "published_on": OPENED,
    }
    return models.ConsentDocument(**defaults | values)


def consent(
    account_id: UUID, document: models.ConsentDocument, person: models.Person, **values: Any
) -> models.Consent:
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "consent_document_id": document.id,
        "person_id": person.id,
        "given_at": BEGAN,
    }
    return models.Consent(**defaults | values)


def app(**values: Any) -> models.App:
    return models.App(**{"id": uuid7(), "key": word(), "name": f"App {word()}"} | values)


def app_authorization(
    account_id: UUID,
    app: models.App,
    granted_by: models.Person,
    scopes: Iterable[Scope] = Scope,
    **values: Any,
) -> models.AppAuthorization:
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "app_id": app.id,
        "scopes": sorted(scopes),
        "granted_by": granted_by.id,
        "granted_at": BEGAN,
        "expires_at": now() + timedelta(days=1),
    }
    return models.AppAuthorization(**defaults | values)


def permission_profile(scopes: Iterable[Scope] = Scope, **values: Any) -> models.PermissionProfile:
    defaults = {"id": uuid7(), "name": f"Profile {word()}", "scopes": sorted(scopes)}
    return models.PermissionProfile(**defaults | values)


def staff(
    person: models.Person, profile: models.PermissionProfile | None = None, **values: Any
) -> models.Staff:
    """Give an employee with a profile, or a manager without one."""
    defaults = {
        "id": uuid7(),
        "person_id": person.id,
        "role": Role.EMPLOYEE if profile else Role.MANAGER,
        "permission_profile_id": profile.id if profile else None,
    }
    return models.Staff(**defaults | values)


def staff_history(
    actor: models.Person, about: models.Staff | models.PermissionProfile, **values: Any
) -> models.StaffHistoryEntry:
    """Give an entry about a member of staff or a profile."""
    subject = "staff_id" if isinstance(about, models.Staff) else "permission_profile_id"
    defaults = {
        "id": uuid7(),
        "at": BEGAN,
        "action": "addStaff",
        "actor_id": actor.id,
        subject: about.id,
        "changes": [{"field": "Staff.role", "before": "EMPLOYEE", "after": "MANAGER"}],
        "reason": "Because.",
    }
    return models.StaffHistoryEntry(**defaults | values)


def credential(
    role: Role, holder: models.Person | models.App, **values: Any
) -> tuple[str, models.Credential]:
    """Give a token and the row that makes it good."""
    token, token_hash = new_token()
    holds = "app_id" if isinstance(holder, models.App) else "person_id"
    defaults = {
        "id": uuid7(),
        "token_hash": token_hash,
        "kind": CredentialKind.SESSION,
        "role": role,
        holds: holder.id,
        "created_at": BEGAN,
        "expires_at": now() + timedelta(days=1),
    }
    return token, models.Credential(**defaults | values)


def history(
    account: models.Account, field: str = "Account.name", **values: Any
) -> tuple[models.HistoryEntry, models.HistoryValue]:
    """Give the next entry of an account's history, with one changed field."""
    account.history_length = (account.history_length or 0) + 1
    defaults = {
        "id": uuid7(),
        "account_id": account.id,
        "number": account.history_length,
        "at": BEGAN,
        "action": "updateAccount",
        "actor_role": Role.CUSTOMER,
        "actor_name": f"Person {word()}",
        "on_behalf_of": "Somebody else",
        "reason": "Because.",
    }
    entry = models.HistoryEntry(**defaults | values)
    value = models.HistoryValue(
        id=uuid7(),
        account_id=account.id,
        history_entry_id=entry.id,
        position=0,
        subject_id=account.id,
        subject_version=1,
        field=field,
        before="before",
        after="after",
    )
    return entry, value


def history_note(entry: models.HistoryEntry) -> models.HistoryNote:
    """Give what staff noted about a change."""
    return models.HistoryNote(
        id=uuid7(), account_id=entry.account_id, history_entry_id=entry.id, text="Rang twice."
    )


def request(
    account_id: UUID,
    person: models.Person,
    kind: RequestKind = RequestKind.PAYMENT_TERMS,
    present: models.Contract | None = None,
    **values: Any,
) -> models.Request:
    """Give a request with every value of its kind, open for a month; decided where a state says."""
    contracts = {"proposed": contract(account_id), "present": present or contract(account_id)}
    about = {
        RequestKind.PAYMENT_TERMS: ("deviating_payment_terms",),
        RequestKind.VAT_TREATMENT: ("vat_treatment", "vat_number"),
        RequestKind.CONTRACT_PARTNER: ("contract_partner",),
        RequestKind.DEVIATING_DATE: (),
    }[kind]
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "kind": kind,
        "comment": "Please.",
        "requested_by": person.id,
        "requested_at": now() - timedelta(hours=1),
        "expires_at": now() + timedelta(days=30),
        **{
            f"{side}_{name}": getattr(row, name)
            for side, row in contracts.items()
            for name in about
        },
    }
    if values.get("state", RequestStatus.OPEN) is not RequestStatus.OPEN:
        defaults |= {"decided_by": person.id, "decided_at": now(), "reason": "Because."}
    return models.Request(**defaults | values)


def idempotency_key(viewer_id: UUID, **values: Any) -> models.IdempotencyKey:
    defaults = {
        "viewer_id": viewer_id,
        "mutation": "updateAccount",
        "key": word(),
        "arguments_hash": bytes(32),
        "outcome": {},
        "created_at": now(),
    }
    return models.IdempotencyKey(**defaults | values)
