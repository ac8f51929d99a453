"""Module subscriptions of a world: one that runs, and one of which everything is pending."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from portal import models
from portal.clock import now
from portal.models import Base
from portal.rules.catalogue.terms import EndingDay, Term, TermUnit
from portal.rules.contract.vat import VatTreatment
from portal.rules.modules.special_agreement import AgreementKind
from tests import factories
from tests.world.account_world import AccountWorld
from tests.world.catalogue import Offer


def fill(world: AccountWorld, offer: Offer, prices: list[Base]) -> models.ModuleSubscription:
    """Add them with their prices, notices and changes; give the one that runs."""
    id = world.account_id
    running = factories.module_subscription(id, offer.module)
    cancelled = factories.module_subscription(
        id, offer.other_module, ends_on=(now() + timedelta(days=90)).date()
    )
    world.add(running, factories.tariff_period(running, offer.public))
    world.add(*_specials(running, offer.module, prices))
    version = next(row for row in prices if isinstance(row, models.TariffVersion))
    world.add(factories.version_job(version), factories.price_announcement(id, version))
    world.add(cancelled, factories.tariff_period(cancelled, offer.by_number))
    # Both at once, which no action makes: so that nothing that can be read is empty.
    world.add(
        factories.notice(cancelled, world.owner, withdrawn_at=now(), withdrawn_by=world.owner.id),
        factories.notice(cancelled, world.owner),
        factories.tariff_change(
            cancelled,
            offer.by_number,
            world.owner,
            (now() + timedelta(days=30)).date(),
        ),
        factories.tariff_change(
            cancelled,
            offer.by_number,
            world.owner,
            (now() + timedelta(days=30)).date(),
            withdrawn_at=now(),
            withdrawn_by=world.owner.id,
        ),
    )
    return running


def _specials(
    subscription: models.ModuleSubscription, module: models.Module, prices: list[Base]
) -> Iterator[Base]:
    """Give how many there are of an item, an additional option, and an agreement of each kind."""
    section = next(row for row in prices if isinstance(row, models.PriceListSection))
    item = next(row for row in prices if isinstance(row, models.Item))
    option = factories.item(section, len(prices), is_additional_option=True)
    other = factories.item(
        section,
        len(prices) + 1,
        is_additional_option=True,
        notice_period=Term(1, TermUnit.WEEKS),
        ending_day=EndingDay.END_OF_MONTH,
    )
    ends_on = (now() + timedelta(days=900)).date()
    yield from (option, other, factories.item_quantity(subscription, item.key, ends_on=ends_on))
    yield factories.booked_option(subscription, option.key)
    yield factories.booked_option(
        subscription, other.key, starts_on=ends_on - timedelta(days=1), ends_on=ends_on
    )
    for values in (
        {"kind": AgreementKind.UNIT_PRICE, "unit_price": Decimal("9.99"), "item_key": item.key},
        {"kind": AgreementKind.DISCOUNT, "ends_on": ends_on},
        {"kind": AgreementKind.VAT_TREATMENT, "vat_treatment": VatTreatment.NOT_TAXABLE},
    ):
        yield factories.special_agreement(subscription.account_id, module, **values)
