"""The schema as a page to read: every type, its fields, who may use them, what they mean."""

from collections.abc import Iterable, Iterator, Mapping

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
    specified_scalar_types,
)

from permissions.guards import access_of

_PAGED = ("first", "after", "last", "before")
_HEAD = """# The schema

- `!` is never null. What is guarded can be null: a refused field is, with an error.
- **In pages** means the arguments `first` (0 to 100; 20 by default) and `after`, or `last` and
  `before`, with a cursor of the list; see [PageInfo](#pageinfo).
"""
_WHO = """- **Who** may use a field, argument or input field: the roles, then the scope needed in
  the account at hand, then what a customer must be in it. Nothing means everyone.

Made by `make snapshots`. `portal schema --markdown --role customer` prints what one role may use.
"""
_SECTIONS: tuple[tuple[str, type[GraphQLNamedType]], ...] = (
    ("Types", GraphQLObjectType),
    ("Interfaces", GraphQLInterfaceType),
    ("Unions", GraphQLUnionType),
    ("Inputs", GraphQLInputObjectType),
    ("Enums", GraphQLEnumType),
    ("Scalars", GraphQLScalarType),
)
Element = GraphQLField | GraphQLArgument | GraphQLInputField
Row = tuple[str, ...]


def reference(schema: GraphQLSchema, *, who: bool = True) -> str:
    """Give the schema as Markdown; ``who`` says of each field which roles may use it."""
    return _Page(who).of(schema)


class _Page:
    """A page, with or without the column that says who may use a thing."""

    def __init__(self, who: bool) -> None:
        self._who = who

    def of(self, schema: GraphQLSchema) -> str:
        """Write about each type: first the two to begin with, then the others by kind and name."""
        roots = [kind for kind in (schema.query_type, schema.mutation_type) if kind]
        parts = [f"{_HEAD}{_WHO}" if self._who else _HEAD]
        for root in roots:
            parts += self._type(root, "##")
        others = sorted(schema.type_map.values(), key=lambda kind: kind.name)
        for title, of_kind in _SECTIONS:
            parts.append(f"## {title}\n")
            for kind in others:
                if isinstance(kind, of_kind) and kind not in roots and not _is_of_graphql(kind):
                    parts += self._type(kind, "###")
        return "\n".join(parts)

    def _type(self, kind: GraphQLNamedType, level: str) -> Iterator[str]:
        yield f"{level} {kind.name}\n"
        yield f"{kind.description}\n"
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            yield self._fields(self._field_rows(kind.fields))
        elif isinstance(kind, GraphQLInputObjectType):
            yield self._fields(self._row(name, field) for name, field in kind.fields.items())
        elif isinstance(kind, GraphQLEnumType):
            values = kind.values.items()
            yield _table(
                ("value", "meaning"),
                ((f"`{name}`", value.description or "") for name, value in values),
            )
        elif isinstance(kind, GraphQLUnionType):
            yield f"One of {', '.join(_link(member.name) for member in kind.types)}.\n"

    def _fields(self, rows: Iterable[Row]) -> str:
        return _table(("field", "type", *(("who",) if self._who else ()), "meaning"), rows)

    def _field_rows(self, fields: Mapping[str, GraphQLField]) -> Iterator[Row]:
        for name, field in fields.items():
            paged = set(_PAGED) <= set(field.args)
            yield self._row(name, field, " In pages." if paged else "")
            for argument, given in field.args.items():
                if not (paged and argument in _PAGED):
                    yield self._row(f"{name}({argument}:)", given)

    def _row(self, name: str, element: Element, note: str = "") -> Row:
        text = f"{element.description}{note}"
        if element.deprecation_reason:
            text += f" Deprecated: {element.deprecation_reason}"
        who = (_allowed(element),) if self._who else ()
        return (f"`{name}`", _shown(element), *who, text)


def _is_of_graphql(kind: GraphQLNamedType) -> bool:
    return is_introspection_type(kind) or is_specified_scalar_type(kind)


def _shown(element: Element) -> str:
    name = get_named_type(element.type).name
    return str(element.type).replace(name, _link(name))


def _allowed(element: Element) -> str:
    access = access_of(element)
    parts = (access.roles, (access.scope,) if access.scope else (), access.member_roles)
    return ", ".join(" ".join(part) for part in parts if part)


def _link(name: str) -> str:
    return name if name in specified_scalar_types else f"[{name}](#{name.lower()})"


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "&#124;")
