"""Carrying: what somebody typed before their session ended, over the login to the same person."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from portal.login.seal import Seal
from portal.pages.posted import Posted

_SECONDS: Final = 30 * 60
_MOST_CHARACTERS: Final = 200_000
# The last word of the names of controls whose values are never carried.
_SECRET = re.compile(r"(.*password|code|.*token|.*uploadid|.*key|do)", re.IGNORECASE)


class Carried(NamedTuple):
    """The form of a page, as it was typed by somebody."""

    path: str
    person: str
    values: dict[str, list[str]]


class Carrier:
    """Hides what was typed in the page for the login, where nobody else can read it."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def name(self, person_id: UUID) -> str:
        """Name a person so that nobody can tell who it is."""
        return self._seal.hash(f"person:{person_id}").hex()

    def hidden(self, path: str, person: str, posted: Posted) -> str:
        """Hide what was posted; nothing where it is too much."""
        values = {name: given for name, given in posted.values.items() if not _is_secret(name)}
        if sum(len(text) for given in values.values() for text in given) > _MOST_CHARACTERS:
            return ""
        return self._seal.hide(Carried(path, person, values)._asdict())

    def found(self, token: str, person_id: UUID | None) -> Carried | None:
        """Give what was hidden a while ago at most; None for what somebody else typed."""
        content: Mapping[str, Any] | None = self._seal.found(token, _SECONDS) if token else None
        if content is None or person_id is None or content["person"] != self.name(person_id):
            return None
        return Carried(**content)


def _is_secret(name: str) -> bool:
    last = name.rpartition(".")[2]
    return _SECRET.fullmatch(last) is not None
