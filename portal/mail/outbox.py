"""Send a mail when, and only when, the transaction that causes it commits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal import clock
from portal.database.login_change import harmless
from portal.mail.content import Content
from portal.mail.limit import MailLimit
from portal.mail.rendering import render
from portal.models import Message, MessageState, OperatorProfile, Outbox
from portal.models.contract.operator_profile import of_day
from portal.rules.calendar import local_day
from portal.rules.form import email
from portal.viewer import Language

DEFER = harmless("SELECT defer_mail(:outbox_id, :at)")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads a mail, and in which language."""

    email: str
    language: Language


@dataclass(frozen=True, slots=True)
class Stranger(Recipient):
    """Somebody who has not asked for mail; the limit may refuse to send it."""

    limit: MailLimit


async def post(
    session: AsyncSession,
    content: Content,
    *,
    to: Recipient,
    now: datetime,
    account_id: UUID | None = None,
) -> None:
    """Put a mail of the operator, and its job, into the session's transaction.

    With ``account_id`` it becomes an entry of that account's message history, which the viewer of
    the transaction must be able to see. Raises RateLimited where a
    stranger's limit is reached, and ``InvalidInput`` for what is no e-mail address.
    """
    address = email(to.email)
    # The account of the message may be as new as the mail.
    await session.flush()
    # Past the session, which would take the message for a change of the account's data.
    connection = await session.connection()
    operator = await connection.scalar(
        of_day(local_day(now, clock.OPERATOR_ZONE), OperatorProfile.__table__.c.address_name)
    )
    rendered = render(content, to.language, operator)
    if content.goes_to_strangers:
        if not isinstance(to, Stranger):
            raise TypeError(f"{content.kind} goes to strangers, and needs a limit.")
        await to.limit.count(connection, address, account_id)
    queued = {"state": MessageState.QUEUED, "created_at": now}
    sent = {"recipient": address, "subject": rendered.subject}
    message_id = None
    if account_id is not None:
        message_id = uuid7()
        await connection.execute(
            sa.insert(Message).values(
                id=message_id, account_id=account_id, kind=content.kind, **sent, **queued
            )
        )
    outbox_id = uuid7()
    # Whatever the portal's clock was moved to, the queue goes by the real time.
    at_once = clock.now()
    await connection.execute(
        sa.insert(Outbox).values(
            id=outbox_id,
            account_id=account_id,
            message_id=message_id,
            language=to.language,
            sender_name=operator,
            text=rendered.text,
            html=rendered.html,
            next_attempt_at=at_once,
            **sent,
            **queued,
        )
    )
    await connection.execute(DEFER, {"outbox_id": outbox_id, "at": at_once})
