"""Bring .venv to what a lock file says.

Of pip only one thing is asked, which no later release can change: one wheel by its hash, without
dependencies. That wheel is uv, which installs the lock file itself.
"""

import argparse
import ast
import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
INSTALLER = "requirements-installer.txt"
# What pip was told of this machine's registry and proxy holds for uv too.
_AS_PIP = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "trusted-host": "UV_INSECURE_HOST",
}
_SECTIONS = ("global", "install", ":env:")
_COMMA_SEPARATED = ("UV_FIND_LINKS",)
_AGAIN = "Then start the same command again: it goes on with what is there."


class SetupFault(Exception):
    """A step failed; the message is a sentence with the next step."""


def main() -> None:
    """Make what is missing, one process at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lock", help="requirements.txt, or another file that make lock wrote")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--beside", action="store_true", help="leave other packages where they are")
    place.add_argument("--into", metavar="FOLDER", help="put the packages in a folder of their own")
    given = parser.parse_args()
    with Path(__file__).open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            _make()
            _get_installer()
            if given.into or given.beside:
                target = ("--target", given.into) if given.into else ()
                with _step(f"Installing {given.lock}"):
                    _uv(
                        "install",
                        # A lock names all that is wanted, whatever else a package would bring.
                        "--no-deps",
                        "--require-hashes",
                        "--compile-bytecode",
                        *target,
                        "--requirement",
                        given.lock,
                    )
            else:
                _install(given.lock)
        except SetupFault as fault:
            sys.exit(f"\nSetting up stopped: {fault}")
        except KeyboardInterrupt:
            sys.exit("\nSetting up was interrupted. Start the same command again: it goes on.")


def _make() -> None:
    made = VENV / ".made"
    if made.exists() and _answer(VENV / "bin" / "python", "-c", "print(1)") == "1":
        return
    with _step("Making .venv"):
        _run(
            (sys.executable, "-m", "venv", "--clear", VENV),
            "Python could not make .venv: {}. On Debian and Ubuntu it needs the package"
            f" python3-venv. {_AGAIN}",
        )
        made.touch()


def _get_installer() -> None:
    wanted = re.search(r"^uv==(\S+)", (ROOT / INSTALLER).read_text(), re.MULTILINE)
    if wanted and _answer(VENV / "bin" / "uv", "--version").split()[1:2] == [wanted[1]]:
        return
    pip = (VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install")
    one_wheel = ("--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes")
    with _step("Getting the installer"):
        _run(
            (*pip, *one_wheel, "--requirement", ROOT / INSTALLER),
            "pip could not get uv: {}. See whether this machine reaches a package registry (pip"
            f" has settings for a proxy, a certificate and an index of your own). {_AGAIN}",
        )


def _install(lock: str) -> None:
    unfinished = VENV / ".unfinished"
    # What a killed process left half written looks installed, so it is written anew.
    anew = ("--reinstall",) if unfinished.exists() else ()
    unfinished.touch()
    packages = len(re.findall(r"^\S+==", (ROOT / lock).read_text(), re.MULTILINE))
    with _step(f"Installing {packages} packages"):
        _uv("sync", "--require-hashes", "--compile-bytecode", *anew, lock)
        _uv("install", "--no-deps", "--editable", ".")
    unfinished.unlink()


def _uv(*arguments: str) -> None:
    _run(
        (VENV / "bin" / "uv", "pip", *arguments, "--python", VENV / "bin" / "python"),
        "uv could not install the packages: {}. See whether this machine reaches a package"
        f" registry, and has room on its disk. {_AGAIN}",
        os.environ | _as_pip(),
    )


def _as_pip() -> dict[str, str]:
    """Give uv's settings as pip has them, but for those that uv was given itself."""
    told: dict[str, str] = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for line in _answer(VENV / "bin" / "python", "-m", "pip", "config", "list").splitlines():
        name, _, value = line.partition("=")
        section, _, setting = name.rpartition(".")
        variable = _AS_PIP.get(setting)
        if variable and section in _SECTIONS:
            words = str(ast.literal_eval(value)).split()
            told[variable] = ("," if variable in _COMMA_SEPARATED else " ").join(words)
    return {name: value for name, value in told.items() if name not in os.environ}


def _answer(*command: str | Path) -> str:
    try:
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def _run(
    command: Sequence[str | Path], failed: str, environment: Mapping[str, str] | None = None
) -> None:
    """Run a program; its last words become part of the sentence ``failed``."""
    done = subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        words = [line.strip(" .") for line in done.stdout.splitlines() if line.strip()]
        raise SetupFault(failed.format("; ".join(words[-2:]) or "it said nothing"))


@contextmanager
def _step(text: str) -> Iterator[None]:
    print(f"{text} ... ", end="", flush=True)
    start = time.perf_counter()
    yield
    print(f"{time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
