"""What a reader's mail program may make a link of."""

import re
import unicodedata

# A scheme, an address of the web without one, an e-mail address, an address of IPv4, and words
# joined by a dot, as hosts are; the dots of other scripts count in hosts as well (UTS 46).
_LINK = re.compile(
    r"://|\b(?:mailto|tel|sms|data|javascript):|\bwww\.|\w@\w|\d\.\d+\.\d+\.\d|\w[.\u3002]\w\w",
    re.IGNORECASE,
)


def has_link(text: str) -> bool:
    """Say whether somebody who reads a text in a mail could follow a part of it.

    Some names that are none are taken for hosts too, such as ``Booking.com`` and ``St.Jansbeek``.
    """
    return _LINK.search(unicodedata.normalize("NFKC", text)) is not None
