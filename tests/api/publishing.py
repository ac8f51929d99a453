"""Tariffs with customers, and versions of them to publish."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal import models
from portal.language.global_id import encode
from portal.models import Base
from portal.rules.address import PartyKind
from portal.rules.catalogue.terms import BillingMode
from tests import factories
from tests.api.ordering import today
from tests.world import AccountWorld, Kind
from tests.writing import Writer

PUBLISH, PREVIEW = "publishVersion", "previewPublishVersion"
BEGUN = date(2024, 1, 15)
IN_30_DAYS = today() + timedelta(days=30)
_REFUSAL = "... on Refusal { problems { code path message } }"
JOB = "kind customers done payingMore payingLess validFrom validFromForExisting finishedAt"


def version_of(
    tariff: models.Tariff, price: str, *, is_draft: bool = True, **values: Any
) -> list[Base]:
    """Give a version with one monthly item of a price."""
    make = factories.draft if is_draft else factories.tariff_version
    version = make(tariff, **values)
    section = factories.section(version)
    monthly = BillingMode.MONTHLY_IN_ADVANCE
    item = factories.item(
        section, key="BASE", name="Base", unit_price=Decimal(price), billing_mode=monthly
    )
    return [version, section, item]


@dataclass(frozen=True)
class Offered:
    """A tariff of 39.00 a month, and a draft of another price."""

    module: models.Module
    tariff: models.Tariff
    draft: models.TariffVersion
    writer: Writer

    @property
    def id(self) -> str:
        """The draft's global id."""
        return encode("TariffVersion", self.draft.id)

    async def subscribe(self, account: AccountWorld, **period: Any) -> models.ModuleSubscription:
        """Let an account have the tariff."""
        ends_on = period.get("ends_on")
        subscription = factories.module_subscription(
            account.account_id, self.module, starts_on=BEGUN, ends_on=ends_on
        )
        rows = [subscription, factories.tariff_period(subscription, self.tariff, **period)]
        await factories.write(self.writer.superuser, rows)
        return subscription

    async def send(
        self,
        mutation: str,
        given: dict[str, Any] | None = None,
        kind: Kind = Kind.MANAGER,
        fields: str = JOB,
    ) -> dict[str, Any]:
        """Send a mutation about the draft; give its own part of the response."""
        name = f"{mutation[0].upper()}{mutation[1:]}Input"
        answer = await self.writer.api(
            f"mutation ($input: {name}!) {{ {mutation}(input: $input) {{ __typename"
            f" ... on VersionJob {{ {fields} }} {_REFUSAL} }} }}",
            self.writer.world.tokens[kind],
            input={"id": self.id} | (given or {}),
        )
        assert set(answer) == {"data"}, answer
        part: dict[str, Any] = answer["data"][mutation]
        return part

    async def preview(
        self, given: dict[str, Any], fields: str, kind: Kind = Kind.MANAGER
    ) -> dict[str, Any]:
        """Send the preview; give its own part of the response."""
        answer = await self.writer.api(
            f"mutation ($input: PublishVersionInput!) {{ {PREVIEW}(input: $input) {{"
            f" __typename ... on PublicationPreview {{ token {fields} }}"
            f" {_REFUSAL} }} }}",
            self.writer.world.tokens[kind],
            input={"id": self.id} | given,
        )
        shown: dict[str, Any] = answer["data"][PREVIEW]
        return shown


async def offer(writer: Writer, price: str = "40.00", **values: Any) -> Offered:
    """Write a tariff that is on offer, and a draft of it."""
    module = factories.module(name=f"Module {factories.word()}")
    tariff = factories.tariff(module)
    draft, *rest = version_of(tariff, price, **values)
    assert isinstance(draft, models.TariffVersion)
    present = version_of(tariff, "39.00", is_draft=False)
    await factories.write(writer.superuser, [module, tariff, *present, draft, *rest])
    return Offered(module, tariff, draft, writer)


async def become(writer: Writer, account: AccountWorld, kind: PartyKind) -> None:
    """Let an account's contract partner be of a kind."""
    async with writer.superuser.begin() as connection:
        await connection.execute(
            sa.text(
                "UPDATE contract SET contract_partner_kind = :kind WHERE account_id = :account"
            ),
            {"kind": kind.value, "account": account.account_id},
        )
