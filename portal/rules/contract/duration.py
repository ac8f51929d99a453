"""From which day a contract runs."""

from datetime import date
from enum import StrEnum

from portal.errors import RuleBroken
from portal.rules.calendar import check_day

_STARTS_ON = ("input", "startsOn")


class DurationBasis(StrEnum):
    """What the first day of a contract follows from."""

    OLDEST_MODULE = "OLDEST_MODULE"
    SET = "SET"


def check_contract_start(starts_on: date, oldest: date | None) -> None:
    """Refuse a set first day after that of the oldest module, where one runs or is to come."""
    check_day(starts_on, path=_STARTS_ON)
    if oldest is not None and starts_on > oldest:
        raise RuleBroken(
            "A contract starts with its oldest module at the latest: on {oldest}.",
            path=_STARTS_ON,
            oldest=oldest,
        )


def check_module_start(starts_on: date, contract_start: date | None) -> None:
    """Refuse a module that would start before the first day that was set for its contract."""
    if contract_start is not None and starts_on < contract_start:
        raise RuleBroken(
            "The start of the contract was set to {day}, and no module starts before it: set an"
            " earlier one first.",
            path=_STARTS_ON,
            day=contract_start,
        )
