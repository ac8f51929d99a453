"""Expressions over accounts and their members; finding accounts."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Contract, Member, ModuleSubscription, Person
from resolvers.queries.modules.module_subscription import status
from resolvers.queries.text import contains


def person_name(row: Any, _viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the name of the person a row is about."""
    person = aliased(Person)
    return _of_person(person.name, person, row)


def is_viewer(member: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Say whether a member is who asks; nobody of the staff is."""
    return sa.false() if viewing.is_staff else viewing.is_oneself(member.person_id)


def person_sort_name(row: Any) -> sa.ColumnElement[str]:
    """Give what the person is ordered by that a row is about."""
    person = aliased(Person)
    return sa.func.coalesce(_of_person(person.sort_name, person, row), "")


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


def has_number(account: Any, _viewing: Viewing, wanted: Any = None) -> sa.ColumnElement[bool]:
    """Keep accounts with this customer number; with none, those without."""
    found: sa.ColumnElement[bool] = account.unique_customer_number == wanted
    return found


def is_member_found(member: Any, _viewing: Viewing, wanted: Any) -> sa.ColumnElement[bool]:
    """Keep members, or staff, whose name or e-mail address has a pattern in it."""
    person: Any = aliased(Person)
    return (
        sa.exists()
        .where(
            person.id == member.person_id,
            sa.or_(contains(person.sort_name, wanted), contains(person.sort_email, wanted)),
        )
        .correlate_except(person)
    )


def is_found(account: Any, _viewing: Viewing, wanted: Any) -> sa.ColumnElement[bool]:
    """Keep accounts whose name, number, partner, or members have a pattern in them."""
    contract: Any = aliased(Contract)
    member: Any = aliased(Member)
    person: Any = aliased(Person)
    return sa.or_(
        contains(
            account.sort_name + " " + sa.func.coalesce(account.sort_customer_number, ""), wanted
        ),
        sa.exists()
        .where(
            contract.account_id == account.id, contains(contract.sort_contract_partner_name, wanted)
        )
        .correlate_except(contract),
        sa.exists()
        .where(
            member.account_id == account.id,
            person.id == member.person_id,
            sa.or_(contains(person.sort_name, wanted), contains(person.sort_email, wanted)),
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
