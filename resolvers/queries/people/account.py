"""Expressions over accounts and their members; finding accounts."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Contract, Member, ModuleSubscription, Person
from resolvers.queries.modules.module_subscription import status


def person_name(row: Any, _viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the name of the person a row is about."""
    person = aliased(Person)
    return _of_person(person.name, person, row)


def person_email(row: Any, _viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the e-mail address of the person a row is about."""
    person = aliased(Person)
    return _of_person(person.email, person, row)


def name_in_account(account_id: Any, person_id: Any, viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the name of a person; customers are told members of the account alone."""
    person: Any = aliased(Person)
    member: Any = aliased(Member)
    is_member = (
        sa.exists()
        .where(member.person_id == person.id, member.account_id == account_id)
        .correlate_except(member)
    )
    return (
        sa.select(person.name)
        .where(person.id == person_id, sa.true() if viewing.is_staff else is_member)
        .correlate_except(person)
        .scalar_subquery()
    )


def has_module(
    account: Any, viewing: Viewing, wanted: Any | None, module_id: Any | None = None
) -> sa.ColumnElement[bool]:
    """Keep accounts with a subscription in this status, and of this module; None means any."""
    subscription = aliased(ModuleSubscription)
    met = [subscription.account_id == account.id]
    if module_id is not None:
        met.append(subscription.module_id == module_id)
    if wanted is not None:
        met.append(status(subscription, viewing) == wanted.value)
    return sa.exists().where(*met).correlate_except(subscription)


def has_name(account: Any, _viewing: Viewing, wanted: Any) -> sa.ColumnElement[bool]:
    """Keep accounts with a pattern in their name."""
    return _like(account.sort_name, wanted)


def has_number(account: Any, _viewing: Viewing, wanted: Any = None) -> sa.ColumnElement[bool]:
    """Keep accounts with this customer number; with none, those without."""
    found: sa.ColumnElement[bool] = account.unique_customer_number == wanted
    return found


def is_test(account: Any, _viewing: Viewing, wanted: bool) -> sa.ColumnElement[bool]:
    """Keep test accounts, or all others."""
    found: sa.ColumnElement[bool] = account.is_test.is_(wanted)
    return found


def containing(text: str) -> str:
    """Give the pattern of text that contains other text; its signs mean themselves."""
    escaped = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{escaped}%"


def _like(text: sa.ColumnElement[Any], pattern: Any) -> sa.ColumnElement[bool]:
    return text.like(pattern, escape="/")


def is_found(account: Any, _viewing: Viewing, wanted: Any) -> sa.ColumnElement[bool]:
    """Keep accounts whose name, number, partner, or members have a pattern in them."""
    contract: Any = aliased(Contract)
    member: Any = aliased(Member)
    person: Any = aliased(Person)
    return sa.or_(
        _like(account.sort_name + " " + sa.func.coalesce(account.sort_customer_number, ""), wanted),
        sa.exists()
        .where(
            contract.account_id == account.id, _like(contract.sort_contract_partner_name, wanted)
        )
        .correlate_except(contract),
        sa.exists()
        .where(
            member.account_id == account.id,
            person.id == member.person_id,
            sa.or_(_like(person.sort_name, wanted), _like(person.sort_email, wanted)),
        )
        .correlate_except(member, person),
    )


def _of_person(column: Any, person: Any, row: Any) -> sa.ScalarSelect[str]:
    return (
        sa.select(column)
        .where(person.id == row.person_id)
        .correlate_except(person)
        .scalar_subquery()
    )
