"""What a statement knows about its viewer: the role is built in, all the rest are parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from permissions.fields import readable_by
from portal.clock import OPERATOR_ZONE
from portal.models import Account
from portal.viewer import Language, Role, Viewer

_accounts = sa.bindparam("viewer_accounts", type_=ARRAY(sa.Uuid()))
_viewer = sa.bindparam("viewer_id", type_=sa.Uuid())
_now = sa.bindparam("now", type_=sa.DateTime(timezone=True))
_language = sa.bindparam("reader_language", type_=sa.Text())
_operator_language = sa.bindparam("operator_language", type_=sa.Text())
_readable = sa.bindparam("viewer_readable", type_=ARRAY(sa.Text()))


@dataclass(frozen=True, slots=True)
class Viewing:
    """The shape of a statement for one kind of viewer."""

    role: Role
    is_staff: bool

    def owns(self, account_id: Any) -> sa.ColumnElement[bool]:
        """Say whether an account is among those the viewer holds something in."""
        return sa.true() if self.is_staff else account_id == sa.any_(_accounts)

    def is_oneself(self, person_id: Any) -> sa.ColumnElement[bool]:
        """Say whether a person or app is the viewer itself; staff see everybody's."""
        return sa.true() if self.is_staff else person_id == _viewer

    @property
    def now(self) -> sa.ColumnElement[datetime]:
        """The instant of the request."""
        return _now

    @property
    def language(self) -> sa.ColumnElement[str]:
        """The language of the reader, in lower case."""
        return _language

    @property
    def operator_language(self) -> sa.ColumnElement[str]:
        """The language that the operator writes in, in lower case."""
        return _operator_language

    @property
    def today(self) -> sa.ColumnElement[date]:
        """The day it is for the operator."""
        return _today_in(OPERATOR_ZONE)

    def today_of(self, row: Any) -> sa.ColumnElement[date]:
        """Give the day it is in the time zone of an account, or of the account that a row is in."""
        if sa.inspect(row).mapper.class_ is Account:
            return _today_in(row.time_zone)
        account = aliased(Account)
        return (
            sa.select(_today_in(account.time_zone))
            .where(account.id == row.account_id)
            .correlate_except(account)
            .scalar_subquery()
        )

    def shows(self, account_id: Any, stored: Any) -> sa.ColumnElement[bool]:
        """Say whether the viewer may read, in an account, what is stored as ``Model.attribute``."""
        account = "*" if self.is_staff else sa.cast(account_id, sa.Text())
        return sa.func.concat(account, "/", stored) == sa.any_(_readable)


def _today_in(zone: Any) -> sa.ColumnElement[date]:
    return sa.cast(sa.func.timezone(zone, _now), sa.Date())


def viewing_of(viewer: Viewer) -> Viewing:
    """Give the shape of a viewer's statements."""
    return Viewing(viewer.role, viewer.is_staff)


def parameters_of(
    viewer: Viewer, now: datetime, operator_language: Language = Language.NL
) -> Mapping[str, Any]:
    """Give the values that a viewer's statements are run with."""
    return {
        "viewer_accounts": list(viewer.grants),
        "viewer_id": viewer.id,
        "now": now,
        "reader_language": viewer.language.lower(),
        "operator_language": operator_language.lower(),
        "viewer_readable": readable_by(viewer),
    }
