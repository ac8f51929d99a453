"""Previews of cancellations and of changes of tariff: the days, the cost before and after, why."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.language.global_id import decode, encode
from portal.models import Base
from portal.rules.catalogue.terms import BillingMode
from tests import factories
from tests.api.conftest import Write
from tests.api.previewing import SHOWN, USED, Previewed, refused
from tests.world import Kind, World
from tests.writing import NOT_FOUND, Writer, forbidden, problem, refusal

FIRST_DAYS = ("valid_from", "valid_from_for_existing")
WITH_REASONS = f"currency {SHOWN} reasons {{ rule outcome sentence }}"


@pytest.fixture
async def running(write: Write, world: World) -> dict[str, str]:
    """A module since 2024 at 10 a month, and at 12.50 from 2150 on; another tariff costs 100."""
    module = factories.module()
    cheap, dear = factories.tariff(module), factories.tariff(module)
    subscription = factories.module_subscription(world.own.account_id, module)
    rows: list[Base] = [module, cheap, dear, subscription]
    rows.append(factories.tariff_period(subscription, cheap))
    later = date(2150, 1, 1)
    for tariff, price, mode, days in (
        (cheap, "10", BillingMode.MONTHLY, {}),
        (cheap, "150", BillingMode.YEARLY_IN_ADVANCE, dict.fromkeys(FIRST_DAYS, later)),
        (dear, "300", BillingMode.QUARTERLY_IN_ADVANCE, {}),
    ):
        version = factories.tariff_version(tariff, **days)
        section = factories.section(version)
        rows += [version, section]
        rows.append(factories.item(section, unit_price=Decimal(price), billing_mode=mode))
    await write(*rows)
    return {
        "subscription": encode("ModuleSubscription", subscription.id),
        "dear": encode("Tariff", dear.id),
        "cheap": encode("Tariff", cheap.id),
    }


@pytest.fixture
def notice(writer: Writer, running: dict[str, str]) -> Previewed:
    return Previewed(writer, "giveNotice", "previewNotice", running["subscription"])


@pytest.fixture
def change(writer: Writer, running: dict[str, str]) -> Previewed:
    return Previewed(writer, "changeTariff", "previewTariffChange", running["subscription"])


async def test_a_cancellation_is_shown_and_then_is_what_was_shown(notice: Previewed):
    given = {"lastDay": "2150-06-30", "reasonCode": "MOVING", "comment": "We move."}
    before = await notice.writer.fingerprint()
    shown = await notice.show(given, fields=WITH_REASONS)
    assert await notice.writer.fingerprint() == before
    token = shown.pop("token")
    reasons = shown.pop("reasons")
    del shown["validUntil"]
    assert shown == {
        "__typename": "Preview",
        "currency": "EUR",
        "startsOn": None,
        "endsOn": "2150-06-30",
        "earliestEnd": None,
        "deadline": "2150-05-31",
        "monthlyBefore": "12.50",
        "monthlyAfter": "0.00",
    }
    assert [reason["rule"] for reason in reasons] == [
        "NOTICE_ARRIVES",
        "WISHED_DAY",
        "INITIAL_TERM",
        "NOTICE_PERIOD",
        "ENDING_DAY",
    ]
    assert reasons[-1] == {
        "rule": "ENDING_DAY",
        "outcome": "2150-06-30",
        "sentence": "The contract may end on the last day of a month:"
        " from 30 June 2150 on the first possible day is 30 June 2150.",
    }
    made = await notice.make(
        given, token, fields="endsOn notice { lastDay deadline reasons { rule outcome sentence } }"
    )
    assert made == {
        "__typename": "ModuleSubscription",
        "endsOn": "2150-06-30",
        "notice": {"lastDay": "2150-06-30", "deadline": "2150-05-31", "reasons": reasons},
    }
    assert await notice.make(given, token) == USED


async def test_a_change_of_tariff_is_shown_and_then_is_what_was_shown(
    change: Previewed, running: dict[str, str]
):
    given = {"tariff": {"id": running["dear"]}, "startsOn": "2150-01-01"}
    before = await change.writer.fingerprint()
    shown = await change.show(given, fields=WITH_REASONS)
    assert await change.writer.fingerprint() == before
    token, reasons = shown.pop("token"), shown.pop("reasons")
    del shown["validUntil"]
    assert shown == {
        "__typename": "Preview",
        "currency": "EUR",
        "startsOn": "2150-01-01",
        "endsOn": None,
        "earliestEnd": None,
        "deadline": "2149-11-30",
        # On the last day under the old tariff, before that got dearer; and under the new one.
        "monthlyBefore": "10.00",
        "monthlyAfter": "100.00",
    }
    assert (reasons[-1]["rule"], reasons[-1]["outcome"]) == ("DAY_AFTER", "2150-01-01")
    made = await change.make(
        given,
        token,
        fields="pendingTariffChange { startsOn deadline reasons { rule outcome sentence } }"
        " tariffPeriods { startsOn endsOn tariff { id } }",
    )
    assert made == {
        "__typename": "ModuleSubscription",
        "pendingTariffChange": {
            "startsOn": "2150-01-01",
            "deadline": "2149-11-30",
            "reasons": reasons,
        },
        "tariffPeriods": [
            {"startsOn": "2024-01-15", "endsOn": "2149-12-31", "tariff": {"id": running["cheap"]}},
            {"startsOn": "2150-01-01", "endsOn": None, "tariff": {"id": running["dear"]}},
        ],
    }


async def test_a_manager_previews_a_deviating_day_and_a_customer_may_not(notice: Previewed):
    given = {"deviatingDate": "2150-06-15", "reason": "Agreed."}
    before = await notice.writer.fingerprint()
    assert await notice.show(given, Kind.OWNER) == forbidden(
        "deviatingDate", "input.deviatingDate", "MANAGER"
    )
    assert await notice.writer.fingerprint() == before
    shown = await notice.show(given, Kind.MANAGER)
    assert (shown["endsOn"], shown["deadline"]) == ("2150-06-15", None)
    # What a manager was shown, nobody else does.
    assert (await notice.make(given, shown["token"], Kind.OWNER))["problems"][0][
        "code"
    ] == "FORBIDDEN"
    made = await notice.make(given, shown["token"], Kind.MANAGER)
    assert made["endsOn"] == "2150-06-15"


async def test_of_two_who_cancel_as_shown_the_second_is_told_of_the_first(notice: Previewed):
    given = {"lastDay": "2150-06-30"}
    kinds = (Kind.OWNER, Kind.ADMIN)
    tokens = [await notice.token(given, kind) for kind in kinds]
    answers = await asyncio.gather(
        *(notice.make(given, token, kind) for token, kind in zip(tokens, kinds, strict=True))
    )
    won, lost = sorted(answers, key=lambda answer: answer["__typename"])
    assert won["endsOn"] == "2150-06-30"
    (told,) = lost["problems"]
    assert (told["code"], told["path"]) == ("CONFLICT", ["input", "id"])
    assert told["message"].endswith(" for 30 June 2150 by the customer is pending.")


async def test_a_preview_while_something_is_pending_is_told_so(
    notice: Previewed, change: Previewed, running: dict[str, str]
):
    token = await notice.token({"lastDay": "2150-06-30"})
    await change.writer.change(
        "changeTariff",
        Kind.OWNER,
        {"id": change.id, "tariff": {"id": running["dear"]}, "startsOn": "2150-01-01"},
    )
    for answer in (
        await notice.show({"lastDay": "2150-06-30"}),
        await notice.make({"lastDay": "2150-06-30"}, token),
    ):
        (told,) = answer["problems"]
        assert told["code"] == "CONFLICT"
        assert told["message"].endswith(" on 1 January 2150 by the customer is pending.")


async def test_prices_and_terms_that_changed_meanwhile_are_named(
    change: Previewed, running: dict[str, str], superuser: AsyncEngine
):
    given = {"tariff": {"id": running["dear"]}, "startsOn": "2150-01-01"}
    token = await change.token(given)
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text(
                "UPDATE item SET unit_price = 330 FROM price_list_section s, tariff_version v"
                " WHERE item.price_list_section_id = s.id AND s.tariff_version_id = v.id"
                " AND item.unit_price = 300 AND v.tariff_id = :id"
            ),
            {"id": decode(running["dear"])[1]},
        )
        await connection.execute(
            sa.text("UPDATE tariff_version SET notice_period_count = 2 WHERE tariff_id = :id"),
            {"id": decode(running["cheap"])[1]},
        )
    before = await change.writer.fingerprint()
    answer = await change.make(given, token)
    assert [(one["code"], one["path"], one["message"]) for one in answer["problems"]] == [
        ("PREVIEW_STALE", ["input", "previewToken"], message)
        for message in (
            (
                "Other than in the preview: "
                "last day to ask for it was 30 November 2149, and would be 31 October 2149 now."
            ),
            (
                "Other than in the preview: "
                "monthly cost after the change was €100.00, and would be €110.00 now."
            ),
            "The reasons are others than in the preview.",
        )
    ]
    assert await change.writer.fingerprint() == before


async def test_a_token_of_one_mutation_is_none_of_another(
    notice: Previewed, change: Previewed, running: dict[str, str]
):
    token = await notice.token({"lastDay": "2150-06-30"})
    assert await change.make({"tariff": {"id": running["dear"]}}, token) == refused(
        "INVALID_INPUT", "The preview was made with other arguments."
    )


async def test_a_foreign_module_is_previewed_like_one_that_is_not_there(
    notice: Previewed, change: Previewed, running: dict[str, str], world: World
):
    before = await notice.writer.fingerprint()
    for id in (world.foreign.ids["ModuleSubscription"][0], running["dear"], "x"):
        assert await notice.show({"id": id}) == NOT_FOUND
        assert await change.show({"id": id, "tariff": {"id": running["dear"]}}) == NOT_FOUND
    assert await notice.writer.fingerprint() == before


async def test_a_day_that_the_tariff_does_not_allow_is_refused_before_it_is_shown(
    notice: Previewed,
):
    assert await notice.show({"lastDay": "2150-06-15"}) == refusal(
        problem(
            "RULE_BROKEN",
            "input.lastDay",
            "The contract cannot end on 15 June 2150; the nearest days are 31 May 2150 and"
            " 30 June 2150.",
        )
    )
