"""The folder of an embedded PostgreSQL, and PostgreSQL's programs at work in it."""

import contextlib
import fcntl
import functools
import hashlib
import os
import pwd
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from portal.embedded.binaries import Binaries, SystemAccount, readable_by

PORT = 5432
_SOCKET = f".s.PGSQL.{PORT}"
_LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel takes 107 on Linux and 103 elsewhere."""
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class EmbeddedFault(Exception):
    """The embedded PostgreSQL cannot be had; the message is a sentence for the operator."""


class ServerFolder:
    """A folder that only the server's account may enter.

    PostgreSQL refuses to run as root, and the unprivileged account it then gets may be unable to
    walk the path to the folder (a checkout in /root). So it is handed the opened folder itself,
    and finds it again as ``seen``.
    """

    def __init__(self, path: Path, binaries: Binaries) -> None:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self.data = path / "data"
        self.account: SystemAccount | None = None
        self.binaries = binaries
        if os.geteuid() == 0:
            self.account = _account_for(path)
            self.binaries = readable_by(self.account, binaries)
            os.chown(path, self.account.uid, self.account.gid)
        elif path.stat().st_uid != os.geteuid():
            message = f"{path} belongs to another user: run as that user, or set PORTAL_DATA."
            raise EmbeddedFault(message)
        path.chmod(0o700)
        self._handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._handle)

    @property
    def seen(self) -> str:
        """The folder's path as PostgreSQL's programs are told it."""
        # They start in the folder: pg_ctl cannot hand every letter of a path to its shell.
        return self._seen_by_account or "."

    @property
    def seen_socket_folder(self) -> str:
        """The folder of the socket as the server sees it, wherever it works."""
        if self.socket.parent != self.path:
            return str(self.socket.parent)
        return self._seen_by_account or str(self.path)

    @property
    def _seen_by_account(self) -> str | None:
        """The folder as an account sees it that may be unable to walk to it."""
        return f"/proc/self/fd/{self._handle}" if self.account else None

    @functools.cached_property
    def socket(self) -> Path:
        """The socket: in the folder unless its path is too long for the kernel."""
        if len(os.fsencode(self.path / _SOCKET)) <= _LONGEST_SOCKET_PATH:
            return self.path / _SOCKET
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        # Not the temporary folder of the environment: every user of the server must agree on it.
        short = Path("/tmp", f"portal-{digest}")  # noqa: S108 - its owner and rights are checked
        owner = self.account.uid if self.account else os.geteuid()
        with contextlib.suppress(FileExistsError):
            short.mkdir(mode=0o700)
            os.chown(short, owner, -1)
        state = short.lstat()
        if short.is_symlink() or state.st_uid != owner or state.st_mode & 0o077:
            message = f"{short} belongs to somebody else: remove it, or set PORTAL_DATA."
            raise EmbeddedFault(message)
        return short / _SOCKET

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process from starting or stopping the server meanwhile."""
        with self.file(".start.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def file(self, name: str, mode: str) -> IO[str]:
        """Open a file of the server's account, made when it is not there; never through a link."""
        return open(self.path / name, mode, opener=self._opener)

    def write(self, name: str, text: str) -> None:
        """Replace a file in the folder as a whole."""
        with self.file(f"{name}.new", "w") as file:
            file.write(text)
        (self.path / f"{name}.new").rename(self.path / name)

    def run(
        self,
        program: str,
        *arguments: str,
        script: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> int:
        """Run one of PostgreSQL's programs and give its status; its words go to ``tools.log``."""
        with self.file("tools.log", "w") as log:
            return subprocess.run(
                [self.binaries.program(program), *arguments],
                check=False,
                cwd=self.path,
                env=_ENVIRONMENT | dict(environment or {}),
                input=script.encode(),
                stdout=log,
                stderr=log,
                pass_fds=[self._handle],
                umask=0o077,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            ).returncode

    def last_words(self, name: str) -> str:
        """Give the end of a log as one line."""
        lines = (self.path / name).read_text(errors="replace").splitlines()
        return " ".join(line.strip() for line in lines[-6:])

    def sync(self) -> None:
        """See to it that names in the folder survive a loss of power."""
        os.fsync(self._handle)

    def _opener(self, path: str, flags: int) -> int:
        # The server's account owns the folder: it must not lead root's pen to another file.
        handle = os.open(path, flags | os.O_NOFOLLOW, 0o600)
        if self.account:
            os.fchown(handle, self.account.uid, self.account.gid)
        return handle


def _account_for(path: Path) -> SystemAccount:
    """Give the folder's owner, so that root can serve what a user made; else a known account."""
    owner = path.stat().st_uid
    with contextlib.suppress(KeyError):
        if owner != 0:
            entry = pwd.getpwuid(owner)
            return SystemAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return SystemAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)
    message = "PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody'."
    raise EmbeddedFault(message)
