"""Outages: failures of what we depend on, told apart from faults of our own."""

from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# Connection exceptions; insufficient resources; shut down, crashed, starting up.
_UNREACHABLE_CLASSES = ("08", "53")
_UNREACHABLE_STATES = frozenset({"57P01", "57P02", "57P03", "57P05"})
_READ_ONLY_STATE = "25006"
# What a standby says of an unlogged table, and of a serializable transaction. The state stands for
# other things too, and the sentence is in the server's language: the place in PostgreSQL tells.
_NOT_SUPPORTED = "0A000"
_IN_RECOVERY = frozenset({"get_relation_info", "GetSerializableTransactionSnapshot"})


# Not serializable beside another transaction; waiting for one another in a circle.
_IN_THE_WAY = frozenset({"40001", "40P01"})
# What an operator can mend, by SQLSTATE.
_REFUSALS = {
    "55P03": "PostgreSQL could not lock a table that is in use; nothing of this step was kept:"
    " try again in a quieter moment.",
    "42501": "PostgreSQL says that portal_owner lacks a right: run the script of 'portal roles'"
    " again, as a superuser.",
    "53100": "The disk of PostgreSQL is full; nothing of this step was kept.",
    "53300": "PostgreSQL has no connection left; see 'portal doctor'.",
}


class NotWritable(ConnectionError):
    """None of the hosts that answer can be written to."""


def is_outage(error: BaseException) -> bool:
    """Whether the database (or a connection to it) was out of reach, or cannot be written to."""
    return any(_says_outage(link) or _says_read_only(link) for link in _chain(error))


def is_read_only(error: BaseException) -> bool:
    """Whether the database answered that it cannot be written to, or none of its hosts can."""
    return any(_says_read_only(link) for link in _chain(error))


def is_in_the_way(error: BaseException) -> bool:
    """Whether PostgreSQL rolled a transaction back for the sake of another one."""
    return any(getattr(link, "sqlstate", None) in _IN_THE_WAY for link in _chain(error))


def refusal_of(error: BaseException) -> str | None:
    """Give the sentence for an operator whose command PostgreSQL did not carry out, or None."""
    for link in _chain(error):
        sentence = _REFUSALS.get(getattr(link, "sqlstate", None) or "")
        if sentence is not None:
            return sentence
    return "PostgreSQL went out of reach meanwhile: try again." if is_outage(error) else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = getattr(link, "orig", None) or link.__cause__


def _says_outage(error: BaseException) -> bool:
    # A missing socket is a FileNotFoundError, a refused or cut connection another OSError.
    if isinstance(error, (OSError, PoolTimeout)):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = getattr(error, "sqlstate", None)
    return isinstance(state, str) and (
        state.startswith(_UNREACHABLE_CLASSES) or state in _UNREACHABLE_STATES
    )


def _says_read_only(error: BaseException) -> bool:
    state = getattr(error, "sqlstate", None)
    if state == _READ_ONLY_STATE or isinstance(error, NotWritable):
        return True
    return (
        state == _NOT_SUPPORTED and getattr(error, "server_source_function", None) in _IN_RECOVERY
    )
