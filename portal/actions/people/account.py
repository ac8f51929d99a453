"""What may happen to an account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.actions.people.person import PersonOf, person_of
from portal.mail.limit import MailLimit
from portal.mail.outbox import Stranger, post
from portal.mail.people.content import AccountMade
from portal.models import Account, Member
from portal.viewer import MemberRole
from portal.writing.changes import apply_changes


async def create(
    session: AsyncSession,
    values: Mapping[str, Any],
    owner: PersonOf,
    limit: MailLimit,
    now: datetime,
) -> Account:
    """Make an account for a customer, and tell its owner, who has agreed to nothing yet."""
    account = Account(id=uuid7(), created_at=now)
    apply_changes(account, values)
    person = await person_of(session, owner, now, ("input", "owner"))
    account.language = values.get("language", person.language)
    owning = Member(
        id=uuid7(),
        account_id=account.id,
        person_id=person.id,
        role=MemberRole.OWNER,
        joined_at=now,
    )
    account.owner_id = owning.id
    # Those first that others refer to.
    for row in (account, owning):
        session.add(row)
        await session.flush()
    content = AccountMade(name=person.name, account=account.name)
    to = Stranger(person.email, person.language, limit)
    await post(session, content, to=to, now=now, account_id=account.id)
    return account


def update(account: Account, changes: Mapping[str, Any]) -> None:
    """Set an account's own fields."""
    apply_changes(account, changes)


def set_test_account(account: Account, *, is_test: bool) -> None:
    """Say whether an account is a test account."""
    account.is_test = is_test
