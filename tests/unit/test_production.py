"""What production needs is asked before anything is started."""

import pytest
from click.testing import CliRunner

from portal.commands.serve import serve
from portal.settings.settings import WrongSetting

NAMED = {"PORTAL_HOSTS": "portal.operator.example"}
SIGNED = {"PORTAL_SECRET": "s" * 32}


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(("given", "missing"), [(SIGNED, "HOSTS"), (NAMED, "SECRET")])
def test_what_is_missing_is_named(workers, given, missing, tmp_path) -> None:
    folder = tmp_path / "var"
    environment = {"PORTAL_ENV": "production", "PORTAL_DATA": str(folder), **given}
    done = CliRunner().invoke(serve, ["--workers", workers], env=environment)
    assert isinstance(done.exception, WrongSetting)
    assert str(done.exception) == f"PORTAL_{missing} is missing: PORTAL_ENV=production needs it."
    assert not folder.exists()
