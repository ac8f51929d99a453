"""Processes under measurement: pinned to a core, their CPU and memory read from the kernel."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_GLANCE = 0.1
_IDLE = 0.1
"""The share of a core that a server without requests uses at most."""
_PATIENCE = 30
_TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this process, and what it starts meanwhile, to one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cores() -> tuple[int, int]:
    """Give the core of the server and that of the load; the same where there is but one."""
    found = sorted(os.sched_getaffinity(0))
    return found[0], found[-1]


def keep_apart(pid: int) -> None:
    """Keep a process, and what it has started, off the core of the server, where there is another.

    What it starts later stays there too.
    """
    others = os.sched_getaffinity(0) - {cores()[0]}
    for one in (pid, *children(pid)) if others else ():
        # PostgreSQL's background work comes and goes.
        with suppress(ProcessLookupError):
            os.sched_setaffinity(one, others)


def start(
    command: list[str], core: int, environment: Mapping[str, str], log: Path
) -> "subprocess.Popen[bytes]":
    """Start a program on one core; what it says goes to a file."""
    with log.open("wb") as file, on_core(core):
        return subprocess.Popen(
            command, env=dict(environment), stdout=file, stderr=subprocess.STDOUT
        )


def cpu_seconds(pid: int) -> float:
    """Give the CPU of a process, and of all that it has started: living, or ended and awaited."""
    own = sum(int(field) for field in _fields(pid)[11:15])
    living = 0
    for child in children(pid):
        try:
            living += sum(int(field) for field in _fields(child)[11:13])
        except OSError:
            continue
    return (own + living) / _TICK


def settle(pid: int) -> None:
    """Wait until a process has nothing to do: requests may be left whose sender is gone."""
    deadline = time.monotonic() + _PATIENCE
    before = cpu_seconds(pid)
    while time.monotonic() < deadline:
        time.sleep(_GLANCE)
        now = cpu_seconds(pid)
        if now - before <= _IDLE * _GLANCE:
            return
        before = now


def children(pid: int) -> list[int]:
    """Give the processes that a process has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(_fields(int(folder.name))[1]) == pid:
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def _fields(pid: int) -> list[str]:
    # The name of the program stands in parentheses, and may hold any character.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def memory(pid: int) -> float:
    """Give the resident memory of a process, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
