"""When an additional option may end."""

from datetime import date

from portal.errors import translatable
from portal.rules.calendar import check_day
from portal.rules.modules.ending import Ending
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.refused_day import refused_day


def deviating_end(day: date, starts_on: date) -> Ending:
    """End on a day that a manager sets; no option ends before it began."""
    check_day(day)
    if day < starts_on:
        raise refused_day(translatable("The option cannot end on {day}"), day, None, starts_on)
    return Ending(day, None, (Step(Rule.DEVIATING_DAY, day),))
