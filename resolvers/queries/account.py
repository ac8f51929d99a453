"""Expressions over accounts and their members; finding accounts."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Contract, Member, ModuleSubscription, Person
from resolvers.queries.module_subscription import status


def person_name(row: Any, _viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the name of the person a row is about."""
    person = aliased(Person)
    return _of_person(person.name, person, row)


def person_email(row: Any, _viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give the e-mail address of the person a row is about."""
    person = aliased(Person)
    return _of_person(person.email, person, row)


def has_module(
    account: Any, viewing: Viewing, module_id: Any | None, wanted: Any | None
) -> sa.ColumnElement[bool]:
    """Keep accounts with a subscription of this module, in this status; None means any."""
    subscription = aliased(ModuleSubscription)
    met = [subscription.account_id == account.id]
    if module_id is not None:
        met.append(subscription.module_id == module_id)
    if wanted is not None:
        met.append(status(subscription, viewing) == wanted.value)
    return sa.exists().where(*met).correlate_except(subscription)


def contains(text: sa.ColumnElement[Any], wanted: str) -> sa.ColumnElement[bool]:
    """Keep text that contains other text, whatever the case; its signs mean themselves."""
    return text.icontains(wanted, autoescape=True)


def is_found(account: Any, wanted: str) -> sa.ColumnElement[bool]:
    """Keep accounts whose name, number, partner, or members have the text in them."""
    contract: Any = aliased(Contract)
    member: Any = aliased(Member)
    person: Any = aliased(Person)
    return sa.or_(
        contains(account.name + " " + sa.func.coalesce(account.customer_number, ""), wanted),
        sa.exists()
        .where(contract.account_id == account.id, contains(contract.contract_partner_name, wanted))
        .correlate_except(contract),
        sa.exists()
        .where(
            member.account_id == account.id,
            person.id == member.person_id,
            sa.or_(contains(person.name, wanted), contains(person.email, wanted)),
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
