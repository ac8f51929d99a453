"""The set-up, against a registry where every package has a newer release, with an old pip."""

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
OLDEST_PIP = ROOT / ".venv" / "oldest-pip"
LOCKS = ("requirements-installer.txt", "requirements.txt", "requirements-dev.txt")
PINNED = re.compile(r"^(([\w.-]+)(?:\[[^]]+])?)==([^\s;]+)", re.MULTILINE)
NEWER = "9999.0"
OUR_TOOLS = ("pip", "portal", "setuptools", "uv")
PROJECT = """\
[project]
name = "portal"
version = "0"
[build-system]
requires = ["uv_build>=0.13,<1"]
build-backend = "uv_build"
[tool.uv.build-backend]
module-root = ""
"""


class Registry:
    """An index of wheels with nothing in them but the metadata of what is installed here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        for lock in LOCKS:
            for _, name, version in PINNED.findall((ROOT / lock).read_text()):
                # What the lock has for other systems alone is not installed here.
                if name not in self.digests and (metadata := metadata_of(name, version)):
                    program = ROOT / ".venv" / "bin" / "uv" if name == "uv" else None
                    self.digests[name] = self.add(name, version, metadata, program)
                    newer = metadata.replace(f"\nVersion: {version}\n", f"\nVersion: {NEWER}\n")
                    self.add(name, NEWER, newer)

    def add(self, name: str, version: str, metadata: str, program: Path | None = None) -> str:
        """Publish a wheel, and give its digest."""
        name = re.sub(r"[-_.]+", "-", name).lower()
        stem = f"{name.replace('-', '_')}-{version}"
        wheel = self.folder / name / f"{stem}-py3-none-any.whl"
        wheel.parent.mkdir(parents=True, exist_ok=True)
        files = {
            f"{name}.marker": version,
            f"{stem}.dist-info/METADATA": metadata,
            f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
            "Tag: py3-none-any\n",
        }
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
            listed = [*files, f"{stem}.dist-info/RECORD"]
            if program:
                script = f"{stem}.data/scripts/{program.name}"
                archive.write(program, script)
                listed.append(script)
            record = "".join(f"{path},,\n" for path in listed)
            archive.writestr(f"{stem}.dist-info/RECORD", record)
        self.pages[name] = self.pages.get(name, "") + f'<a href="{wheel.name}">{wheel.name}</a>\n'
        (wheel.parent / "index.html").write_text(self.pages[name])
        return hashlib.sha256(wheel.read_bytes()).hexdigest()

    def hide(self, name: str) -> None:
        """Answer as if there were no such package."""
        (self.folder / name / "index.html").write_text("")

    def show(self, name: str) -> None:
        """Answer with the package again."""
        (self.folder / name / "index.html").write_text(self.pages[name])


class Checkout:
    """A fresh clone whose locks name the registry's wheels, and a .venv with an old pip."""

    def __init__(self, folder: Path, registry: Registry) -> None:
        self.folder = folder
        self.venv = folder / ".venv"
        self.registry = registry
        self.pins: dict[str, dict[str, str]] = {lock: {} for lock in LOCKS}
        (folder / "portal").mkdir(parents=True)
        (folder / "portal" / "__init__.py").touch()
        (folder / "pyproject.toml").write_text(PROJECT)
        shutil.copytree(ROOT / "scripts", folder / "scripts")
        for lock in LOCKS:
            lines = []
            for asked, name, version in PINNED.findall((ROOT / lock).read_text()):
                if name in registry.digests:
                    self.pins[lock][name] = version
                    lines.append(f"{asked}=={version} --hash=sha256:{registry.digests[name]}\n")
            (folder / lock).write_text("".join(lines))
        make = (sys.executable, "-m", "venv", "--without-pip", self.venv)
        subprocess.run(make, check=True)
        [packages] = self.venv.glob("lib/*/site-packages")
        shutil.copytree(OLDEST_PIP, packages, dirs_exist_ok=True)
        (self.venv / ".made").touch()

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program in the clone, on a machine that has the registry in its pip's settings."""
        ours = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        settings = self.folder / "pip.conf"
        settings.write_text(f"[global]\nindex-url = {self.registry.folder.as_uri()}/\n")
        environment = ours | {"HOME": str(self.folder), "PIP_CONFIG_FILE": str(settings)}
        return subprocess.run(
            command, check=False, cwd=self.folder, env=environment, capture_output=True, text=True
        )

    def set_up(self, lock: str) -> subprocess.CompletedProcess[str]:
        """Bring .venv to a lock file, as the Makefile does."""
        return self.run(sys.executable, "scripts/venv.py", lock)

    def installed(self) -> dict[str, str]:
        """Give the version of each package, but for the tools that install them."""
        [packages] = self.venv.glob("lib/*/site-packages")
        found = importlib.metadata.distributions(path=[str(packages)])
        named = {re.sub(r"[-_.]+", "-", each.name).lower(): each.version for each in found}
        return {name: named[name] for name in sorted(named) if name not in OUR_TOOLS}


