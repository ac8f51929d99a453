"""What people call the things that programs know by name.

A title is a phrase to be put after a colon or in a list; English here, the other languages in the
catalogues. ``tests/unit/test_titles.py`` finds what has none.
"""

import re
from enum import Enum

from portal.language.titles.field import FIELDS
from portal.language.titles.limit import LIMITS
from portal.language.titles.mutation import MUTATIONS
from portal.language.titles.recorded import EFFECTS, RECORDED
from portal.language.titles.value import VALUES

_NAMES = {**FIELDS, **MUTATIONS, **LIMITS, **RECORDED, **EFFECTS}
# What a filter adds to the name of the field that it asks about.
_ASKED = re.compile("(?:In|From|To|Before)$")


def title_of_name(name: str) -> str:
    """Give the title of a field, an input field, a mutation or a limit; of a path, its last part.

    A filter by one of several values, or by a span, has the title of the field. What has no title
    keeps its name.
    """
    last = name.rpartition(".")[2]
    return _NAMES.get(last) or _NAMES.get(_ASKED.sub("", last), name)


def title_of(value: str | Enum) -> str:
    """Give the title of a name, or of a value of an enum, which may be text as well."""
    return title_of_value(value) if isinstance(value, Enum) else title_of_name(value)


def title_of_value(value: Enum) -> str:
    """Give the title of a value of an enum; what has none keeps its name."""
    return VALUES.get(f"{type(value).__name__}.{value.name}", value.name)
