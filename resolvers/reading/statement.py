"""The one statement of a plan, in the one shape in which row level security sees the viewer first.

At the top there is nothing but the viewer and one expression: PostgreSQL sets the viewer before it
looks at any table, because every table stands in a sub-select of that expression. A WHERE, a JOIN,
a LIMIT or a second CTE beside it would let it ask a policy too early.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from portal.models import Account, Base
from resolvers.reading.arguments import Page, Shape
from resolvers.reading.collect import Field, NotCompiled, Place, Selection
from resolvers.reading.column import (
    column_of,
    is_json,
    parts_of,
    printed,
    sql_of,
    table_of,
)
from resolvers.reading.fragment import PARENT, ROW, Fragments, literal, parameter
from resolvers.sources import (
    Asked,
    ById,
    Column,
    Entry,
    Expression,
    Function,
    Itself,
    OfViewer,
    Order,
    OwnId,
    Part,
    Relation,
)

_HEAD = (
    "WITH viewer AS MATERIALIZED (SELECT set_config('portal.accounts', {accounts}, true),"
    " set_config('portal.viewer', {viewer}, true)) SELECT "
)
_TAIL = " FROM viewer"
_PARAMETER = re.compile("\0(\\w+)\0")
# PostgreSQL cuts a column's name here, and row_to_json takes its keys from those.
_LONGEST_NAME = 63
# PostgreSQL takes so many arguments of one function.
_MOST_PAIRS = 50
# base64 breaks its lines after so many characters of ours.
_LINE = 57
_UUID = 36
_NULL = "NULL::json"
# Holds the account of a row; no alias can be called so.
ACCOUNT_KEY = " account"


@dataclass(frozen=True, slots=True)
class Statement:
    """A text, and the names of its parameters in their order."""

    text: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to read: of which model, where, in which order, and which page of them."""

    model: type[Base]
    where: str
    order: Order
    page: Page | None = None
    prefix: str = ""


def statement(root: Selection, shapes: Sequence[Shape], fragments: Fragments) -> Statement:
    """Write the statement that answers a whole operation."""
    data = _Writer(shapes, fragments).row(root, "")
    head = _HEAD.format(accounts=parameter("accounts"), viewer=parameter("viewer"))
    names: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}"

    text = _PARAMETER.sub(numbered, f"{head}{data}{_TAIL}")
    return Statement(text, tuple(names))


