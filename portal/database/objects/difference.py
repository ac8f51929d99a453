"""Where a database differs from what is declared, and the statements that bring it there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.database.objects.catalogue import Objects, objects_in, policies_in
from portal.database.objects.declared import declared
from portal.database.objects.function import Function
from portal.database.objects.table import Grant
from portal.models.wall import Policy

_WANTED = "wanted_"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: its name; what goes before tables change, what comes after it."""

    name: str
    over: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()


def differences(connection: sa.Connection) -> list[Difference]:
    """Say where a database differs from the declarations; its owner asks, and nothing changes."""
    present, wanted = objects_in(connection), declared()
    tellable = _as_told(connection, wanted.policies)
    return [
        *_functions(present, wanted),
        *(_walled(name) for name in sorted(wanted.walled - present.walled)),
        *_policies(present, wanted, tellable),
        *_grants(present, wanted),
        *_triggers(present, wanted),
    ]


def _as_told(
    connection: sa.Connection, policies: dict[tuple[str, str], Policy]
) -> dict[tuple[str, str], Policy]:
    """Give policies as PostgreSQL tells them, made for a moment beside those that are there."""
    with connection.begin_nested() as everything:
        for (table, _), policy in policies.items():
            other = replace(policy, name=f"{_WANTED}{policy.name}")
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(_created(table, other))
            except DBAPIError:
                continue  # its table or a column of it is still to be made
        told = policies_in(connection)
        everything.rollback()
    return {
        (table, policy.name): policy
        for (table, name), other in told.items()
        if name.startswith(_WANTED)
        for policy in (replace(other, name=name.removeprefix(_WANTED)),)
    }


def _functions(present: Objects, wanted: Objects) -> Iterator[Difference]:
    for signature in present.functions:
        if signature not in wanted.functions:
            yield Difference(f"function {signature}", over=(f"DROP FUNCTION {signature}",))
    for signature, function in wanted.functions.items():
        there = present.functions.get(signature)
        if there is None or there.result != function.result:
            over = (f"DROP FUNCTION {signature}",) if there else ()
            made = (function.statement, *_callers(function, ()))
            yield Difference(f"function {signature}", over, made)
        elif there != function:
            made = (function.statement,) if there.statement != function.statement else ()
            called = tuple(_callers(function, there.roles))
            yield Difference(f"function {signature}", wanted=(*made, *called))


def _callers(function: Function, present: Iterable[str]) -> Iterator[str]:
    here, on = set(present), f"EXECUTE ON FUNCTION {function.signature}"
    if here - set(function.roles):
        yield f"REVOKE {on} FROM {', '.join(sorted(here - set(function.roles)))}"
    if set(function.roles) - here:
        yield f"GRANT {on} TO {', '.join(sorted(set(function.roles) - here))}"


def _walled(table: str) -> Difference:
    return Difference(
        f"row level security of {table}",
        wanted=(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        ),
    )


def _policies(
    present: Objects, wanted: Objects, tellable: dict[tuple[str, str], Policy]
) -> Iterator[Difference]:
    for key in sorted({*present.policies, *wanted.policies}):
        there, policy = present.policies.get(key), wanted.policies.get(key)
        if policy is None or there != tellable.get(key):
            table, name = key
            yield Difference(
                f"policy {name} of {table}",
                over=(f"DROP POLICY {name} ON {table}",) if there else (),
                wanted=(_created(table, policy),) if policy else (),
            )


def _created(table: str, policy: Policy) -> str:
    parts = [
        f"CREATE POLICY {policy.name} ON {table}",
        *(["AS RESTRICTIVE"] if policy.is_restrictive else []),
        *([f"FOR {policy.verb}"] if policy.verb != "ALL" else []),
        f"TO {policy.role}",
        *([f"USING ({policy.using})"] if policy.using else []),
        *([f"WITH CHECK ({policy.check})"] if policy.check else []),
    ]
    return " ".join(parts)


def _grants(present: Objects, wanted: Objects) -> Iterator[Difference]:
    too_many = present.grants - wanted.grants
    # With the right to a whole table those to its columns are revoked.
    lost = {grant for grant in present.grants if grant._replace(column=None) in too_many}
    for grant, columns in _together(too_many):
        statement = f"REVOKE {grant.verb}{columns} ON {grant.table} FROM {grant.role}"
        yield Difference(_granted("grant too many", grant, columns), over=(statement,))
    for grant, columns in _together(wanted.grants - (present.grants - lost)):
        statement = f"GRANT {grant.verb}{columns} ON {grant.table} TO {grant.role}"
        yield Difference(_granted("missing grant", grant, columns), wanted=(statement,))


def _granted(fault: str, grant: Grant, columns: str) -> str:
    return f"{fault}: {grant.verb}{columns} on {grant.table} to {grant.role}"


def _together(grants: Iterable[Grant]) -> Iterator[tuple[Grant, str]]:
    """Put the columns of one right together."""
    found: dict[Grant, list[str]] = {}
    for grant in sorted(grants, key=lambda grant: (grant.table, grant.role, grant.verb)):
        if grant.column is None:
            yield grant, ""
        else:
            found.setdefault(grant._replace(column=None), []).append(grant.column)
    for grant, columns in found.items():
        yield grant, f" ({', '.join(sorted(columns))})"


def _triggers(present: Objects, wanted: Objects) -> Iterator[Difference]:
    for key in sorted({*present.triggers, *wanted.triggers}):
        there, statement = present.triggers.get(key), wanted.triggers.get(key)
        if there != statement:
            table, name = key
            yield Difference(
                f"trigger {name} of {table}",
                over=(f"DROP TRIGGER {name} ON {table}",) if there else (),
                wanted=(statement,) if statement else (),
            )
