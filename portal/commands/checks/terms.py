"""Whether days can be computed under what customers have agreed to."""

from portal.commands.checks.finding import Examined, Finding, faults
from portal.database import migration


async def terms(examined: Examined) -> list[Finding]:
    """Name each tariff version whose terms are not sound."""
    unsound = await migration.unsound(examined.addresses.owner)
    return faults(unsound, "the terms of every tariff version are sound")
