"""The price list of a module as its customer has it, with what is agreed about its items."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.actions.modules import agreed_price_list
from portal.viewer import Role
from resolvers.queries.catalogue.price_list import day_of_run


def price_list(
    subscription: Any, viewing: Viewing, day: sa.ColumnElement[date | None]
) -> sa.Select[Any]:
    """Select the price list of a day; null means today.

    Before the first day that is the first day, after the last day the last one.
    """
    return agreed_price_list.price_list(subscription, day_of_run(subscription, viewing, day))


def sections(prices: Any, _viewing: Viewing) -> sa.Select[Any]:
    """Select the headings of a price list."""
    return agreed_price_list.sections(prices)


def items(section: Any, viewing: Viewing) -> sa.Select[Any]:
    """Select the items below a heading; additional options are for managers, who book them."""
    found = agreed_price_list.items(section)
    if viewing.role is Role.MANAGER:
        return found
    return found.where(~found.selected_columns.is_additional_option)
