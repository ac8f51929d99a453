"""Which functions reach the tables that are closed: each wall names them, and no others."""

import re
from collections.abc import Iterator

from portal.database.objects.functions import FUNCTIONS
from portal.models.base import models
from portal.models.wall import Closed


def misnamed() -> Iterator[str]:
    """Say where a closed table and the functions that reach it do not know of each other.

    What erases reaches every table, by what that declares.
    """
    known = {function.name for function in FUNCTIONS}
    for model in models():
        seen = model.wall.seen
        if isinstance(seen, Closed):
            table = str(model.__tablename__)
            reaching = {function.name for function in FUNCTIONS if _reaches(table, function.body)}
            for name in sorted(reaching - set(seen.functions)):
                yield f"{name} reaches {table}, whose wall does not name it."
            for name in sorted(set(seen.functions) - reaching):
                fault = "does not reach it" if name in known else "nothing declares"
                yield f"The wall of {table} names {name}, which {fault}."


def _reaches(table: str, body: str) -> bool:
    return bool(re.search(rf"(?:\b(?:FROM|JOIN|INTO|UPDATE|USING)|,)\s+{table}\b(?!\.)", body))
