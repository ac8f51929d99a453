"""A preview runs the change and keeps nothing; its token makes the change as shown, once."""

import asyncio
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from uuid_utils.compat import uuid7

from permissions.scopes import viewer_of
from portal.clock import now
from portal.database.engines import Database
from portal.installation import Installation
from portal.language.global_id import encode
from portal.language.messages import moment
from portal.login.credentials import look_up
from portal.login.seal import Seal
from portal.models import PriceListSection
from portal.settings.limits import Limits
from portal.viewer import Language, MemberRole
from portal.web.graphql.execution import Execution
from portal.web.graphql.request import GraphQLRequest
from resolvers.context import Arrival
from schema.root import schema
from tests import factories
from tests.api.ordering import PARTNER, Shop, day, end_contract, open_shop, today, uses
from tests.api.previewing import NOT_YOURS, OTHER_ARGUMENTS, SHOWN, USED, Previewed, refused
from tests.saying import written
from tests.world import Kind, World
from tests.writing import (
    NOT_FOUND,
    TOLD,
    Writer,
    document,
    forbidden,
    problem,
    refusal,
    unauthenticated,
)

NEEDED = ("CUSTOMER EMPLOYEE MANAGER", "ORDER")
PRICE = "12.50"


@pytest.fixture
async def shop(superuser: AsyncEngine, world: World, write: Any) -> Shop:
    """What there is to order, at 12.50 a month."""
    shop = await open_shop(superuser, world)
    await price(superuser, shop, PRICE)
    return shop


@pytest.fixture
def order(writer: Writer, shop: Shop) -> Previewed:
    return Previewed(writer, "orderModule", "previewOrder", writer.world.own.id)


async def price(superuser: AsyncEngine, shop: Shop, monthly: str, position: int = 0) -> None:
    """Let the public tariff cost so much more."""
    find = sa.text("SELECT id FROM tariff_version WHERE tariff_id = :id")
    async with superuser.connect() as connection:
        version_id = await connection.scalar(find, {"id": shop.public.id})
    section = PriceListSection(
        id=uuid7(), tariff_version_id=version_id, position=position, title="Fixed"
    )
    item = factories.item(section, unit_price=Decimal(monthly))
    await factories.write(superuser, [section, item])


