"""Work that takes turns: what waits for one goes on together."""

import asyncio

import pytest
from aiodataloader import DataLoader

from resolvers import pace


@pytest.fixture
def late(monkeypatch) -> pace.Pace:
    """Whose stretch is over, as after a statement that took long; the time stands still."""
    times = iter([0.0])
    monkeypatch.setattr(pace, "monotonic", lambda: next(times, 60.0))
    return pace.Pace()


async def test_what_waits_is_loaded_together(late) -> None:
    batches = []

    async def load(keys: list[int]) -> list[int]:
        batches.append(len(keys))
        return keys

    loader = DataLoader(load)

    async def one(key: int) -> int:
        await late.turn()
        return await loader.load(key)

    assert await asyncio.gather(*map(one, range(30))) == [*range(30)]
    assert batches == [30]


async def test_one_that_is_ended_while_it_waits_holds_up_nobody(late) -> None:
    first, second = asyncio.create_task(late.turn()), asyncio.create_task(late.turn())
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert first.cancelled()
    assert not late.is_over
