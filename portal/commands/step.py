"""Steps of a command that say what they do and how long they took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is done, and when it is done, how long it took."""
    click.echo(f"{text} ... ", nl=False)
    start = time.perf_counter()
    try:
        yield
    except BaseException:
        click.echo("failed")
        raise
    click.echo(f"{time.perf_counter() - start:.1f} s")
