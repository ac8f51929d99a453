"""Deadlines: an end for what takes too long, one timer for all that have the same time."""

import asyncio
from time import monotonic
from types import TracebackType


class Deadline:
    """So many seconds for each task that enters; ``with deadline.each():``.

    A task that stays longer is cancelled, and leaves with TimeoutError, as from
    ``asyncio.timeout``. That has a timer for each, which costs more than a quick task does.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        # Whoever is first here is late first.
        self.inside: dict[_Stay, None] = {}
        self._looks_at = 0.0

    def each(self) -> "_Stay":
        """Give one stay, to be entered once."""
        return _Stay(self)

    def watch(self, now: float, seconds: float) -> None:
        """Look after so many seconds who is late, unless that is about to be looked at anyway."""
        if self._looks_at <= now:
            self._looks_at = now + seconds
            asyncio.get_running_loop().call_later(seconds, self._end)

    def _end(self) -> None:
        now = monotonic()
        self._looks_at = 0
        for stay in list(self.inside):
            if stay.until > now:
                self.watch(now, stay.until - now)
                return
            del self.inside[stay]
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
        deadline = self._deadline
        now = monotonic()
        self._task = task
        self._cancelled_before = task.cancelling()
        self.until = now + deadline.seconds
        deadline.inside[self] = None
        deadline.watch(now, deadline.seconds)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if not self._is_over:
            del self._deadline.inside[self]
            return
        is_ours = self._task.uncancel() <= self._cancelled_before
        if is_ours and isinstance(error, asyncio.CancelledError):
            raise TimeoutError from error

    def end(self) -> None:
        """Cancel the task."""
        self._is_over = True
        self._task.cancel()
