"""Whether mails go out: the SMTP server, the worker, and what waits."""

from datetime import UTC, timedelta

import asyncpg

from portal import clock
from portal.commands.checks.finding import Examined, Finding, unseen, well, wrong
from portal.database.connection import connect
from portal.jobs.app import SILENCE
from portal.mail.smtp import SmtpServer
from portal.mail.transport import NotDelivered

_WORKERS = """
    SELECT count(*) FROM procrastinate.procrastinate_workers
    WHERE last_heartbeat > now() - make_interval(secs => $1)
"""
_WAITING = "SELECT count(*), min(created_at) FROM outbox WHERE state = 'QUEUED'"
_LONG = timedelta(minutes=15)


async def smtp(examined: Examined) -> list[Finding]:
    """Log in to the SMTP server; no mail is sent."""
    address = examined.settings.smtp
    if address is None:
        folder = examined.settings.data / "mail"
        return [unseen(f"an SMTP server: PORTAL_SMTP_URL is not set; mails are files in {folder}")]
    place = f"the SMTP server {address.host}:{address.port}"
    try:
        await SmtpServer(address).greet(examined.settings.sender)
    except NotDelivered as fault:
        return [wrong(f"{place} cannot be used: {fault}; see PORTAL_SMTP_URL")]
    return [
        well(f"{place} lets us in"),
        unseen("whether it delivers: send a mail to yourself, as by requestPasswordReset"),
    ]


async def waiting(examined: Examined) -> list[Finding]:
    """Count the workers that live and the mails that wait for them."""
    connection = await connect(examined.addresses.owner)
    try:
        workers = await connection.fetchval(_WORKERS, SILENCE)
        number, oldest = await connection.fetchrow(_WAITING)
    except asyncpg.UndefinedTableError:
        return [unseen("the worker and the mails that wait: their tables come with a migration")]
    finally:
        connection.terminate()
    found = []
    if workers:
        found.append(well(f"workers that run: {workers}"))
    elif examined.settings.addresses is None:
        found.append(unseen("a worker: 'portal serve' is one itself, while it runs"))
    else:
        found.append(wrong("no worker runs, so no mail goes out: start 'portal worker'"))
    if number and clock.now() - oldest > _LONG:
        since = oldest.astimezone(UTC).isoformat(timespec="minutes")
        late = f"mails that wait: {number}, the oldest since {since}; see the worker's log"
        found.append(wrong(late))
    else:
        found.append(well(f"mails that wait: {number}"))
    return found
