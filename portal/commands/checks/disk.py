"""Whether there is room for files."""

import shutil

from portal.commands.checks.finding import Examined, Finding, unseen, well, wrong

_GIGABYTE = 10**9
_LEAST = _GIGABYTE


async def disk(examined: Examined) -> list[Finding]:
    """Look at the disk of PORTAL_DATA; that of a PostgreSQL elsewhere cannot be seen from here."""
    folder = examined.settings.data.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    sentence = f"{free / _GIGABYTE:.1f} GB are free in {folder}"
    found = [well(sentence) if free >= _LEAST else wrong(f"{sentence}: make room")]
    if examined.settings.addresses is not None:
        found.append(unseen("the disk of PostgreSQL: look at it on its own machine"))
    return found
