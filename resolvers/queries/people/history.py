"""Expressions over the history of an account: kept in our names, shown in those of the schema.

What is stored of another row is its id, which is looked up as the viewer may see it.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from permissions import rows
from permissions.fields import SHOWN_AS
from permissions.viewing import Viewing
from portal.models import (
    Account,
    App,
    Base,
    ConsentDocument,
    HistoryNote,
    HistoryValue,
    Member,
    Module,
    ModuleSubscription,
    OfAccount,
    Tariff,
)
from portal.viewer import STAFF
from portal.writing.difference import recorded_names
from resolvers.queries.people.account import name_in_account
from resolvers.queries.text import called

# The path to the whole of a value.
_ITSELF: Any = sa.literal_column("CAST('{}' AS text[])")
# Gives the name of the row that has an id: of the history's value at hand, its id, the viewing.
_Name = Callable[[Any, Any, Viewing], sa.ScalarSelect[Any]]


def actor_name(entry: Any, viewing: Viewing) -> sa.ColumnElement[str | None]:
    """Give who made a change; the names of staff are for staff."""
    if viewing.is_staff:
        name: sa.ColumnElement[str | None] = entry.actor_name
        return name
    return sa.case((entry.actor_role.in_(sorted(STAFF)), sa.null()), else_=entry.actor_name)


def internal_note(entry: Any, viewing: Viewing) -> sa.ScalarSelect[str | None]:
    """Give what staff noted about a change."""
    note = rows.entered(HistoryNote, viewing)
    return (
        sa.select(note.text)
        .where(note.account_id == entry.account_id, note.history_entry_id == entry.id)
        .correlate_except(note)
        .scalar_subquery()
    )


def is_shown(value: Any) -> sa.ColumnElement[bool]:
    """Keep the values of what the schema shows."""
    return sa.not_(_is_any(value, _unshown()))


def field(value: Any, _viewing: Viewing) -> sa.ColumnElement[str]:
    """Give the name of a field as the schema has it."""
    return sa.case(_renamed(), value=value.field, else_=value.field)


def stored_as(shown: str) -> tuple[str, ...]:
    """Give the names under which a field is stored that is shown by a name."""
    stored = [name for name, other in SHOWN_AS.items() if other == shown]
    if shown not in SHOWN_AS and shown not in _unshown():
        stored.append(shown)
    return tuple(sorted(stored))


def changed(entry: Any, _viewing: Viewing, stored: Any) -> sa.ColumnElement[bool]:
    """Keep changes of a field that is stored under one of several names."""
    value: Any = aliased(HistoryValue)
    return (
        sa.exists()
        .where(
            value.account_id == entry.account_id,
            value.history_entry_id == entry.id,
            value.field == sa.any_(stored),
        )
        .correlate_except(value)
    )


def before(value: Any, viewing: Viewing) -> sa.ColumnElement[Any]:
    """Give a value before its change, where the viewer may read the field."""
    return _shown(value, value.before, viewing)


def after(value: Any, viewing: Viewing) -> sa.ColumnElement[Any]:
    """Give a value after its change, where the viewer may read the field."""
    return _shown(value, value.after, viewing)


def _shown(value: Any, content: Any, viewing: Viewing) -> sa.ColumnElement[Any]:
    row_id = sa.cast(content.op("#>>")(_ITSELF), sa.Uuid())
    return sa.case(
        (sa.not_(viewing.shows(value.account_id, value.field)), sa.null()),
        *(
            (_is_any(value, fields), sa.func.to_jsonb(name(value, row_id, viewing), type_=JSONB))
            for name, fields in NAMES.items()
        ),
        else_=content,
    )


def _is_any(value: Any, names: Iterable[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(value.field == name for name in names))


@cache
def _unshown() -> list[str]:
    """List what is recorded, and shown nowhere."""
    return sorted(_recorded() - SHOWN_AS.keys())


@cache
def _renamed() -> dict[str, str]:
    """Give what the schema shows under another name than the one it is stored by."""
    return {
        name: shown for name in sorted(_recorded()) if (shown := SHOWN_AS.get(name, name)) != name
    }


@cache
def _recorded() -> frozenset[str]:
    return frozenset(_each_recorded())


def _each_recorded() -> Iterator[str]:
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, (Account, OfAccount)):
            yield from recorded_names(mapper)


def _person(value: Any, person_id: Any, viewing: Viewing) -> sa.ScalarSelect[Any]:
    return name_in_account(value.account_id, person_id, viewing)


def _member(value: Any, member_id: Any, viewing: Viewing) -> sa.ScalarSelect[Any]:
    member: Any = aliased(Member)
    person_id = (
        sa.select(member.person_id)
        .where(member.account_id == value.account_id, member.id == member_id)
        .correlate_except(member)
        .scalar_subquery()
    )
    return name_in_account(value.account_id, person_id, viewing)


def _module_subscription(
    value: Any, subscription_id: Any, viewing: Viewing
) -> sa.ScalarSelect[Any]:
    module: Any = aliased(Module)
    subscription: Any = aliased(ModuleSubscription)
    return (
        sa.select(called(module, "name", viewing))
        .join(subscription, subscription.module_id == module.id)
        .where(subscription.account_id == value.account_id, subscription.id == subscription_id)
        .correlate_except(module, subscription)
        .scalar_subquery()
    )


def _called(model: type[Base], attribute: str) -> _Name:
    def name(_value: Any, row_id: Any, viewing: Viewing) -> sa.ScalarSelect[Any]:
        row: Any = aliased(model)
        return (
            sa.select(called(row, attribute, viewing))
            .where(row.id == row_id)
            .correlate_except(row)
            .scalar_subquery()
        )

    return name


NAMES: dict[_Name, tuple[str, ...]] = {
    _person: (
        "AppAuthorization.grantedBy",
        "Consent.personId",
        "Invitation.invitedBy",
        "Member.personId",
    ),
    _member: ("Account.ownerId",),
    _module_subscription: ("Request.moduleSubscriptionId",),
    _called(App, "name"): ("AppAuthorization.appId",),
    _called(ConsentDocument, "title"): ("Consent.consentDocumentId",),
    _called(Module, "name"): ("ModuleSubscription.moduleId", "SpecialAgreement.moduleId"),
    _called(Tariff, "name"): (
        "Request.presentTariffId",
        "Request.proposedTariffId",
        "TariffChange.tariffId",
        "TariffPeriod.tariffId",
    ),
}
