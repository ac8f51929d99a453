"""An account in which every mutation can be carried out, for one write each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal import models
from portal.actions.upload import uploaded
from portal.clock import now
from portal.language.global_id import encode
from portal.models import Base
from portal.rules.catalogue.terms import EndingDay
from tests import factories
from tests.api.ordering import today
from tests.world import AccountWorld, account_world, add_staff

ANY_DAY = {"initial_term_count": 0, "notice_period_count": 0, "ending_day": EndingDay.ANY_DAY}
KEY, OPTION_KEY = "SEAT", "SATURDAY"
_ORDERS = (
    models.SubscriptionItemQuantity,
    models.BookedOption,
    models.SpecialAgreement,
    models.Request,
    models.Notice,
    models.TariffChange,
    models.TariffPeriod,
    models.ModuleSubscription,
    models.Contract,
)
# What no mutation asks for, left out as it takes its time to be written.
_NEEDLESS = (models.Item, models.PriceListSection, models.Message, models.HistoryValue)


@dataclass(frozen=True)
class Worksite:
    """The account, its rows, and what inputs take: by the name of a field or a mutation."""

    world: AccountWorld
    rows: Sequence[Base]
    known: Mapping[str, Any]
    offers: Mapping[str, str]
    """What is stored of a number of an offer: the id of its tariff."""


def documents() -> list[models.ConsentDocument]:
    """Give what has to be agreed to: the newest, so one set for all accounts of a test."""
    return [
        factories.consent_document(published_on=today(), kind=kind, title=kind)
        for kind in ("TERMS", "DATA_PROTECTION")
    ]


def worksite(coordinate: str, agreed: Sequence[models.ConsentDocument]) -> Worksite:
    """Make an account for one write, of ``mutation.field``; the documents are written already."""
    mutation, _, field = coordinate.partition(".")
    world = account_world()
    add_staff(world)
    # An account's first order makes its contract, and it is not deleted while a module runs.
    is_new = coordinate in {"orderModule.contractPartner", "deleteAccount.id"}
    if is_new:
        world.rows[:] = [row for row in world.rows if not isinstance(row, _ORDERS)]
    if mutation == "createRequest":
        world.rows[:] = [row for row in world.rows if not isinstance(row, models.Request)]
    shop = _Shop(world)
    rows = [*(row for row in world.rows if not isinstance(row, _NEEDLESS)), *shop.rows]
    if not is_new:
        rows += shop.bookings()
    if field not in {"consentDocumentIds", "documentIds"}:
        rows += [factories.consent(world.account_id, row, world.owner) for row in agreed]
    to_agree = [encode("ConsentDocument", document.id) for document in agreed]
    known: dict[str, Any] = (
        {name: ids[0] for name, ids in world.ids.items()} | _people(world) | shop.known()
    )
    if mutation == "orderModule":
        known |= shop.to_order()
    known |= {
        "ResendDocumentInput.recipients": world.contract.document_delivery.recipients,
    }
    known |= {"documentIds": to_agree, "consentDocumentIds": to_agree}
    offers = {str(offer.offer_number): str(offer.id) for offer in (shop.offer, shop.hidden)}
    return Worksite(world, rows, known, offers)


# A price list as a file.
PRICES = b"""section,key,name,unit,unitPrice,vatCategory,billingMode
Fixed,SUNDAY,A,day,1,ZERO,MONTHLY
"""


class _Shop:
    """A module that runs, can be ended on any day and may have another tariff; one to order."""

    def __init__(self, world: AccountWorld) -> None:
        self._account_id = world.account_id
        self._module, self._orderable = factories.module(), factories.module()
        self._tariff, self._other = (factories.tariff(self._module) for _ in range(2))
        self._public = factories.tariff(self._orderable)
        self.offer, self.hidden = (
            factories.tariff(module, offer_number=factories.word())
            for module in (self._module, self._orderable)
        )
        self._draft = factories.draft(self._other)
        self._prices = uploaded(PRICES, now())
        coming = dict.fromkeys(
            ("valid_from", "valid_from_for_existing"), today() + timedelta(days=60)
        )
        self._coming = factories.tariff_version(self._other, **coming)
        self._app = factories.app()
        self._running = factories.module_subscription(self._account_id, self._module)
        later = {"starts_on": today() + timedelta(days=9)}
        ending = {"ends_on": today() + timedelta(days=9)}
        # By the mutation that is about each.
        self._specials = {
            "endOption": factories.booked_option(self._running, "RUNNING", end_asked_by=None),
            "withdrawOption": factories.booked_option(self._running, "LATER", **later),
            "withdrawOptionEnd": factories.booked_option(self._running, "ENDING", **ending),
            "endSpecialAgreement": factories.special_agreement(self._account_id, self._module),
            "withdrawSpecialAgreement": factories.special_agreement(
                self._account_id, self._module, item_key=KEY, **later
            ),
        }
        from_then_on = {"valid_from": today() + timedelta(days=9)}
        self._dated = {
            "withdrawOperatorProfile": factories.operator_profile(**from_then_on),
            "withdrawGeneralPaymentTerms": factories.general_payment_terms(**from_then_on),
            "withdrawConsentDocument": factories.consent_document(
                published_on=today() + timedelta(days=9)
            ),
        }
        self._ordered = factories.module_subscription(
            self._account_id, self._module, starts_on=today() + timedelta(days=20)
        )

    @property
    def rows(self) -> list[Base]:
        """What the operator offers."""
        tariffs = (self._tariff, self._other, self._public, self.offer, self.hidden)
        versions = [factories.tariff_version(tariff, **ANY_DAY) for tariff in tariffs]
        sections = [factories.section(version) for version in versions]
        items = [factories.item(section, key=KEY) for section in sections]
        items += [
            factories.item(section, 1, key=OPTION_KEY, is_additional_option=True)
            for section in sections
        ]
        shared = [self._module, self._orderable, self._app, self._coming, self._prices]
        draft = factories.price_list(self._other, sections=1, items=1, version=self._draft)
        dated = self._dated.values()
        return [*shared, *tariffs, *versions, *sections, *items, *draft, *dated]

    def bookings(self) -> Iterator[Base]:
        """Give what the account has of it: a module that runs, and one that begins later."""
        for subscription in (self._running, self._ordered):
            yield subscription
            yield factories.tariff_period(subscription, self._tariff)
        yield from self._specials.values()

    def to_order(self) -> dict[str, str]:
        """Give by what the module is ordered that the account has not yet."""
        return {
            "TariffChoiceInput.id": encode("Tariff", self._public.id),
            "TariffChoiceInput.offerNumber": str(self.hidden.offer_number),
        }

    def known(self) -> dict[str, str]:
        """Give the ids and numbers by which inputs name it."""
        running = encode("ModuleSubscription", self._running.id)
        return {
            "appId": encode("App", self._app.id),
            "Module": encode("Module", self._orderable.id),
            "moduleId": encode("Module", self._orderable.id),
            "TariffChoiceInput.id": encode("Tariff", self._other.id),
            "TariffFromDateInput.id": encode("Tariff", self._other.id),
            "tariffId": encode("Tariff", self._other.id),
            "offerNumber": str(self.offer.offer_number),
            "itemKey": KEY,
            "BookOptionInput.itemKey": OPTION_KEY,
            **{
                name: encode(type(row).__name__, row.id)
                for name, row in (self._specials | self._dated).items()
            },
            "bookOption": running,
            "moduleSubscriptionId": running,
            "changeQuantity": running,
            "giveNotice": running,
            "withdrawNotice": running,
            "changeTariff": running,
            "withdrawTariffChange": running,
            "uploadId": encode("Upload", self._prices.id),
            "updateTariff": encode("Tariff", self.offer.id),
            "closeTariff": encode("Tariff", self._other.id),
            **dict.fromkeys(
                (
                    *("updateVersion", "savePriceList", "importPriceList", "deleteDraft"),
                    *("assessVersion", "publishVersion"),
                ),
                encode("TariffVersion", self._draft.id),
            ),
            "withdrawVersion": encode("TariffVersion", self._coming.id),
            "withdrawOrder": encode("ModuleSubscription", self._ordered.id),
        }


def _people(world: AccountWorld) -> dict[str, str]:
    """Give the ids of those whom a mutation may change."""
    members = {
        row.role: encode("Member", row.id) for row in world.rows if isinstance(row, models.Member)
    }
    _, _, employee, *_ = world.ids["Staff"]
    return {
        "memberId": members["READER"],
        "TransferOwnershipInput.memberId": members["ADMIN"],
        "invitationId": world.ids["Invitation"][0],
        "permissionProfileId": world.ids["PermissionProfile"][0],
        "Staff": employee,
    }
