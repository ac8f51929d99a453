"""Modules and tariffs of a world, with versions in every state."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal import models
from portal.clock import now
from portal.models import Base
from portal.rules.catalogue.terms import EndingDay, Renewal, TermUnit
from tests import factories
from tests.world.account_world import AccountWorld

_SERVICE = {"nl": "Een dienst.", "de": "Ein Dienst.", "en": "A service."}


@dataclass(frozen=True)
class Offer:
    """A module with a public tariff, and one with a tariff that has an offer number."""

    module: models.Module
    other_module: models.Module
    public: models.Tariff
    by_number: models.Tariff


def offer() -> Offer:
    """Make what can be ordered."""
    module = factories.module(
        retired_from=date(2199, 1, 1),
        data_schema={"properties": {"greeting": {"pattern": "^[A-Z]"}}},
        description_translations=_SERVICE,
    )
    other = factories.module(description_translations=_SERVICE)
    return Offer(
        module,
        other,
        factories.tariff(module),
        factories.tariff(
            other,
            offer_number=factories.word(),
            offer_expires_on=(now() + timedelta(days=30)).date(),
            offer_most_uses=10,
            offer_uses=1,
            closed_from=date(2199, 1, 1),
        ),
    )


def fill(world: AccountWorld, offer: Offer) -> list[Base]:
    """Add it with its price lists; give that of the public tariff."""
    public = offer.public
    world.add(offer.module, offer.other_module, public, offer.by_number)
    renewed = {"renewal": Renewal.RENEWAL_TERM, "ending_day": EndingDay.END_OF_TERM}
    renewed |= {"renewal_term_count": 12, "renewal_term_unit": TermUnit.MONTHS}
    prices = factories.price_list(public, version=factories.tariff_version(public, **renewed))
    world.add(*prices, *factories.price_list(offer.by_number))
    world.add(*factories.price_list(public, version=factories.draft(public)))
    world.add(factories.tariff_version(public, **renewed, withdrawn_at=now()))
    return prices
