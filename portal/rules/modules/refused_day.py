"""The refusal of a day: it names the allowed ones next to it."""

from datetime import date

from portal.errors import RuleBroken, translatable
from portal.language.phrase import Phrase

_NEAREST = {
    (True, True): translatable("the nearest days are {before} and {after}"),
    (True, False): translatable("the last possible day is {before}"),
    (False, True): translatable("the first possible day is {after}"),
    (False, False): translatable("no possible day is left"),
}


def refused_day(what: str, day: date, before: date | None, after: date | None) -> RuleBroken:
    """Refusal of what cannot be on a day, with the nearest days on which it can."""
    given = {"before": before, "after": after}
    nearest = Phrase(
        _NEAREST[before is not None, after is not None],
        {name: on for name, on in given.items() if on is not None},
    )
    return RuleBroken("{what}; {nearest}.", what=Phrase(what, {"day": day}), nearest=nearest)
