"""Apps for tests."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from portal import models
from portal.clock import now
from portal.viewer import Scope
from tests.factories.base import BEGAN, word


def app(**values: Any) -> models.App:
    return models.App(**{"id": uuid7(), "key": word(), "name": f"App {word()}"} | values)


def app_token(app: models.App, **values: Any) -> models.AppToken:
    """Give what is kept beside the credential of an app."""
    defaults = {
        "id": uuid7(),
        "app_id": app.id,
        "name": f"Token {word()}",
        "created_at": BEGAN,
        "expires_at": now() + timedelta(days=30),
        "revoked_at": now(),
    }
    return models.AppToken(**defaults | values)


def app_authorization(
    account_id: UUID,
    app: models.App,
    granted_by: models.Person,
    scopes: Iterable[Scope] = Scope,
    **values: Any,
) -> models.AppAuthorization:
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "app_id": app.id,
        "scopes": sorted(scopes),
        "granted_by": granted_by.id,
        "granted_at": BEGAN,
        "expires_at": now() + timedelta(days=1),
    }
    return models.AppAuthorization(**defaults | values)