class _Writer:
    """Writes the expression of one statement."""

    def __init__(self, shapes: Sequence[Shape], fragments: Fragments) -> None:
        self._shapes = shapes
        self._fragments = fragments
        self._numbers = count(1)

    def row(self, selection: Selection, alias: str, source: str = "") -> str:
        """Give the JSON of the object at hand, or of the one row of a source."""
        return self._object(self._values(selection, alias), source)

    def _values(self, selection: Selection, alias: str) -> list[tuple[str, str]]:
        values = [(field.key, self._value(field, selection, alias)) for field in selection.fields]
        if selection.notes_account:
            column = sql_of(column_of(_model(selection), "account_id")).replace(ROW, alias)
            values.append((ACCOUNT_KEY, column))
        return values

    def _object(self, values: Sequence[tuple[str, str]], source: str) -> str:
        name = f"o{next(self._numbers)}"
        return f"(SELECT {_json(values, name)} FROM (SELECT {_columns(values)}{source}) {name})"

    def _rows(self, values: Sequence[tuple[str, str]], source: str) -> str:
        name = f"o{next(self._numbers)}"
        return (
            f"coalesce((SELECT json_agg({_json(values, name, 'each')}) FROM"
            f" (SELECT {_columns(values)}{source}) {name}), '[]')"
        )

    def _value(self, field: Field, selection: Selection, alias: str) -> str:
        """Give the value of one field."""
        if field.definition is None:
            return f"{literal(field.parent.name)}::text"
        if field.refusal is not None:
            return _NULL
        if field.is_python:
            return self._needed(field, selection, alias)
        source: Any = field.source
        match source:
            case OfViewer():
                value = self._of_viewer(field, source)
            case Column():
                value = self._column(field, source, selection, alias)
            case OwnId():
                value = _global_id(field.parent.name, f"{alias}.id")
            case Expression():
                value = self._expression(field, source, selection, alias)
            case Itself():
                value = self.row(_selected(field), alias)
            case Relation():
                return self._relation(field, source, selection, alias)
            case Entry() | Asked():
                return self._listed(field)
            case ById():
                return self._by_ids(field) if source.several else self._by_id(field)
            case _:
                raise NotCompiled(f"{field.parent.name}.{field.name}")
        return value

    def _of_viewer(self, field: Field, source: OfViewer) -> str:
        if source.attribute is None:
            return self.row(_selected(field), "")
        return f"{parameter(f'viewer_{source.attribute}')}::text"

    def _column(self, field: Field, source: Column, selection: Selection, alias: str) -> str:
        names = source.attributes or (field.python_name,)
        if field.selection is None:
            found = [column_of(_model(selection), name) for name in names]
            stored = found[0].type
            plain = [sql_of(column).replace(ROW, alias) for column in found]
            value = plain[0] if len(plain) == 1 else f"coalesce({', '.join(plain)})"
            shown = printed(value, stored, _type(field))
            nullable = all(column.nullable for column in found)
            return _required(shown) if field.is_required and nullable else shown
        cases = []
        for name in names:
            parts = parts_of(_model(selection), name)
            cells = {part: sql_of(column).replace(ROW, alias) for part, column in parts.items()}
            values = [
                (below.key, self._part(below, parts, cells)) for below in field.selection.fields
            ]
            present = f"num_nonnulls({', '.join(cells.values())}) > 0"
            cases.append(f"WHEN {present} THEN {self._object(values, '')}")
        value = f"CASE {' '.join(cases)} END"
        return _required(value) if field.is_required else value

    @staticmethod
    def _part(field: Field, parts: Any, cells: Any) -> str:
        """Give the attribute of a composite."""
        if field.definition is None:
            return f"{literal(field.parent.name)}::text"
        if field.refusal is not None:
            return _NULL
        name = field.python_name
        if name not in parts:
            raise NotCompiled(f"{field.parent.name}.{field.name}")
        shown = printed(cells[name], parts[name].type, _type(field))
        return _required(shown) if field.is_required and parts[name].nullable else shown

    def _expression(
        self, field: Field, source: Expression, selection: Selection, alias: str
    ) -> str:
        sql, stored = self._fragments.expression(_model(selection), source)
        value = printed(f"({sql})".replace(ROW, alias), stored, _type(field))
        return _required(value) if field.is_required else value

    @staticmethod
    def _needed(field: Field, selection: Selection, alias: str) -> str:
        """Give the columns that Python needs for a field, as texts."""
        cells = []
        if selection.place is Place.ROW:
            for name in needed(field, selection):
                column = column_of(_model(selection), name)
                cast = "" if is_json(column) else "::text"
                cells.append(f"{sql_of(column)}{cast}".replace(ROW, alias))
        return f"json_build_array({', '.join(cells)})"

    def _relation(self, field: Field, source: Relation, selection: Selection, alias: str) -> str:
        tie = self._fragments.tie(_model(selection), source).replace(PARENT, alias)
        below = _selected(field)
        if source.paged:
            site: Any = field.site
            page = self._shapes[site.number].page
            rows = Rows(source.target, tie, source.order, page, f"s{site.number}_")
            return self._page(below, rows)
        rows = Rows(source.target, tie, source.order)
        if source.many:
            return self._list(below, rows)
        value = self._first(below, rows)
        return _required(value) if field.is_required else value

    def _listed(self, field: Field) -> str:
        """Give a list at the root: the row condition stands here, where rows are entered."""
        site: Any = field.site
        shape = self._shapes[site.number]
        listing: Any = shape.listing
        prefix = f"s{site.number}_"
        where = [self._fragments.visible(listing.target)]
        for number, condition in enumerate(listing.conditions):
            text = self._fragments.condition(listing.target, condition)
            where.append(text.replace("\0value_", f"\0{prefix}{number}_value_"))
        met = " AND ".join(f"({text})" for text in where)
        rows = Rows(listing.target, met, listing.order, shape.page, prefix)
        if shape.page is None:
            return self._list(_selected(field), rows)
        return self._page(_selected(field), rows)

    def _by_id(self, field: Field) -> str:
        site: Any = field.site
        names = self._shapes[site.number].types
        if not names:
            return _NULL
        return self._of_id(field, names[0], f"{parameter(f's{site.number}_id')}::uuid")

    def _by_ids(self, field: Field) -> str:
        site: Any = field.site
        asked, prefix = f"a{next(self._numbers)}", f"s{site.number}_"
        branches = [
            f"WHEN {literal(name)} THEN {self._of_id(field, name, f'{asked}.id')}"
            for name in self._shapes[site.number].types
        ]
        kinds, ids = parameter(f"{prefix}kinds"), parameter(f"{prefix}ids")
        found = f"CASE {asked}.kind {' '.join(branches)} END" if branches else _NULL
        return (
            f"coalesce((SELECT json_agg({found} ORDER BY {asked}.place) FROM"
            f" unnest({kinds}::text[], {ids}::uuid[]) WITH ORDINALITY"
            f" AS {asked}(kind, id, place)), '[]')"
        )

    def _of_id(self, field: Field, name: str, id: str) -> str:
        selection = field.by_type.get(name) or _selected(field)
        model = _model(selection)
        alias = f"t{next(self._numbers)}"
        met = self._fragments.visible(model).replace(ROW, alias)
        source = f" FROM {table_of(model)} {alias} WHERE {alias}.id = {id} AND ({met})"
        return self.row(selection, alias, source)

    def _list(self, selection: Selection, rows: Rows) -> str:
        alias = f"t{next(self._numbers)}"
        values = self._values(selection, alias)
        sorting = self._fragments.sorting(rows.model, rows.order, forward=True)
        source = f" FROM {table_of(rows.model)} {ROW} WHERE {rows.where} ORDER BY {sorting}"
        return self._rows(values, source.replace(ROW, alias))

    def _first(self, selection: Selection, rows: Rows) -> str:
        alias = f"t{next(self._numbers)}"
        sorting = self._fragments.sorting(rows.model, rows.order, forward=True)
        inner = (
            f"SELECT {ROW}.* FROM {table_of(rows.model)} {ROW} WHERE {rows.where}"
            f" ORDER BY {sorting} LIMIT 1"
        )
        return self.row(selection, alias, f" FROM ({inner}) {ROW}".replace(ROW, alias))

    def _page(self, selection: Selection, rows: Rows) -> str:
        values = [(field.key, self._page_part(field, rows)) for field in selection.fields]
        return self._object(values, "")

    def _page_part(self, field: Field, rows: Rows) -> str:
        match field.source:
            case None:
                return f"{literal(field.parent.name)}::text"
            case Part.TOTAL_COUNT:
                return f"(SELECT count(*) FROM {table_of(rows.model)} {ROW} WHERE {rows.where})".replace(
                    ROW, f"t{next(self._numbers)}"
                )
            case Part.PAGE_INFO:
                below = _selected(field).fields
                return self._object([(one.key, self._info(one, rows)) for one in below], "")
            case Part.EDGES:
                alias = f"t{next(self._numbers)}"
                values = [
                    (one.key, self._edge_part(one, rows, alias)) for one in _selected(field).fields
                ]
                return self._rows(values, self._of_page(rows, alias))
        raise NotCompiled(f"{field.parent.name}.{field.name}")

    def _edge_part(self, field: Field, rows: Rows, alias: str) -> str:
        match field.source:
            case None:
                return f"{literal(field.parent.name)}::text"
            case Part.CURSOR:
                return self._fragments.cursor(rows.model, rows.order).replace(ROW, alias)
            case Part.NODE:
                return self.row(_selected(field), alias)
        raise NotCompiled(f"{field.parent.name}.{field.name}")

    def _info(self, field: Field, rows: Rows) -> str:
        page: Any = rows.page
        match field.source:
            case None:
                return f"{literal(field.parent.name)}::text"
            case Part.HAS_NEXT_PAGE:
                return self._more(rows) if page.forward else literal(page.before)
            case Part.HAS_PREVIOUS_PAGE:
                return literal(page.after) if page.forward else self._more(rows)
            case Part.START_CURSOR | Part.END_CURSOR as part:
                alias = f"t{next(self._numbers)}"
                cursor = self._fragments.cursor(rows.model, rows.order).replace(ROW, alias)
                source = self._of_page(rows, alias, forward=part is Part.START_CURSOR)
                return f"(SELECT {cursor}{source} LIMIT 1)"
        raise NotCompiled(f"{field.parent.name}.{field.name}")

    def _more(self, rows: Rows) -> str:
        """Say whether rows follow the page in the direction in which it is read."""
        size = parameter(f"{rows.prefix}size")
        text = f"EXISTS (SELECT {self._cut(rows)} OFFSET {size}::int LIMIT 1)"
        return text.replace(ROW, f"t{next(self._numbers)}")

    def _of_page(self, rows: Rows, alias: str, *, forward: bool = True) -> str:
        """Give the rows of a page under an alias, in the order of the list or in its reverse."""
        size = parameter(f"{rows.prefix}size")
        sorting = self._fragments.sorting(rows.model, rows.order, forward=forward)
        inner = f"SELECT {ROW}.*{self._cut(rows)} LIMIT {size}::int"
        return f" FROM ({inner}) {ROW} ORDER BY {sorting}".replace(ROW, alias)

    def _cut(self, rows: Rows) -> str:
        page: Any = rows.page
        where = [f"({rows.where})"]
        for name, asked, forward in (("after", page.after, True), ("before", page.before, False)):
            if asked:
                text = self._fragments.beyond(rows.model, rows.order, name, forward=forward)
                where.append(text.replace(f"\0{name}_", f"\0{rows.prefix}{name}_"))
        return (
            f" FROM {table_of(rows.model)} {ROW} WHERE {' AND '.join(where)}"
            f" ORDER BY {self._fragments.sorting(rows.model, rows.order, forward=page.forward)}"
        )


def needed(field: Field, selection: Selection) -> tuple[str, ...]:
    """Name the attributes of the row that Python answers a field from, its account included."""
    names: tuple[str, ...] = ()
    if isinstance(field.source, Function):
        names = field.source.columns
    elif isinstance(field.source, Column):
        names = field.source.attributes or (field.python_name,)
    if selection.is_inside:
        names = (*names, "id" if selection.model is Account else "account_id")
    return names


def _columns(values: Sequence[tuple[str, str]]) -> str:
    if _is_long(values):
        return ", ".join(f"{value} AS c{index}" for index, (_, value) in enumerate(values))
    return ", ".join(f'{value} AS "{key}"' for key, value in values)


def _json(values: Sequence[tuple[str, str]], name: str, each: str = "") -> str:
    """Give a row as JSON; where it is one of many, json_agg does so itself."""
    if not _is_long(values):
        return name if each else f"row_to_json({name})"
    if len(values) > _MOST_PAIRS:
        raise NotCompiled("a long alias among many")
    pairs = (f"{literal(key)}, {name}.c{index}" for index, (key, _) in enumerate(values))
    return f"json_build_object({', '.join(pairs)})"


def _is_long(values: Sequence[tuple[str, str]]) -> bool:
    return any(len(key) > _LONGEST_NAME for key, _ in values)


def _required(value: str) -> str:
    """Let the statement fail where null cannot stand; the standard lane then says what is wrong."""
    return f"coalesce(to_json({value}), to_json(1 / num_nonnulls({value})))"


def _global_id(name: str, id: str) -> str:
    encoded = f"encode(convert_to({literal(name + ':')} || {id}::text, 'UTF8'), 'base64')"
    return encoded if len(name) + 1 + _UUID <= _LINE else f"translate({encoded}, E'\\n', '')"


def _selected(field: Field) -> Selection:
    if field.selection is None:
        raise NotCompiled(f"{field.parent.name}.{field.name}")
    return field.selection


def _model(selection: Selection) -> type[Base]:
    if selection.model is None:
        raise NotCompiled(selection.kind.name)
    return selection.model


def _type(field: Field) -> Any:
    definition: Any = field.definition
    return definition.type
