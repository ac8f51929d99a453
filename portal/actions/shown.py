"""What a change shows of itself, as its preview promises it: value by value, or as a whole."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

_TOLD = "portal.told"
UNSAID: Mapping[str, Any] = MappingProxyType({_TOLD: "unsaid"})
"""Metadata of what cannot differ."""
AS_A_WHOLE: Mapping[str, Any] = MappingProxyType({_TOLD: "as a whole"})
"""Metadata of what is long: where it differs, it is said that it does."""


class Showing(Protocol):
    """A dataclass of what a change does; the change that is made has to do the same."""

    def promised(self, token: str, valid_until: datetime) -> Any:
        """Give the preview: what is shown, and the token by which the change is made as shown."""
