"""What a query is run with, known where the same viewer asked the same a moment ago."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from permissions.fields import readable_by
from portal.database.engines import NOBODY, accounts_of
from portal.viewer import Viewer
from resolvers.reading.plan import Plan, Plans
from resolvers.reading.statement import Statement

MOST_KEPT = 2_000
_NOW = "now"


class Prepared(NamedTuple):
    """A statement and its arguments, and which types the ids among them are of."""

    plan: Plan
    statement: Statement
    arguments: list[Any]
    types: Mapping[int, Any]


class _Kept(NamedTuple):
    """What a query was run with; it and its viewer live as long, as their identity is the key."""

    query: object
    viewer: Viewer
    prepared: Prepared


class Preparations:
    """What queries were run with since something was planned for the last time.

    So nothing is here that has no plan any more, and what is asked often keeps its plan in use.
    """

    def __init__(self, plans: Plans) -> None:
        self._plans = plans
        self._planned = plans.planned
        self._kept: dict[tuple[int, int], _Kept] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def known(self, query: object, viewer: Viewer, now: datetime) -> Prepared | None:
        """Give what a query is run with; None where that has to be found out."""
        kept = self._kept.get((id(query), id(viewer)))
        if kept is None or self._planned != self._plans.planned:
            return None
        self._plans.hits += 1
        prepared = kept.prepared
        names = prepared.statement.parameters
        if _NOW not in names:
            return prepared
        arguments = prepared.arguments.copy()
        arguments[names.index(_NOW)] = now
        return Prepared(prepared.plan, prepared.statement, arguments, prepared.types)

    def keep(self, query: object, viewer: Viewer, prepared: Prepared) -> None:
        """Remember what a query is run with."""
        if self._planned != self._plans.planned or len(self._kept) >= MOST_KEPT:
            self._kept.clear()
            self._planned = self._plans.planned
        self._kept[id(query), id(viewer)] = _Kept(query, viewer, prepared)


def arguments_of(
    statement: Statement, viewer: Viewer, now: datetime, values: Mapping[str, Any]
) -> list[Any]:
    """Give what a statement is run with: given values, and what belongs to the viewer."""
    known = _parameters(viewer)
    return [
        values[name] if name in values else now if name == _NOW else known[name]
        for name in statement.parameters
    ]


def _parameters(viewer: Viewer) -> Mapping[str, Any]:
    """Give the values of the parameters that belong to a viewer."""
    known: dict[str, Any] | None = viewer.known.get("parameters")
    if known is None:
        accounts = accounts_of(viewer)
        known = viewer.known["parameters"] = {
            "accounts": accounts,
            "viewer": str(viewer.id or NOBODY),
            "viewer_id": viewer.id,
            "viewer_accounts": accounts,
            "viewer_readable": "{" + ",".join(readable_by(viewer)) + "}",
            "viewer_role": viewer.role.value,
            "viewer_name": viewer.name,
            "viewer_language": viewer.language.value,
            "reader_language": viewer.language.lower(),
        }
    return known
