"""Module subscriptions, notices and changes of tariff for tests."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from portal import models
from portal.rules.catalogue.terms import (
    Term,
    TermUnit,
)
from portal.rules.modules.notice import NoticeReason, Party
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.special_agreement import AgreementKind
from portal.rules.modules.step_data import stored
from tests.factories.base import BEGAN, OPENED, word


def module_subscription(
    account_id: UUID, module: models.Module, **values: Any
) -> models.ModuleSubscription:
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "module_id": module.id,
        "starts_on": OPENED,
        "data": {"greeting": word()},
    }
    return models.ModuleSubscription(**defaults | values)


def tariff_period(
    subscription: models.ModuleSubscription, tariff: models.Tariff, **values: Any
) -> models.TariffPeriod:
    """Give the period in which a subscription has a tariff; by default all its days."""
    defaults = {
        "id": uuid7(),
        "account_id": subscription.account_id,
        "module_subscription_id": subscription.id,
        "tariff_id": tariff.id,
        "starts_on": subscription.starts_on,
        "ends_on": subscription.ends_on,
        "agreed_on": subscription.starts_on,
    }
    return models.TariffPeriod(**defaults | values)


def _asked(subscription: models.ModuleSubscription, person: models.Person) -> dict[str, Any]:
    """Give what a notice and a change of tariff have in common."""
    initial_term = Term(12, TermUnit.MONTHS)
    steps = (
        Step(Rule.NOTICE_ARRIVES, OPENED),
        Step(Rule.INITIAL_TERM, OPENED, (("period", initial_term), ("first_day", OPENED))),
    )
    return {
        "id": uuid7(),
        "account_id": subscription.account_id,
        "module_subscription_id": subscription.id,
        "asked_by": Party.CUSTOMER,
        "asked_by_person": person.id,
        "received_at": BEGAN,
        "received_on": OPENED,
        "deadline": OPENED,
        "is_deviating": False,
        "comment": f"Comment {word()}",
        "steps": stored(steps),
    }


def notice(
    subscription: models.ModuleSubscription, person: models.Person, **values: Any
) -> models.Notice:
    """Give the notice that ends a subscription on its last day."""
    defaults = _asked(subscription, person) | {
        "last_day": subscription.ends_on,
        "reason_code": NoticeReason.PRICE,
    }
    return models.Notice(**defaults | values)


def tariff_change(
    subscription: models.ModuleSubscription,
    tariff: models.Tariff,
    person: models.Person,
    starts_on: date,
    **values: Any,
) -> models.TariffChange:
    """Give a change of tariff, without the periods that it leads to."""
    defaults = _asked(subscription, person) | {
        "tariff_id": tariff.id,
        "starts_on": starts_on,
        "counted_from": starts_on,
    }
    return models.TariffChange(**defaults | values)


def item_quantity(
    subscription: models.ModuleSubscription, key: str, quantity: int = 2, **values: Any
) -> models.SubscriptionItemQuantity:
    """Give how many of an item a subscription has; by default on all its days."""
    defaults = {
        "asked_by": Party.CUSTOMER,
        "deadline": OPENED,
        "steps": stored([Step(Rule.MORE, OPENED)]),
    }
    counted = _counted(subscription, key, quantity) | defaults
    return models.SubscriptionItemQuantity(**counted | values)


def booked_option(
    subscription: models.ModuleSubscription, key: str, quantity: int = 1, **values: Any
) -> models.BookedOption:
    """Give an option that a subscription has; by default on all its days."""
    defaults = {"end_asked_by": Party.OPERATOR, "end_received_on": OPENED, "deadline": OPENED}
    steps = {"steps": stored([Step(Rule.NOTICE_ARRIVES, OPENED)])}
    counted = _counted(subscription, key, quantity) | defaults | steps
    return models.BookedOption(**counted | values)


def version_job(version: models.TariffVersion, **values: Any) -> models.VersionJob:
    """Give work with the customers of a tariff that is done."""
    defaults = {
        "id": uuid7(),
        "tariff_version_id": version.id,
        "kind": models.VersionJobKind.ANNOUNCEMENT,
        "valid_from": OPENED,
        "valid_from_for_existing": OPENED,
        "requested_at": BEGAN,
        "customers": 3,
        "done": 3,
        "paying_more": 2,
        "paying_less": 1,
        "finished_at": BEGAN,
    }
    return models.VersionJob(**defaults | values)


def price_announcement(
    account_id: UUID, version: models.TariffVersion, **values: Any
) -> models.PriceAnnouncement:
    """Give what an account was told of a version."""
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "tariff_version_id": version.id,
        "starts_on": OPENED,
        "monthly_before": Decimal("12.50"),
        "monthly_after": Decimal("13.50"),
        "announced_at": BEGAN,
    }
    return models.PriceAnnouncement(**defaults | values)


def special_agreement(
    account_id: UUID, module: models.Module, **values: Any
) -> models.SpecialAgreement:
    """Give a discount on all items of a module, or what the values say."""
    defaults = {
        "id": uuid7(),
        "account_id": account_id,
        "module_id": module.id,
        "kind": AgreementKind.DISCOUNT,
        "starts_on": OPENED,
        "comment": f"Comment {word()}",
    }
    if values.get("kind", AgreementKind.DISCOUNT) is AgreementKind.DISCOUNT:
        defaults["discount_percent"] = Decimal("12.50")
    return models.SpecialAgreement(**defaults | values)


def _counted(subscription: models.ModuleSubscription, key: str, quantity: int) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "account_id": subscription.account_id,
        "module_subscription_id": subscription.id,
        "item_key": key,
        "quantity": quantity,
        "starts_on": subscription.starts_on,
        "agreed_on": subscription.starts_on,
    }
