"""Send a mail when, and only when, the transaction that causes it commits."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from uuid_utils.compat import uuid7

from portal import clock
from portal.database.login_change import harmless
from portal.errors import InvalidInput
from portal.mail.content import Content
from portal.mail.limit import MailLimit
from portal.mail.rendering import render
from portal.models import Message, MessageState, OperatorProfile, Outbox
from portal.models.contract.operator_profile import of_day
from portal.rules.calendar import local_day
from portal.rules.form import email
from portal.viewer import Language

DEFER = harmless("SELECT defer_mail(:outbox_id, :at)")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads a mail, and in which language."""

    email: str
    language: Language


@dataclass(frozen=True, slots=True)
class Stranger(Recipient):
    """Somebody who has not asked for mail; the limit may refuse to send it."""

    limit: MailLimit


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to somebody, about an account or none; with the files of a delivery or a copy."""

    content: Content
    to: Recipient
    account_id: UUID | None = None
    delivery_id: UUID | None = None
    contract_copy_id: UUID | None = None


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
    connection = await _connection(session)
    mail = _mail(Letter(content, to, account_id), await _operator(connection, now), now)
    if content.goes_to_strangers:
        if not isinstance(to, Stranger):
            raise TypeError(f"{content.kind} goes to strangers, and needs a limit.")
        await to.limit.count(connection, address, account_id)
    await _queue(connection, [mail])


async def post_all(session: AsyncSession, letters: Iterable[Letter], now: datetime) -> None:
    """Put many mails and their jobs into the session's transaction, a statement for each table.

    One to what is no e-mail address is left out, so that the others are sent.
    """
    connection = await _connection(session)
    operator = await _operator(connection, now)
    mails = []
    for letter in letters:
        try:
            mails.append(_mail(letter, operator, now))
        except InvalidInput:
            _log.warning("A mail to account %s has no address.", letter.account_id)
    if mails:
        await _queue(connection, mails)


@dataclass(frozen=True, slots=True)
class _Mail:
    """The rows of a mail; one of no account is no entry in a message history."""

    outbox: dict[str, Any]
    message: dict[str, Any] | None


def _mail(letter: Letter, operator: str | None, now: datetime) -> _Mail:
    rendered = render(letter.content, letter.to.language, operator)
    both = {
        "account_id": letter.account_id,
        "recipient": email(letter.to.email),
        "subject": rendered.subject,
        "state": MessageState.QUEUED,
        "created_at": now,
    }
    message = None
    if letter.account_id is not None:
        message = {"id": uuid7(), "kind": letter.content.kind, **both}
    outbox = {
        "id": uuid7(),
        "message_id": message and message["id"],
        "delivery_id": letter.delivery_id,
        "contract_copy_id": letter.contract_copy_id,
        "language": letter.to.language,
        "sender_name": operator,
        "text": rendered.text,
        "html": rendered.html,
        # Whatever the portal's clock was moved to, the queue goes by the real time.
        "next_attempt_at": clock.now(),
        **both,
    }
    return _Mail(outbox, message)


async def _connection(session: AsyncSession) -> AsyncConnection:
    """Go past the session, which would take a message for a change of the account's data."""
    # The account of the message may be as new as the mail.
    await session.flush()
    return await session.connection()


async def _operator(connection: AsyncConnection, now: datetime) -> str | None:
    name: str | None = await connection.scalar(
        of_day(local_day(now, clock.OPERATOR_ZONE), OperatorProfile.__table__.c.address_name)
    )
    return name


async def _queue(connection: AsyncConnection, mails: Sequence[_Mail]) -> None:
    messages = [mail.message for mail in mails if mail.message is not None]
    if messages:
        await connection.execute(sa.insert(Message), messages)
    await connection.execute(sa.insert(Outbox), [mail.outbox for mail in mails])
    jobs = [
        {"outbox_id": mail.outbox["id"], "at": mail.outbox["next_attempt_at"]} for mail in mails
    ]
    await connection.execute(DEFER, jobs)
