"""What a drafted migration does beside what Alembic finds: all that is compared in the catalogs."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import renderers
from alembic.operations import ops
from sqlalchemy.sql.elements import conv

from portal.database.objects.catalog import Name
from portal.database.objects.comparison import Difference
from portal.database.objects.statements import statements
from portal.models.base import Base, models

_LONGEST_LINE = 90
# Each after what it needs; they go in the other direction.
_KINDS = (
    "constraint",
    "index",
    "function",
    "trigger",
    "row level security",
    "policy",
    "privilege",
)
_PRIVILEGE = re.compile(r"(?P<verb>\w+)(?: \((?P<column>\w+)\))? ON (?P<place>.+) TO (?P<role>\w+)")


class Statement(ops.MigrateOperation):
    """A statement of SQL."""

    def __init__(self, text: str) -> None:
        self.text = text


@renderers.dispatch_for(Statement)
def _render(_context: Any, statement: Statement) -> str:
    """Write a statement so that nothing indents the lines of a function: they are compared."""
    # Alembic takes a colon before a word for a parameter.
    text = re.sub(r"(?<![:\w]):(?=\w)", r"\\:", statement.text)
    lines = [json.dumps(line, ensure_ascii=False) for line in text.splitlines(True)]
    if len(lines) == 1 and len(lines[0]) < _LONGEST_LINE:
        return f"op.execute({lines[0]})"
    return "\n".join(("op.execute(", *(f"    {line}" for line in lines), ")"))


def complete(upgrade: ops.UpgradeOps, differences: Sequence[Difference]) -> None:
    """Add to the steps that Alembic found those that it does not look for."""
    mine = sorted(_left_by_alembic(differences), key=lambda each: _KINDS.index(each.name.kind))
    going = [each for each in reversed(mine) if each.present is not None]
    coming = [each for each in mine if each.declared is not None]
    upgrade.ops[:0] = [
        *_privileges("REVOKE", "FROM", going),
        *(step for each in going for step in _going(each)),
    ]
    upgrade.ops += [
        *(step for each in coming for step in _coming(each)),
        *_privileges("GRANT", "TO", coming),
    ]


def area_of(differences: Iterable[Difference]) -> str | None:
    """Give the area of the first table that differs and has one."""
    modules = {model.__tablename__: model.__module__ for model in models()}
    for each in differences:
        place = modules.get(each.name.table or each.name.name, "").split(".")
        if len(place) > len(("portal", "models", "area")):
            return place[2]
    return None


def _left_by_alembic(differences: Sequence[Difference]) -> Iterator[Difference]:
    """Give what Alembic does not look for, but for what comes or goes with something else."""
    new = {each.name.name for each in differences if each.present is None}
    gone = {each.name.name for each in differences if each.declared is None}
    for each in differences:
        kind, _, table = each.name
        if kind not in _KINDS or gone & {table, *_holders(each.name)}:
            continue
        if kind == "constraint" and (table in new or not _is_check(each)):
            continue
        if kind == "index" and None in each[1:]:
            continue
        yield each


def _holders(name: Name) -> tuple[str, ...]:
    """Give what a privilege is about: it goes with it."""
    found = _PRIVILEGE.match(name.name) if name.kind == "privilege" else None
    if found is None:
        return ()
    return found["place"].removeprefix("FUNCTION "), f"{found['place']}.{found['column']}"


def _is_check(each: Difference) -> bool:
    return all(text is None or text.startswith(("CHECK", "EXCLUDE")) for text in each[1:])


def _going(each: Difference) -> Iterator[ops.MigrateOperation]:
    kind, name, table = each.name
    match kind:
        case "constraint":
            yield ops.DropConstraintOp(conv(name), str(table), "check")
        case "index":
            yield Statement(f"DROP INDEX {name}")
        case "function" if _head(each.present) != _head(each.declared):
            yield Statement(f"DROP FUNCTION {name}")
        case "trigger" | "policy":
            yield Statement(f"DROP {kind.upper()} {name} ON {table}")
        case "row level security" if each.declared is None:
            yield Statement(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _head(function: str | None) -> str | None:
    """Give what CREATE OR REPLACE leaves as it is: the arguments and what comes of them."""
    return function and function.partition("\n LANGUAGE ")[0]


def _coming(each: Difference) -> Iterator[ops.MigrateOperation]:
    kind, name, table = each.name
    definition = str(each.declared)
    match kind:
        case "constraint":
            yield ops.AddConstraintOp.from_constraint(_constraint(str(table), name))
        case "index" | "trigger":
            yield Statement(definition)
        case "function":
            called = name.partition("(")[0]
            yield from _declared(f"CREATE OR REPLACE FUNCTION {called}(")
            if each.present and _head(each.present) != _head(definition):
                yield from _declared(f"GRANT EXECUTE ON FUNCTION {called}(")
        case "policy":
            yield from _declared(f"CREATE POLICY {name} ON {table} ")
        case "row level security":
            yield Statement(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            if definition == "FORCE":
                yield Statement(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _declared(beginning: str) -> Iterator[Statement]:
    """Find declared statements, whose own words are easier to read than PostgreSQL's."""
    return (Statement(each) for each in statements() if each.startswith(beginning))


def _constraint(table: str, name: str) -> sa.Constraint:
    """Find a constraint in the models, for the same reason."""
    return next(each for each in Base.metadata.tables[table].constraints if each.name == name)


def _privileges(
    verb: str, preposition: str, differences: Iterable[Difference]
) -> Iterator[Statement]:
    """Write privileges, those of one role on one thing together."""
    together: dict[tuple[str, str], dict[str, list[str]]] = {}
    for each in differences:
        if (found := _PRIVILEGE.match(each.name.name)) and each.name.kind == "privilege":
            columns = together.setdefault((found["place"], found["role"]), {})
            columns.setdefault(found["verb"], []).extend(filter(None, [found["column"]]))
    for (place, role), held in together.items():
        verbs = (
            f"{one} ({', '.join(sorted(some))})" if some else one for one, some in held.items()
        )
        yield Statement(f"{verb} {', '.join(verbs)} ON {place} {preposition} {role}")
