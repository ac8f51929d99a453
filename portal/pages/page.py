"""Pages: a document and a template of one name each, and the path that its area gives it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_operation_ast,
    parse,
    validate,
)

from portal.pages.form import STORED

FOLDER: Final = Path(__file__).parent
# What every page shows besides its own: whose portal it is, and who is looking.
_FRAME: Final = (FOLDER / "frame.graphql").read_text(encoding="utf-8")
_PRIVATE = "_"
DATA_SCHEMA: Final = "dataForm"
"""The name under which ``Show`` answers the schema of the module data that a form has."""


class WrongPage(Exception):
    """A page that cannot work; the message says which one, and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands, and where it leads.

    ``path`` has the variables of the document in braces. ``back`` is the page that it belongs to,
    and ``then`` the one that follows once its change is made: ``back`` where it is left out.
    ``{result[id]}`` in it is what the mutation answered. With ``shows_result`` none follows: what
    the mutation answers is shown once, on the page itself. ``is_open``: nobody has to log in.
    ``takes_file``: one of its controls is a file.
    """

    path: str
    back: str = "/"
    then: str | None = None
    shows_result: bool = False
    is_open: bool = False
    takes_file: bool = False


@dataclass(frozen=True)
class Page:
    """A page: ``Show`` reads, ``Change`` is the mutation of a form, ``Preview`` what it does."""

    name: str
    place: Place
    source: str

    @property
    def template(self) -> str:
        """Name the template."""
        return f"{self.name}.html"

    @cached_property
    def document(self) -> DocumentNode:
        """Give the document, parsed."""
        return parse(self.source)

    @cached_property
    def show(self) -> OperationDefinitionNode:
        """Give the operation that reads what the page shows."""
        found = self.operation("Show")
        if found is None:
            raise WrongPage(f"{self.name}.graphql has no operation Show.")
        return found

    @cached_property
    def own(self) -> frozenset[str]:
        """Name what ``Show`` answers that is the page's own."""
        return frozenset(_answer_name(one) for one in self._fields)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Name what ``Show`` finds by a part of the path: what the page is about."""
        parts = {name for _, name, _, _ in Formatter().parse(self.place.path) if name}
        return frozenset(
            _answer_name(one)
            for one in self._fields
            for given in one.arguments or ()
            if isinstance(given.value, VariableNode) and given.value.name.value in parts
        )

    @cached_property
    def rows(self) -> frozenset[tuple[str, ...]]:
        """Give the ways to the row that the form changes, in what ``Show`` answers."""
        return frozenset(_ways_to_row(self.show.selection_set))

    @cached_property
    def has_data(self) -> bool:
        """Whether its form has the data of a module, whose schema ``Show`` answers."""
        return self.operation("Change") is not None and DATA_SCHEMA in self.source

    @property
    def _fields(self) -> list[FieldNode]:
        return [one for one in self.show.selection_set.selections if isinstance(one, FieldNode)]

    def is_for(self, shown: GraphQLSchema) -> bool:
        """Whether a role that is shown this of the schema has the mutation of its form."""
        change = self.operation("Change")
        mutations = shown.mutation_type.fields if shown.mutation_type else {}
        return change is None or all(
            one.name.value in mutations
            for one in change.selection_set.selections
            if isinstance(one, FieldNode)
        )

    def operation(self, name: str) -> OperationDefinitionNode | None:
        """Find an operation."""
        return get_operation_ast(self.document, name)


@cache
def load_pages(schema: GraphQLSchema) -> Mapping[str, Page]:
    """Give every page by its name; WrongPage where one does not fit the schema or its area."""
    pages = {page.name: page for folder in sorted(_areas()) for page in _pages_of(folder)}
    for page in pages.values():
        errors = validate(schema, page.document)
        if errors:
            raise WrongPage(f"{page.name}.graphql: {errors[0].message}")
        if page.show.operation.value != "query":
            raise WrongPage(f"{page.name}.graphql: Show is no query.")
    return pages


def _areas() -> list[Path]:
    return [path.parent for path in FOLDER.glob("*/__init__.py")]


def _pages_of(folder: Path) -> list[Page]:
    """Give the pages of an area; each declared has both its files, each file is declared."""
    declared: dict[str, Place] = import_module(f"{__package__}.{folder.name}").PAGES
    for kind in ("graphql", "html"):
        files = {path.stem for path in folder.glob(f"*.{kind}") if path.name[0] != _PRIVATE}
        if files != set(declared):
            stray = ", ".join(sorted(files ^ set(declared)))
            raise WrongPage(f"{folder.name}: PAGES and the .{kind} files differ: {stray}.")
    return [
        Page(f"{folder.name}/{name}", place, _source(folder / f"{name}.graphql"))
        for name, place in declared.items()
    ]


def _source(file: Path) -> str:
    """Give the document of a page, with the frame and the fragments of its area that it spreads."""
    source = file.read_text(encoding="utf-8")
    shared = (
        part.read_text(encoding="utf-8")
        for part in sorted(file.parent.glob(f"{_PRIVATE}*.graphql"))
        if re.search(rf"\.\.\.{part.stem.removeprefix(_PRIVATE)}\b", source)
    )
    return "\n".join((source, *shared, _FRAME))


def answers_nothing(page: Page, data: Mapping[str, Any]) -> bool:
    """Whether what a page is about was not answered: it is not there, or not for who looks."""
    if not all(_at(data, way) for way in page.rows):
        return True
    if page.subjects:
        return not all(data.get(name) for name in page.subjects)
    return bool(page.own) and all(data.get(name) is None for name in page.own)


def _at(data: Mapping[str, Any], way: tuple[str, ...]) -> object:
    found: Any = data
    for name in way:
        found = found and found.get(name)
    return found


def _ways_to_row(
    selected: SelectionSetNode, way: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for one in selected.selections:
        if isinstance(one, InlineFragmentNode):
            yield from _ways_to_row(one.selection_set, way)
        if not isinstance(one, FieldNode) or one.selection_set is None:
            continue
        fields = [field for field in one.selection_set.selections if isinstance(field, FieldNode)]
        if _answer_name(one) != STORED:
            yield from _ways_to_row(one.selection_set, (*way, _answer_name(one)))
        elif any(field.name.value == "id" for field in fields):
            yield (*way, STORED)


def _answer_name(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value
