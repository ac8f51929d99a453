"""What a preview promises: its token binds who saw it, of which change, and what was shown.

The token is readable, and signed; nothing is kept of it here until it is used, which it is once.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from portal.actions.shown import AS_A_WHOLE, UNSAID, Showing
from portal.clock import OPERATOR_ZONE
from portal.errors import Conflict, InvalidInput, PortalError, PreviewStale, Several
from portal.language.naming import camel
from portal.language.phrase import Money, Named
from portal.models import Account, UsedPreview
from portal.rules.calendar import local_day
from portal.writing.difference import plain
from portal.writing.transaction import Transaction
from resolvers.context import Context
from resolvers.given import nulls_for_unsent, sent_or_none

LIFE = timedelta(minutes=30)

PATH = ("input", "previewToken")
_NOTHING = "-"
_AMOUNTS = frozenset({"monthlyBefore", "monthlyAfter"})
_used = cast("sa.Table", UsedPreview.__table__)


@dataclass(frozen=True, slots=True)
class Binding:
    """What a token is bound to, as JSON can hold it.

    The arguments name the row, and with it the account. A row of no account has the operator's
    days, and one that counts no changes shows what must not change.
    """

    viewer: str
    mutation: str
    arguments: str
    version: int
    day: str


@dataclass(frozen=True, slots=True)
class Promised:
    """What the token of a change holds, and what it would be bound to now."""

    bound: Binding
    then: Mapping[str, Any]

    def check(self, shown: Showing) -> None:
        """Refuse what is not as it was shown, naming each difference."""
        faults = [
            *_differences(self.then["bound"], self.bound),
            *_changes(self.then["shown"], _told(shown), _long(shown)),
        ]
        if faults:
            raise Several(faults)


async def binding(
    transaction: Transaction, context: Context, mutation: str, row: Any, given: Any
) -> Binding:
    """Give what a preview of this change is bound to at this moment."""
    zone = await _zone_of(transaction, row)
    viewer = context.viewer
    return Binding(
        viewer=f"{viewer.role}:{viewer.id}",
        mutation=mutation,
        arguments=_hash(nulls_for_unsent(replace(given, **_unbound(given)))),
        version=getattr(row, "version", 0),
        day=local_day(context.now, zone).isoformat(),
    )


def promise(context: Context, bound: Binding, shown: Showing) -> Any:
    """Give a preview with its token."""
    valid_until = context.received_at + LIFE
    content = {
        "id": str(uuid7()),
        "until": valid_until.isoformat(),
        "bound": asdict(bound),
        "shown": _told(shown),
    }
    return shown.promised(context.installation.seal.close(content), valid_until)


async def redeem(
    transaction: Transaction, context: Context, mutation: str, row: Any, given: Any
) -> Promised | None:
    """Take in the token that came with a change, once; None without one.

    Refused where it is no token, not one for this, or good no more.
    """
    token = sent_or_none(getattr(given, "preview_token", None))
    if token is None:
        return None
    bound = await binding(transaction, context, mutation, row, given)
    content = context.installation.seal.open(token)
    if content is None or content["bound"]["viewer"] != bound.viewer:
        raise InvalidInput("This is no token of a preview of yours.", path=PATH)
    for name in ("mutation", "arguments"):
        if content["bound"][name] != getattr(bound, name):
            raise InvalidInput("The preview was made with other arguments.", path=PATH)
    until = datetime.fromisoformat(content["until"])
    if context.received_at >= until:
        local = until.astimezone(ZoneInfo(await _zone_of(transaction, row)))
        raise PreviewStale("The preview was good until {until}.", path=PATH, until=local)
    await _use(transaction, context, UUID(content["id"]), until)
    return Promised(bound, content)


async def _zone_of(transaction: Transaction, row: Any) -> str:
    account_id = row.id if isinstance(row, Account) else getattr(row, "account_id", None)
    if account_id is None:
        return OPERATOR_ZONE
    zones = await transaction.session.scalars(
        sa.select(Account.time_zone).where(Account.id == account_id)
    )
    return zones.one()


async def _use(transaction: Transaction, context: Context, id: UUID, until: datetime) -> None:
    connection = await transaction.session.connection()
    row = {"id": id, "viewer_id": context.viewer.id, "valid_until": until}
    written = await connection.execute(
        insert(_used).values(row).on_conflict_do_nothing().returning(_used.c.id)
    )
    if written.first() is None:
        raise Conflict("The preview was carried out already.", path=PATH)


def _differences(promised: Mapping[str, Any], bound: Binding) -> Iterator[PortalError]:
    if promised["day"] != bound.day:
        yield PreviewStale(
            "The preview was made on {shown}; it is {now} now.",
            path=PATH,
            shown=date.fromisoformat(promised["day"]),
            now=date.fromisoformat(bound.day),
        )
    if promised["version"] != bound.version:
        yield PreviewStale(
            "Changed since version {expected}; it is version {version} now.",
            path=PATH,
            expected=promised["version"],
            version=bound.version,
        )


def _changes(
    promised: Mapping[str, Any], told: Mapping[str, Any], long: Collection[str]
) -> Iterator[PortalError]:
    for name, now in told.items():
        shown = promised[name]
        if shown == now:
            continue
        if name == "reasons":
            yield PreviewStale("The reasons are others than in the preview.", path=PATH)
            continue
        if name in long:
            yield PreviewStale("Other than in the preview: {field}.", path=PATH, field=Named(name))
            continue
        yield PreviewStale(
            "Other than in the preview: {field} was {shown}, and would be {now} now.",
            path=PATH,
            field=Named(name),
            shown=_typed(name, shown),
            now=_typed(name, now),
        )


def _told(shown: Any) -> dict[str, Any]:
    """Give what was shown as JSON can hold it; of what is long, such as reasons, a hash."""
    told = {}
    for field in fields(shown):
        value = getattr(shown, field.name)
        if field.metadata != UNSAID:
            is_long = field.metadata == AS_A_WHOLE
            told[camel(field.name)] = _hash(value) if is_long else plain(value)
    return told


def _long(shown: Any) -> set[str]:
    """Name what is told as a whole."""
    return {camel(field.name) for field in fields(shown) if field.metadata == AS_A_WHOLE}


def _typed(name: str, told: Any) -> Any:
    """Give a value as it was before it was told: an amount, a day, or a number."""
    if told is None:
        return _NOTHING
    if name in _AMOUNTS:
        return Money(Decimal(told))
    return date.fromisoformat(told) if isinstance(told, str) else told


def _unbound(given: Any) -> dict[str, None]:
    """Give what of an input decides how a change is sent, and not what it does, emptied."""
    names = {field.name for field in fields(given)}
    return dict.fromkeys(names & {"expected_version", "idempotency_key", "preview_token"})


def _hash(value: Any) -> str:
    return sha256(repr(value).encode()).hexdigest()
