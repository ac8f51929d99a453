"""An account with one module of which it matters what each item costs."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from portal import models
from portal.language.global_id import encode
from portal.models import Base
from portal.rules.catalogue.terms import BillingMode
from portal.rules.modules.special_agreement import AgreementKind
from portal.viewer import Role
from tests import factories

ONCE, USED = BillingMode.AT_ONCE, BillingMode.PER_USE
MONTHLY, YEARLY = BillingMode.MONTHLY, BillingMode.YEARLY_IN_ADVANCE
BEGAN = date(2024, 1, 1)

Items = Iterable[tuple[str, str, BillingMode]]


class Pricing:
    """The rows of an account, its owner and a manager, and of a module whose items have keys."""

    def __init__(self, sections: Iterable[Items], terms: dict[str, Any], **days: Any) -> None:
        self.owner, self.manager = factories.person(), factories.person()
        self.account, member = factories.account(self.owner)
        self.token, credential = factories.credential(Role.CUSTOMER, self.owner)
        self.module = factories.module()
        self.tariff = factories.tariff(self.module)
        self.subscription = factories.module_subscription(
            self.account.id, self.module, **{"starts_on": BEGAN} | days
        )
        self.rows: list[Base] = [self.owner, self.account, member, credential, self.module]
        self.rows += [self.tariff, self.subscription]
        self.rows.append(factories.tariff_period(self.subscription, self.tariff))
        self.price(self.tariff, sections, **terms)

    @property
    def id(self) -> str:
        """The global id of the subscription."""
        return encode("ModuleSubscription", self.subscription.id)

    @property
    def account_id(self) -> str:
        """The global id of the account."""
        return encode("Account", self.account.id)

    def price(
        self, tariff: models.Tariff, sections: Iterable[Items], **values: Any
    ) -> models.TariffVersion:
        """Add a version of a tariff: sections with items, of key, price and mode.

        Additional options have a star after their key.
        """
        version = factories.tariff_version(
            tariff, **{"valid_from": BEGAN, "valid_from_for_existing": BEGAN} | values
        )
        self.rows.append(version)
        for number, items in enumerate(sections):
            section = factories.section(version, number)
            self.rows.append(section)
            self.rows += [
                factories.item(
                    section,
                    place,
                    key=key.rstrip("*"),
                    is_additional_option=key.endswith("*"),
                    name=key.rstrip("*").title(),
                    unit_price=Decimal(price),
                    billing_mode=mode,
                )
                for place, (key, price, mode) in enumerate(items)
            ]
        return version

    def agree(self, kind: AgreementKind, key: str | None = None, **values: Any) -> None:
        """Add a special agreement."""
        self.rows.append(
            factories.special_agreement(
                self.account.id, self.module, kind=kind, item_key=key, **values
            )
        )
