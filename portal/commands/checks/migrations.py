"""Whether the database is at the newest migration."""

from portal.commands.checks.finding import Examined, Finding, faults
from portal.database import migration


async def migrations(examined: Examined) -> list[Finding]:
    """Name each migration that the database has not taken."""
    pending = await migration.pending(examined.addresses.owner)
    sentences = [f"migration {name} is pending: run 'portal migrate'" for name in pending]
    return faults(sentences, "no migration is pending")
