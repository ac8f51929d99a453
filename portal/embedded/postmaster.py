"""What can be known about a PostgreSQL server from its data folder."""

import os
import socket
from pathlib import Path

_PID_LINE, _STATUS_LINE = 0, 7


def is_running(data: Path, listening: Path) -> bool:
    """Tell whether a server works in ``data``: by its process, or by its socket's answer."""
    # The socket also answers for a server in another container, whose process we cannot see.
    return _has_process(data) or _answers(listening)


def is_ready(data: Path) -> bool:
    """Tell whether the server says of itself that it takes connections."""
    lines = _lines(data)
    return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"


def _has_process(data: Path) -> bool:
    """Tell whether the process that the pid file names is alive and works in ``data``.

    A killed server may stay a zombie where process 1 reaps late or never, and its number may
    belong to somebody else after a restart: ``kill(pid, 0)`` succeeds for both.
    """
    lines = _lines(data)
    try:
        pid = int(lines[_PID_LINE])
    except (IndexError, ValueError):
        return False
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cwd").samefile(data)
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _answers(listening: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(listening))
        except OSError:
            return False
    return True


def _lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []
