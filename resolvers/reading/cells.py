"""What a row holds itself, as SQL: its columns, its composites, and what follows from them."""

from collections.abc import Callable
from typing import Any

from portal.models import Account
from resolvers.reading.column import column_of, is_json, parts_of, printed, sql_of
from resolvers.reading.fallback import NotCompiled
from resolvers.reading.fragment import ROW, Fragments, literal
from resolvers.reading.json_sql import NULL, Values, required
from resolvers.reading.tree import Field, Place, Selection, model_behind, selected
from resolvers.sources import Column, Expression, Function, InLanguage, Relation


class Cells:
    """Writes the values of fields that a row holds; ``write_object`` writes those of composites."""

    def __init__(self, fragments: Fragments, write_object: Callable[[Values, str], str]) -> None:
        self._fragments = fragments
        self._object = write_object

    def column(self, field: Field, source: Column, selection: Selection, alias: str) -> str:
        """Give the value of a field that columns hold."""
        names = source.attributes or (field.python_name,)
        if field.selection is None:
            found = [column_of(model_behind(selection), name) for name in names]
            stored = found[0].type
            plain = [sql_of(column).replace(ROW, alias) for column in found]
            value = plain[0] if len(plain) == 1 else f"coalesce({', '.join(plain)})"
            shown = printed(value, stored, _type(field))
            nullable = all(column.nullable for column in found)
            return (
                required(shown, own_id(selection, alias))
                if field.is_required and nullable
                else shown
            )
        cases = []
        for name in names:
            parts = parts_of(model_behind(selection), name)
            cells = {part: sql_of(column).replace(ROW, alias) for part, column in parts.items()}
            values = [
                (below.key, self._part(below, parts, cells, own_id(selection, alias)))
                for below in field.selection.fields
            ]
            present = f"num_nonnulls({', '.join(cells.values())}) > 0"
            cases.append(f"WHEN {present} THEN {self._object(values, '')}")
        value = f"CASE {' '.join(cases)} END"
        return required(value, own_id(selection, alias)) if field.is_required else value

    @staticmethod
    def _part(field: Field, parts: Any, cells: Any, id: str) -> str:
        """Give the attribute of a composite."""
        if field.definition is None:
            return f"{literal(field.parent.name)}::text"
        if field.refusal is not None:
            return NULL
        name = field.python_name
        if name not in parts:
            raise NotCompiled(f"{field.parent.name}.{field.name}")
        shown = printed(cells[name], parts[name].type, _type(field))
        return required(shown, id) if field.is_required and parts[name].nullable else shown

    def expression(self, field: Field, source: Expression, selection: Selection, alias: str) -> str:
        """Give the value of a field that SQL works out from the row."""
        sql, stored = self._fragments.expression(model_behind(selection), source)
        value = printed(f"({sql})".replace(ROW, alias), stored, _type(field))
        return required(value, own_id(selection, alias)) if field.is_required else value

    def text(self, field: Field, source: InLanguage, selection: Selection, alias: str) -> str:
        """Give a text in the reader's language; where the field may be null, so may the text."""
        model = model_behind(selection)

        def part(below: Field) -> str:
            if below.definition is None:
                return f"{literal(below.parent.name)}::text"
            sql, stored = self._fragments.expression(model, getattr(source, below.python_name))
            return printed(f"({sql})".replace(ROW, alias), stored, _type(below))

        found = self._object([(below.key, part(below)) for below in selected(field).fields], "")
        if field.is_required:
            return found
        value, _ = self._fragments.expression(model, source.value)
        return f"CASE WHEN ({value}) IS NOT NULL THEN {found} END".replace(ROW, alias)


def needed_cells(field: Field, selection: Selection, alias: str) -> str:
    """Give the columns that Python needs for a field, as texts."""
    cells = []
    if selection.place is Place.ROW:
        for name in needed(field, selection):
            column = column_of(model_behind(selection), name)
            cast = "" if is_json(column) else "::text"
            cells.append(f"{sql_of(column)}{cast}".replace(ROW, alias))
    return f"json_build_array({', '.join(cells)})"


def needed(field: Field, selection: Selection) -> tuple[str, ...]:
    """Name the attributes of the row that Python answers a field from, its account included."""
    names: tuple[str, ...] = ()
    if isinstance(field.source, Function):
        names = field.source.columns
    elif isinstance(field.source, Relation):
        names = ("id", *(field.source.within or ()))
    elif isinstance(field.source, Column):
        names = field.source.attributes or (field.python_name,)
    if selection.is_inside:
        names = (*names, "id" if selection.model is Account else "account_id")
    return names


def own_id(selection: Selection, alias: str) -> str:
    """Give the id of the row at hand."""
    return cell(selection, "id", alias)


def cell(selection: Selection, attribute: str, alias: str) -> str:
    """Give an attribute of the row at hand."""
    return sql_of(column_of(model_behind(selection), attribute)).replace(ROW, alias)


def _type(field: Field) -> Any:
    definition: Any = field.definition
    return definition.type
