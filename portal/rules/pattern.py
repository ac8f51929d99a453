"""Patterns of JSON Schema: those of ECMA-262 (with u), as far as they take linear time.

RE2 runs them, whose syntax is another one: each pattern is read here and written anew for it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

MOST_REPEATS = 200
_LARGEST_PROGRAM = 10_000
_KEPT = 500

_SPACE = (
    r"\x{9}-\x{d}\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}"
    r"\x{3000}\x{feff}"
)
_SETS = {"d": "0-9", "w": "0-9A-Za-z_", "s": _SPACE}
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_SYNTAX = frozenset(r"^$\.*+?()[]{}|/")
_ANY_BUT_LINE_ENDS = r"[^\x{a}\x{d}\x{2028}\x{2029}]"
_COUNTED = re.compile(r"\{([0-9]{1,9})(?:(,)([0-9]{0,9}))?\}")
_GROUP = re.compile(r"\((?:\?:|\?<[A-Za-z_$][0-9A-Za-z_$]{0,60}>|(?!\?))")
_PROPERTY = re.compile(r"[pP]\{(?:(?:Script|sc|General_Category|gc)=)?([A-Za-z_]{1,40})\}")
_CODE = re.compile(
    r"u\{([0-9a-fA-F]{1,6})\}|u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|c([A-Za-z])"
)
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


class UnknownPattern(ValueError):
    """What of a pattern is not known here, as it stands there."""


@lru_cache(_KEPT)
def compiled(pattern: str) -> Any:
    """Give a pattern ready to ``search``; UnknownPattern names what is not known of it."""
    try:
        program = re2.compile("".join(parts_of(pattern)), _OPTIONS)
    except re2.error:
        raise UnknownPattern(pattern) from None
    if program.programsize > _LARGEST_PROGRAM:
        raise UnknownPattern(pattern)
    return program


def is_found(pattern: str, text: str) -> bool:
    """Say whether a pattern is found anywhere in a text."""
    return compiled(pattern).search(text) is not None


def parts_of(pattern: str) -> Iterator[str]:
    """Give the parts of a pattern, each as RE2 has it."""
    return _Reader(pattern).parts()


class _Reader:
    """Reads one pattern from its beginning to its end."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def parts(self) -> Iterator[str]:
        """Give the pattern as RE2 has it: signs, groups, anchors, choices and quantifiers."""
        can_repeat = False
        while self._at < len(self._pattern):
            one = self._pattern[self._at]
            if one in "*+?{":
                if not can_repeat:
                    raise UnknownPattern(self._rest())
                yield self._quantifier()
                can_repeat = False
            else:
                part, can_repeat = self._atom(one)
                yield part

    def _rest(self, length: int = 10) -> str:
        return self._pattern[self._at : self._at + length]

    def _match(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self._pattern, self._at)
        if found:
            self._at = found.end()
        return found

    def _quantifier(self) -> str:
        found = self._match(_COUNTED)
        if found is None:
            if self._pattern[self._at] == "{":
                raise UnknownPattern(self._rest())
            self._at += 1
            written = self._pattern[self._at - 1]
        else:
            if any(int(count) > MOST_REPEATS for count in found.group(1, 3) if count):
                raise UnknownPattern(found.group())
            written = found.group()
        if self._rest(1) == "?":
            self._at += 1
            written += "?"
        return written

    def _atom(self, one: str) -> tuple[str, bool]:
        """Give the next part, and whether it can be repeated."""
        if one == "(":
            if self._match(_GROUP) is None:
                raise UnknownPattern(self._rest(4))
            return "(?:", False
        if one == "[":
            return self._class(), True
        if one == "\\":
            return self._escape()
        if one in "]}":
            raise UnknownPattern(one)
        self._at += 1
        known = {"^": r"\A", "$": r"\z", "|": "|"}
        if one in known:
            return known[one], False
        return {")": ")", ".": _ANY_BUT_LINE_ENDS}.get(one) or _character(ord(one)), True

    def _escape(self) -> tuple[str, bool]:
        follows = self._pattern[self._at + 1 : self._at + 2]
        if follows in {"b", "B"}:
            self._at += 2
            return f"\\{follows}", False
        members, is_without = self._set()
        if members is not None:
            return f"[{'^' if is_without else ''}{members}]", True
        return _character(self._code()), True

    def _set(self) -> tuple[str | None, bool]:
        """Read the escape of a set of characters, if it is one; and whether it is all others."""
        start = self._at
        self._at += 1
        kind = self._rest(1)
        if kind.lower() in _SETS and kind:
            self._at += 1
            return _SETS[kind.lower()], kind.isupper()
        if found := self._match(_PROPERTY):
            return f"\\p{{{found[1]}}}", found[0].startswith("P")
        self._at = start
        return None, False

    def _code(self, *, in_class: bool = False) -> int:
        """Read the escape of one character."""
        start = self._at
        self._at += 1
        if found := self._match(_CODE):
            point, high, low, four, two, control = found.groups()
            if high:
                return 0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF)
            code = ord(control) % 32 if control else int(point or four or two, 16)
            if code <= 0x10FFFF:  # noqa: PLR2004  (the last of Unicode)
                return code
        else:
            one = self._rest(1)
            self._at += 1
            is_zero = one == "0" and not self._rest(1).isdigit()
            if one in _CONTROLS and (one != "0" or is_zero):
                return _CONTROLS[one]
            if in_class and one == "b":
                return 8
            if one and (one in _SYNTAX or (in_class and one == "-")):
                return ord(one)
        self._at = start
        raise UnknownPattern(self._rest(3))

    def _class(self) -> str:
        start = self._at
        self._at += 1
        is_without = self._rest(1) == "^"
        self._at += is_without
        members: list[str] = []
        while (one := self._rest(1)) != "]":
            if not one:
                self._at = start
                raise UnknownPattern(self._rest())
            first = self._member()
            if self._rest(1) == "-" and self._rest(2) != "-]":
                self._at += 1
                last = self._member() if self._rest(1) else None
                if not isinstance(first, int) or not isinstance(last, int) or last < first:
                    raise UnknownPattern(self._pattern[start : self._at])
                members.append(f"{_character(first)}-{_character(last)}")
            else:
                members.append(_character(first) if isinstance(first, int) else first)
        self._at += 1
        if not members:
            # Nothing at all, or anything.
            members, is_without = [r"\x{0}-\x{10ffff}"], not is_without
        return f"[{'^' if is_without else ''}{''.join(members)}]"

    def _member(self) -> int | str:
        """Read one member of a class: a character, or a set of them."""
        if self._rest(1) != "\\":
            self._at += 1
            return ord(self._pattern[self._at - 1])
        start = self._at
        members, is_without = self._set()
        if members is None:
            return self._code(in_class=True)
        if not is_without:
            return members
        kind = self._pattern[start + 1]
        if kind == "P":
            return f"\\P{members[2:]}"
        return {"D": r"\D", "W": r"\W"}.get(kind) or _without_space()


def _without_space() -> str:
    """Give what no blank is, as members of a class."""
    edges = [(0x9, 0xD), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)]
    edges += [(0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)]
    edges += [(0xFEFF, 0xFEFF), (0x110000, 0x110000)]
    first = 0
    ranges = []
    for low, high in edges:
        ranges.append(f"{_character(first)}-{_character(low - 1)}")
        first = high + 1
    return "".join(ranges)


def _character(code: int) -> str:
    return f"\\x{{{code:x}}}"
