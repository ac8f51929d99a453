"""Which patterns engines that backtrack take exponential time for."""

import pytest

from portal.rules.backtracking import is_exponential


@pytest.mark.parametrize(
    "pattern",
    [
        *("^(a+)+$", "^(a|a)*$", "(a*)*", "^([a-z]+-?)+$", "(a|ab|b)*c", "(a?b?)*"),
        *(r"(\w+\s?)+$", "([0-9]{1,3})+", "(.*)*$b", "(a+){10}", "(a|[a-c])+x"),
        *(r"(a|\u0061)*b", "(?:[a-z]{2,})+", r"(\p{L}|[a-z])*1", "(^a*)*"),
        # Too large to tell.
        *("[a-z]?" * 201, "(?:" * 31 + "a" + ")" * 31, "(?:" * 12 + "^" + "){2}" * 12),
        "(?:" + "|".join("abcdefghijklmnopqrstuvwxyz" * 7) + ")*",
        "[a-z]?" * 150,
    ],
)
def test_exponential_patterns_are_known(pattern):
    assert is_exponential(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *("", r"^\+[0-9]{6,15}$", "^[a-z]+(-[a-z]+)*$", r"^[^@\s]+@[^@\s]+\.[a-z]+$"),
        *("^(?:[0-9]{4} ?){4}$", "^([a-z]|[0-9])*$", r"^\p{L}+( \p{L}+)*$", "^.*@.*$"),
        *(r"^(\d{4})-(\d{2})$", "^a{200}$", "^(ab|cd)*$", "(a+){2,5}", "a?b?c?", "a{0}"),
        *("a{2}?b", "(?:|a)b", r"\bx\B", "[^a]*a", "a{3,}", r"\u{10ffff}+", r"[\ud7ff]"),
    ],
)
def test_other_patterns_are_taken(pattern):
    assert not is_exponential(pattern)
