"""What documents say, read out of what they print, and out of what corrects them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Document, DocumentLine
from portal.models.billing.document import AMOUNT


def printed(*path: str) -> Callable[[Any, Viewing], sa.ColumnElement[str | None]]:
    """Give a text that documents print, by where it stands in their payload."""

    def text(document: Any, _viewing: Viewing) -> sa.ColumnElement[str | None]:
        return sa.func.jsonb_extract_path_text(document.payload, *path, type_=sa.Text())

    return text


def credited(document: Any, _viewing: Viewing) -> sa.ColumnElement[Decimal]:
    """Add up what was credited of an invoice."""
    note = aliased(Document)
    total = sa.select(sa.cast(sa.func.coalesce(sa.func.sum(note.gross), 0), AMOUNT)).where(
        note.account_id == document.account_id, note.corrects_id == document.id
    )
    return total.correlate_except(note).scalar_subquery()


def is_credited(document: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Say whether all of an invoice was credited."""
    return sa.and_(document.corrects_id.is_(None), credited(document, viewing) == document.gross)


def left(line: Any, _viewing: Viewing) -> sa.ColumnElement[Decimal]:
    """Give the amount of an invoice's line, less what was credited of it."""
    note, taken = aliased(Document), aliased(DocumentLine)
    total = (
        sa.select(sa.func.coalesce(sa.func.sum(taken.net), 0))
        .select_from(note)
        .join(taken, taken.document_id == note.id)
        .where(
            note.account_id == line.account_id,
            note.corrects_id == line.document_id,
            taken.corrects_position == line.position,
        )
    )
    whole = line.net - total.correlate_except(note, taken).scalar_subquery()
    return sa.cast(whole, AMOUNT)


def version(_document: Any, _viewing: Viewing) -> sa.ColumnElement[int]:
    """Give the version of every document."""
    return sa.literal_column(str(Document.version), sa.Integer())
