"""The special right to cancel: prices of a tariff rise, and its customers may go the day before."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.rules.catalogue.price_rise import SpecialRight
from portal.rules.catalogue.terms import BillingMode
from portal.settings.settings import Settings
from tests import factories
from tests.api.asking import api_of, client_of
from tests.api.cancelling import CHANGE, GIVE, WITHDRAW, YEARLY, Hand, make_consumer
from tests.api.conftest import application
from tests.world import Kind
from tests.writing import Writer

OPTIONS = """query ($id: ID!, $by: Party) { node(id: $id) { ... on ModuleSubscription {
  cancellationOptions(first: 2, by: $by) { lastDay deadline reasons { rule sentence } }
  tariffChangeOptions(first: 1, by: $by) { startsOn }
} } }"""
RISE = date(2025, 6, 15)
BOUND_UNTIL = "2026-01-14"


@pytest.fixture
async def booked(hand, book, timed_writer):
    """Book a module for a year, for a consumer of a country whose law says nothing."""
    await make_consumer(timed_writer, "AT")
    return await book("2025-01-15", YEARLY)


@pytest.fixture
async def booked_in_standard_lane(booked, addresses, tmp_path):
    """Ask an application whose compiled lane is off for the same module."""
    settings = Settings(data=tmp_path, compiled_reading=False)
    async with application(settings, addresses, Hand()) as app, client_of(app) as client:
        writer = Writer(api_of(client), booked.writer.world, booked.writer.superuser)
        yield replace(booked, writer=writer)


def later(booked, price="40.00", **values):
    """Give a version that was published and reaches existing customers on the day of the rise."""
    days = {"valid_from": date(2025, 4, 1), "valid_from_for_existing": RISE}
    special_right = {"special_right": SpecialRight.CONSUMERS}
    published = {"published_at": datetime(2025, 3, 1, tzinfo=UTC)}
    version = factories.tariff_version(
        booked.tariff, **YEARLY, **{**days, **special_right, **published, **values}
    )
    section = factories.section(version)
    monthly = BillingMode.MONTHLY_IN_ADVANCE
    return [
        version,
        section,
        factories.item(section, unit_price=Decimal(price), billing_mode=monthly),
    ]


async def options(booked, by=None, kind=Kind.OWNER):
    answer = await booked.writer.api(OPTIONS, booked.writer.world.tokens[kind], id=booked.id, by=by)
    assert set(answer) == {"data"}, answer
    shown = answer["data"]["node"]
    return shown["cancellationOptions"], shown["tariffChangeOptions"]


async def last_days(booked, by=None, kind=Kind.OWNER):
    return [one["lastDay"] for one in (await options(booked, by, kind))[0]]


async def test_both_lanes_answer_it(booked, booked_in_standard_lane, write):
    await write(*later(booked))
    for by in ("CUSTOMER", "OPERATOR"):
        assert await options(booked, by) == await options(booked_in_standard_lane, by)


async def test_a_rise_opens_the_day_before_with_its_reason(booked, write):
    await write(*later(booked))
    (first, second), (change,) = await options(booked)
    assert (first["lastDay"], first["deadline"]) == ("2025-06-14", "2025-06-14")
    assert [reason["rule"] for reason in first["reasons"]][-2:] == [
        "PRICE_RISE",
        "EARLIER_BY_PRICE_RISE",
    ]
    assert first["reasons"][-2]["sentence"] == (
        "Prices rise on 15 June 2025. By the special right to cancel, the contract may end on the"
        " day before, without a notice period: on 14 June 2025."
    )
    assert second["lastDay"] == BOUND_UNTIL
    assert change == {"startsOn": "2025-06-15"}


@pytest.mark.parametrize(
    ("kind", "by", "first"),
    [
        (Kind.OWNER, "CUSTOMER", "2025-06-14"),
        (Kind.OWNER, "OPERATOR", BOUND_UNTIL),
        (Kind.MANAGER, "CUSTOMER", "2025-06-14"),
        (Kind.MANAGER, "OPERATOR", BOUND_UNTIL),
        (Kind.MANAGER, None, BOUND_UNTIL),
    ],
)
async def test_it_is_the_customers_whoever_looks(booked, write, kind, by, first):
    await write(*later(booked))
    assert (await last_days(booked, by, kind))[0] == first


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"price": "39.00"}, id="nothing changes"),
        pytest.param({"price": "38.99"}, id="it becomes cheaper"),
        pytest.param({"special_right": SpecialRight.NOBODY}, id="the operator grants none"),
        pytest.param({"withdrawn_at": datetime(2025, 3, 2, tzinfo=UTC)}, id="it was withdrawn"),
        pytest.param(
            dict.fromkeys(("published_at", "valid_from", "valid_from_for_existing")),
            id="it is a draft",
        ),
        pytest.param(
            {"valid_from": date(2025, 1, 15), "valid_from_for_existing": RISE},
            id="it was agreed to",
        ),
        pytest.param(
            {"valid_from": date(2025, 3, 1), "valid_from_for_existing": date(2025, 3, 14)},
            id="it has reached them today",
        ),
    ],
)
async def test_without_a_rise_to_come_there_is_no_right(booked, write, values):
    await write(*later(booked, **values))
    assert (await last_days(booked))[0] == BOUND_UNTIL


@pytest.mark.parametrize(
    ("right", "first"),
    [(SpecialRight.CONSUMERS, BOUND_UNTIL), (SpecialRight.EVERYONE, "2025-06-14")],
)
async def test_a_business_has_it_where_the_operator_grants_it(
    booked, write, superuser, right, first
):
    await write(*later(booked, special_right=right))
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text(
                "UPDATE contract SET contract_partner_kind = 'BUSINESS' WHERE account_id = :account"
            ),
            {"account": booked.subscription.account_id},
        )
    assert (await last_days(booked))[0] == first


async def test_what_is_charged_by_use_and_dearer_is_a_rise(booked, write):
    version, section, monthly = later(booked, "39.00")
    by_use = factories.item(
        section, 1, unit_price=Decimal("0.01"), billing_mode=BillingMode.PER_USE
    )
    await write(version, section, monthly, by_use)
    assert (await last_days(booked))[0] == "2025-06-14"


async def test_notice_by_it_is_taken_and_stands_though_the_version_is_withdrawn(
    booked, write, superuser
):
    version, *rest = later(booked)
    await write(version, *rest)
    answer = await booked.send(GIVE, Kind.OWNER, {"lastDay": "2025-06-14"})
    assert answer["endsOn"] == "2025-06-14"
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text("UPDATE tariff_version SET withdrawn_at = now() WHERE id = :id"),
            {"id": version.id},
        )
    shown = await booked.writer.api(
        "query ($id: ID!) { node(id: $id) { ... on ModuleSubscription { endsOn status notice"
        " { lastDay deadline reasons { rule } } } } }",
        booked.writer.world.tokens[Kind.OWNER],
        id=booked.id,
    )
    shown = shown["data"]["node"]
    assert (shown["endsOn"], shown["status"]) == ("2025-06-14", "CANCELLED")
    assert shown["notice"]["deadline"] == "2025-06-14"
    assert "PRICE_RISE" in {reason["rule"] for reason in shown["notice"]["reasons"]}
    answer = await booked.send(WITHDRAW, Kind.OWNER)
    assert answer["endsOn"] is None
    answer = await booked.send(GIVE, Kind.OWNER, {"lastDay": "2025-06-14"})
    assert answer["problems"][0]["code"] == "RULE_BROKEN"


async def test_the_operator_cannot_use_it(booked, write):
    await write(*later(booked))
    before = await booked.writer.rows()
    given = {"lastDay": "2025-06-14", "givenBy": "OPERATOR"}
    answer = await booked.send(GIVE, Kind.MANAGER, given)
    assert answer["problems"][0]["path"] == ["input", "lastDay"]
    assert await booked.writer.rows() == before


async def test_another_tariff_may_follow_on_the_day_of_the_rise(booked, write):
    await write(*later(booked))
    answer = await booked.send(CHANGE, Kind.OWNER, {"startsOn": "2025-06-15"}, "id")
    assert answer["id"] == booked.id
    assert [period[:2] for period in await booked.periods()] == [
        ("2025-01-15", "2025-06-14"),
        ("2025-06-15", None),
    ]
