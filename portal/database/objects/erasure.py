"""The one function that erases accounts and people, made from what the models declare."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from portal.database.objects.function import Function
from portal.models import Base
from portal.models.base import models
from portal.models.erasure import ACCOUNTS, Deleted, Replaced, Whose


def erase() -> Function:
    """Give the function; only functions of the owner ask for it: they know who may.

    What is emptied comes first, then what is deleted, each before what it points at.
    """
    return Function(
        "erase",
        "accounts uuid[], people uuid[]",
        "void",
        f"""
DECLARE
    emails text[] := ARRAY(SELECT p.email FROM person p WHERE p.id = ANY (people));
BEGIN
    IF cardinality(accounts) > 0 THEN
{_indented(_statements(of_people=False))}
    END IF;
    IF cardinality(people) > 0 THEN
{_indented(_statements(of_people=True))}
    END IF;
END
""",
        language="plpgsql",
    )


def _statements(*, of_people: bool) -> Iterator[str]:
    emptied: dict[tuple[str, Whose], list[str]] = {}
    deleted: list[str] = []
    for model in _children_first():
        table: Any = model.__table__
        for word in model.erasure:
            match word:
                case Replaced(values=values, whose=whose) if (whose.among != ACCOUNTS) is of_people:
                    emptied.setdefault((table.name, whose), []).extend(
                        f"{name} = {value or _empty(table.c[name])}"
                        for name, value in values.items()
                    )
                case Deleted(whose=whose) if (whose.among != ACCOUNTS) is of_people:
                    deleted.append(f"DELETE FROM {table.name} t WHERE {_condition(whose)};")
    for (name, whose), assigned in emptied.items():
        yield f"UPDATE {name} t SET {', '.join(assigned)}\n            WHERE {_condition(whose)};"
    yield from deleted


def _children_first() -> list[type[Base]]:
    by_table = {model.__tablename__: model for model in models()}
    return [by_table[table.name] for table in reversed(Base.metadata.sorted_tables)]


def _empty(column: sa.Column[object]) -> str:
    return "NULL" if column.nullable else "''"


def _condition(whose: Whose) -> str:
    among = f"t.{whose.column} = ANY ({whose.among})" if whose.column else None
    return " AND ".join(filter(None, (among, whose.where)))


def _indented(statements: Iterator[str]) -> str:
    return "\n".join(f"        {statement}" for statement in statements)
