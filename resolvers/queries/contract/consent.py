"""Conditions on the documents that customers agree to."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import ConsentDocument
from portal.viewer import Language


def is_latest_in(document: Any, viewing: Viewing, language: Language) -> sa.ColumnElement[bool]:
    """Keep the version of each document in a language that was published last."""
    later = aliased(ConsentDocument)
    return sa.and_(
        document.language == language,
        document.published_on <= viewing.today,
        ~sa.exists()
        .where(
            later.kind == document.kind,
            later.language == document.language,
            later.published_on <= viewing.today,
            later.published_on > document.published_on,
        )
        .correlate_except(later),
    )
