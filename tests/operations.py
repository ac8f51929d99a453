"""Random operations, valid for a schema, whose arguments are drawn from what there is."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from permissions.definition import definition_of

# Days on which modules run, in the tests' worlds, and one on which none does.
DAYS = ("2024-02-29", "2025-01-01", "2026-07-01", "1999-12-31")
INSTANTS = ("2024-02-29T00:00:00Z", "2026-06-30T22:00:00.000001Z", "2199-12-31T23:59:59+01:00")
# Whose ids the members of filters take.
_IDS = {
    "app": "App",
    "module": "Module",
    "moduleSubscription": "ModuleSubscription",
    "permissionProfile": "PermissionProfile",
    "staff": "Staff",
}
# Under this name most rows say what they are: an answer that has it has a row.
ROW = "row"
LONG = "a_very_long_alias_that_does_not_fit_into_the_name_of_a_column_no"


# What leads to rows for most viewers, and what for few.
_LIKED = {
    "account": 14,
    "accounts": 8,
    "apps": 4,
    "documentsToConsent": 4,
    "edges": 20,
    "modules": 10,
    "node": 12,
    "nodes": 12,
    "operator": 8,
    "pageInfo": 1,
    "totalCount": 1,
    "viewer": 14,
}


@dataclass
class Drawn:
    """What arguments are drawn from."""

    ids: dict[str, list[str]]
    texts: list[str]
    named: dict[str, list[str]] = field(default_factory=dict)
    cursors: list[str] = field(default_factory=list)


@dataclass
class Operation:
    """A document and the values of its variables."""

    document: str
    variables: dict[str, Any]


class Writer:
    """Writes one operation."""

    def __init__(self, schema: GraphQLSchema, random: Random, drawn: Drawn) -> None:
        self._schema = schema
        self._random = random
        self._drawn = drawn
        self._declared: list[str] = []
        self._variables: dict[str, Any] = {}
        self._fragments: list[str] = []
        self._aliases = 0
        self._of: str | None = None
        self._left = random.choice((10, 20, 30))

    def operation(self) -> Operation:
        """Write it."""
        query = self._schema.query_type
        assert query
        body = self._selections(query, self._random.choice((4, 6, 7, 8)), unique=False)
        declared = f" ({', '.join(self._declared)})" if self._declared else ""
        return Operation(
            " ".join((f"query Random{declared} {body}", *self._fragments)), self._variables
        )

    def _selections(self, kind: Any, depth: int, *, unique: bool) -> str:
        written = []
        if is_abstract_type(kind):
            if self._random.random() < 0.7:
                written.append(self._field("id", kind.fields["id"], depth, unique=unique))
            possible = self._schema.get_possible_types(kind)
            chosen = self._random.sample(list(possible), self._random.randint(2, 8))
            written += [
                f"... on {one.name} {self._selections(one, depth - 1, unique=True)}"
                for one in chosen
            ]
            if self._random.random() < 0.8:
                written.append(f"{ROW}: __typename")
            return "{ " + " ".join(written) + " }"
        names = [
            name
            for name, one in kind.fields.items()
            if depth > 1 or is_leaf_type(get_named_type(one.type))
        ]
        weights = [_LIKED.get(name, 2) for name in names]
        count = self._random.randint(1, 5)
        for name in self._random.choices(names, weights, k=count) if names else ():
            self._left -= 1
            if self._left < 0 and written:
                break
            one = self._field(name, kind.fields[name], depth - 1, unique=unique)
            written.append(self._wrapped(one, kind, unique=unique))
        if not written or self._random.random() < 0.1:
            written.append("__typename")
        if self._is_row(kind) and self._random.random() < 0.8:
            written.append(f"{ROW}: __typename")
        return "{ " + " ".join(written) + " }"

    @staticmethod
    def _is_row(kind: GraphQLObjectType) -> bool:
        origin = definition_of(kind).origin
        return hasattr(origin, "__portal_model__")

    def _wrapped(self, one: str, kind: GraphQLObjectType, *, unique: bool) -> str:
        chance = self._random.random()
        if chance < 0.05:
            return f"... {{ {one} }}"
        if chance < 0.1:
            return f"... on {kind.name} {self._switch()} {{ {one} }}"
        if chance < 0.15:
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {kind.name} {{ {one} }}")
            return f"...{name} {self._switch()}"
        return one

    def _field(self, name: str, definition: GraphQLField, depth: int, *, unique: bool) -> str:
        below = get_named_type(definition.type)
        self._of = {"account": "Account", "tariff": "Tariff"}.get(name)
        arguments = self._arguments(definition.args)
        alias = ""
        if arguments or unique or self._random.random() < 0.2:
            self._aliases += 1
            stem = LONG if self._random.random() < 0.08 else "a"
            alias = f"{stem}{self._aliases}: "
        text = f"{alias}{name}{arguments} {self._switch()}"
        if is_leaf_type(below):
            return text
        return f"{text} {self._selections(below, depth, unique=unique)}"

    def _switch(self) -> str:
        if self._random.random() > 0.06:
            return ""
        directive = self._random.choice(("skip", "include"))
        value = self._random.random() < (0.2 if directive == "skip" else 0.8)
        if self._random.random() < 0.5:
            return f"@{directive}(if: {str(value).lower()})"
        return f"@{directive}(if: {self._variable('Boolean!', value)})"

    def _variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self._declared)}"
        if self._random.random() < 0.15 and not isinstance(value, dict) and value is not None:
            literal = orjson.dumps(value).decode()
            is_enum = isinstance(value, str) and self._is_enum(kind)
            self._declared.append(f"${name}: {kind} = {value if is_enum else literal}")
        else:
            self._declared.append(f"${name}: {kind}")
            self._variables[name] = value
        return f"${name}"

    def _is_enum(self, kind: str) -> bool:
        return isinstance(self._schema.type_map.get(kind.strip("![]")), GraphQLEnumType)

    def _arguments(self, arguments: dict[str, GraphQLArgument]) -> str:
        written = {}
        for name, argument in arguments.items():
            required = isinstance(argument.type, GraphQLNonNull)
            if name in {"filter", "search"} and self._random.random() < 0.7:
                continue
            if name == "last" and "first" in written and self._random.random() < 0.95:
                continue
            if name in {"after", "before"} and self._random.random() < 0.8:
                continue
            if not required and self._random.random() < 0.5:
                continue
            value = self._value(name, argument.type)
            if self._random.random() < 0.5:
                written[name] = self._variable(str(argument.type), value)
            else:
                written[name] = self._literal(argument.type, value)
        if not written:
            return ""
        return "(" + ", ".join(f"{name}: {text}" for name, text in written.items()) + ")"

    def _value(self, name: str, kind: Any) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self._required(name, kind.of_type)
        return None if self._random.random() < 0.05 else self._required(name, kind)

    def _required(self, name: str, kind: Any) -> Any:
        random = self._random
        if isinstance(kind, GraphQLList):
            return [self._required(name, get_named_type(kind)) for _ in range(random.randint(0, 4))]
        if isinstance(kind, GraphQLEnumType):
            return random.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return {
                key: self._value(key, one.type)
                for key, one in kind.fields.items()
                if isinstance(one.type, GraphQLNonNull) or random.random() < 0.3
            }
        return self._scalar(name, kind.name)

    def _scalar(self, name: str, kind: str) -> Any:
        random, known = self._random, self._drawn.cursors
        match kind:
            case "Int":
                value: Any = random.choice((0, 1, 2, 3, 3, 5, 20, 50, 100, 100, 100, 101))
            case "Boolean":
                value = random.random() < 0.5
            case "ID":
                value = self._id(name)
            case "Date":
                value = random.choice(DAYS)
            case "DateTime":
                value = random.choice(INSTANTS)
            case _ if name in self._drawn.named:
                value = random.choice(self._drawn.named[name])
            case _ if name in {"after", "before"}:
                value = random.choice(known) if known and random.random() < 0.97 else "x"
            case _:
                value = random.choice(self._drawn.texts)
        return value

    def _id(self, name: str) -> str:
        ids = self._drawn.ids
        if self._random.random() < 0.05:
            return "bm90aGluZw=="
        wanted = _IDS.get(name, self._of)
        if wanted is None or self._random.random() < 0.05:
            wanted = "Account" if self._random.random() < 0.6 else self._random.choice(list(ids))
        return self._random.choice(ids.get(wanted, ids["Account"]))

    def _literal(self, kind: Any, value: Any) -> str:
        named = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if isinstance(named, GraphQLList) and value is not None:
            return "[" + ", ".join(self._literal(named.of_type, one) for one in value) + "]"
        if isinstance(named, GraphQLEnumType) and value is not None:
            return str(value)
        if isinstance(named, GraphQLInputObjectType) and value is not None:
            fields = (
                f"{key}: {self._literal(named.fields[key].type, one)}" for key, one in value.items()
            )
            return "{" + ", ".join(fields) + "}"
        return orjson.dumps(value).decode()
