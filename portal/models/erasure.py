"""What erasing an account, or a person, does with each column: declared on the model, as data.

A model's ``erasure`` is a tuple of the words below; each that takes something away says as what the
owner is told of that before. Without ``whose`` a word is about the rows of
an account that is erased; with it about rows that name a person, by its id or its e-mail address.
The one function that erases is made from them (``portal.database.objects``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from portal.models.key import is_key

ACCOUNTS = "accounts"
PEOPLE = "people"
EMAILS = "emails"
"""What the function knows: ids of accounts, of people, and the addresses of the latter."""


class DeletedData(StrEnum):
    """What goes when an account is deleted."""

    NAMES = "NAMES"
    MEMBERS = "MEMBERS"
    LOGINS = "LOGINS"
    INVITATIONS = "INVITATIONS"
    CONSENTS = "CONSENTS"
    REQUESTS = "REQUESTS"
    APP_AUTHORIZATIONS = "APP_AUTHORIZATIONS"
    CALENDAR_ADDRESS = "CALENDAR_ADDRESS"
    CONTRACT = "CONTRACT"
    MODULES = "MODULES"
    BILLING = "BILLING"
    MESSAGES = "MESSAGES"
    HISTORY_VALUES = "HISTORY_VALUES"


@dataclass(frozen=True, slots=True)
class Kept:
    """Columns that stay as they are, because nothing in them tells of anybody; all without any."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """Which rows: those whose column is among the accounts, people or addresses that go.

    ``where`` says the same of ``t`` in SQL where one column cannot, or narrows it further.
    """

    among: str = ACCOUNTS
    column: str | None = "account_id"
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """Columns that get another value, an expression of SQL; None empties them."""

    what: DeletedData
    values: Mapping[str, str | None]
    whose: Whose


@dataclass(frozen=True, slots=True)
class Deleted:
    """Rows that go."""

    what: DeletedData
    whose: Whose


Parts = Mapping[str, Iterable[str]]
Word = Kept | Replaced | Deleted
Erasure = tuple[Word, ...]


def kept(*columns: str) -> Kept:
    """Declare columns that stay; all of a table that tells of nobody when none is named."""
    return Kept(columns)


def emptied(what: DeletedData, *columns: str, whose: Whose | None = None) -> Replaced:
    """Declare columns that are emptied."""
    return Replaced(what, MappingProxyType(dict.fromkeys(columns)), whose or Whose())


def replaced(what: DeletedData, *, whose: Whose | None = None, **values: str) -> Replaced:
    """Declare columns that get another value, each an expression of SQL."""
    return Replaced(what, MappingProxyType(dict(values)), whose or Whose())


def deleted(what: DeletedData, *, whose: Whose | None = None) -> Deleted:
    """Declare rows that are deleted."""
    return Deleted(what, whose or Whose())


def by_account(column: str = "account_id", *, where: str | None = None) -> Whose:
    """Say that rows belong to an account."""
    return Whose(ACCOUNTS, column, where)


def by_person(column: str, *, where: str | None = None) -> Whose:
    """Say that rows name a person by its id."""
    return Whose(PEOPLE, column, where)


def by_email(column: str) -> Whose:
    """Say that rows name a person by its e-mail address."""
    return Whose(EMAILS, column)


def by_people_where(condition: str) -> Whose:
    """Say which rows tell of people, in SQL over ``t``, ``people`` and ``emails``."""
    return Whose(PEOPLE, None, condition)


def taken_away(erasures: Iterable[Erasure]) -> list[DeletedData]:
    """Give what goes with an account by what models declare, in the order of telling."""
    declared = {word.what for erasure in erasures for word in erasure if not isinstance(word, Kept)}
    return [what for what in DeletedData if what in declared]


def undeclared(table: Any, erasure: Any, parts: Parts = MappingProxyType({})) -> Iterator[str]:
    """Name what erasing does not declare: columns of rows that stay, or the whole table.

    ``parts`` are the columns of each composite, which is named as one.
    """
    words: Erasure = erasure if isinstance(erasure, tuple) else ()
    if not words:
        yield table.name
        return
    named = {part for word in words for name in _columns(word) for part in parts.get(name, (name,))}
    told = named | {word.whose.column for word in words if not isinstance(word, Kept)}
    unknown = sorted(name for name in told if name is not None and name not in table.c)
    yield from (f"{table.name}.{name}, which is no column" for name in unknown)
    if named or _stays(table, words):
        yield from (
            f"{table.name}.{column.name}"
            for column in table.columns
            if column.name not in named and not is_key(column)
            if not column.primary_key and not column.foreign_keys
        )


def _columns(word: Word) -> Iterator[str]:
    match word:
        case Kept(columns):
            yield from columns
        case Replaced(values=values):
            yield from values


def _stays(table: Any, words: Erasure) -> bool:
    """Say whether a row may stay that tells of an account, or of a person, that is erased."""
    gone = {word.whose.column for word in words if isinstance(word, Deleted)}
    named = {key.parent.name for key in table.foreign_keys if key.target_fullname == "person.id"}
    return bool(named - gone) if gone else _tells_of_somebody(table)


def _tells_of_somebody(table: Any) -> bool:
    own = {"account", "person"}
    return table.name in own or any(
        key.target_fullname.partition(".")[0] in own for key in table.foreign_keys
    )
