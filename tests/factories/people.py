"""People, accounts and what happens in them, for tests."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from portal import models
from portal.clock import now
from portal.login.credentials import new_token
from portal.models.message import MessageKind
from portal.models.people.credential import CredentialKind
from portal.rules.people.request import RequestKind, RequestStatus
from portal.viewer import Language, MemberRole, Role, Scope
from tests.factories.base import BEGAN, word
from tests.factories.contract import contract


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


def calendar_address(
    account_id: UUID, made_by: models.Person, **values: Any
) -> tuple[str, models.CalendarAddress]:
    """Give the key of an address that stands, and its row."""
    token, token_hash = new_token()
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "made_by": made_by.id,
        "token_hash": token_hash,
        "created_at": BEGAN,
    }
    return token, models.CalendarAddress(**defaults | values)


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


def operator_history(
    actor: models.Person, about: models.Staff | models.PermissionProfile, **values: Any
) -> models.OperatorHistoryEntry:
    """Give an entry about a member of staff or a profile."""
    defaults = {
        "id": uuid7(),
        "at": BEGAN,
        "action": "addStaff",
        "actor_id": actor.id,
        "subject_type": type(about).__name__,
        "subject_id": about.id,
        "changes": [{"field": "Staff.role", "before": "EMPLOYEE", "after": "MANAGER"}],
        "reason": "Because.",
    }
    return models.OperatorHistoryEntry(**defaults | values)


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
