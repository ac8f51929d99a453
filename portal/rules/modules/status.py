"""What the days of a module subscription say today."""

from datetime import date

from portal.rules.catalogue.terms import ModuleSubscriptionStatus


def status_on(today: date, *, starts_on: date, ends_on: date | None) -> ModuleSubscriptionStatus:
    """Status on a day; one that has a last day is cancelled until that day is over."""
    if today < starts_on:
        return ModuleSubscriptionStatus.ORDERED
    if ends_on is None:
        return ModuleSubscriptionStatus.ACTIVE
    return (
        ModuleSubscriptionStatus.CANCELLED if today <= ends_on else ModuleSubscriptionStatus.ENDED
    )
