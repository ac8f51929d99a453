"""Fallback: why an operation is left to the standard lane."""

import asyncpg
from graphql import GraphQLError

# An operation that reads no data; nothing is missing when it is not compiled.
INTROSPECTION = "introspection"


class Refused(Exception):
    """The arguments of a request are not what they may be."""


class NotCompiled(Exception):
    """The operation holds something that the standard lane alone can answer; the text says what."""


FALLBACK = (
    NotCompiled,
    Refused,
    GraphQLError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
)
