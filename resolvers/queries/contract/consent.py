"""Conditions on the documents that customers agree to, and are told of."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Consent, ConsentDocument
from portal.viewer import Language


def is_to_come(document: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Keep the versions that are published for a day to come, and not withdrawn."""
    return sa.and_(document.published_on > viewing.today, document.withdrawn_at.is_(None))


def is_latest_in(document: Any, viewing: Viewing, language: Language) -> sa.ColumnElement[bool]:
    """Keep the version of each document in a language that was published last."""
    later = aliased(ConsentDocument)
    return sa.and_(
        document.language == language,
        document.published_on <= viewing.today,
        document.withdrawn_at.is_(None),
        ~sa.exists()
        .where(
            later.kind == document.kind,
            later.language == document.language,
            later.published_on <= viewing.today,
            later.withdrawn_at.is_(None),
            later.published_on > document.published_on,
        )
        .correlate_except(later),
    )


def is_open(account: Any, document: Any, _viewing: Viewing) -> sa.ColumnElement[bool]:
    """Keep the latest version of each kind that asks an account, until it has agreed."""
    return sa.and_(
        document.language == account.language,
        document.asks_agreement,
        document.withdrawn_at.is_(None),
        ~_has_later(document, of_asking=True),
        ~_is_agreed(account, document),
    )


def is_told(account: Any, document: Any, _viewing: Viewing) -> sa.ColumnElement[bool]:
    """Keep the latest version of each kind that an account was told of, until that is read."""
    return sa.and_(
        document.language == account.language,
        ~document.asks_agreement,
        document.withdrawn_at.is_(None),
        document.added_at > sa.func.coalesce(account.documents_read_at, account.created_at),
        ~_has_later(document, of_asking=False),
        ~_is_agreed(account, document),
    )


def _has_later(document: Any, *, of_asking: bool) -> sa.ColumnElement[bool]:
    later: Any = aliased(ConsentDocument)
    conditions = [later.withdrawn_at.is_(None)]
    conditions += [later.asks_agreement] if of_asking else []
    return (
        sa.exists()
        .where(later.kind == document.kind, later.published_on > document.published_on, *conditions)
        .correlate_except(later)
    )


def _is_agreed(account: Any, document: Any) -> sa.ColumnElement[bool]:
    """Say whether an account agreed to a version, in any language, or to a later one."""
    given: Any = aliased(Consent)
    agreed: Any = aliased(ConsentDocument)
    return (
        sa.select(given.id)
        .join(agreed, agreed.id == given.consent_document_id)
        .where(
            given.account_id == account.id,
            agreed.kind == document.kind,
            agreed.withdrawn_at.is_(None),
            agreed.published_on >= document.published_on,
        )
        .correlate_except(given, agreed)
        .exists()
    )
