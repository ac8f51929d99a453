"""Failures of what we depend on, told apart from faults of our own."""

from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# Connection exceptions; insufficient resources; shut down, crashed, starting up.
_UNREACHABLE_CLASSES = ("08", "53")
_UNREACHABLE_STATES = frozenset({"57P01", "57P02", "57P03", "57P05"})


def is_outage(error: BaseException) -> bool:
    """Whether the database (or a connection to it) was out of reach."""
    return any(_says_outage(link) for link in _chain(error))


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
