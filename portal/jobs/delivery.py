"""One mail of the outbox, from its row to the server that takes it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from portal.actions.printed_file import File
from portal.database.deadlock import until_done
from portal.jobs.documents import attachments_of
from portal.mail.letter import letter
from portal.mail.outbox import DEFER
from portal.mail.transport import NotDelivered, Transport
from portal.models import Delivery, Message, MessageState, Outbox
from portal.rules.billing.delivery import DeliveryState

MOST_ATTEMPTS = 10

_log = logging.getLogger(__name__)


def delay(attempts: int) -> timedelta:
    """Give the pause after so many attempts: a minute, and twice as long each time."""
    return timedelta(minutes=2 ** (attempts - 1))


async def send_mail(
    engine: AsyncEngine, transport: Transport, sender: Address, outbox_id: UUID, now: datetime
) -> None:
    """Send a mail unless that is done, or somebody else is doing it.

    The row stays locked until the server has answered, and is marked in the same transaction: who
    is killed before leaves it as it was, for the next one. Killed after the server took the mail,
    it goes out a second time, under the same Message-ID; SMTP can promise no more.
    """
    handing_over = _HandingOver(transport, sender)

    async def once() -> None:
        async with AsyncSession(engine) as session, session.begin():
            mail = await session.scalar(
                sa.select(Outbox)
                .where(Outbox.id == outbox_id, Outbox.state == MessageState.QUEUED)
                .with_for_update(skip_locked=True)
            )
            if mail is not None:
                mail.attempts += 1
                files = await attachments_of(session, mail, now)
                await _keep(session, mail, await handing_over.fault_of(mail, files), now)

    await until_done(once)


class _HandingOver:
    """One attempt to hand a mail over: made once, however often its transaction is begun again."""

    def __init__(self, transport: Transport, sender: Address) -> None:
        self._transport = transport
        self._sender = sender
        self._is_made = False
        self._fault: NotDelivered | None = None

    async def fault_of(self, mail: Outbox, files: Sequence[File]) -> NotDelivered | None:
        """Give why the mail was not taken; None where it was."""
        if not self._is_made:
            try:
                message = letter(mail, self._sender, files)
            except ValueError:
                self._fault = NotDelivered("It cannot be written as a mail.", final=True)
            else:
                try:
                    await self._transport.deliver(message)
                except NotDelivered as fault:
                    self._fault = fault
            self._is_made = True
        return self._fault


async def _keep(
    session: AsyncSession, mail: Outbox, fault: NotDelivered | None, now: datetime
) -> None:
    """Write what became of an attempt."""
    if fault is None:
        mail.last_error = None
        await _finish(session, mail, MessageState.SENT, now)
        _log.info("Mail %s is sent.", mail.id)
        return
    mail.last_error = str(fault)
    if fault.final or mail.attempts >= MOST_ATTEMPTS:
        await _finish(session, mail, MessageState.FAILED, now)
        _log.warning("Mail %s is given up: %s", mail.id, fault)
        return
    mail.next_attempt_at = now + delay(mail.attempts)
    await session.execute(DEFER, {"outbox_id": mail.id, "at": mail.next_attempt_at})
    _log.warning("Mail %s waits until %s: %s", mail.id, mail.next_attempt_at, fault)


async def _finish(session: AsyncSession, mail: Outbox, state: MessageState, now: datetime) -> None:
    """Write how it ended, and empty the row: it held an address, words and codes."""
    mail.state = state
    mail.recipient = mail.subject = mail.text = mail.html = ""
    sent_at = now if state is MessageState.SENT else None
    await session.execute(
        sa.update(Message)
        .where(Message.account_id == mail.account_id, Message.id == mail.message_id)
        .values(state=state, sent_at=sent_at)
    )
    if mail.delivery_id is not None:
        await session.execute(
            sa.update(Delivery)
            .where(Delivery.id == mail.delivery_id)
            .values(state=DeliveryState[state.name], sent_at=sent_at)
        )
