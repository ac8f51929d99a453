"""What the README says of settings is what the settings are."""

from pathlib import Path

import pytest

from portal.settings import settings_table

README = Path(__file__).parent.parent.parent / "README.md"


@pytest.mark.check
def test_settings_are_as_the_readme_says():
    assert settings_table().strip() in README.read_text(encoding="utf-8")