def metadata_of(name: str, version: str) -> str:
    """Give the metadata of an installed package; nothing when it is not installed."""
    if name == "uv":
        return f"Metadata-Version: 2.1\nName: uv\nVersion: {version}\n"
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    return (found.read_text("METADATA") or "") if found.version == version else ""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Give the registry."""
    return Registry(tmp_path_factory.mktemp("registry"))


@pytest.fixture
def checkout(tmp_path: Path, registry: Registry) -> Checkout:
    """Give a fresh clone."""
    return Checkout(tmp_path / "clone", registry)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the pip of Python 3.11")
def test_an_old_pip_sets_up_what_the_lock_says_whatever_was_released_since(
    checkout: Checkout,
) -> None:
    pip = (checkout.venv / "bin" / "python", "-m", "pip")
    assert checkout.run(*pip, "--version").stdout.startswith("pip 22.3 ")
    # The registry is a trap for whoever lets this pip resolve the lock.
    caught = checkout.run(*pip, "install", "--require-hashes", "-r", "requirements-dev.txt")
    assert caught.returncode == 1
    assert "In --require-hashes mode, all requirements must have their versions" in caught.stderr

    done = checkout.set_up("requirements-dev.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert checkout.installed() == checkout.pins["requirements-dev.txt"]


def test_serving_gets_its_own_packages_alone(checkout: Checkout) -> None:
    assert checkout.set_up("requirements.txt").returncode == 0
    assert checkout.installed() == checkout.pins["requirements.txt"]
    assert not {"pytest", "ruff", "mypy"} & set(checkout.installed())
    assert checkout.set_up("requirements-dev.txt").returncode == 0
    assert checkout.installed() == checkout.pins["requirements-dev.txt"]
    origin = checkout.run(checkout.venv / "bin" / "python", "-c", "import portal as p; print(p)")
    assert str(checkout.folder / "portal") in origin.stdout


@pytest.mark.parametrize("missing", ["uv", "starlette"])
def test_what_fails_is_one_sentence_and_the_next_try_goes_on(
    checkout: Checkout, missing: str
) -> None:
    made = (checkout.venv / ".made").stat()
    checkout.registry.hide(missing)
    failed = checkout.set_up("requirements.txt")
    assert failed.returncode == 1
    [sentence] = failed.stderr.strip().splitlines()
    assert sentence.startswith("Setting up stopped: ")
    assert missing in sentence
    assert sentence.endswith("Then start the same command again: it goes on with what is there.")

    checkout.registry.show(missing)
    done = checkout.set_up("requirements.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Making .venv" not in done.stdout
    assert (checkout.venv / ".made").stat() == made
    assert checkout.installed() == checkout.pins["requirements.txt"]


def test_what_a_killed_set_up_left_half_written_is_written_anew(checkout: Checkout) -> None:
    checkout.set_up("requirements.txt")
    [packages] = checkout.venv.glob("lib/*/site-packages")
    (packages / "starlette.marker").unlink()
    (checkout.venv / ".unfinished").touch()
    assert checkout.set_up("requirements.txt").returncode == 0
    assert (packages / "starlette.marker").exists()
    assert not (checkout.venv / ".unfinished").exists()


def test_a_half_made_venv_is_made_anew(checkout: Checkout) -> None:
    (checkout.venv / ".made").unlink()
    (checkout.venv / "bin" / "python").unlink()
    done = checkout.set_up("requirements.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Making .venv ... ")
    assert checkout.installed() == checkout.pins["requirements.txt"]
