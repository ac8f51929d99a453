"""What a mail says: one class for each kind, with the values that its templates use.

Values are as people typed them; the templates escape them. A mail that ``goes_to_strangers``
goes to an address that anybody may name: how many there are is limited, and of the words of others
it carries none that hold a link.
"""

from dataclasses import dataclass
from typing import ClassVar

from portal.models.message import MessageKind


@dataclass(frozen=True, slots=True)
class Content:
    """The values of one mail, apart from its language."""

    kind: ClassVar[MessageKind]
    goes_to_strangers: ClassVar[bool] = False
