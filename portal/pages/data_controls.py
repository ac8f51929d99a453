"""Controls of module data: what was typed into them, as data of a module's own JSON Schema.

Whether the schema allows it is for the mutation to say; here a text only becomes what it can be.
"""

from typing import Any

from portal.errors import translatable
from portal.pages.module_data import KEY, VALUE, Kind, Part
from portal.pages.posted import Posted

_NOT_WHOLE = translatable("This is not a whole number.")
_NOT_A_NUMBER = translatable("This is not a number.")


class DataControls:
    """Reads the controls of a form."""

    def __init__(self, posted: Posted) -> None:
        self._posted = posted

    def value(self, name: str, part: Part, absent: object) -> Any:
        """Give what was typed into the controls of a part; ``absent`` where there are none."""
        posted = self._posted
        match part.kind:
            case Kind.OBJECT:
                return self._object(name, part, absent)
            case Kind.ENTRIES:
                return self._entries(name, part, absent)
            case Kind.ITEMS:
                is_there = posted.take(name) is not None
                rows = range(posted.close_gaps(name))
                found = [self.value(f"{name}.{row}", part.item, {}) for row in rows]
                return found if found or is_there else absent
            case Kind.LIST | Kind.SEVERAL:
                texts = posted.take_list(name)
                if texts is None:
                    return absent
                return [
                    self._leaf(f"{name}.{at}", text, part.item) for at, text in enumerate(texts)
                ]
        text = posted.take(name)
        # What nobody typed is left out: whether it has to be there, the schema says.
        return self._leaf(name, text, part) if text else absent

    def _object(self, name: str, part: Part, absent: object) -> Any:
        is_there = self._posted.take(name) is not None
        found = {}
        for below in part.below:
            value = self.value(f"{name}.{below.key}", below, absent)
            if value is not absent:
                found[below.key] = value
        return found if found or is_there else absent

    def _entries(self, name: str, part: Part, absent: object) -> Any:
        posted = self._posted
        is_there = posted.take(name) is not None
        found = {}
        for row in range(posted.close_gaps(name)):
            key = posted.take(f"{name}.{row}.{KEY}") or ""
            control = f"{name}.{row}.{VALUE}"
            found[key] = self.value(control, part.item, "")
            posted.names[f"{name}.{key}"] = control
        return found if found or is_there else absent

    def _leaf(self, name: str, text: str, part: Part) -> Any:
        for option in part.options:
            if text == str(option):
                return option
        if part.type == "boolean":
            return text == "true"
        if part.type not in {"integer", "number"}:
            return text
        is_whole = part.type == "integer"
        try:
            return int(text) if is_whole else float(self._posted.number(text))
        except ValueError:
            return self._posted.fault(name, _NOT_WHOLE if is_whole else _NOT_A_NUMBER)
