"""Which PostgreSQL it is, and whether it can be written to."""

from portal.commands.checks.finding import Examined, Finding, well, wrong
from portal.commands.postgresql import NOT_WRITABLE, address_shown, ask
from portal.database.addresses import ROLES


async def answering(examined: Examined) -> list[Finding]:
    """Name the version; every role was answered before."""
    answer = await ask(examined.addresses.app)
    found = [well(f"PostgreSQL {answer.version} answers to {', '.join(ROLES)}")]
    if not answer.is_writable:
        found.append(wrong(f"{address_shown(examined.addresses.app)}: {NOT_WRITABLE}"))
    return found
