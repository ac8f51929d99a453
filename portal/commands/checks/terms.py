"""Whether days can be computed under what customers have agreed to."""

from portal import migration
from portal.commands.checks.finding import Examined, Finding, faults


async def terms(examined: Examined) -> list[Finding]:
    """Name each tariff version whose terms are not sound."""
    unsound = await migration.unsound(examined.addresses.owner)
    return faults(unsound, "the terms of every tariff version are sound")
