"""The statements that make, beside the tables of an empty database, everything that is declared."""

from collections.abc import Iterator

from portal.database.addresses import APP
from portal.database.objects.erasure import erase
from portal.database.objects.function import Function
from portal.database.objects.functions import FUNCTIONS
from portal.database.objects.table import Grant, grants, policies
from portal.database.objects.trigger import TRIGGERS
from portal.models.base import models
from portal.models.wall import Policy

# What the server asks of a table that no model declares: which migration the database is at.
_BESIDE_MODELS = (Grant(APP, "SELECT", "alembic_version"),)


def granted() -> list[Grant]:
    """Give what the serving roles may do with tables."""
    return [*_BESIDE_MODELS, *(grant for model in models() for grant in grants(model))]


def functions() -> list[Function]:
    """Give every function, each after those that it calls."""
    return [erase(), *FUNCTIONS]


def statements() -> Iterator[str]:
    """Give the statements for a database that has the tables, ``alembic_version`` among them."""
    for function in functions():
        yield function.statement
        yield f"REVOKE ALL ON FUNCTION {function.signature} FROM PUBLIC"
        if function.roles:
            roles = ", ".join(function.roles)
            yield f"GRANT EXECUTE ON FUNCTION {function.signature} TO {roles}"
    for model in models():
        table = str(model.__tablename__)
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield from (_policy(table, policy) for policy in policies(model))
    for role, verb, table, column in granted():
        columns = f" ({column})" if column else ""
        yield f"GRANT {verb}{columns} ON {table} TO {role}"
    yield from (trigger.statement for trigger in TRIGGERS)


def _policy(table: str, policy: Policy) -> str:
    parts = [
        f"CREATE POLICY {policy.name} ON {table}",
        *(["AS RESTRICTIVE"] if policy.is_restrictive else []),
        f"FOR {policy.verb} TO {policy.role}",
        *([f"USING ({policy.using})"] if policy.using else []),
        *([f"WITH CHECK ({policy.check})"] if policy.check else []),
    ]
    return " ".join(parts)
