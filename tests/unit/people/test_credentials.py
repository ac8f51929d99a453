"""Tokens and passwords, as far as no database has a part in it."""

from hashlib import sha256

import pytest
from argon2 import PasswordHasher

from portal.login.credentials import hash_of, new_token
from portal.login.hashing import _hasher, _verify, hash_password
from portal.rules.people.password import LONGEST as LONGEST_PASSWORD


def test_a_token_has_256_bits_and_only_its_hash_is_kept():
    token, kept = new_token()
    assert len(token) == 43
    assert kept == sha256(token.encode()).digest()
    assert hash_of(token) == kept
    assert new_token()[0] != token


def test_a_token_that_is_no_text_of_ours_has_a_hash_too():
    assert len(hash_of("\ud800é")) == 32


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own():
    kept = hash_password("correct horse")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_password("correct horse") != kept
    assert PasswordHasher().verify(kept, "correct horse")


@pytest.mark.parametrize(
    ("password", "known"),
    [
        ("correct horse", True),
        ("Correct horse", False),
        ("", False),
        ("correct horse\0", False),
        ("x" * (LONGEST_PASSWORD + 1), False),
    ],
)
def test_only_the_password_itself_opens(password, known):
    kept = hash_password("correct horse")
    assert _verify(kept, password) == (kept if known else None)


def test_a_password_of_the_greatest_length_opens():
    longest = "é" * LONGEST_PASSWORD
    assert _verify(hash_password(longest), longest)


def test_a_hash_that_is_none_opens_to_nobody():
    assert _verify("no hash", "correct horse") is None


SPELLINGS = ("caf\u00e9 met slagroom", "cafe\u0301 met slagroom", "\uff43af\u00e9 met slagroom")


@pytest.mark.parametrize("typed", SPELLINGS)
@pytest.mark.parametrize("set_as", SPELLINGS)
def test_a_password_opens_in_every_form_of_unicode(set_as, typed):
    kept = hash_password(set_as)
    assert _verify(kept, typed) == kept


def test_what_was_hashed_as_it_was_typed_opens_once_more_and_is_hashed_anew():
    _, typed, other = SPELLINGS
    old = _hasher.hash(typed)
    assert _verify(old, other) is None
    new = _verify(old, typed)
    assert new not in {None, old}
    assert _verify(new, other) == new
