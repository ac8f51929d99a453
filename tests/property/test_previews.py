"""Whatever is previewed, changed, withdrawn and waited for: a change is what its preview showed.

Random sequences of previews and changes of one module, on a clock that goes on. What a change did
is read back from the module itself, and not from what the preview's own code says of it.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from httpx import AsyncClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from portal.database.addresses import Addresses
from portal.settings.settings import Settings
from tests import factories
from tests.api.asking import own_client
from tests.api.cancelling import (
    CHANGE,
    GIVE,
    MONTHLY,
    UNDO,
    WITHDRAW,
    YEARLY,
    Booked,
    Hand,
    booking,
)
from tests.api.conftest import api_of
from tests.api.ordering import open_shop
from tests.api.previewing import USED, Previewed
from tests.world import Kind, make_world
from tests.writing import Writer

ORDER = "orderModule"
PREVIEWS = {GIVE: "previewNotice", CHANGE: "previewTariffChange", ORDER: "previewOrder"}
SHOWN = (
    "startsOn endsOn earliestEnd deadline monthlyBefore monthlyAfter"
    " reasons { rule outcome sentence }"
)
ASKED = "deadline reasons { rule outcome sentence }"
PRICES = "{ sections { items { isAdditionalOption unitPrice } } }"
MADE = (
    "id startsOn endsOn"
    f" notice {{ lastDay {ASKED} }} pendingTariffChange {{ startsOn {ASKED} }}"
    f" tariffPeriods {{ startsOn endsOn }}"
)
KINDS = st.sampled_from([Kind.OWNER, Kind.ADMIN, Kind.MANAGER])
# Days from the first of the month at hand: ends of months, and any other day.
WISHES = st.none() | st.integers(-40, 500)


@dataclass
class Promise:
    """A preview, and what the world was like when it was made."""

    mutation: str
    given: dict[str, Any]
    kind: Kind
    shown: dict[str, Any]
    token: str
    valid_until: datetime
    seen: tuple[Any, ...]
    is_used: bool = False


@dataclass
class Scene:
    """What outlives an example: the portal, its clock, and the ways past its walls."""

    loop: asyncio.AbstractEventLoop
    client: AsyncClient
    hand: Hand
    owner: AsyncEngine
    superuser: AsyncEngine

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Wait for something."""
        return self.loop.run_until_complete(work)


