"""Conditions on what the operator says of itself."""

from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.rules.public_file import PATH


def has_begun(row: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Keep what holds from a day that has come."""
    return sa.and_(row.valid_from <= viewing.today, row.withdrawn_at.is_(None))


def file_url(document: Any, _viewing: Viewing) -> sa.ColumnElement[str | None]:
    """Give where the file of a document is."""
    url: sa.ColumnElement[str | None] = _url(document.file_id)
    return url


def logo_url(profile: Any, _viewing: Viewing) -> sa.ColumnElement[str | None]:
    """Give where the logo of a profile is."""
    url: sa.ColumnElement[str | None] = _url(profile.logo_id)
    return url


def _url(id: Any) -> Any:
    return sa.literal_column(f"'{PATH}'", sa.Text()) + sa.cast(id, sa.Text())
