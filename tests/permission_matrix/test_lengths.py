"""What the SDL says of lengths is what the API refuses: each text and list that can be sent."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    get_named_type,
    get_nullable_type,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from permissions.fields import Access
from permissions.guards import access_of
from resolvers.changing.preview import PreviewOf
from schema.length import LENGTH_KEY
from tests.api.asking import Api
from tests.api.conftest import Write
from tests.api.ordering import set_general_terms
from tests.permission_matrix.coordinate import may
from tests.permission_matrix.test_writes import MUTATIONS, Case, document, input_of, run_of
from tests.permission_matrix.worksite import Worksite, documents, worksite
from tests.world import Kind

Path = tuple[str, ...]
TESTED = [name for name in MUTATIONS if not isinstance(run_of(name), PreviewOf)]
# As much as is looked at at all (``portal.settings.limits``).
TEXT, LIST = "x" * 70_000, 250
# An account's first order has a contract partner.
_NEW = {"orderModule": "orderModule.contractPartner"}
PROBLEMS = "problems { code path message }"
MOST = "problems { path values { name value } }"


def measured(kind: Any, above: Path = (), limit: Any = None) -> Iterator[tuple[Path, Any, bool]]:
    """Give the way to each text and list of an input, with what it may have at most."""
    for name, field in kind.fields.items():
        path = (*above, name)
        length = field.extensions.get(LENGTH_KEY) or limit
        named = get_named_type(field.type)
        if isinstance(get_nullable_type(field.type), GraphQLList):
            yield path, length and length.max, True
            path, length = (*path, "0"), None
        if isinstance(named, GraphQLInputObjectType):
            yield from measured(named, path, length)
        elif named.name == "String":
            yield path, length and length.max, False


@pytest.mark.parametrize("mutation", TESTED)
async def test_the_sdl_says_what_is_refused(
    mutation: str, api: Api, write: Write, superuser: AsyncEngine
):
    agreed = documents()
    site = worksite(_NEW.get(mutation, mutation), agreed)
    await write(*agreed, *site.rows)
    await set_general_terms(superuser)
    said = {path: most for path, most, _ in measured(input_of(mutation))}
    refused = {
        path: await most_of(api, site, mutation, path, is_list=is_list)
        for path, _, is_list in measured(input_of(mutation))
    }
    assert refused == said


async def most_of(api: Api, site: Worksite, mutation: str, path: Path, *, is_list: bool) -> Any:
    """Send too much, and give how much would have been allowed."""
    guards = (access_of(MUTATIONS[mutation]), *_guards(input_of(mutation), path))
    kind = next(kind for kind in Kind if all(may(kind, one) for one in guards))
    chosen = dict(_chosen(input_of(mutation), path))
    given = deepcopy(Case(mutation, path[0], chosen, kind).given(site))
    if "id" in given and given["id"] is None:
        given["id"] = site.known["Account"]
    at: Any = given
    for name in path[:-1]:
        at = at[int(name) if name.isdecimal() else name]
    last: Any = int(path[-1]) if path[-1].isdecimal() else path[-1]
    at[last] = (at[last] * LIST)[:LIST] if is_list else TEXT
    asked = document(mutation).replace(PROBLEMS, MOST)
    answer = await api(asked, site.world.tokens[kind], input=given)
    problems = (answer.get("data") or {}).get(mutation, {}).get("problems", ())
    numbers = [
        value["value"]
        for one in problems
        if one["path"] == ["input", *path]
        for value in one["values"]
        if value["name"] == "most"
    ]
    return int(numbers[0]) if numbers else None


def _guards(kind: Any, path: Path) -> Iterator[Access]:
    """Give what guards the way to what is sent."""
    for name in path:
        if not name.isdecimal():
            yield access_of(kind.fields[name])
            kind = get_named_type(kind.fields[name].type)


def _chosen(kind: Any, path: Path) -> Iterator[tuple[str, str]]:
    """Give which field is sent of each input of which one is."""
    for name in path:
        if not name.isdecimal():
            if kind.is_one_of:
                yield kind.name, name
            kind = get_named_type(kind.fields[name].type)
