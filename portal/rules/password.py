"""What a password has to be: long, and not known to everybody who knows the e-mail address."""

import unicodedata

from portal.errors import InvalidInput

SHORTEST = 12
LONGEST = 1000


def password(text: str, email: str | None = None) -> str:
    """Give a password as it is, or say what is wrong with it; nothing of it is trimmed."""
    if not SHORTEST <= len(text) <= LONGEST:
        raise InvalidInput(
            "Must have from {least} to {most} characters.", least=SHORTEST, most=LONGEST
        )
    # Logging in refuses control characters, and halves of surrogate pairs have no bytes.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise InvalidInput("Must be one line of text without control characters.")
    if email is not None and text.strip().casefold() == email.casefold():
        raise InvalidInput("The password must not be the e-mail address.")
    return text
