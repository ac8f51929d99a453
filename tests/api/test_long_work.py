"""Long work in Python: once for equals, in pieces between which others have turns, and ended."""

import asyncio
import time

import pytest

from portal.settings.settings import Settings
from resolvers import pace
from resolvers.queries.modules import option
from tests.api.asking import api_of, own_client
from tests.api.cancelling import MONTHLY
from tests.world import Kind

OPTIONS = """query ($ids: [ID!]!, $first: Int) { nodes(ids: $ids) { ... on ModuleSubscription {
  id cancellationOptions(first: $first) { lastDay reasons { rule sentence } } } } }"""
LANES = pytest.mark.parametrize("lane", ["compiled", "standard"])


@pytest.fixture
def one_stretch():
    """Stretches are as long as they are: they are what these tests are about."""


@pytest.fixture
def lanes(compiled_api, standard_api):
    """Ask in either lane."""
    return {"compiled": compiled_api, "standard": standard_api}


@pytest.fixture
def reckoned(monkeypatch):
    """Note for each reckoning of options how many pieces of work there had been before it."""
    noted, pieces, reckon = [], Pieces(), option.cancellation_options

    def counted(*given):
        noted.append(pieces.count)
        return reckon(*given)

    monkeypatch.setattr(option, "cancellation_options", counted)
    return noted, pieces


class Pieces:
    """Counts the turns of everybody else, while it runs."""

    def __init__(self):
        self.count = 0

    async def run(self):
        while True:
            await asyncio.sleep(0)
            self.count += 1


@LANES
async def test_equal_ids_are_answered_once_in_every_place(lanes, lane, hand, book, reckoned):
    api = lanes[lane]
    noted, _ = reckoned
    first, second = [await book("2024-01-15", MONTHLY) for _ in range(2)]
    token = first.writer.world.tokens[Kind.OWNER]
    ids = [first.id, second.id, first.id, UNSEEN, first.id, second.id, UNSEEN]
    answer = await api(OPTIONS, token, ids=ids, first=2)
    assert len(noted) == 2
    one, two, *_ = nodes = answer["data"]["nodes"]
    assert [node and node["id"] for node in nodes] == [id if id != UNSEEN else None for id in ids]
    assert nodes == [one, two, one, None, one, two, None]
    assert len(one["cancellationOptions"]) == 2


UNSEEN = "TW9kdWxlU3Vic2NyaXB0aW9uOjAxOTNhM2Y4LTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMA=="


@LANES
async def test_what_is_wrong_with_equals_is_told_in_every_place(lanes, lane, hand, book):
    api = lanes[lane]
    first, second = [await book("2024-01-15", MONTHLY) for _ in range(2)]
    token = first.writer.world.tokens[Kind.OWNER]
    ids = [first.id, second.id, first.id]
    answer = await api(OPTIONS, token, ids=ids, first=0)
    errors = {tuple(error["path"]): error["extensions"]["code"] for error in answer["errors"]}
    assert len(answer["errors"]) == 3
    assert errors == {("nodes", n, "cancellationOptions"): "INVALID_INPUT" for n in range(3)}
    assert [node["id"] for node in answer["data"]["nodes"]] == ids


@LANES
async def test_others_have_a_turn_between_two_pieces(
    lanes, lane, hand, book, reckoned, monkeypatch
):
    api = lanes[lane]
    noted, pieces = reckoned
    several = [await book("2024-01-15", MONTHLY) for _ in range(3)]
    token = several[0].writer.world.tokens[Kind.OWNER]
    monkeypatch.setattr(pace, "STRETCH_SECONDS", -1)
    others = asyncio.create_task(pieces.run())
    answer = await api(OPTIONS, token, ids=[booked.id for booked in several], first=12)
    after = pieces.count
    others.cancel()
    assert len(set(noted)) == len(noted) == 3
    # Each option is a piece by itself where every stretch is over at once.
    objects = sum(len(node["cancellationOptions"]) for node in answer["data"]["nodes"])
    assert objects == 36
    assert after - noted[-1] >= objects


async def test_a_description_is_given_in_pieces_too(api, monkeypatch):
    pieces = Pieces()
    monkeypatch.setattr(pace, "STRETCH_SECONDS", -1)
    others = asyncio.create_task(pieces.run())
    answer = await api("{ __schema { types { name } } }")
    others.cancel()
    assert pieces.count >= len(answer["data"]["__schema"]["types"]) > 50


@pytest.mark.parametrize("compiled", [True, False])
async def test_long_work_ends_with_the_time_of_its_operation(
    addresses, tmp_path, hand, book, monkeypatch, compiled
):
    several = [await book("2024-01-15", MONTHLY) for _ in range(12)]
    token = several[0].writer.world.tokens[Kind.OWNER]
    begun = []

    def slow(*_given):
        begun.append(1)
        time.sleep(0.5)
        return []

    monkeypatch.setattr(option, "cancellation_options", slow)
    settings = Settings(data=tmp_path, limit_seconds=3, compiled_reading=compiled)
    async with own_client(settings, addresses) as client:
        answer = await api_of(client)(OPTIONS, token, ids=[one.id for one in several])
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["TIMEOUT"]
    assert 0 < len(begun) < 12
