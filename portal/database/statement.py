"""Statements that SQLAlchemy compiles once, and the driver runs by itself."""

import re
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Self

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg


def json_text(value: Any) -> str:
    """Give a value as PostgreSQL is sent it."""
    return orjson.dumps(value).decode()


_dialect: Any = asyncpg.dialect
DIALECT = _dialect(json_serializer=json_text)
_PLACE = re.compile(r"\$(\d+)")
# The number of NUMERIC among PostgreSQL's types; only that type asks.
_NUMERIC = 1700


class Statement:
    """A text, and what turns values of Python into the driver's and back."""

    def __init__(self, made: sa.Select[Any] | sa.Update | sa.Insert | sa.TextClause) -> None:
        """Compile a statement all of whose parameters are named, and have a type."""
        compiled = made.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)
        self.only_reads = isinstance(made, sa.Select)
        self._constants = compiled.params
        self._parameters = [
            (name, compiled.binds[name].type.dialect_impl(DIALECT).bind_processor(DIALECT))
            for name in compiled.positiontup or ()
        ]
        columns = made.selected_columns if isinstance(made, sa.Select) else ()
        processors = [
            column.type.dialect_impl(DIALECT).result_processor(DIALECT, _NUMERIC)
            for column in columns
        ]
        self._processed: list[tuple[int, Callable[[Any], Any]]] = [
            (place, processor) for place, processor in enumerate(processors) if processor
        ]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Give the driver's arguments; of the values, those that the statement names."""
        given = ((values.get(name, self._constants[name]), to) for name, to in self._parameters)
        return [value if to is None else to(value) for value, to in given]

    def row(self, record: Any) -> list[Any]:
        """Give what a SELECT has found as Python has it."""
        values = list(record)
        for place, processor in self._processed:
            values[place] = processor(values[place])
        return values

    def behind(self, changing: Self) -> Self:
        """Give one statement that does what another one does, and what this one inserts.

        What the other one gives comes back; nothing where this one inserts nothing. Their
        parameters have different names.
        """
        count = len(changing._parameters)
        inserting = _PLACE.sub(lambda place: f"${int(place[1]) + count}", self.text)
        further = "," if inserting.startswith("WITH ") else ""
        both = copy(self)
        # Both texts are SQLAlchemy's or ours; values are parameters.
        head = f"WITH changed AS ({changing.text}){further} {inserting.removeprefix('WITH ')}"
        both.text = f"{head} RETURNING (SELECT * FROM changed)"  # noqa: S608
        both._constants = {**changing._constants, **self._constants}  # noqa: SLF001
        both._parameters = [*changing._parameters, *self._parameters]  # noqa: SLF001
        return both
