"""What is signed comes back as it was, or not at all; the secret is set, or kept with the data."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.login.seal import Seal, secret_of
from portal.settings.settings import Environment, Settings, WrongSetting

SECRET = "a secret of more than thirty-two characters"  # noqa: S105 -- signs nothing but this
CONTENT = {"id": "1", "bound": {"day": "2026-01-31"}, "shown": {"endsOn": None, "name": "é" * 40}}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= \n+/\0é"


def test_what_is_signed_comes_back():
    seal = Seal(SECRET)
    token = seal.close(CONTENT)
    assert token.isascii()
    assert token == seal.close(CONTENT)
    assert Seal(SECRET).open(token) == CONTENT


def test_each_letter_of_a_token_counts():
    seal = Seal(SECRET)
    token = seal.close(CONTENT)
    for place, letter in enumerate(token):
        for other in LETTERS:
            if other != letter:
                assert seal.open(token[:place] + other + token[place + 1 :]) is None
        assert seal.open(token[:place] + token[place + 1 :]) is None
        assert seal.open(token[:place] + "A" + token[place:]) is None


@pytest.mark.parametrize("token", ["", ".", "..", "x", "\x00", "é", "e30.", "A" * 100_000])
def test_nonsense_is_no_token(token: str):
    assert Seal(SECRET).open(token) is None


def test_another_secret_signs_otherwise():
    assert Seal(SECRET + "!").open(Seal(SECRET).close(CONTENT)) is None


def test_a_set_secret_is_taken(tmp_path: Path):
    assert secret_of(Settings(secret=SECRET, data=tmp_path)) == SECRET
    assert list(tmp_path.iterdir()) == []


def test_development_keeps_one_for_itself(tmp_path: Path):
    settings = Settings(data=tmp_path / "var")
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: secret_of(settings), range(32)))
    (secret,) = secrets
    assert len(secret) == 43
    (file,) = (tmp_path / "var").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret_of(Settings(data=tmp_path / "other")) != secret


def test_a_folder_that_keeps_nothing_is_one_sentence(tmp_path: Path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret").symlink_to(tmp_path / "nowhere" / "x")
    with pytest.raises(WrongSetting, match=r"^PORTAL_DATA cannot keep a secret: .*\.$"):
        secret_of(Settings(data=tmp_path / "var"))


def test_production_needs_a_secret(tmp_path: Path):
    with pytest.raises(WrongSetting) as fault:
        secret_of(Settings(env=Environment.PRODUCTION, data=tmp_path))
    assert str(fault.value) == "PORTAL_SECRET is missing: PORTAL_ENV=production needs it."
