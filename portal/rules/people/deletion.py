"""When an account may be deleted, what goes with it, and what stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.errors import RuleBroken, Several
from portal.language.phrase import Translated

_PATH = ("input", "id")


class KeptData(StrEnum):
    """What stays of a deleted account, for the operator alone."""

    DOCUMENTS = "DOCUMENTS"
    HISTORY_ENTRIES = "HISTORY_ENTRIES"


@dataclass(frozen=True, slots=True)
class RunningModule:
    """A module that is not over; ``last_day`` is None where no end is known."""

    name: Translated
    last_day: date | None


@dataclass(frozen=True, slots=True)
class DeletionPreview:
    """What deleting an account would do, and what is in the way."""

    running_modules: Sequence[RunningModule]
    goes: Sequence[str]
    stays: Sequence[KeptData] = tuple(KeptData)

    def check(self) -> None:
        """Refuse to delete while a module runs, or will; each is named, and until when."""
        if self.running_modules:
            raise Several([_still_runs(module) for module in self.running_modules])


def _still_runs(module: RunningModule) -> RuleBroken:
    if module.last_day is None:
        return RuleBroken("{module} runs, and has no last day.", path=_PATH, module=module.name)
    return RuleBroken(
        "{module} runs up to and including {last_day}.",
        path=_PATH,
        module=module.name,
        last_day=module.last_day,
    )
