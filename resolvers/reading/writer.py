"""The expression that answers a selection: each kind of source has its SQL here."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from portal.models import Account, Base
from resolvers.listing import Listing
from resolvers.reading.arguments import Shape
from resolvers.reading.cells import Cells, cell, needed_cells, own_id
from resolvers.reading.column import (
    column_of,
    sql_of,
)
from resolvers.reading.fallback import NotCompiled
from resolvers.reading.fragment import PARENT, ROW, Fragments, literal, parameter
from resolvers.reading.json_sql import NULL, Values, all_objects, global_id, one_object, required
from resolvers.reading.page_sql import Pages, Rows
from resolvers.reading.tree import Field, Selection, model_behind, selected
from resolvers.sources import (
    ById,
    Column,
    Expression,
    InLanguage,
    Itself,
    Listed,
    OfViewer,
    OwnId,
    Relation,
)

# Holds the account of a row; no alias can be called so.
ACCOUNT_KEY = " account"
# The parameter of the row that a mutation answers.
ANSWERED_ID = "answered_id"


class Writer:
    """Writes the expression of one statement."""

    def __init__(self, shapes: Sequence[Shape], fragments: Fragments) -> None:
        self._shapes = shapes
        self._fragments = fragments
        self._numbers = count(1)
        self._pages = Pages(fragments, self.row, self._name, self._again)
        self._cells = Cells(fragments, self._object)
        # Under which alias the account of a row is at hand, by the alias of the row.
        self.accounts: dict[str, str] = {}

    def row(self, selection: Selection, alias: str, source: str = "") -> str:
        """Give the JSON of the object at hand, or of the one row of a source."""
        return self._object(self._values(selection, alias), source)

    def answered(self, selection: Selection) -> str:
        """Give the JSON of the row whose id is ``ANSWERED_ID``; null where there is none."""
        found = self._entered_by_id(selection, f"{parameter(ANSWERED_ID)}::uuid")
        return f"(SELECT coalesce({found}, 'null'))"

    def account_of(self, model: type[Base]) -> str:
        """Give the id of the account of the row whose id is ``ANSWERED_ID``, as JSON."""
        alias = self._name("t")
        account = sql_of(column_of(model, "account_id")).replace(ROW, alias)
        source = self._source_by_id(model, alias, f"{parameter(ANSWERED_ID)}::uuid")
        return f"(SELECT coalesce((SELECT to_json({account}){source}), 'null'))"

    def _values(self, selection: Selection, alias: str) -> list[tuple[str, str]]:
        values = [(field.key, self._value(field, selection, alias)) for field in selection.fields]
        if selection.notes_account:
            values.append((ACCOUNT_KEY, cell(selection, "account_id", alias)))
        return values

    def _object(self, values: Values, source: str) -> str:
        return one_object(values, source, self._name("o"))

    def _alias(self, model: type[Base], account: str | None = None) -> str:
        """Name a row, in an account that is at hand or is the row itself."""
        alias = self._name("t")
        at_hand = alias if model is Account else account
        if at_hand:
            self.accounts[alias] = at_hand
        return alias

    def _again(self, alias: str) -> str:
        """Name rows once more that have an alias, in the account that is at hand for it."""
        again = self._name("t")
        account = self.accounts.get(alias)
        if account:
            self.accounts[again] = again if account == alias else account
        return again

    def _name(self, letter: str) -> str:
        return f"{letter}{next(self._numbers)}"

    def _value(self, field: Field, selection: Selection, alias: str) -> str:
        """Give the value of one field."""
        if field.definition is None:
            return f"{literal(field.parent.name)}::text"
        if field.refusal is not None:
            return NULL
        if field.is_python:
            return needed_cells(field, selection, alias)
        if field.site is not None and not isinstance(field.source, Relation):
            return self._entered(field)
        return self._of_row(field, selection, alias)

    def _entered(self, field: Field) -> str:
        """Give rows that are entered from outside."""
        if not isinstance(field.source, ById):
            return self._listed(field)
        return self._by_ids(field) if field.source.several else self._by_id(field)

    def _of_row(self, field: Field, selection: Selection, alias: str) -> str:
        """Give what follows from the row at hand, or from the viewer."""
        match field.source:
            case OfViewer() as source:
                value = self._of_viewer(field, source)
            case Column() as source:
                value = self._cells.column(field, source, selection, alias)
            case OwnId():
                value = global_id(field.parent.name, f"{alias}.id")
            case Expression() as source:
                value = self._cells.expression(field, source, selection, alias)
            case InLanguage() as source:
                value = self._cells.text(field, source, selection, alias)
            case Itself():
                value = self.row(selected(field), alias)
            case Relation() as source:
                value = self._relation(field, source, selection, alias)
            case _:
                raise NotCompiled(f"{field.parent.name}.{field.name}")
        return value

    def _of_viewer(self, field: Field, source: OfViewer) -> str:
        if source.attribute is None:
            return self.row(selected(field), "")
        return f"{parameter(f'viewer_{source.attribute}')}::text"

    def _relation(self, field: Field, source: Relation, selection: Selection, alias: str) -> str:
        model = model_behind(selection)
        tie = self._fragments.tie(model, source).replace(PARENT, alias)
        computed = self._fragments.computed(model, source)
        is_near = self._fragments.keeps_account(model, source)
        own = self._alias(source.target, self.accounts.get(alias) if is_near else None)
        below = selected(field)
        if source.criteria:
            tied = f"({tie})" if self._listing(field).conditions else tie
            return self._pages.page(below, self._rows(field, own, tied))
        table = computed and computed.replace(PARENT, alias)
        rows = Rows(source.target, own, tie, source.order, table=table)
        if source.many:
            return self._list(below, rows)
        is_one = self._fragments.is_one(model, source)
        value = self._only(below, rows) if is_one else self._first(below, rows)
        return required(value, own_id(selection, alias)) if field.is_required else value

    def _listed(self, field: Field) -> str:
        """Give a list at the root: the row condition stands here, where rows are entered."""
        target = self._listing(field).target
        visible = f"({self._fragments.visible(target)})"
        rows = self._rows(field, self._alias(target), visible)
        if rows.page is not None:
            return self._pages.page(selected(field), rows)
        is_one = isinstance(field.source, Listed) and not field.source.many
        return (self._first if is_one else self._list)(selected(field), rows)

    def _rows(self, field: Field, alias: str, where: str) -> Rows:
        """Give the rows that the arguments of a field ask for, among those of a condition."""
        site: Any = field.site
        listing, page = self._listing(field), self._shapes[site.number].page
        prefix = f"s{site.number}_"
        for number, condition in enumerate(listing.conditions):
            text = self._fragments.condition(listing.target, condition)
            met = text.replace("\0value_", f"\0{prefix}{number}_value_")
            where = f"{where} AND ({met})"
        return Rows(listing.target, alias, where, listing.order, page, prefix)

    def _listing(self, field: Field) -> Listing:
        site: Any = field.site
        listing: Any = self._shapes[site.number].listing
        found: Listing = listing
        return found

    def _by_id(self, field: Field) -> str:
        site: Any = field.site
        names = self._shapes[site.number].types
        if not names:
            return NULL
        return self._of_id(field, names[0], f"{parameter(f's{site.number}_id')}::uuid")

    def _by_ids(self, field: Field) -> str:
        site: Any = field.site
        asked, prefix = self._name("a"), f"s{site.number}_"
        branches = [
            f"WHEN {literal(name)} THEN {self._of_id(field, name, f'{asked}.id')}"
            for name in self._shapes[site.number].types
        ]
        kinds, ids = parameter(f"{prefix}kinds"), parameter(f"{prefix}ids")
        found = f"CASE {asked}.kind {' '.join(branches)} END" if branches else NULL
        return (
            f"coalesce((SELECT json_agg({found} ORDER BY {asked}.place) FROM"
            f" unnest({kinds}::text[], {ids}::uuid[]) WITH ORDINALITY"
            f" AS {asked}(kind, id, place)), '[]')"
        )

    def _of_id(self, field: Field, name: str, id: str) -> str:
        return self._entered_by_id(field.by_type.get(name) or selected(field), id)

    def _entered_by_id(self, selection: Selection, id: str) -> str:
        model = model_behind(selection)
        alias = self._alias(model)
        return self.row(selection, alias, self._source_by_id(model, alias, id))

    def _source_by_id(self, model: type[Base], alias: str, id: str) -> str:
        met = self._fragments.visible(model).replace(ROW, alias)
        return f" FROM {self._fragments.source(model)} {alias} WHERE {alias}.id = {id} AND ({met})"

    def _list(self, selection: Selection, rows: Rows) -> str:
        values = self._values(selection, rows.alias)
        sorting = self._fragments.sorting(rows.model, rows.order, forward=True)
        table = rows.table or self._fragments.source(rows.model)
        source = f" FROM {table} {ROW} WHERE {rows.where} ORDER BY {sorting}"
        return all_objects(values, source.replace(ROW, rows.alias), self._name("o"))

    def _only(self, selection: Selection, rows: Rows) -> str:
        source = f" FROM {self._fragments.source(rows.model)} {ROW} WHERE {rows.where}"
        return self.row(selection, rows.alias, source.replace(ROW, rows.alias))

    def _first(self, selection: Selection, rows: Rows) -> str:
        sorting = self._fragments.sorting(rows.model, rows.order, forward=True)
        table = rows.table or self._fragments.source(rows.model)
        inner = f"SELECT {ROW}.* FROM {table} {ROW} WHERE {rows.where} ORDER BY {sorting} LIMIT 1"
        source = f" FROM ({inner}) {ROW}"
        return self.row(selection, rows.alias, source.replace(ROW, rows.alias))
