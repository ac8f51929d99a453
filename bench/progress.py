"""What a long run says while it runs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201  (what it is for)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is done, and when it is done, how long it took."""
    print(f"{text} ... ", end="", flush=True)  # noqa: T201
    start = time.perf_counter()
    yield
    say(f"{time.perf_counter() - start:.1f} s")
