"""Sentences as their English readers read them."""

import re
from collections.abc import Iterable
from datetime import date

from portal.errors import PortalError
from portal.language.messages import said, translate
from portal.language.titles import title_of_name
from portal.rules.modules.reason import Step, Subject, phrase
from portal.viewer import Language


def written(day: date) -> str:
    """Write a day out."""
    return f"{day.day} {day:%B %Y}"


def not_permitted(name: str) -> str:
    """Say that whoever is logged in may not do, set or see this."""
    return f"You have no permission for this: {title_of_name(name)}."


def not_logged_in(name: str) -> str:
    """Say that nobody is logged in who could do or see this."""
    return f"Log in first, for this: {title_of_name(name)}."


def waiting(message: str, words: str) -> int:
    """Give the seconds, rounded up to the unit that is told, which words ask somebody to wait."""
    told = re.fullmatch(
        rf"{re.escape(words)}\. Try again in ([\d,]+) (second|minute|hour)s?\.", message
    )
    assert told, message
    return int(told[1].replace(",", "")) * {"second": 1, "minute": 60, "hour": 3600}[told[2]]


def sentence(error: PortalError) -> str:
    """Put an error into words."""
    return translate(error.message, Language.EN, **error.values)


def sentences(steps: Iterable[Step], subject: Subject = Subject.NOTICE) -> list[str]:
    """Put steps into words."""
    return [said(phrase(step, subject), Language.EN) for step in steps]
