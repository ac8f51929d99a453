"""Random valid operations of every role: answered, with codes of the list and nothing of ours."""

import logging
from collections import Counter
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from portal.errors import Code
from schema.root import schema
from tests.world import Kind, make_world

CORE = schema._schema  # noqa: SLF001 -- no public name
CODES = {code.value for code in Code} - {Code.INTERNAL, Code.UNAVAILABLE, Code.TIMEOUT}
# What only our own insides say.
OURS = (
    "Traceback",
    "asyncpg",
    "sqlalchemy",
    "psycopg",
    "portal_app",
    "portal_staff",
    "portal_owner",
    "pg_catalog",
    "SELECT ",
    "INSERT INTO",
    "duplicate key",
    "violates",
    "constraint",
    "/site-packages/",
    ".py",
    "Did you mean",
    "object at 0x",
)
SCALARS = {
    "Int": ("0", "1", "2", "20", "100", "-1", "2147483647"),
    "Float": ("0.5", "-1e300"),
    "Boolean": ("true", "false"),
    "String": ('"text"', '""', '" "', '"%\' OR 1=1 --"', '"\\u202e"', '"NL"', '"x@example.org"'),
    "Date": ('"2026-01-31"', '"2199-12-31"', '"1900-01-01"'),
    "DateTime": ('"2026-01-31T12:00:00Z"', '"2026-12-31T23:59:59.999999+01:00"'),
    "Decimal": ('"0"', '"-1.5"', '"99999999.999999"'),
    "JSON": ("{}", '[1, null, {a: "b"}]', '"text"', "1e308", "true"),
}


class Asker:
    """Writes one operation whose every part fits its type, within the limits where it can."""

    def __init__(self, random: Random, ids: list[str]) -> None:
        self._random = random
        self._ids = ids
        self._left = random.choice((5, 15, 40))

    def operation(self) -> str:
        """Write a query, or one time in three a mutation."""
        is_query = self._random.random() < 2 / 3
        root = CORE.query_type if is_query else CORE.mutation_type
        assert root
        # The clock is everybody's: whoever moved it would leave another day to other tests.
        known = [name for name in root.fields if name != "setClock"]
        names = self._random.choices(known, k=self._random.randint(1, 3))
        body = " ".join(
            self._field(f"r{n}", name, root.fields[name], self._random.choice((2, 5, 8)))
            for n, name in enumerate(names if is_query else names[:1])
        )
        return f"{'query' if is_query else 'mutation'} {{ {body} }}"

    def _field(self, alias: str, name: str, field: GraphQLField, depth: int) -> str:
        given = {
            argument: self._value(one.type)
            for argument, one in field.args.items()
            if isinstance(one.type, GraphQLNonNull) or self._random.random() < 0.3
        }
        arguments = ", ".join(f"{argument}: {value}" for argument, value in given.items())
        text = f"{alias}: {name}" if alias else name
        text += f"({arguments})" if arguments else ""
        kind = get_named_type(field.type)
        return text if is_leaf_type(kind) else f"{text} {self._below(kind, depth)}"

    def _below(self, kind: Any, depth: int) -> str:
        if is_abstract_type(kind):
            possible = CORE.get_possible_types(kind)
            chosen = self._random.sample(list(possible), min(2, len(possible)))
            parts = (f"... on {one.name} {self._below(one, depth)}" for one in chosen)
            return f"{{ __typename {' '.join(parts)} }}"
        names = self._random.sample(list(kind.fields), min(len(kind.fields), 5))
        written = ["__typename"]
        for name in names:
            field = kind.fields[name]
            if depth > 1 or is_leaf_type(get_named_type(field.type)):
                self._left -= 1
                if self._left < 0:
                    break
                # A name of its own, since two types may answer different things under one.
                alias = f"a{self._left}" if field.args or self._left % 2 else ""
                written.append(self._field(alias or f"b{self._left}", name, field, depth - 1))
        return f"{{ {' '.join(written)} }}"

    def _value(self, kind: Any) -> str:
        if isinstance(kind, GraphQLNonNull):
            return self._given(kind.of_type)
        return "null" if self._random.random() < 0.1 else self._given(kind)

    def _given(self, kind: Any) -> str:
        random = self._random
        if isinstance(kind, GraphQLList):
            return f"[{', '.join(self._value(kind.of_type) for _ in range(random.randint(0, 3)))}]"
        if isinstance(kind, GraphQLEnumType):
            return random.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            parts = (
                f"{name}: {self._value(one.type)}"
                for name, one in kind.fields.items()
                if isinstance(one.type, GraphQLNonNull) or random.random() < 0.5
            )
            return f"{{{', '.join(parts)}}}"
        if kind.name == "ID":
            return f'"{random.choice(self._ids)}"'
        return random.choice(SCALARS[kind.name])


def codes_in(value: Any) -> list[str]:
    """Give the codes of errors and of problems, wherever they stand in an answer."""
    if isinstance(value, dict):
        own = [value["code"]] if isinstance(value.get("code"), str) else []
        return own + [code for below in value.values() for code in codes_in(below)]
    return [code for below in value for code in codes_in(below)] if isinstance(value, list) else []


async def test_random_operations_are_answered(client, write, pytestconfig, caplog):
    examples = pytestconfig.getoption("--operation-examples")
    kinds = list(Kind)
    seen: Counter[str] = Counter()
    answered: Counter[Kind] = Counter()
    caplog.set_level(logging.WARNING, "portal")
    for seed in range(examples):
        # What mutations left of an account, or of a session, is not asked for long.
        if seed % 50 == 0:
            world = make_world()
            await write(*world.own.rows, *world.foreign.rows)
            both = [*world.own.ids.values(), *world.foreign.ids.values()]
            known = [id for ids in both for id in ids] + ["bm90aGluZw==", "x"]
        random = Random(seed)  # noqa: S311 -- the same each time
        kind = kinds[seed % len(kinds)]
        asked = Asker(random, known).operation()
        token = world.tokens[kind]
        response = await client.post(
            "/graphql",
            json={"query": asked},
            headers={"authorization": f"Bearer {token}"} if token else {},
        )
        told = (seed, kind, asked, response.text[:3_000])
        # A session may have ended by a mutation of its own.
        assert response.status_code in {200, 401}, told
        answer = response.json()
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        assert set(codes) <= CODES, told
        assert not any(text in response.text for text in OURS), told
        seen.update(codes)
        answered[kind] += "data" in answer
    assert not caplog.records
    assert {"FORBIDDEN", "NOT_FOUND", "INVALID_INPUT"} & set(seen)
    # Most are valid and within the limits, whoever asks.
    assert answered.total() * 2 > examples, (answered, seen)
