"""A fork server: it has imported the portal and compiled its pages, and its children need not."""

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Self

import orjson

from portal import cli
from portal.pages.page import load_pages
from portal.pages.static_files import StaticFiles
from portal.pages.templates import Templates
from schema.root import schema

# What `portal serve` and `portal worker` import, and uvicorn by name.
_USED = ("portal.commands.serve", "portal.commands.worker", "uvicorn.lifespan.on", "uvloop")


class Forked:
    """A command of the portal in a process of its own, with what tests use of Popen.

    Its output is text; its complaints go to a file, or where those of the tests go.
    """

    def __init__(
        self, *arguments: str, env: Mapping[str, str], stderr: IO[str] = sys.__stderr__
    ) -> None:
        self.returncode: int | None = None
        output, written = os.pipe()
        self.stdout = os.fdopen(output, encoding="utf-8")
        self._parent, asked = socket.socketpair()
        files = [asked.fileno(), written, stderr.fileno()]
        socket.send_fds(_server()[0], [b"!"], files)
        asked.close()
        os.close(written)
        self._parent.sendall(orjson.dumps([arguments, dict(env)]) + b"\n")
        self.pid = self._number()

    def poll(self) -> int | None:
        """Give its status, or None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and give its status."""
        if self.returncode is None:
            self._parent.settimeout(timeout)
            try:
                self.returncode = os.waitstatus_to_exitcode(self._number())
            except (BlockingIOError, TimeoutError) as fault:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0) from fault
            self._parent.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> str:
        """Wait for its end, and give what it still said."""
        self.wait(timeout)
        return self.stdout.read()

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Tell it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        """Give it as it runs."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for its end."""
        self.stdout.close()
        self.wait()

    def _number(self) -> int:
        told = self._parent.recv(4, socket.MSG_WAITALL)
        assert told, "the fork server is gone"
        return int.from_bytes(told)


@cache
def _server() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start the server, and give the door to it."""
    door, theirs = socket.socketpair()
    folder = Path(__file__).parent.parent
    with theirs:
        return door, subprocess.Popen([sys.executable, "-um", __name__], cwd=folder, stdin=theirs)


def end() -> None:
    """End the server, if there is one."""
    if _server.cache_info().currsize:
        door, process = _server()
        door.close()
        process.wait()
        _server.cache_clear()


def _serve() -> None:
    """Fork whenever it is asked, until nobody can ask; a child goes on with its command."""
    for name in _USED:
        import_module(name)
    known = schema._schema  # noqa: SLF001 -- no public name
    Templates(known, load_pages(known), StaticFiles())
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as door:
        while files := socket.recv_fds(door, 1, 3)[1]:
            if os.fork() == 0:
                break
            for file in files:
                os.close(file)
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG) != (0, 0):
                    pass
    if files:
        _look_after(*files)


def _look_after(asked: int, output: int, complaints: int) -> None:
    """Fork once more, tell the number of the process, and at its end its status."""
    with socket.socket(fileno=asked) as tests:
        with tests.makefile("rb") as stream:
            arguments, environment = orjson.loads(stream.readline())
        number = os.fork()
        if number:
            tests.sendall(number.to_bytes(4))
            tests.sendall(os.waitpid(number, 0)[1].to_bytes(4))
            os._exit(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for file, standard in ((output, 1), (complaints, 2)):
        os.dup2(file, standard)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["portal", *arguments]
    cli.main()


if __name__ == "__main__":
    _serve()