@pytest.fixture(scope="module")
async def scene(
    addresses: Addresses, superuser: AsyncEngine, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    hand = Hand()
    owner = create_async_engine(addresses.owner)
    async with own_client(
        Settings(data=tmp_path_factory.mktemp("data")), addresses, hand
    ) as client:
        yield Scene(asyncio.get_running_loop(), client, hand, owner, superuser)
    await owner.dispose()


class Previews(RuleBasedStateMachine):
    """One account with a running module, and another module that it may order."""

    scene: ClassVar[Scene]
    promises = Bundle("promises")

    @initialize(yearly=st.booleans(), first=st.integers(0, 400))
    def begin(self, yearly: bool, first: int) -> None:
        self.run(self._begin(YEARLY if yearly else MONTHLY, first))

    async def _begin(self, terms: dict[str, Any], first: int) -> None:
        scene, world = self.scene, make_world()
        scene.hand.at = Hand.at
        await factories.write(scene.owner, [*world.own.rows, *world.foreign.rows])
        self.writer = Writer(api_of(scene.client), world, scene.superuser)

        async def write(*rows: Any) -> None:
            await factories.write(scene.owner, rows)

        starts_on = date(2024, 1, 31) + timedelta(days=first)
        self.booked: Booked = await booking(self.writer, write)(starts_on.isoformat(), terms)
        self.shop = await open_shop(scene.superuser, world, {"valid_from": date(2020, 1, 1)})
        async with scene.superuser.begin() as connection:
            await connection.execute(
                sa.text("UPDATE consent_document SET published_on = :day WHERE id = ANY (:ids)"),
                {"day": scene.hand.at.date(), "ids": [row.id for row in self.shop.documents]},
            )

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.scene.run(work)

    @property
    def today(self) -> date:
        return self.scene.hand.at.date()

    @rule(days=st.sampled_from([1, 15, 30, 91]))
    def wait(self, days: int) -> None:
        self.scene.hand.at += timedelta(days=days)

    @rule(minutes=st.sampled_from([1, 29, 31]))
    def wait_a_little(self, minutes: int) -> None:
        self.scene.hand.at += timedelta(minutes=minutes)

    @rule(kind=KINDS, undo=st.sampled_from([WITHDRAW, UNDO]))
    def take_back(self, kind: Kind, undo: str) -> None:
        self.run(self.booked.send(undo, kind))

    @rule(cents=st.integers(1, 5000))
    def make_dearer(self, cents: int) -> None:
        self.run(self._make_dearer(cents))

    async def _make_dearer(self, cents: int) -> None:
        raised = (
            "UPDATE item SET unit_price = unit_price + CAST(:cents AS numeric) / 100"
            " FROM price_list_section s JOIN tariff_version v ON v.id = s.tariff_version_id"
            " WHERE item.price_list_section_id = s.id AND v.tariff_id = :id"
            " AND NOT item.is_additional_option"
        )
        async with self.scene.superuser.begin() as connection:
            given = {"cents": cents, "id": self.booked.other.id}
            await connection.execute(sa.text(raised), given)

    @rule(target=promises, kind=KINDS, mutation=st.sampled_from([*PREVIEWS]), wish=WISHES)
    def show(self, kind: Kind, mutation: str, wish: int | None) -> Any:
        return self.run(self._show(kind, mutation, wish))

    @rule(
        kind=KINDS,
        mutation=st.sampled_from([*PREVIEWS]),
        wish=WISHES,
        between=st.sampled_from(["nothing", "a price", "half an hour", "a day", "a change"]),
    )
    def show_and_make(self, kind: Kind, mutation: str, wish: int | None, between: str) -> None:
        promise = self.run(self._show(kind, mutation, wish))
        match between:
            case "a price":
                self.make_dearer(100)
            case "half an hour":
                self.wait_a_little(30)
            case "a day":
                self.wait(1)
            case "a change":
                self.run(self.booked.send("updateModuleData", Kind.OWNER, {"data": {}}))
        if promise is not None:
            self.run(self._make(promise))

    @rule(promise=promises)
    def make(self, promise: Promise | None) -> None:
        if promise is not None:
            self.run(self._make(promise))

    def _given(self, mutation: str, wish: int | None, kind: Kind) -> dict[str, Any]:
        day = None
        if wish is not None:
            first = self.today.replace(day=1)
            # Every third wish is the last day of a month, or the first day of one.
            whole = (first + timedelta(days=wish)).replace(day=1)
            whole -= timedelta(days=mutation == GIVE)
            day = (first + timedelta(days=wish) if wish % 3 else whole).isoformat()
        if mutation == ORDER:
            return self.shop.given(startsOn=day)
        given = {"tariff": {"id": self.booked.other_id}} if mutation == CHANGE else {}
        if day is None:
            return given
        if kind is Kind.MANAGER and wish is not None and wish % 2:
            return given | {"deviatingDate": day, "reason": "Agreed."}
        return given | {"lastDay" if mutation == GIVE else "startsOn": day}

    def _previewed(self, mutation: str) -> Previewed:
        id = self.writer.world.own.id if mutation == ORDER else self.booked.id
        return Previewed(self.writer, mutation, PREVIEWS[mutation], id)

    async def _seen(self) -> tuple[Any, ...]:
        """Give all that a preview may depend on."""
        async with self.scene.superuser.connect() as connection:
            prices = await connection.scalar(
                sa.text(
                    "SELECT sum(i.unit_price) FROM item i JOIN price_list_section s"
                    " ON s.id = i.price_list_section_id JOIN tariff_version v"
                    " ON v.id = s.tariff_version_id WHERE v.tariff_id = :id"
                ),
                {"id": self.booked.other.id},
            )
        rows = await self.writer.rows()
        tables = {"account", "contract", "module_subscription", "tariff_period", "notice"}
        tables.add("tariff_change")
        mine = sorted(str(row) for (table, _), row in rows.items() if table in tables)
        return (self.today, prices, mine)

    async def _show(self, kind: Kind, mutation: str, wish: int | None) -> Promise | None:
        given, asked = self._given(mutation, wish, kind), self._previewed(mutation)
        before = await self.writer.rows()
        answer = await asked.show(given, kind, SHOWN)
        again = await asked.show(given, kind, SHOWN)
        assert await self.writer.rows() == before
        if answer["__typename"] == "Refusal":
            assert again == answer
            # The change itself is refused for the same.
            made = await self.writer.change(mutation, kind, {"id": asked.id} | given, "id")
            assert made == answer
            assert await self.writer.rows() == before
            return None
        assert again.pop("token") != answer["token"]
        token = answer.pop("token")
        until = datetime.fromisoformat(answer.pop("validUntil"))
        del again["validUntil"]
        assert again == answer
        return Promise(mutation, given, kind, answer, token, until, await self._seen())

    async def _make(self, promise: Promise) -> None:
        asked, before = self._previewed(promise.mutation), await self.writer.rows()
        is_same = promise.seen == await self._seen()
        answer = await asked.make(promise.given, promise.token, promise.kind, MADE)
        if answer["__typename"] == "Refusal":
            assert await self.writer.rows() == before
            if promise.is_used:
                assert answer == USED
                return
            codes = {problem["code"] for problem in answer["problems"]}
            late = self.scene.hand.at >= promise.valid_until
            assert not is_same or (late and codes == {"PREVIEW_STALE"}), answer
            return
        assert not promise.is_used
        promise.is_used = True
        await self._compare(promise, answer)

    async def _compare(self, promise: Promise, made: dict[str, Any]) -> None:
        """Hold what was made against what was shown."""
        shown = promise.shown
        if promise.mutation == GIVE:
            assert made["notice"] == {
                "lastDay": shown["endsOn"],
                "deadline": shown["deadline"],
                "reasons": shown["reasons"],
            }
            assert made["endsOn"] == shown["endsOn"]
            cost = await self._cost(made["id"], shown["endsOn"])
            assert (cost, "0.00") == (shown["monthlyBefore"], shown["monthlyAfter"])
            return
        if promise.mutation == CHANGE:
            period = made["tariffPeriods"][-1]
            assert (period["startsOn"], period["endsOn"]) == (shown["startsOn"], shown["endsOn"])
            if shown["startsOn"] > self.today.isoformat():
                assert made["pendingTariffChange"] == {
                    "startsOn": shown["startsOn"],
                    "deadline": shown["deadline"],
                    "reasons": shown["reasons"],
                }
        else:
            assert (made["startsOn"], made["endsOn"]) == (shown["startsOn"], shown["endsOn"])
        cost = await self._cost(made["id"], shown["startsOn"])
        assert cost == shown["monthlyAfter"]

    async def _cost(self, id: str, day: str) -> str:
        """Add up the monthly items of the prices that a module has on a day."""
        answer = await self.writer.api(
            "query ($id: ID!, $day: Date) { node(id: $id) { ... on ModuleSubscription"
            f" {{ priceList(on: $day) {PRICES} }} }} }}",
            self.writer.world.tokens[Kind.OWNER],
            id=id,
            day=day,
        )
        sections = answer["data"]["node"]["priceList"]["sections"]
        items = [item for section in sections for item in section["items"]]
        total = sum(Decimal(item["unitPrice"]) for item in items if not item["isAdditionalOption"])
        return f"{total:.2f}"


def test_a_change_is_what_its_preview_showed(scene: Scene):
    Previews.scene = scene
    run_state_machine_as_test(
        Previews,
        settings=settings(
            max_examples=10,
            stateful_step_count=10,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
