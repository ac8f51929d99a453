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


async def test_many_that_wait_are_not_all_woken_each_time(monkeypatch) -> None:
    """Of a thousand that work for half a stretch each, two go on at a time."""
    at, woken = [0.0], 0
    monkeypatch.setattr(pace, "monotonic", lambda: at[0])
    own = pace.Pace()
    at[0] = 60.0

    async def one() -> None:
        nonlocal woken
        await own.turn()
        at[0] += pace.STRETCH_SECONDS / 2 + 1e-6

    is_over = pace.Pace.is_over.fget

    def counted(self) -> bool:
        nonlocal woken
        woken += 1
        return is_over(self)

    monkeypatch.setattr(pace.Pace, "is_over", property(counted))
    await asyncio.gather(*(one() for _ in range(1_000)))
    assert woken < 30_000


async def test_where_every_stretch_is_over_at_once_one_goes_on_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(pace, "STRETCH_SECONDS", -1)
    own, done = pace.Pace(), []

    async def one(number: int) -> None:
        for _ in range(2):
            await own.turn()
            done.append(number)

    async with asyncio.timeout(60):
        await asyncio.gather(*map(one, range(3)))
    assert sorted(done) == [0, 0, 1, 1, 2, 2]
