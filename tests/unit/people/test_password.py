"""What a password has to be."""

import pytest

from portal.errors import InvalidInput
from portal.rules.people import password as rule
from portal.rules.people.password import LONGEST, password

NAME, EMAIL = "Elsje de Bakker", "elsje.bakker@operator.example"
EASY = (
    "This password is easy to guess. Take another one, such as four words that have nothing to do"
)
LENGTH = "Must have from {least} to {most} characters."


@pytest.mark.parametrize(
    "text",
    [
        *("password1234", "passwordpassword", "qwertyuiop12", "iloveyou1234", "Password1234!"),
        *("abcdefghijkl", "123456789012", "19901990199019", "1q2w3e4r5t6y"),
        *("aaaaaaaaaaaa", "            ", "\u00e9" * 12, "\ufdfa" * 12, "x" * LONGEST),
        *(NAME, NAME.upper(), "elsjedebakker", "ElsjedeBakker1", "bakkerbakker"),
        "bakker bakker",
        *(EMAIL, EMAIL.upper(), "elsje.bakker", "elsjebakker2024", "operatorexample"),
    ],
)
def test_what_is_easy_to_guess_is_refused(text):
    with pytest.raises(InvalidInput) as fault:
        password(text, NAME, EMAIL)
    assert fault.value.message.startswith(EASY)


@pytest.mark.parametrize(
    "text",
    [
        "a good long password",
        "correct horse battery staple",
        "vrij zee klok mus",
        "kX9#vq2!TbLw",
        "~}|<>:;{]?/=$^",
    ],
)
def test_what_is_not_is_taken_as_it_is(text):
    assert password(text, NAME, EMAIL) == text
    assert password(text, NAME, None, "", "A", "Jo") == text


def test_characters_are_counted_in_the_form_that_is_compared():
    with pytest.raises(InvalidInput) as fault:
        password("e\u0301" * 6)
    assert fault.value.message == LENGTH


def test_no_more_is_judged_than_takes_no_time(monkeypatch):
    judged = []

    def note(text, words):
        judged.append((len(text), max(map(len, words), default=0)))
        return original(text, words)

    original = rule.zxcvbn
    monkeypatch.setattr(rule, "zxcvbn", note)
    unlike = "".join(chr(33 + i * 7 % 90) for i in range(LONGEST))
    assert password(unlike, "n" * 200, "a b " * 50) == unlike
    assert judged == [(72, 72)]


def test_nothing_longer_is_brought_into_a_form(monkeypatch):
    monkeypatch.setattr(rule, "comparable", None)
    with pytest.raises(InvalidInput) as fault:
        password("x" * (LONGEST + 1))
    assert fault.value.message == LENGTH


@pytest.mark.parametrize("character", ["\n", "\x00", "\ud800"])
def test_characters_with_which_nobody_could_log_in_are_refused(character):
    with pytest.raises(InvalidInput) as fault:
        password(f"correct horse{character}battery staple", NAME, EMAIL)
    assert fault.value.message == "Must be one line of text without control characters."
