"""Modules, tariffs and price lists for tests."""

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from uuid_utils.compat import uuid7

from portal import models
from portal.models import Base
from portal.rules.catalogue.terms import (
    BillingMode,
    EndingDay,
    Renewal,
    TermUnit,
    VatCategory,
)
from tests.factories.base import OPENED, word

PUBLISHED = datetime.combine(OPENED, time(), UTC)


def module(**values: Any) -> models.Module:
    defaults = {
        "id": uuid7(),
        "key": word(),
        "name": f"Module {word()}",
        "description": "A service.",
        "is_single_booking": False,
        "data_schema": {"type": "object"},
        "first_published_at": PUBLISHED,
    }
    return models.Module(**defaults | values)


def tariff(module: models.Module, **values: Any) -> models.Tariff:
    """Give a public tariff; with ``offer_number`` a non-public one."""
    defaults = {
        "id": uuid7(),
        "module_id": module.id,
        "name": f"Tariff {word()}",
        "is_public": "offer_number" not in values,
        "first_published_at": PUBLISHED,
    }
    return models.Tariff(**defaults | values)


def tariff_version(tariff: models.Tariff, **values: Any) -> models.TariffVersion:
    defaults = {
        "id": uuid7(),
        "tariff_id": tariff.id,
        "published_at": PUBLISHED,
        "valid_from": OPENED,
        "valid_from_for_existing": OPENED,
        "initial_term_count": 12,
        "initial_term_unit": TermUnit.MONTHS,
        "renewal": Renewal.OPEN_ENDED,
        "notice_period_count": 1,
        "notice_period_unit": TermUnit.MONTHS,
        "ending_day": EndingDay.END_OF_MONTH,
    }
    return models.TariffVersion(**defaults | values)


def draft(tariff: models.Tariff, **values: Any) -> models.TariffVersion:
    """Give a version that nobody has published."""
    days = dict.fromkeys(("published_at", "valid_from", "valid_from_for_existing"))
    return tariff_version(tariff, **days | values)


def section(
    version: models.TariffVersion, position: int = 0, **values: Any
) -> models.PriceListSection:
    defaults = {
        "id": uuid7(),
        "tariff_version_id": version.id,
        "position": position,
        "title": f"Section {word()}",
    }
    return models.PriceListSection(**defaults | values)


def item(section: models.PriceListSection, position: int = 0, **values: Any) -> models.Item:
    defaults = {
        "id": uuid7(),
        "tariff_version_id": section.tariff_version_id,
        "price_list_section_id": section.id,
        "position": position,
        "name": f"Item {word()}",
        "key": word(),
        "unit": "month",
        "unit_code": "MON",
        "unit_price": Decimal("12.50"),
        "vat_category": VatCategory.STANDARD,
        "billing_mode": BillingMode.MONTHLY_IN_ADVANCE,
    }
    return models.Item(**defaults | values)


def price_list(
    tariff: models.Tariff,
    sections: int = 2,
    items: int = 2,
    version: models.TariffVersion | None = None,
) -> list[Base]:
    """Give a version of a tariff with its sections and items."""
    version = version or tariff_version(tariff)
    headings = [section(version, position) for position in range(sections)]
    lines = [item(heading, position) for heading in headings for position in range(items)]
    lines[-1].vat_category = VatCategory.EXEMPT
    lines[-1].vat_exemption_code = "VATEX-EU-132"
    lines[-1].vat_exemption_text = "Exempt from VAT"
    return [version, *headings, *lines]
