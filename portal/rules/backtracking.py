"""Whether engines that try one way after another take exponential time for a pattern.

Here each pattern takes linear time; browsers, which get it with the schema, might hang. A pattern
is read as a position automaton (Glushkov): it is exponential where a text leads from a position
back to it in two ways.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

import re2

from portal.rules.pattern import parts_of

# Counted so often or more, a part is as good as repeated without an end.
_MANY = 10
# More than people can read; beyond these nothing is told, and nothing allowed.
_MOST_READ, _MOST_POSITIONS, _MOST_DEPTH, _MOST_STEPS = 1_000, 200, 30, 50_000
_ENDLESS = -1
_EMPTY = frozenset({r"\A", r"\z", r"\b", r"\B"})
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)\}")
_CODES = re.compile(r"\\x\{([0-9a-f]+)\}")
# One of each kind of sign, beside those that a pattern names and their neighbours.
_SAMPLES = frozenset("aZ5_ -.!\t\né€中\u0661\u2028😀")
_LAST_CODE = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)

Positions = tuple[int, ...]
Pair = tuple[int, int]
# With which positions a part begins and ends, and whether it may be empty.
Part = tuple[Positions, Positions, bool]
_NOTHING: Part = ((), (), True)


class _Exponential(Exception):
    """Two ways were found, or the pattern is too large to tell."""


def is_exponential(pattern: str) -> bool:
    """Say whether a pattern that is known here takes exponential time elsewhere, or may do so."""
    try:
        automaton = _Automaton(list(parts_of(pattern)))
    except _Exponential:
        return True
    return automaton.is_ambiguous


class _Automaton:
    """The positions of a pattern: which signs stand there, and what follows them."""

    def __init__(self, parts: Sequence[str]) -> None:
        self._parts = parts
        self._at = 0
        self._read = 0
        self._samples = frozenset(_samples(parts))
        self._signs: list[frozenset[str]] = []
        self._following: list[set[int]] = []
        self._choice(0)

    @property
    def is_ambiguous(self) -> bool:
        """Whether a text leads from a position back to it in two ways."""
        try:
            steps = dict(self._steps())
        except _Exponential:
            return True
        back: dict[Pair, set[Pair]] = {}
        for pair, nexts in steps.items():
            for other in nexts:
                back.setdefault(other, set()).add(pair)
        for place in range(len(self._signs)):
            same = (place, place)
            between = _reached(same, steps) & _reached(same, back)
            if any(one != other for one, other in between):
                return True
        return False

    def _steps(self) -> Iterator[tuple[Pair, set[Pair]]]:
        """Give, for each two positions that one text leads to, those that it may lead to next."""
        waiting = [(place, place) for place in range(len(self._signs))]
        known: set[Pair] = set(waiting)
        count = 0
        while waiting:
            one, other = waiting.pop()
            nexts, others = self._following[one], self._following[other]
            count += len(nexts) * len(others)
            if count > _MOST_STEPS:
                raise _Exponential
            found = {
                (min(pair), max(pair))
                for pair in product(nexts, others)
                if self._signs[pair[0]] & self._signs[pair[1]]
            }
            yield (one, other), found
            waiting += found - known
            known |= found

    def _choice(self, depth: int) -> Part:
        """Read parts until the end of a group, or of the pattern."""
        if depth > _MOST_DEPTH:
            raise _Exponential
        first, last, is_empty = self._sequence(depth)
        while self._next() == "|":
            self._at += 1
            other_first, other_last, may_be_empty = self._sequence(depth)
            first, last = first + other_first, last + other_last
            is_empty = is_empty or may_be_empty
        return first, last, is_empty

    def _sequence(self, depth: int) -> Part:
        read: Part = _NOTHING
        while self._next() not in {"", "|", ")"}:
            read = self._joined(read, self._repeated(depth))
        return read

    def _repeated(self, depth: int) -> Part:
        start = self._at
        part = self._one(depth)
        least, most = _times(self._next())
        self._at += (least, most) != (1, 1)
        after = self._at
        if most == _ENDLESS:
            first, last, is_empty = part
            self._join(last, first, is_loop=True)
            return first, last, is_empty or least == 0
        whole = (*part[:2], part[2] or least == 0) if most else _NOTHING
        if most > 1:
            # Once more, as the same again.
            self._at = start
            first, last, is_empty = self._one(depth)
            whole = self._joined(whole, (first, last, is_empty or least < most))
            self._at = after
        return whole

    def _one(self, depth: int) -> Part:
        text = self._next()
        self._at += 1
        self._read += 1
        if self._read > _MOST_READ:
            raise _Exponential
        if text == "(?:":
            part = self._choice(depth + 1)
            self._at += 1
            return part
        if text in _EMPTY:
            return _NOTHING
        if len(self._signs) == _MOST_POSITIONS:
            raise _Exponential
        self._signs.append(frozenset(filter(_program(text).fullmatch, self._samples)))
        self._following.append(set())
        place = (len(self._signs) - 1,)
        return place, place, False

    def _joined(self, before: Part, after: Part) -> Part:
        first, last, is_empty = before
        next_first, next_last, may_be_empty = after
        self._join(last, next_first)
        return (
            first + next_first if is_empty else first,
            last + next_last if may_be_empty else next_last,
            is_empty and may_be_empty,
        )

    def _join(self, before: Iterable[int], after: Iterable[int], *, is_loop: bool = False) -> None:
        for one, other in product(before, after):
            if is_loop and other in self._following[one]:
                raise _Exponential
            self._following[one].add(other)

    def _next(self) -> str:
        return self._parts[self._at] if self._at < len(self._parts) else ""


def _times(text: str) -> tuple[int, int]:
    """Give how often at least and at most a quantifier repeats; once where there is none."""
    known = {"*": (0, _ENDLESS), "+": (1, _ENDLESS), "?": (0, 1)}
    if text[:1] in known and text:
        return known[text[0]]
    counted = _COUNT.match(text)
    if counted is None:
        return 1, 1
    least = int(counted[1])
    most = int(counted[3]) if counted[3] else _ENDLESS if counted[2] else least
    return least, most if most < _MANY else _ENDLESS


def _reached(start: Pair, steps: Mapping[Pair, set[Pair]]) -> set[Pair]:
    """Give all pairs that a pair leads to."""
    found: set[Pair] = set()
    waiting = [start]
    while waiting:
        for pair in steps.get(waiting.pop(), ()):
            if pair not in found:
                found.add(pair)
                waiting.append(pair)
    return found


def _samples(parts: Iterable[str]) -> Iterator[str]:
    yield from _SAMPLES
    for code in {int(found, 16) for part in parts for found in _CODES.findall(part)}:
        for near in (code - 1, code, code + 1):
            if 0 <= near <= _LAST_CODE and near not in _SURROGATES:
                yield chr(near)


@cache
def _program(text: str) -> Any:
    return re2.compile(text)
