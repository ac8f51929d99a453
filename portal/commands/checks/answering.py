"""Which PostgreSQL it is."""

from portal.addresses import ROLES
from portal.commands.checks.finding import Examined, Finding, well
from portal.commands.postgresql import version


async def answering(examined: Examined) -> list[Finding]:
    """Name the version; every role was answered before."""
    answer = await version(examined.addresses.app)
    return [well(f"PostgreSQL {answer} answers to {', '.join(ROLES)}")]
