"""Functions and triggers of the database, as declarations."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Function:
    """A function that runs as its owner, and the roles that may call it."""

    name: str
    arguments: str
    result: str
    body: str
    roles: tuple[str, ...] = ()
    language: str = "sql"
    volatility: str = "VOLATILE"
    is_definer: bool = True
    path: str = "pg_catalog, public, pg_temp"

    @property
    def as_told(self) -> Self:
        """The same as PostgreSQL tells it: types written out, and roles in their order."""
        arguments, result = (
            text.replace("timestamptz", "timestamp with time zone")
            for text in (self.arguments, self.result)
        )
        return replace(self, arguments=arguments, result=result, roles=tuple(sorted(self.roles)))

    @property
    def signature(self) -> str:
        """How a statement names it."""
        return f"{self.name}({self.arguments})"

    @property
    def statement(self) -> str:
        """The statement that makes it, or puts it in the place of an earlier one."""
        options = [
            f"RETURNS {self.result}",
            f"LANGUAGE {self.language}",
            *([self.volatility] if self.volatility != "VOLATILE" else []),
            *(["SECURITY DEFINER"] if self.is_definer else []),
            f"SET search_path = {self.path}",
        ]
        return (
            f"CREATE OR REPLACE FUNCTION {self.signature} {' '.join(options)}"
            f" AS $body${self.body}$body$"
        )


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger of a table; ``events`` are in PostgreSQL's order.

    One that ``waits`` runs when its transaction commits.
    """

    name: str
    table: str
    when: str
    events: str
    function: str
    each: str = "STATEMENT"
    waits: bool = False

    @property
    def statement(self) -> str:
        """The statement that makes it, as PostgreSQL tells it."""
        return (
            f"CREATE {'CONSTRAINT ' if self.waits else ''}TRIGGER {self.name} {self.when}"
            f" {self.events} ON {self.table}"
            f"{' DEFERRABLE INITIALLY DEFERRED' if self.waits else ''}"
            f" FOR EACH {self.each} EXECUTE FUNCTION {self.function}()"
        )