def month_from(day: date) -> date:
    """Give the same day of the next month, or the last one that this has."""
    following = day.replace(day=1) + timedelta(days=32)
    last = (following.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return last if day.day > last.day else following.replace(day=day.day)


async def test_a_preview_shows_what_the_order_then_does(
    order: Previewed, shop: Shop, superuser: AsyncEngine
):
    writer = order.writer
    given = shop.given(startsOn="2150-01-15")
    before = await writer.fingerprint()
    shown = await order.show(given, fields=f"currency {SHOWN} reasons {{ rule outcome }}")
    # No row anywhere: no mail, no job, no number, no entry, and the offer is as it was.
    assert await writer.fingerprint() == before
    token, valid_until = shown.pop("token"), datetime.fromisoformat(shown.pop("validUntil"))
    assert abs(valid_until - now() - timedelta(minutes=30)) < timedelta(minutes=1)
    assert shown == {
        "__typename": "Preview",
        "currency": "EUR",
        "startsOn": "2150-01-15",
        "endsOn": None,
        # Twelve months, then the end of a month with a month's notice.
        "earliestEnd": "2151-01-31",
        "deadline": "2150-12-31",
        "monthlyBefore": "0.00",
        "monthlyAfter": PRICE,
        "reasons": [
            {"rule": "NOTICE_ARRIVES", "outcome": day(0)},
            {"rule": "INITIAL_TERM", "outcome": "2151-01-14"},
            {"rule": "NOTICE_PERIOD", "outcome": month_from(today()).isoformat()},
            {"rule": "ENDING_DAY", "outcome": "2151-01-31"},
        ],
    }
    made = await order.make(given, token, fields="startsOn endsOn priceList { validFrom }")
    assert made == {
        "__typename": "ModuleSubscription",
        "startsOn": "2150-01-15",
        "endsOn": None,
        "priceList": {"validFrom": "2024-01-15"},
    }
    assert [entry["number"] for entry in await writer.entries()] == [TOLD + 1]


async def test_what_the_first_order_would_make_is_not_there_after_a_preview(
    order: Previewed, superuser: AsyncEngine, world: World
):
    await end_contract(superuser, world)
    shop = await open_shop(superuser, world, agreed=False)
    given = shop.given(contractPartner=PARTNER, consentDocumentIds=shop.document_ids)
    before = await order.writer.fingerprint()
    token = await order.token(given)
    assert await order.writer.fingerprint() == before
    assert (await order.make(given, token))["__typename"] == "ModuleSubscription"


async def test_a_preview_is_refused_like_the_change(order: Previewed, shop: Shop, world: World):
    writer, yesterday = order.writer, shop.given(startsOn=day(-1))
    before = await writer.fingerprint()
    assert await order.show(yesterday) == refusal(
        problem(
            "RULE_BROKEN",
            "input.startsOn",
            f"A module starts on {written(today())} at the earliest.",
        )
    )
    assert await order.show(shop.given(), Kind.READER) == forbidden("previewOrder", "", *NEEDED)
    anonymous = unauthenticated("previewOrder", *NEEDED)
    assert await order.show(shop.given(), Kind.ANONYMOUS) == anonymous
    assert await order.show(shop.given(id=world.foreign.id)) == NOT_FOUND
    assert await order.show(shop.given(expectedVersion=2)) == refusal(
        problem(
            "CONFLICT",
            "input.expectedVersion",
            "Changed since version 2; it is version 1 now.",
        )
    )
    given = shop.given(consentDocumentIds=shop.document_ids)
    assert await order.show(given, Kind.MANAGER) == forbidden(
        "consentDocumentIds",
        "input.consentDocumentIds",
        "CUSTOMER",
        "ACCOUNT_READ",
        "OWNER ADMIN",
    )
    assert await writer.fingerprint() == before


async def test_a_preview_takes_neither_a_token_nor_a_key(order: Previewed, shop: Shop):
    token = await order.token(shop.given())
    assert await order.show(shop.given(previewToken=token)) == refused(
        "INVALID_INPUT", "A preview takes no token; the change itself does."
    )
    assert await order.show(shop.given(idempotencyKey="k")) == refusal(
        problem(
            "INVALID_INPUT",
            "input.idempotencyKey",
            "A preview changes nothing, so it takes no key.",
        )
    )


async def test_a_token_is_good_once(order: Previewed, shop: Shop):
    given = shop.given()
    token = await order.token(given)
    answers = await asyncio.gather(*(order.make(given, token) for _ in range(3)))
    made = [answer for answer in answers if answer["__typename"] == "ModuleSubscription"]
    assert [answer for answer in answers if answer not in made] == [USED, USED]
    before = await order.writer.fingerprint()
    assert await order.make(given, token) == USED
    assert await order.writer.fingerprint() == before


async def test_a_refused_change_leaves_its_token_good(
    order: Previewed, shop: Shop, superuser: AsyncEngine
):
    given = shop.given()
    token = await order.token(given)
    for row in ("false", "true"):
        async with superuser.begin() as connection:
            await connection.execute(
                sa.text(
                    f"UPDATE tariff SET is_public = {row}, offer_number = :number"  # noqa: S608
                    " WHERE id = :id"
                ),
                {"id": shop.public.id, "number": None if row == "true" else factories.word()},
            )
        answer = await order.make(given, token)
        assert answer["__typename"] == ("ModuleSubscription" if row == "true" else "Refusal")


async def test_the_same_change_twice_by_its_key_takes_the_token_once(order: Previewed, shop: Shop):
    given = shop.given()
    token = await order.token(given)
    sent = given | {"idempotencyKey": "k-1"}
    first = await order.make(sent, token, fields="id")
    assert first["__typename"] == "ModuleSubscription"
    assert await order.make(sent, token, fields="id") == first


async def test_a_token_with_one_letter_changed_is_none(order: Previewed, shop: Shop):
    given = shop.given()
    token = await order.token(given)
    before = await order.writer.fingerprint()
    body, _, signature = token.rpartition(".")
    places = [0, len(body) // 2, len(body) - 1, len(body), len(body) + 1, len(token) - 1]
    wrong = [f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}" for at in places]
    # Signed by somebody else, cut, longer, foreign letters, and nothing at all.
    content = Seal("x" * 32)
    wrong += [content.close({"bound": {}}), body, f"{token}=", f"{token}A", "\u00e9" * 9, "", "."]
    wrong += [f"{signature}.{body}", "A" * 5000]
    for one in wrong:
        assert await order.make(given, one) == NOT_YOURS, one
    assert await order.writer.fingerprint() == before


async def test_a_token_is_for_who_asked_for_this_change_of_this_account(
    order: Previewed, shop: Shop, world: World
):
    given = shop.given(startsOn=day(9))
    token = await order.token(given)
    before = await order.writer.fingerprint()
    for kind in (Kind.ADMIN, Kind.MANAGER, Kind.EMPLOYEE):
        assert await order.make(given, token, kind) == NOT_YOURS
    for more in (
        {"startsOn": day(10)},
        {"startsOn": None},
        {"data": {"greeting": "Bye."}},
        {"tariff": {"id": encode("Tariff", shop.offer.id)}},
        {"consentDocumentIds": []},
    ):
        assert await order.make(given | more, token) == OTHER_ARGUMENTS
    assert await order.writer.fingerprint() == before
    assert (await order.make(given, token))["__typename"] == "ModuleSubscription"


UNSENT = {
    **dict.fromkeys(("startsOn", "consentDocumentIds", "quantities")),
    "contractPartner": {**PARTNER, "attention": None, "extra": None},
    "idempotencyKey": None,
}


@pytest.mark.parametrize(
    ("shown", "made"), [({}, UNSENT), (UNSENT, {})], ids=["null later", "null first"]
)
async def test_null_is_what_was_left_out(
    order: Previewed, superuser: AsyncEngine, world: World, shown: Any, made: Any
):
    await end_contract(superuser, world)
    shop = await open_shop(superuser, world)
    given = shop.given(contractPartner=PARTNER)
    token = await order.token(given | shown)
    assert (await order.make(given | made, token))["__typename"] == "ModuleSubscription"


async def test_a_token_of_another_account_is_none_of_this_one(
    order: Previewed, shop: Shop, world: World, superuser: AsyncEngine
):
    person, given = world.own.owner, shop.given()
    foreign = world.foreign
    membership = factories.member(foreign.account_id, person, MemberRole.ADMIN)
    consents = [factories.consent(foreign.account_id, row, person) for row in shop.documents]
    await factories.write(superuser, [membership, *consents])
    token = await order.token(given | {"id": foreign.id})
    before = await order.writer.fingerprint()
    assert await order.make(given, token) == OTHER_ARGUMENTS
    assert await order.writer.fingerprint() == before


async def test_a_token_is_good_for_half_an_hour(
    order: Previewed, shop: Shop, world: World, database: Database, superuser: AsyncEngine
):
    installation = Installation(database, Seal("s" * 32))
    execution = Execution(schema._schema, installation, Limits())  # noqa: SLF001 -- no public name
    (credential,) = await look_up(database, [world.tokens[Kind.OWNER]], now())
    viewer = viewer_of(credential)
    # An order for a day far off, so that the hours of midnight change nothing of it.
    given = {"id": world.own.id} | shop.given(startsOn="2150-01-01")
    began = datetime.combine(today(), datetime.min.time(), now().tzinfo) + timedelta(hours=10)

    async def run(text: str, after: timedelta, **more: Any) -> dict[str, Any]:
        operation = execution.prepare(GraphQLRequest(text, {"input": given | more}))
        answer = await execution.perform(operation, viewer, Arrival(began + after))
        assert set(answer) == {"data"}, answer
        (found,) = orjson.loads(orjson.dumps(answer["data"])).values()
        return found

    preview = (
        "mutation ($input: OrderModuleInput!) { previewOrder(input: $input)"
        " { ... on Preview { token validUntil } } }"
    )
    shown = await run(preview, timedelta(0))
    until = began + timedelta(minutes=30)
    assert datetime.fromisoformat(shown["validUntil"]) == until
    before = await order.writer.fingerprint()
    zone = ZoneInfo("Europe/Amsterdam")
    late = await run(document("orderModule"), timedelta(minutes=30), previewToken=shown["token"])
    assert late == refused(
        "PREVIEW_STALE",
        f"The preview was good until {moment(until.astimezone(zone), Language.EN)}.",
    )
    assert await order.writer.fingerprint() == before
    in_time = timedelta(minutes=29, seconds=59)
    made = await run(document("orderModule"), in_time, previewToken=shown["token"])
    assert made == {"__typename": "ModuleSubscription", "version": 1}


async def test_what_changed_meanwhile_is_named(
    order: Previewed, shop: Shop, superuser: AsyncEngine
):
    given = shop.given(startsOn=day(40))
    token = await order.token(given)
    await price(superuser, shop, "0.99", position=1)
    before = await order.writer.fingerprint()
    answer = await order.make(given, token)
    assert answer == refused(
        "PREVIEW_STALE",
        (
            "Other than in the preview: "
            "monthly cost after the change was €12.50, and would be €13.49 now."
        ),
    )
    assert await order.writer.fingerprint() == before
    await order.writer.change("updateAccount", Kind.OWNER, {"name": "Another name"})
    answer = await order.make(given, token)
    assert [(one["code"], one["message"]) for one in answer["problems"]] == [
        ("PREVIEW_STALE", "Changed since version 1; it is version 2 now."),
        (
            "PREVIEW_STALE",
            (
                "Other than in the preview: "
                "monthly cost after the change was €12.50, and would be €13.49 now."
            ),
        ),
    ]
    assert (await order.make(given, await order.token(given)))["startsOn"] == day(40)


async def test_the_day_of_the_account_is_part_of_what_was_shown(
    order: Previewed, shop: Shop, superuser: AsyncEngine
):
    given = shop.given(startsOn="2150-01-01")
    token = await order.token(given)
    # Somewhere it is always another day.
    zones = {"Pacific/Kiritimati", "Pacific/Pago_Pago"}
    there = {zone: now().astimezone(ZoneInfo(zone)).date() for zone in zones}
    zone = next(zone for zone, here in there.items() if here != today())
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text("UPDATE account SET time_zone = :zone WHERE id = :id"),
            {"zone": zone, "id": order.writer.world.own.account_id},
        )
    before = await order.writer.fingerprint()
    answer = await order.make(given, token)
    assert [(one["code"], one["message"]) for one in answer["problems"]] == [
        (
            "PREVIEW_STALE",
            f"The preview was made on {written(today())}; it is {written(there[zone])} now.",
        ),
        # They begin with the day on which notice would arrive.
        ("PREVIEW_STALE", "The reasons are others than in the preview."),
    ]
    assert await order.writer.fingerprint() == before


async def test_previews_with_a_good_offer_number_are_no_guesses(
    order: Previewed, shop: Shop, superuser: AsyncEngine
):
    given = shop.by_offer(startsOn=day(1))
    for _ in range(8):
        token = await order.token(given)
    assert await uses(superuser, shop.offer) == 0
    assert (await order.make(given, token))["__typename"] == "ModuleSubscription"
    assert await uses(superuser, shop.offer) == 1


async def test_guessing_by_previews_gets_slower_too(order: Previewed, shop: Shop):
    codes = []
    for number in range(7):
        answer = await order.show(shop.by_offer(tariff={"offerNumber": f"GUESS-{number}"}))
        codes.append(answer["problems"][0]["code"])
    assert codes == [*["NOT_FOUND"] * 5, *["RATE_LIMITED"] * 2]


async def test_a_preview_with_a_good_offer_number_forgets_no_guesses(order: Previewed, shop: Shop):
    codes = []
    for number in range(6):
        answer = await order.show(shop.by_offer(tariff={"offerNumber": f"GUESS-{number}"}))
        codes.append(answer["problems"][0]["code"])
        if number < 4:
            await order.token(shop.by_offer())
    assert codes == [*["NOT_FOUND"] * 5, "RATE_LIMITED"]


async def test_two_previews_in_one_operation_see_nothing_of_each_other(
    order: Previewed, shop: Shop
):
    given = {"id": order.id} | shop.by_offer()
    response = await order.writer.api(
        "mutation ($input: OrderModuleInput!) {"
        + "".join(
            f" {name}: previewOrder(input: $input) {{ ... on Preview {{ {SHOWN} }} }}"
            for name in "ab"
        )
        + " }",
        order.writer.world.tokens[Kind.OWNER],
        input=given,
    )
    assert response["data"]["a"] == response["data"]["b"]
    assert response["data"]["a"]["startsOn"] == day(0)
