"""One timer ends whatever stays too long, and nothing else."""

import asyncio

import pytest

from portal.web.deadline import Deadline

FOREVER = 60


async def stay(deadline, event):
    with deadline.each():
        await event.wait()
    return "done"


async def test_what_stays_too_long_ends_with_a_timeout():
    deadline, never = Deadline(0.01), asyncio.Event()
    late = [asyncio.create_task(stay(deadline, never)) for _ in range(3)]
    ended = await asyncio.gather(*late, return_exceptions=True)
    assert [type(one) for one in ended] == [TimeoutError] * 3
    assert isinstance(ended[0].__cause__, asyncio.CancelledError)
    assert [task.cancelling() for task in late] == [0] * 3


async def test_each_has_the_whole_time():
    deadline, never = Deadline(0.2), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def timed():
        begun = loop.time()
        with pytest.raises(TimeoutError):
            await stay(deadline, never)
        return loop.time() - begun

    first = asyncio.create_task(timed())
    await asyncio.sleep(0.1)
    times = await asyncio.gather(first, timed())
    assert all(time >= 0.19 for time in times), times


async def test_what_is_done_in_time_is_left_alone():
    deadline, event = Deadline(FOREVER), asyncio.Event()
    tasks = [asyncio.create_task(stay(deadline, event)) for _ in range(3)]
    await asyncio.sleep(0)
    event.set()
    assert await asyncio.gather(*tasks) == ["done"] * 3
    assert not deadline.inside


async def test_a_cancellation_of_another_kind_stays_one():
    deadline, never = Deadline(FOREVER), asyncio.Event()
    task = asyncio.create_task(stay(deadline, never))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_both_at_once_is_a_cancellation():
    deadline = Deadline(0.01)

    async def stubborn():
        with deadline.each():
            try:
                await asyncio.Event().wait()
            finally:
                # Whoever waits for this task ends it too.
                asyncio.current_task().cancel()

    task = asyncio.create_task(stubborn())
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_inner_one_of_two_leaves_the_outer_one_its_time():
    outer, inner = Deadline(FOREVER), Deadline(0.01)
    with outer.each():
        with pytest.raises(TimeoutError):
            await stay(inner, asyncio.Event())
        assert asyncio.current_task().cancelling() == 0
    with pytest.raises(TimeoutError), inner.each(), outer.each():
        await asyncio.Event().wait()


async def test_an_error_of_its_own_passes():
    with pytest.raises(KeyError), Deadline(FOREVER).each():
        raise KeyError("x")
