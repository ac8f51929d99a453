"""The load: wrk on a core of its own, driven by a list of requests."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.machine import on_core

SCRIPT = Path(__file__).with_name("load.lua")
MISSING = "wrk is not installed; Debian and Ubuntu have it: apt-get install wrk"


class LoadFailed(Exception):
    """A server that answered otherwise than with status 200, or a load that did not start."""


class NoAnswer(LoadFailed):
    """Nobody was answered while the run lasted."""


@dataclass(frozen=True, slots=True)
class Request:
    """A POST to send over and over."""

    path: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of wrk counted: latencies in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def is_present() -> bool:
    """Say whether there is a wrk."""
    return shutil.which("wrk") is not None


def write_requests(requests: Iterable[Request], file: Path) -> None:
    """Write requests as the Lua table that wrk's script reads."""
    lines = []
    for request in requests:
        headers = ", ".join(f"[{lua(key)}]={lua(value)}" for key, value in request.headers.items())
        fields = f"path={lua(request.path)}, headers={{{headers}}}, body={lua(request.body)}"
        lines.append(f"{{method='POST', {fields}}},")
    file.write_text("\n".join(("return {", *lines, "}", "")), encoding="utf-8")


def run(address: str, requests: Path, connections: int, seconds: float, core: int) -> Figures:
    """Send the requests of a file for some seconds over so many connections."""
    command = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds:g}s"]
    command += ["--timeout=10s", f"--script={SCRIPT}", address, "--", str(requests)]
    with on_core(core):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    return read(done.stdout, done.stderr)


def read(printed: str, complained: str = "") -> Figures:
    """Read what the script printed last."""
    lines = [line for line in printed.splitlines() if line.startswith('{"requests"')]
    if not lines:
        raise LoadFailed(f"wrk measured nothing: {(complained or printed).strip()}")
    found = json.loads(lines[-1])
    if found["failed"]:
        raise LoadFailed(f"{found['failed']} requests failed, {found['requests']} did not.")
    if not found["requests"]:
        raise NoAnswer("No request was answered while the run lasted.")
    return Figures(found["requests"], found["seconds"], found["p50"], found["p99"])


def lua(text: str) -> str:
    """Write a text as a Lua literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.replace("\r", "\\r")
