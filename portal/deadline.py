"""An end for what takes too long: one timer for all that have the same time."""

import asyncio
from time import monotonic
from types import TracebackType


class Deadline:
    """So many seconds for each task that enters; ``with deadline.each():``.

    A task that stays longer is cancelled, and leaves with TimeoutError, as from
    ``asyncio.timeout``. That has a timer for each, which costs more than a quick task does.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # Whoever is first here is late first.
        self._inside: dict[_Stay, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def each(self) -> "_Stay":
        """Give one stay, to be entered once."""
        return _Stay(self)

    def enter(self, stay: "_Stay") -> None:
        """Begin to count the time of a stay."""
        stay.until = monotonic() + self._seconds
        self._inside[stay] = None
        if self._timer is None:
            self._wait(self._seconds)

    def leave(self, stay: "_Stay") -> None:
        """Forget a stay; without one there is no timer."""
        self._inside.pop(stay, None)
        if not self._inside and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._end)

    def _end(self) -> None:
        now = monotonic()
        self._timer = None
        for stay in list(self._inside):
            if stay.until > now:
                self._wait(stay.until - now)
                return
            del self._inside[stay]
            stay.end()


class _Stay:
    """One task before its deadline."""

    __slots__ = ("_cancelled_before", "_deadline", "_is_over", "_task", "until")

    until: float
    _task: "asyncio.Task[object]"

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._is_over = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("Only a task can be ended.")
        self._task = task
        self._cancelled_before = task.cancelling()
        self._deadline.enter(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._deadline.leave(self)
        if not self._is_over:
            return
        is_ours = self._task.uncancel() <= self._cancelled_before
        if is_ours and isinstance(error, asyncio.CancelledError):
            raise TimeoutError from error

    def end(self) -> None:
        """Cancel the task."""
        self._is_over = True
        self._task.cancel()
