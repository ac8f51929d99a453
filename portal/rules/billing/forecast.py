"""What is foreseen: the documents of the days to come, if nothing changes until then."""

from datetime import date

from portal.rules.billing.settlement import Addition, Settlement


def by_day(settlement: Settlement, today: date) -> list[tuple[date, Settlement]]:
    """Part a settlement of days to come by when each of it is billed: what is late, today."""
    additions: dict[date, list[Addition]] = {}
    if settlement.reductions:
        additions[today] = []
    for one in settlement.additions:
        additions.setdefault(max(today, one.charge.due_on), []).append(one)
    return [
        (day, Settlement(tuple(found), settlement.reductions if day == today else ()))
        for day, found in sorted(additions.items())
    ]
