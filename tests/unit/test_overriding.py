"""What is overridden of other packages is asked at the start whether it is still there."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import uvicorn
from click.testing import CliRunner
from sqlalchemy.orm import DeclarativeBase
from starlette.applications import Starlette

from portal.commands.overriding import lost
from portal.commands.serve import serve

SETTINGS = Path(__file__).parent.parent.parent / "pyproject.toml"
HEADING = "portal: A package is another than the portal was made for, so nothing is served:\n"


def test_nothing_is_lost() -> None:
    assert lost() == []


@pytest.mark.parametrize("package", ["graphql-core", "strawberry-graphql", "uvicorn"])
def test_what_is_used_beyond_its_promise_is_bounded(package: str) -> None:
    """The next release of the second number may take away what nobody promised."""
    asked = tomllib.loads(SETTINGS.read_text("utf-8"))["project"]["dependencies"]
    form = re.compile(rf"{package}(?:\[\w+\])?>=(\d+)\.(\d+)(?:\.\d+)?,<(\d+)\.(\d+)")
    (found,) = [match for one in asked if (match := form.fullmatch(one))]
    major, minor, last, beyond = map(int, found.groups())
    assert (last, beyond) == (major, minor + 1)
    assert version(package).startswith(f"{major}.{minor}.")


def test_what_a_package_has_no_longer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(uvicorn.Server, "capture_signals")
    monkeypatch.delattr(Starlette, "build_middleware_stack")
    assert sorted(lost()) == [
        (
            "portal.app._Application.build_middleware_stack overrides nothing:"
            " starlette.applications.Starlette has no build_middleware_stack."
        ),
        (
            "portal.web.door.server._Server.capture_signals overrides nothing:"
            " uvicorn.server.Server has no capture_signals."
        ),
    ]


def test_what_is_called_otherwise_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = (
        "portal.web.door.server._Server.startup does not take what uvicorn.server.Server hands to"
        " startup."
    )
    for theirs in (lambda self, sockets, backlog: None, lambda self, listeners: None):
        monkeypatch.setattr(uvicorn.Server, "startup", theirs)
        assert lost() == [sentence]
    # What takes whatever is left may call it as it likes.
    monkeypatch.setattr(DeclarativeBase, "__init_subclass__", classmethod(lambda cls, **rest: None))
    monkeypatch.setattr(uvicorn.Server, "startup", lambda self, sockets=None: None)
    assert lost() == []
    # One parameter more on our side is no harm where it has a default.
    monkeypatch.setattr(uvicorn.Server, "startup", lambda self: None)
    assert lost() == []


def test_the_server_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path / "var"))
    monkeypatch.delattr(uvicorn.Server, "capture_signals")
    done = CliRunner().invoke(serve, ["--workers", "1"])
    assert done.exit_code == 1
    assert done.stderr == (
        f"{HEADING}  portal.web.door.server._Server.capture_signals overrides nothing:"
        " uvicorn.server.Server has no capture_signals.\n"
    )
    assert not (tmp_path / "var").exists()
