"""Finding accounts: filters, search and orders of the list that staff see."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import strawberry

from portal.errors import InvalidInput
from portal.rules.form import line
from portal.rules.key import folded, unique_key
from resolvers.given import id_in, sent_or_none
from resolvers.queries.people.account import (
    containing,
    has_module,
    has_name,
    has_number,
    is_found,
    is_test,
)
from resolvers.sources import Condition, Order

LONGEST_SEARCH = 100
# No row has the UUID of zeros.
NO_MODULE = UUID(int=0)


class AccountOrderField(StrEnum):
    """By what accounts can be ordered."""

    NAME = "NAME"
    CUSTOMER_NUMBER = "CUSTOMER_NUMBER"
    CREATED_AT = "CREATED_AT"


ORDERS: dict[AccountOrderField, Callable[[Any], Any]] = {
    AccountOrderField.NAME: lambda account: account.sort_name,
    AccountOrderField.CUSTOMER_NUMBER: lambda account: sa.func.coalesce(
        account.sort_customer_number, ""
    ),
    AccountOrderField.CREATED_AT: lambda account: account.created_at,
}


def order_of(field: AccountOrderField, *, descending: bool) -> Order:
    """Give the order of a list of accounts."""
    return Order((ORDERS[field],), descending, field.value.lower())


def conditions_of(given: Any, search: str | None) -> Iterator[Condition]:
    """Give what an account must meet, for each part of a filter that was sent, and a search."""
    if search is not None:
        yield Condition(is_found, values=(_pattern(search, ("search",)),))
    if given is None:
        return
    if given.name not in (strawberry.UNSET, None):
        yield Condition(has_name, values=(_pattern(given.name, ("filter", "name")),))
    if given.customer_number is None:
        yield Condition(has_number)
    elif given.customer_number is not strawberry.UNSET:
        number = _text(given.customer_number, ("filter", "customerNumber"))
        yield Condition(has_number, values=(unique_key(number),))
    if given.is_test not in (strawberry.UNSET, None):
        yield Condition(is_test, (given.is_test,))
    status = given.status or None
    module = sent_or_none(given.module)
    if module is not None:
        yield Condition(has_module, (status,), (id_in("Module", module) or NO_MODULE,))
    elif status is not None:
        yield Condition(has_module, (status,))


def _pattern(given: str, path: tuple[str, ...]) -> str:
    """Give the pattern of keys that contain a text, without regard to case and accents."""
    text = folded(_text(given, path))
    if not text:
        raise InvalidInput("Must not be empty.", path=path)
    return containing(text)


def _text(given: str, path: tuple[str, ...]) -> str:
    try:
        text = line(given, LONGEST_SEARCH)
    except InvalidInput as error:
        error.path = path
        raise
    if not text:
        raise InvalidInput("Must not be empty.", path=path)
    return text
