"""Drawings: where things stand in a picture, in per cent, so that letters keep their size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

_EARLIER: Final = "EARLIER"
_OPEN: Final = timedelta(days=120)
# The part of a picture that is left to what is over, and about which a label is wide.
_MARGIN: Final = 0.12
_LABEL: Final = 19.0
_LEFT, _RIGHT = 12, 88
# Where the labels of marks stand: above the bar, or below it, in two rows each.
_ABOVE: Final = ((36, 40), (18, 22))
_BELOW: Final = ((88, 72), (108, 92))
_ON_TOP: Final = frozenset({"FIRST_DAY", "TODAY", "LAST_DAY", "TARIFF_CHANGE"})
_BAR: Final = (42, 70)
# What is left below the lowest label, and the height of a picture without any below the bar.
_FOOT, _LOW = 8, 74
_TWO: Final = 2
# Whose the histories of the operator are, which name no role.
_OWN: Final = "MANAGER"


@dataclass(frozen=True, slots=True)
class DrawnSpan:
    """A part of the bar: where it begins, and how wide it is."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A line across the bar with its label, and on which side of the line that stands."""

    kind: str
    x: float
    top: int
    bottom: int
    label: int
    anchor: str


@dataclass(frozen=True, slots=True)
class DrawnTimeline:
    """A time line as it is drawn."""

    spans: Sequence[DrawnSpan]
    marks: Sequence[DrawnMark]

    @property
    def height(self) -> int:
        """Give the pixels that it needs: below the bar too, where a label stands there."""
        return max(_LOW, *(mark.label + _FOOT for mark in self.marks))


@dataclass(frozen=True, slots=True)
class _Scale:
    """The days between which a picture is drawn."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """Give the place of a day, within the picture."""
        share = (day - self.first) / (self.last - self.first)
        return round(100 * min(1.0, max(0.0, share)), 2)


def drawn_timeline(line: Mapping[str, Any]) -> DrawnTimeline:
    """Draw what the API answers as the time line of a module."""
    scale = _scale(line)
    spans = []
    for one in line["spans"]:
        x = scale.x(_day(one["startsOn"]))
        end = scale.last if one["endsOn"] is None else _day(one["endsOn"]) + timedelta(days=1)
        spans.append(DrawnSpan(one["kind"], x, round(scale.x(end) - x, 2)))
    return DrawnTimeline(spans, _marks(line["marks"], scale))


@dataclass(frozen=True, slots=True)
class DrawnHistory:
    """A line with a point for each entry, and the instants at its ends, the earlier one first."""

    points: Sequence[tuple[float, str]]
    first: str
    last: str


def drawn_history(entries: Sequence[Mapping[str, Any]]) -> DrawnHistory | None:
    """Draw when each entry was made, and by whom; None where all were made at once."""
    made = [(datetime.fromisoformat(one["at"]), one) for one in entries]
    if len({at for at, _ in made}) < _TWO:
        return None
    made.sort(key=lambda one: one[0])
    (begin, first), (end, last) = made[0], made[-1]
    points = [
        (round(100 * ((at - begin) / (end - begin)), 2), one.get("actorRole", _OWN))
        for at, one in made
    ]
    return DrawnHistory(points, first["at"], last["at"])


def _scale(line: Mapping[str, Any]) -> _Scale:
    """Show what is to come at large, and of what is over the end."""
    spans, marks = line["spans"], line["marks"]
    shown = [one for one in spans if one["kind"] != _EARLIER] or spans
    days = [_day(one["day"]) for one in marks]
    ends = [_day(one["endsOn"]) for one in shown if one["endsOn"]]
    today = next(_day(one["day"]) for one in marks if one["kind"] == "TODAY")
    last = max(*days, *ends, today)
    first = min(_day(shown[0]["startsOn"]), today)
    length = max(last - first, timedelta(days=30))
    if shown[0] is not spans[0]:
        first -= length * _MARGIN
    if any(one["endsOn"] is None for one in spans):
        last += max(_OPEN, length * _MARGIN)
    return _Scale(first, max(last, first + length))


def _marks(marks: Sequence[Mapping[str, Any]], scale: _Scale) -> list[DrawnMark]:
    """Place each label on the first row on which there is room for it."""
    taken: dict[int, float] = {}
    drawn = []
    for one in marks:
        x = scale.x(_day(one["day"]))
        anchor = "start" if x < _LEFT else "end" if x > _RIGHT else "middle"
        left = {"start": x, "middle": x - _LABEL / 2, "end": x - _LABEL}[anchor]
        rows = _ABOVE if one["kind"] in _ON_TOP else _BELOW
        label, line_end = next((row for row in rows if taken.get(row[0], 0.0) <= left), rows[-1])
        taken[label] = left + _LABEL
        top, bottom = (line_end, _BAR[1]) if rows is _ABOVE else (_BAR[0], line_end)
        drawn.append(DrawnMark(one["kind"], x, top, bottom, label, anchor))
    return drawn


def _day(text: str) -> date:
    return date.fromisoformat(text)
