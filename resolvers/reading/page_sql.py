"""Pages of rows, in SQL: as many rows as are asked for, and what else a connection tells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.models import Base
from resolvers.listing import Order
from resolvers.reading.arguments import Page
from resolvers.reading.fallback import NotCompiled
from resolvers.reading.fragment import ROW, Fragments, literal
from resolvers.reading.json_sql import all_objects, one_object
from resolvers.reading.tree import Field, Selection, selected
from resolvers.sources import Part


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to read: of which model, under which alias, where, in which order, and which page.

    They are read from ``table``, or from that of the model.
    """

    model: type[Base]
    alias: str
    where: str
    order: Order
    page: Page | None = None
    prefix: str = ""
    table: str | None = None


class Pages:
    """Writes the pages of one statement.

    ``row`` gives the JSON of a node, ``name`` a new alias, ``again`` one for rows that have one.
    """

    def __init__(
        self,
        fragments: Fragments,
        row: Callable[[Selection, str], str],
        name: Callable[[str], str],
        again: Callable[[str], str],
    ) -> None:
        self._fragments = fragments
        self._row = row
        self._name = name
        self._again = again

    def page(self, selection: Selection, rows: Rows) -> str:
        """Give a page as the JSON of its connection."""
        values = [(field.key, self._page_part(field, rows)) for field in selection.fields]
        return one_object(values, "", self._name("o"))

    def _page_part(self, field: Field, rows: Rows) -> str:
        match field.source:
            case None:
                return f"{literal(field.parent.name)}::text"
            case Part.TOTAL_COUNT:
                source = self._fragments.source(rows.model)
                counted = f"(SELECT count(*) FROM {source} {ROW} WHERE {rows.where})"
                return counted.replace(ROW, self._again(rows.alias))
            case Part.PAGE_INFO:
                below = selected(field).fields
                values = [(one.key, self._info(one, rows)) for one in below]
                return one_object(values, "", self._name("o"))
            case Part.EDGES:
                values = [(one.key, self._edge_part(one, rows)) for one in selected(field).fields]
                return all_objects(values, self._of_page(rows, rows.alias), self._name("o"))
        raise NotCompiled(f"{field.parent.name}.{field.name}")

    def _edge_part(self, field: Field, rows: Rows) -> str:
        match field.source:
            case None:
                return f"{literal(field.parent.name)}::text"
            case Part.CURSOR:
                return self._fragments.cursor(rows.model, rows.order).replace(ROW, rows.alias)
            case Part.NODE:
                return self._row(selected(field), rows.alias)
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
                alias = self._again(rows.alias)
                cursor = self._fragments.cursor(rows.model, rows.order).replace(ROW, alias)
                source = self._of_page(rows, alias, forward=part is Part.START_CURSOR)
                return f"(SELECT {cursor}{source} LIMIT 1)"
        raise NotCompiled(f"{field.parent.name}.{field.name}")

    def _more(self, rows: Rows) -> str:
        """Say whether rows follow the page in the direction in which it is read."""
        page: Any = rows.page
        text = f"EXISTS (SELECT {self._cut(rows)} OFFSET {page.size} LIMIT 1)"
        return text.replace(ROW, self._again(rows.alias))

    def _of_page(self, rows: Rows, alias: str, *, forward: bool = True) -> str:
        """Give the rows of a page under an alias, in the order of the list or in its reverse."""
        page: Any = rows.page
        sorting = self._fragments.sorting(rows.model, rows.order, forward=forward)
        inner = f"SELECT {ROW}.*{self._cut(rows)} LIMIT {page.size}"
        return f" FROM ({inner}) {ROW} ORDER BY {sorting}".replace(ROW, alias)

    def _cut(self, rows: Rows) -> str:
        page: Any = rows.page
        where = [f"({rows.where})"]
        for name, asked, forward in (("after", page.after, True), ("before", page.before, False)):
            if asked:
                text = self._fragments.beyond(rows.model, rows.order, name, forward=forward)
                where.append(text.replace(f"\0{name}_", f"\0{rows.prefix}{name}_"))
        return (
            f" FROM {self._fragments.source(rows.model)} {ROW} WHERE {' AND '.join(where)}"
            f" ORDER BY {self._fragments.sorting(rows.model, rows.order, forward=page.forward)}"
        )
