"""The modules of any number of demo accounts, with what is counted, added and agreed specially."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson

from portal.demo.catalogue.rows import Catalogue
from portal.demo.catalogue.tariffs import FROM_THE_START, TARIFFS
from portal.demo.people.account_rows import months_from
from portal.demo.people.accounts import Booking, DemoAccount
from portal.rules.modules.notice import Party
from portal.rules.modules.special_agreement import AgreementKind

_MONTHS_TO_NEXT_TARIFF = 6
_MONTHS_AGREED = 3

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows to write, by table."""


class CrowdModules:
    """Adds the rows of what accounts have booked; ``ids`` gives each row the next id."""

    def __init__(self, catalogue: Catalogue, today: date) -> None:
        self._catalogue = catalogue
        self._today = today

    def book(self, booking: Booking, account_id: UUID, ids: Iterator[UUID], rows: Rows) -> None:
        """Write a subscription and its tariff; one that stays takes the next after half a year."""
        starts_on, ends_on = self.first_day(booking), self._last_day(booking)
        subscription_id = next(ids)
        rows["module_subscription"].append(
            (
                *(subscription_id, account_id, 1, self._catalogue.modules[booking.module]),
                *(starts_on, ends_on, orjson.dumps(booking.data).decode()),
            )
        )
        periods = [(booking.tariff, starts_on, ends_on)]
        following = _following(booking.tariff)
        if following is not None and ends_on is None:
            turn = months_from(starts_on, _MONTHS_TO_NEXT_TARIFF)
            periods = [
                (booking.tariff, starts_on, turn - timedelta(days=1)),
                (following, turn, None),
            ]
        rows["tariff_period"] += [
            (
                *(next(ids), account_id, subscription_id, self._catalogue.tariffs[tariff]),
                *(first, last, first),
            )
            for tariff, first, last in periods
        ]
        rows["subscription_item_quantity"] += [
            (
                *(next(ids), account_id, subscription_id, key, quantity),
                *(starts_on, starts_on, Party.CUSTOMER, "[]"),
            )
            for key, quantity in booking.quantities.items()
        ]
        # None of those that can be booked from the start has notice terms of its own.
        rows["booked_option"] += [
            (
                *(next(ids), account_id, 1, subscription_id, key, quantity),
                *(starts_on, starts_on, "[]"),
            )
            for key, quantity in booking.options.items()
        ]

    def agree(self, demo: DemoAccount, account_id: UUID, ids: Iterator[UUID], rows: Rows) -> None:
        """Write what is agreed specially."""
        starts_on = months_from(self._today, -_MONTHS_AGREED)
        for one in demo.agreed:
            is_price = one.kind is AgreementKind.UNIT_PRICE
            rows["special_agreement"].append(
                (
                    *(next(ids), account_id, 1, self._catalogue.modules[one.module]),
                    *(one.item_key, one.kind, one.value if is_price else None),
                    *(None if is_price else one.value, starts_on),
                )
            )

    def first_day(self, booking: Booking) -> date:
        return months_from(self._today, -booking.began)

    def _last_day(self, booking: Booking) -> date | None:
        if booking.ends_in is None:
            return None
        return months_from(self._today, booking.ends_in + 1) - timedelta(days=1)


def _following(tariff: str) -> str | None:
    """Give the public tariff of the same module that follows in the catalogue."""
    keys = [key for key in FROM_THE_START if TARIFFS[key].module == TARIFFS[tariff].module]
    following = keys[keys.index(tariff) + 1 :]
    if not following or TARIFFS[following[0]].offer_number is not None:
        return None
    return following[0]
