"""The files of a PostgreSQL server: made once, configured at each start."""

import json
import secrets
import shutil
from collections.abc import Iterable

from portal.database.addresses import ROLES
from portal.embedded.folder import EmbeddedFault, ServerFolder

SUPERUSER = "postgres"
_BUILTIN_LOCALE_SINCE = 17

_SETTINGS = """\
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 300
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
idle_in_transaction_session_timeout = '60s'
log_min_duration_statement = '1s'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
_INCLUDED = "include = 'portal.conf'"
_SETTINGS_NOT_DURABLE = """\
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
"""


def create(place: ServerFolder, *, durable: bool) -> None:
    """Make the cluster beside its place and move it there whole: killed halfway, none is."""
    if place.data.exists():
        message = f"{place.data} is no PostgreSQL database: move it away, or set PORTAL_DATA."
        raise EmbeddedFault(message)
    staging = place.path / "data.new"
    shutil.rmtree(staging, ignore_errors=True)
    place.write("superuser.password", _new_passwords(place)[SUPERUSER])
    # Letters and their order come from PostgreSQL itself where they can, so that an update of
    # the system's C library cannot spoil an index.
    builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    modern = place.binaries.major >= _BUILTIN_LOCALE_SINCE
    status = place.run(
        "initdb",
        f"--pgdata={place.seen}/{staging.name}",
        f"--username={SUPERUSER}",
        f"--pwfile={place.seen}/superuser.password",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--data-checksums",
        *(builtin if modern else ("--locale=C.UTF-8",)),
        *(() if durable else ("--no-sync",)),
    )
    (place.path / "superuser.password").unlink()
    if status:
        message = f"PostgreSQL's initdb failed: {place.last_words('tools.log')}"
        raise EmbeddedFault(message)
    staging.rename(place.data)
    place.sync()


def configure(place: ServerFolder, *, durable: bool) -> None:
    """Write the settings for the next start, among the data: a base backup takes them along."""
    settings = _SETTINGS + ("" if durable else _SETTINGS_NOT_DURABLE)
    sockets = place.seen_socket_folder.replace("'", "''")
    place.write("data/portal.conf", f"{settings}unix_socket_directories = '{sockets}'\n")
    lines = (place.data / "postgresql.conf").read_text().splitlines()
    others = [line for line in lines if not line.startswith("include = ")]
    if lines != [*others, _INCLUDED]:
        place.write("data/postgresql.conf", "\n".join([*others, _INCLUDED, ""]))


def renew_lost_passwords(place: ServerFolder) -> None:
    """Give the superuser a new password where none is kept, as in a base backup."""
    if (place.path / "passwords.json").exists():
        return
    new = _new_passwords(place)[SUPERUSER]
    # Nobody else can come in meanwhile; those of the other roles are set at each start.
    script = f"ALTER ROLE {SUPERUSER} PASSWORD '{new}';\n"
    if place.run("postgres", "--single", "-D", f"{place.seen}/data", "postgres", script=script):
        message = f"PostgreSQL took no new password: {place.last_words('tools.log')}"
        raise EmbeddedFault(message)


def check_version(place: ServerFolder) -> None:
    """Refuse programs of another major version than the cluster's."""
    made_by = (place.data / "PG_VERSION").read_text().strip()
    if made_by != str(place.binaries.major):
        message = (
            f"{place.data} was made by PostgreSQL {made_by}, and the programs in"
            f" {place.binaries.folder} are version {place.binaries.major}."
        )
        raise EmbeddedFault(message)


def _new_passwords(place: ServerFolder) -> dict[str, str]:
    """Make a password for the superuser and for each role, and keep them."""
    made = _passwords_for((SUPERUSER, *ROLES))
    place.write("passwords.json", json.dumps(made))
    return made


def passwords(place: ServerFolder) -> dict[str, str]:
    """Give the password of the superuser and of each role."""
    try:
        kept: dict[str, str] = json.loads((place.path / "passwords.json").read_text())
    except (OSError, ValueError) as fault:
        message = f"The passwords of the database in {place.path} cannot be read: {fault}."
        raise EmbeddedFault(message) from fault
    return kept


def complete_passwords(place: ServerFolder) -> None:
    """Make a password for each role that came with a later version of the portal."""
    kept = passwords(place)
    if missing := _passwords_for(role for role in ROLES if role not in kept):
        place.write("passwords.json", json.dumps(kept | missing))


def _passwords_for(roles: Iterable[str]) -> dict[str, str]:
    return {role: secrets.token_urlsafe(24) for role in roles}
