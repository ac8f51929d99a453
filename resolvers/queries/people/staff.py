"""Expressions over staff and their history."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Person


def name_of(person_id: Any) -> sa.ScalarSelect[str]:
    """Give the name of a person."""
    person = aliased(Person)
    return _of_person(person.name, person, person_id)


def sort_name(staff: Any) -> sa.ScalarSelect[str]:
    """Give what a member of staff is ordered by."""
    person = aliased(Person)
    return _of_person(person.sort_name, person, staff.person_id)


def actor_name(entry: Any, _viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the name of the manager who made a change."""
    return name_of(entry.actor_id)


def granted_by_name(authorization: Any, _viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the name of the person who authorised an app."""
    return name_of(authorization.granted_by)


def _of_person(column: Any, person: Any, person_id: Any) -> sa.ScalarSelect[str]:
    return (
        sa.select(column).where(person.id == person_id).correlate_except(person).scalar_subquery()
    )
