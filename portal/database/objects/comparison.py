"""What a database has and what is declared, compared thing by thing."""

from collections.abc import Sequence
from difflib import unified_diff
from typing import NamedTuple

from typing_extensions import override

from portal.database.objects.catalog import Name, Objects


class Difference(NamedTuple):
    """One thing with its definition in the database and the declared one; None is for none."""

    name: Name
    present: str | None
    declared: str | None

    @override
    def __str__(self) -> str:
        if self.declared is None:
            return f"{self.name}: the database has it, and nothing declares it"
        if self.present is None:
            return f"{self.name}: it is declared, and the database does not have it"
        _, _, *lines = unified_diff(
            self.present.splitlines(), self.declared.splitlines(), lineterm="", n=0
        )
        changed = [f"\n    {line}" for line in lines if not line.startswith("@@")]
        return f"{self.name}: - in the database, + declared{''.join(changed)}"


def compare(present: Objects, declared: Objects) -> list[Difference]:
    """Give what differs, table by table."""
    differing = [
        Difference(name, present.get(name), declared.get(name))
        for name in present.keys() | declared.keys()
        if present.get(name) != declared.get(name)
    ]
    return sorted(differing, key=lambda difference: _place(difference.name))


def without_parts(differences: Sequence[Difference]) -> list[Difference]:
    """Leave out the parts of a table or view that is missing as a whole."""
    missing = {each.name.name for each in differences if None in each[1:] and _is_whole(each.name)}
    return [each for each in differences if each.name.table not in missing or _is_whole(each.name)]


def _is_whole(name: Name) -> bool:
    return name.kind in {"table", "view"}


def _place(name: Name) -> tuple[str, str, str]:
    return name.table or "", name.kind, name.name
