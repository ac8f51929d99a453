"""Whether the project's own examples are each one statement."""

from portal.commands.checks.finding import Examined, Finding, faults
from portal.commands.uncompiled import uncompiled


async def compiled(examined: Examined) -> list[Finding]:
    """Name each example that the compiled lane cannot answer."""
    return faults(
        list(uncompiled(examined.addresses)),
        "every query of the examples, and every answer of their mutations, is one statement",
    )
