"""Which history tells of a change of a model's rows: declared on the model, beside its wall."""

from enum import Enum, auto
from typing import Any

from portal.database.addresses import STAFF
from portal.models.wall import NOTHING, Wall

_WRITES = frozenset({"INSERT", "UPDATE", "DELETE"})


class History(Enum):
    """The history of the row's account, that of the operator, or none."""

    ACCOUNT = auto()
    OPERATOR = auto()
    NONE = auto()


def unrecorded() -> dict[Any, Any]:
    """Give the ``info`` of a column of which no history tells, beside what its row is."""
    return {"recorded": False}


def is_recorded(column: Any) -> bool:
    """Say whether a history tells of a column."""
    return bool(column.info.get("recorded", True))


def must_declare(wall: Wall) -> bool:
    """Say whether staff may write the rows, so that some history tells of it or is not to."""
    return not _WRITES.isdisjoint(wall.rights.get(STAFF, NOTHING).verbs)
