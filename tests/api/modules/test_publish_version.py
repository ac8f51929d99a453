"""publishVersion and its preview: from when, for whom, and what each of them pays."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.rules.address import PartyKind
from portal.settings.settings import Settings
from tests import factories
from tests.api.asking import api_of, application, client_of
from tests.api.ordering import today
from tests.api.publishing import IN_30_DAYS, PUBLISH, become, offer, version_of
from tests.saying import written
from tests.world import Kind
from tests.writing import Writer

SHOWN = (
    "customerCount specialRight dearerItems"
    " customers { account { id } startsOn monthlyBefore monthlyAfter isRise }"
)
FOR_ALL = {"validFrom": str(IN_30_DAYS)}


def refused(code, field, message):
    path = ["input", field] if field else ["input"]
    return {
        "__typename": "Refusal",
        "problems": [{"code": code, "path": path, "message": message}],
    }


async def jobs(superuser, offered):
    """Give the names of the jobs that wait, and those about the draft."""
    async with superuser.connect() as connection:
        found = await connection.execute(
            sa.text(
                "SELECT j.task_name FROM procrastinate.procrastinate_jobs j JOIN version_job v"
                " ON v.id::text = j.args ->> 'version_job_id' WHERE v.tariff_version_id = :id"
            ),
            {"id": offered.draft.id},
        )
        return [name for (name,) in found]


async def test_the_preview_says_whom_it_reaches_and_keeps_nothing(writer, world, superuser):
    offered = await offer(writer)
    await offered.subscribe(world.own)
    before = await writer.fingerprint()
    shown = await offered.preview(FOR_ALL, SHOWN)
    assert shown.pop("token")
    assert shown == {
        "__typename": "PublicationPreview",
        "customerCount": 1,
        "specialRight": "CONSUMERS",
        "dearerItems": ["BASE"],
        "customers": [
            {
                "account": {"id": world.own.id},
                "startsOn": str(IN_30_DAYS),
                "monthlyBefore": "39.00",
                "monthlyAfter": "40.00",
                "isRise": True,
            }
        ],
    }
    assert await writer.fingerprint() == before


async def test_publishing_as_shown_commits_with_one_job(writer, world, superuser):
    offered = await offer(writer)
    await offered.subscribe(world.own)
    shown = await offered.preview(FOR_ALL, "customerCount")
    answer = await offered.send(PUBLISH, FOR_ALL | {"previewToken": shown["token"]})
    assert answer == {
        "__typename": "VersionJob",
        "kind": "ANNOUNCEMENT",
        "customers": 1,
        "done": 0,
        "payingMore": 0,
        "payingLess": 0,
        "validFrom": str(IN_30_DAYS),
        "validFromForExisting": str(IN_30_DAYS),
        "finishedAt": None,
    }
    assert await jobs(superuser, offered) == ["run_version_job"]
    again = await offered.send(PUBLISH, FOR_ALL)
    assert again == refused("CONFLICT", "id", "This version is published already.")


@pytest.mark.reads
async def test_a_version_without_customers_has_nobody_to_tell(writer, superuser):
    offered = await offer(writer)
    answer = await offered.send(PUBLISH, {"validFrom": str(today())})
    assert (answer["customers"], answer["finishedAt"] is None) == (0, False)
    assert await jobs(superuser, offered) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            {"validFrom": str(today() - timedelta(days=1))},
            refused(
                "RULE_BROKEN",
                "validFrom",
                f"A version cannot begin on {written(today() - timedelta(days=1))}, which is over;"
                f" the first possible day is {written(today())}.",
            ),
            id="yesterday",
        ),
        pytest.param(
            {"validFrom": str(IN_30_DAYS), "validFromForExisting": str(today())},
            refused(
                "RULE_BROKEN",
                "validFromForExisting",
                "Existing customers cannot get it before new ones, who get it on"
                f" {written(IN_30_DAYS)}.",
            ),
            id="earlier for existing customers",
        ),
        pytest.param(
            {"validFrom": str(IN_30_DAYS - timedelta(days=1))},
            refused(
                "RULE_BROKEN",
                "validFromForExisting",
                "Prices rise by it, and a rise reaches existing customers from"
                f" {written(IN_30_DAYS)} on at the earliest.",
            ),
            id="a rise too soon",
        ),
        pytest.param(
            {"validFrom": "2200-01-01"},
            {
                "__typename": "Refusal",
                "problems": [
                    {
                        "code": "INVALID_INPUT",
                        "path": ["input", field],
                        "message": "Must be a day from 1 January 1900 to 31 December 2199.",
                    }
                    for field in ("validFrom", "validFromForExisting")
                ],
            },
            id="beyond the calendar",
        ),
    ],
)
async def test_days_that_a_version_cannot_have(writer, world, given, expected):
    offered = await offer(writer)
    await offered.subscribe(world.own)
    before = await writer.fingerprint()
    assert await offered.send(PUBLISH, given) == expected
    assert await offered.preview(given, "customerCount") == expected
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_a_version_without_items_is_not_published(writer):
    offered = await offer(writer)
    empty = factories.draft(offered.tariff)
    await factories.write(writer.superuser, [empty])
    another = type(offered)(offered.module, offered.tariff, empty, writer)
    before = await writer.fingerprint()
    nothing = refused("RULE_BROKEN", "id", "This version has no price list yet.")
    assert await another.send(PUBLISH, FOR_ALL) == nothing
    assert await another.preview(FOR_ALL, "customerCount") == nothing
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_two_versions_on_a_day_are_one_too_many(writer):
    offered = await offer(writer)
    second = version_of(offered.tariff, "41.00")
    await factories.write(writer.superuser, second)
    another = type(offered)(offered.module, offered.tariff, second[0], writer)
    assert (await offered.send(PUBLISH, FOR_ALL))["__typename"] == "VersionJob"
    assert await another.send(PUBLISH, FOR_ALL) == refused(
        "CONFLICT",
        "validFrom",
        f"Another version of this tariff begins on {written(IN_30_DAYS)}.",
    )


async def test_nobody_gets_another_version_than_was_agreed_to_on_the_same_day(writer, world):
    offered = await offer(writer, "38.00")
    await offered.subscribe(world.own, agreed_on=today())
    assert await offered.send(PUBLISH, {"validFrom": str(today())}) == refused(
        "RULE_BROKEN",
        "validFrom",
        f"Somebody has agreed to this tariff on {written(today())} already; a version begins"
        " later.",
    )
    tomorrow = {"validFrom": str(today() + timedelta(days=1))}
    assert (await offered.send(PUBLISH, tomorrow))["customers"] == 1


@pytest.mark.parametrize(
    ("price", "period", "customers"),
    [
        ("38.00", {}, 1),
        ("39.00", {}, 1),
        ("40.00", {"ends_on": today() + timedelta(days=5)}, 0),
        ("40.00", {"ends_on": today() + timedelta(days=6)}, None),
    ],
)
async def test_only_a_rise_that_reaches_somebody_has_to_wait(
    writer, world, price, period, customers
):
    offered = await offer(writer, price)
    await offered.subscribe(world.own, **period)
    answer = await offered.send(PUBLISH, {"validFrom": str(today() + timedelta(days=6))})
    assert answer.get("customers") == customers


@pytest.mark.reads
async def test_two_hundred_managers_publish_and_one_wins(writer):
    offered = await offer(writer)
    # What waits for its turn is limited, and what is too much is told to come again.
    at_once = asyncio.Semaphore(40)

    async def publish():
        async with at_once:
            return await offered.send(PUBLISH, FOR_ALL)

    answers = await asyncio.gather(*(publish() for _ in range(200)))
    names = [answer["__typename"] for answer in answers]
    assert names.count("VersionJob") == 1
    assert {
        problem["message"]
        for answer in answers
        if answer["__typename"] == "Refusal"
        for problem in answer["problems"]
    } == {"This version is published already."}


async def test_a_preview_is_stale_once_the_draft_or_its_customers_are_others(
    writer, world, superuser
):
    offered = await offer(writer)
    token = {"previewToken": (await offered.preview(FOR_ALL, "customerCount"))["token"]}
    await offered.subscribe(world.own)
    answer = await offered.send(PUBLISH, FOR_ALL | token)
    assert [one["message"] for one in answer["problems"]] == [
        "Other than in the preview: customers was 0, and would be 1 now.",
        "Other than in the preview: what customers have and have agreed.",
    ]
    token = {"previewToken": (await offered.preview(FOR_ALL, "customerCount"))["token"]}
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text("UPDATE item SET unit_price = 41 WHERE tariff_version_id = :id"),
            {"id": offered.draft.id},
        )
    answer = await offered.send(PUBLISH, FOR_ALL | token)
    assert [(one["code"], one["message"]) for one in answer["problems"]] == [
        ("PREVIEW_STALE", "Other than in the preview: content of the version.")
    ]


async def test_customers_come_in_pages(writer, world):
    offered = await offer(writer)
    accounts = sorted([world.own, world.foreign], key=lambda one: one.account_id)
    for account in accounts:
        await offered.subscribe(account)
    for index, account in enumerate(accounts):
        after = f', after: "{accounts[index - 1].id}"' if index else ""
        shown = await offered.preview(FOR_ALL, f"customers(first: 1{after}) {{ id }}")
        assert shown["customers"] == [{"id": account.id}]
    shown = await offered.preview(FOR_ALL, f'customers(after: "{accounts[1].id}") {{ id }}')
    assert shown["customers"] == []


async def test_an_account_is_one_customer_whatever_it_has_of_the_tariff(writer, world):
    offered = await offer(writer)
    await offered.subscribe(world.own)
    await offered.subscribe(world.own)
    shown = await offered.preview(FOR_ALL, "customerCount customers { monthlyBefore monthlyAfter }")
    assert shown["customerCount"] == 1
    assert shown["customers"] == [{"monthlyBefore": "78.00", "monthlyAfter": "80.00"}]


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.EMPLOYEE, Kind.PARTNER])
@pytest.mark.reads
async def test_only_managers_publish(writer, kind):
    offered = await offer(writer)
    before = await writer.fingerprint()
    answer = await offered.send(PUBLISH, FOR_ALL, kind)
    assert answer["problems"][0]["code"] == "FORBIDDEN"
    assert await writer.fingerprint() == before


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(PartyKind.BUSINESS, "VersionJob"), (PartyKind.CONSUMER, "Refusal")],
)
async def test_the_operator_may_let_prices_rise_at_once_for_businesses(
    writer, world, addresses, tmp_path, kind, outcome
):
    settings = Settings(data=tmp_path, rise_days_business=0, special_right="everyone")
    async with application(settings, addresses) as app, client_of(app) as client:
        own = Writer(api_of(client), world, writer.superuser)
        offered = await offer(own)
        await become(own, world.own, kind)
        await offered.subscribe(world.own)
        shown = await offered.preview(FOR_ALL, "specialRight")
        assert shown["specialRight"] == "EVERYONE"
        answer = await offered.send(PUBLISH, {"validFrom": str(today())})
        assert answer["__typename"] == outcome
