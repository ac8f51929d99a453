"""What is left to do after the statement: say what was refused, and ask Python for the rest.

Most plans leave nothing to do, and their answer goes out as PostgreSQL gave it. For the others the
answer is read, and walked along those branches alone in which there is something.
"""

import asyncio
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, cast
from uuid import UUID

import orjson
from graphql import GraphQLError
from graphql.error import located_error
from graphql.execution import Executor
from graphql.pyutils import Path

from portal.viewer import Viewer
from resolvers.reading.cells import needed
from resolvers.reading.column import column_of, read
from resolvers.reading.merged import relocated
from resolvers.reading.tree import Field, Place, Selection
from resolvers.reading.writer import ACCOUNT_KEY
from resolvers.record import Record

Route = tuple[str | int, ...]
# An object of the answer, a field of it that Python answers, what it is part of, and where.
Waiting = tuple[dict[str, Any], Field, Selection, Route]


@dataclass(slots=True)
class Branch:
    """What there is to do in the objects that a selection led to."""

    selection: Selection
    refused: list[Field] = field(default_factory=list)
    python: list[Field] = field(default_factory=list)
    below: list[tuple[str, "Branch"]] = field(default_factory=list)
    by_type: list[tuple[Field, Mapping[str, "Branch"]]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (
            self.refused
            or self.python
            or self.below
            or self.by_type
            or self.selection.notes_account
        )


def branch_of(selection: Selection) -> Branch:
    """Find what is left to do in what a selection leads to."""
    branch = Branch(selection)
    for one in selection.fields:
        if one.refusal is not None:
            branch.refused.append(one)
        elif one.is_python:
            branch.python.append(one)
        elif one.selection is not None:
            below = branch_of(one.selection)
            if not below.is_empty:
                branch.below.append((one.key, below))
        elif one.by_type:
            found = {name: branch_of(below) for name, below in one.by_type.items()}
            if not all(below.is_empty for below in found.values()):
                branch.by_type.append((one, found))
    return branch


@dataclass(slots=True)
class Finish:
    """The rest of one answer, or of what stands at a route of it."""

    sent: bytes
    viewer: Viewer
    types: Mapping[int, list[str | None]]
    route: Route = ()
    data: Any = None
    errors: list[GraphQLError] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)

    def walk(self, branch: Branch) -> None:
        """Find everything that is left to do."""
        self.data = orjson.loads(self.sent)
        self._walk(branch, self.data, self.route)

    def written(self) -> bytes:
        """Give the answer; as it came, where nothing was put into it or taken out."""
        return orjson.dumps(self.data) if self.waiting or self.touched else self.sent

    def _walk(self, branch: Branch, value: Any, route: Route) -> None:
        if value is None:
            return
        if isinstance(value, list):
            for index, item in enumerate(value):
                self._walk(branch, item, (*route, index))
            return
        if branch.selection.notes_account:
            self.touched.add(UUID(value.pop(ACCOUNT_KEY)))
        for refused in branch.refused:
            self._refuse(refused, (*route, refused.key))
        for asked in branch.python:
            self.waiting.append((value, asked, branch.selection, (*route, asked.key)))
        for key, below in branch.below:
            self._walk(below, value[key], (*route, key))
        for asked, branches in branch.by_type:
            self._walk_types(asked, branches, value[asked.key], (*route, asked.key))

    def _walk_types(
        self, asked: Field, branches: Mapping[str, Branch], value: Any, route: Route
    ) -> None:
        site: Any = asked.site
        types = self.types[site.number]
        if not isinstance(value, list):
            if types and types[0] is not None:
                self._walk(branches[types[0]], value, route)
            return
        for index, (name, item) in enumerate(zip(types, value, strict=True)):
            if name is not None:
                self._walk(branches[name], item, (*route, index))

    def _refuse(self, refused: Field, route: Route) -> None:
        access: Any = refused.refusal
        error = access.refusal(self.viewer, f"{refused.parent.name}.{refused.name}")
        nodes = [details.node for details in refused.details]
        self.errors.append(located_error(error, nodes, list(route)))

    async def ask(self, executor: Executor[Any]) -> None:
        """Let GraphQL's own executor answer what Python has to, all together, and equals once."""
        pending: list[Awaitable[None]] = []
        together = self._together()
        for equals in together:
            place, asked, selection, route = equals[0]
            source = self._source(asked, selection, place[asked.key])
            answer = executor.execute_field(asked.parent, source, asked.details, _path(route), None)
            if isawaitable(answer):
                pending.append(_put(equals, answer))
            else:
                _put_now(equals, answer)
        await asyncio.gather(*pending)
        errors = executor.collected_errors.errors
        self.errors += errors
        if errors:
            self.errors += _of_equals(together, errors)

    def _together(self) -> list[list[Waiting]]:
        """Give what waits, together where it is the same field of the same row."""
        found: dict[tuple[int, bytes], list[Waiting]] = {}
        for one in self.waiting:
            place, asked, _, _ = one
            found.setdefault((id(asked), orjson.dumps(place[asked.key])), []).append(one)
        return list(found.values())

    def _source(self, asked: Field, selection: Selection, cells: list[str | None]) -> Any:
        if selection.place is Place.VIEWER:
            return self.viewer
        model = selection.model
        if model is None:
            return None
        values = {}
        for name, text in zip(needed(asked, selection), cells, strict=True):
            column = column_of(model, name)
            values[name] = read(column, text)
        return Record(model, values)


async def _put(equals: Sequence[Waiting], answer: Awaitable[Any]) -> None:
    _put_now(equals, await answer)


def _put_now(equals: Sequence[Waiting], answer: Any) -> None:
    for place, asked, _, _ in equals:
        place[asked.key] = answer


def _of_equals(
    together: Sequence[Sequence[Waiting]], errors: Sequence[GraphQLError]
) -> Iterator[GraphQLError]:
    """Give the errors of the first of several equals in the places of the others."""
    others = {equals[0][3]: [route for *_, route in equals[1:]] for equals in together}
    for error in errors:
        path = tuple(error.path or ())
        for length in range(len(path) + 1):
            for route in others.get(path[:length], ()):
                yield relocated(error, [*route, *path[length:]])


def _path(route: Route) -> Path:
    path: Any = None
    for key in route:
        path = Path(path, key, None)
    return cast("Path", path)
