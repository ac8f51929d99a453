"""What PostgreSQL says: an outage, no primary, or a sentence for the operator."""

import asyncpg
import pytest

from portal.database.outage import NotWritable, is_outage, is_read_only, refusal_of


def of(kind: type[asyncpg.PostgresError], function: str = "") -> asyncpg.PostgresError:
    """Give an error as PostgreSQL sends it, from a function of its own."""
    error = kind("said in whatever language")
    error.server_source_function = function
    return error


@pytest.mark.parametrize(
    ("error", "outage", "read_only"),
    [
        (of(asyncpg.ReadOnlySQLTransactionError), True, True),
        (of(asyncpg.FeatureNotSupportedError, "get_relation_info"), True, True),
        (of(asyncpg.FeatureNotSupportedError, "GetSerializableTransactionSnapshot"), True, True),
        # A plan that a migration made invalid, among others.
        (of(asyncpg.FeatureNotSupportedError, "RevalidateCachedQuery"), False, False),
        (of(asyncpg.CannotConnectNowError), True, False),
        (of(asyncpg.TooManyConnectionsError), True, False),
        (of(asyncpg.UniqueViolationError), False, False),
        (NotWritable("no host"), True, True),
        (ConnectionRefusedError(), True, False),
        (ValueError(), False, False),
    ],
)
def test_what_is_an_outage(error: Exception, outage: bool, read_only: bool) -> None:
    assert (is_outage(error), is_read_only(error)) == (outage, read_only)
    wrapped = LookupError()
    wrapped.__cause__ = error
    assert (is_outage(wrapped), is_read_only(wrapped)) == (outage, read_only)


def test_what_the_operator_can_mend_is_a_sentence() -> None:
    assert refusal_of(of(asyncpg.LockNotAvailableError)) == (
        "PostgreSQL could not lock a table that is in use; nothing of this step was kept:"
        " try again in a quieter moment."
    )
    assert refusal_of(ConnectionResetError()) == (
        "PostgreSQL went out of reach meanwhile: try again."
    )
    assert refusal_of(of(asyncpg.UniqueViolationError)) is None
