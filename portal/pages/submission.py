"""Submissions: a form that was sent is carried out, shown first, or shown again with its faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLSchema

from portal.pages.form import found_in
from portal.pages.page import DATA_SCHEMA
from portal.pages.posted import Posted
from portal.pages.variables import Variables
from portal.pages.visit import Visit

STEP: Final = "do"
"""The control that says what to do: ``Change``, ``Preview``, ``edit``, ``add`` or ``remove``."""
_TOKEN: Final = "input.previewToken"  # noqa: S105 -- the name of a control
_KEY: Final = "input.idempotencyKey"
_STALE = "PREVIEW_STALE"
_WRONG = 422


@dataclass
class Outcome:
    """What came of a form: what it did, what it would do, or what is wrong with it."""

    posted: Posted
    result: dict[str, Any] | None = None
    preview: dict[str, Any] | None = None
    added: str = ""

    @property
    def status(self) -> int:
        """Give the status of the page that is shown."""
        return _WRONG if self.posted.faults else 200


class Submission:
    """One form that was sent."""

    def __init__(self, visit: Visit, posted: Posted, schema: GraphQLSchema) -> None:
        self._visit = visit
        self._posted = posted
        self._schema = schema
        self._schema_of_data: Mapping[str, Any] | None = None

    async def outcome(self) -> Outcome:
        """Do what the button says that was pressed."""
        posted = self._posted
        step, _, about = posted.values.pop(STEP, ["Change"])[-1].partition(" ")
        if step == "add":
            return Outcome(posted, added=about)
        if step == "remove":
            posted.remove(about)
            return Outcome(posted)
        if step == "edit":
            posted.values.pop(_TOKEN, None)
            return Outcome(posted)
        has_preview = self._visit.page.operation("Preview") is not None
        if has_preview and (step == "Preview" or _TOKEN not in posted.values):
            return await self._previewed()
        return await self._changed()

    async def _previewed(self) -> Outcome:
        """Show what would come of it, which changes nothing and so has neither key nor token."""
        for name in (_KEY, _TOKEN):
            self._posted.values.pop(name, None)
        result = await self._run("Preview")
        return Outcome(self._posted, preview=None if self._posted.faults else result)

    async def _changed(self) -> Outcome:
        posted = self._posted
        result = await self._run("Change")
        if not posted.faults:
            return Outcome(posted, result=result)
        if not any(fault.code == _STALE for fault in posted.faults):
            posted.values.pop(_TOKEN, None)
            return Outcome(posted)
        stale, posted.faults = posted.faults, []
        again = await self._previewed()
        posted.faults = posted.faults or stale
        return again

    async def _data_schema(self) -> Mapping[str, Any] | None:
        """Ask for the schema of the module whose data the form has, where it has any."""
        if not self._visit.page.has_data:
            return None
        if self._schema_of_data is None:
            self._schema_of_data = found_in(await self._visit.show(self._schema), DATA_SCHEMA)
        return self._schema_of_data

    async def _run(self, name: str) -> dict[str, Any]:
        """Run a mutation; what is wrong with it becomes faults."""
        posted = self._posted
        operation = self._visit.page.operation(name)
        assert operation  # noqa: S101 -- the site has no form without it
        variables = Variables(self._schema, posted, await self._data_schema()).of(operation)
        posted.check_used()
        if posted.faults:
            return {}
        (result,) = (await self._visit.ask(name, variables)).values()
        posted.note_problems(result.get("problems", ()))
        found: dict[str, Any] = result
        return found
