"""Sentences as their English readers read them."""

from collections.abc import Iterable
from datetime import date

from portal.messages import said
from portal.rules.reason import Step, Subject, phrase
from portal.viewer import Language


def written(day: date) -> str:
    """Write a day out."""
    return f"{day.day} {day:%B %Y}"


def sentences(steps: Iterable[Step], subject: Subject = Subject.NOTICE) -> list[str]:
    """Put steps into words."""
    return [said(phrase(step, subject), Language.EN) for step in steps]
