"""The linear history of migrations: each follows one other, under a later name."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from portal.errors import OperatorFault

_REVISION = re.compile(r'^revision = "(.+)"$', re.MULTILINE)
_FOLLOWS = re.compile(r'^down_revision = "(.+)"$', re.MULTILINE)
_REMEDY = "Give the newer one a later number, and let it follow the last of the others."


class Overtaken(OperatorFault):
    """A migration wants the place of another one."""


class _Step(NamedTuple):
    """A migration by the name of its file, its revision and the one before."""

    name: str
    revision: str
    follows: str


def check_history(folder: Path) -> None:
    """Refuse migrations of which one was overtaken by another, as after a merge."""
    steps = list(_steps(folder))
    by_revision = _each_alone(steps, lambda step: step.revision, "have the number")
    _each_alone(steps, lambda step: step.follows, "follow")
    for step in steps:
        before = by_revision.get(step.follows)
        if step.follows and before is None:
            raise Overtaken(f"{step.name} follows {step.follows}, which is not there. {_REMEDY}")
        if before is not None and before.name > step.name:
            raise Overtaken(f"{step.name} follows {before.name}, which is later. {_REMEDY}")


def _each_alone(
    steps: Sequence[_Step], place: Callable[[_Step], str], verb: str
) -> dict[str, _Step]:
    found: dict[str, _Step] = {}
    for step in steps:
        other = found.setdefault(place(step), step)
        if other is not step:
            taken = place(step) or "nothing"
            raise Overtaken(f"{other.name} and {step.name} both {verb} {taken}. {_REMEDY}")
    return found


def _steps(folder: Path) -> Iterator[_Step]:
    for path in sorted(folder.glob("[0-9]*.py")):
        text = path.read_text(encoding="utf-8")
        follows = _FOLLOWS.search(text)
        for revision in _REVISION.findall(text):
            yield _Step(path.stem, revision, follows[1] if follows else "")
