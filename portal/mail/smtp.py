"""Mails to an SMTP server, encrypted unless the operator says otherwise."""

import asyncio
import re
from email.headerregistry import Address
from email.message import EmailMessage

import aiosmtplib
from aiosmtplib.errors import SMTPResponseException

from portal.mail.transport import NotDelivered
from portal.settings.smtp_address import Encryption, SmtpAddress

# The transaction that holds the row open is cut after 60 seconds without a statement.
PATIENCE = 40
"""Seconds in which a server has to take a mail."""
_FIRST_FINAL = 500
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


class SmtpServer:
    """A server that takes our mails; each one gets a connection of its own."""

    def __init__(self, address: SmtpAddress) -> None:
        self._address = address

    async def deliver(self, mail: EmailMessage) -> None:
        """Hand a mail over. A refusal of this mail is final with a code of 500 and above.

        What stands between us and the server (its name, its certificate, our login) is the
        operator's to mend, so it is never final.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self._send(mail)
        except (
            aiosmtplib.SMTPSenderRefused,
            aiosmtplib.SMTPRecipientRefused,
            aiosmtplib.SMTPDataError,
        ) as fault:
            raise _not_delivered(fault, final=fault.code >= _FIRST_FINAL) from fault
        except aiosmtplib.SMTPRecipientsRefused as fault:
            (refusal,) = fault.recipients
            raise _not_delivered(refusal, final=refusal.code >= _FIRST_FINAL) from fault
        except aiosmtplib.SMTPNotSupported as fault:
            # An address that needs SMTPUTF8, and a server that does not know it.
            raise _not_delivered(fault, final=True) from fault
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise _not_delivered(fault, final=False) from fault

    async def greet(self, sender: Address) -> None:
        """Connect and log in, and send nothing."""
        try:
            async with asyncio.timeout(PATIENCE), self._connection(sender.domain) as server:
                await server.noop()
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise _not_delivered(fault, final=False) from fault

    async def _send(self, mail: EmailMessage) -> None:
        async with self._connection(mail["From"].addresses[0].domain) as server:
            await server.send_message(mail)

    def _connection(self, domain: str) -> aiosmtplib.SMTP:
        address = self._address
        return aiosmtplib.SMTP(
            hostname=address.host,
            port=address.port,
            username=address.user,
            password=address.password,
            use_tls=address.encryption is Encryption.TLS,
            start_tls=address.encryption is Encryption.STARTTLS,
            # A look-up of our own name may take longer than everything else.
            local_hostname=domain,
            timeout=PATIENCE,
        )


def _not_delivered(fault: Exception, *, final: bool) -> NotDelivered:
    """Keep what the server said, without the address that it may repeat."""
    if isinstance(fault, SMTPResponseException):
        said = f"{fault.code} {fault.message}"
    else:
        said = str(fault) or type(fault).__name__
    return NotDelivered(_ADDRESS.sub("...", " ".join(said.split()))[:500], final=final)
