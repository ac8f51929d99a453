"""A time line is drawn in per cent of its width, and its labels keep out of each other's way."""

import pytest

from portal.pages.drawing import drawn_history, drawn_timeline


def span(kind, starts_on, ends_on=None):
    return {"kind": kind, "startsOn": starts_on, "endsOn": ends_on}


def mark(kind, day):
    return {"kind": kind, "day": day}


def test_spans_stand_one_after_another_from_the_first_day_to_the_last():
    drawn = drawn_timeline(
        {
            "spans": [
                span("INITIAL_TERM", "2024-01-01", "2024-12-31"),
                span("RENEWAL_TERM", "2025-01-01", "2025-12-31"),
            ],
            "marks": [
                mark("FIRST_DAY", "2024-01-01"),
                mark("TODAY", "2024-07-01"),
                mark("POSSIBLE_LAST_DAY", "2025-12-31"),
            ],
        }
    )
    first, second = drawn.spans
    assert (first.kind, first.x, second.kind) == ("INITIAL_TERM", 0.0, "RENEWAL_TERM")
    assert first.width == pytest.approx(second.x, abs=0.01)
    assert second.x + second.width == pytest.approx(100, abs=0.01)
    assert [(one.kind, one.anchor) for one in drawn.marks] == [
        ("FIRST_DAY", "start"),
        ("TODAY", "middle"),
        ("POSSIBLE_LAST_DAY", "end"),
    ]


def test_what_is_over_takes_little_room_and_what_is_open_goes_to_the_edge():
    drawn = drawn_timeline(
        {
            "spans": [
                span("EARLIER", "2010-01-01", "2024-12-31"),
                span("OPEN_ENDED", "2025-01-01"),
            ],
            "marks": [mark("FIRST_DAY", "2010-01-01"), mark("TODAY", "2025-06-01")],
        }
    )
    earlier, open_ended = drawn.spans
    assert (earlier.x, earlier.width < 12) == (0.0, True)
    assert open_ended.x + open_ended.width == pytest.approx(100, abs=0.01)


def test_labels_that_would_meet_stand_in_two_rows():
    line = {
        "spans": [span("INITIAL_TERM", "2024-01-01", "2024-12-31")],
        "marks": [mark("TODAY", "2024-06-01"), mark("TARIFF_CHANGE", "2024-06-10")],
    }
    today, change = drawn_timeline(line).marks
    assert today.label != change.label
    assert drawn_timeline(line).height == 74
    assert today.bottom == change.bottom


def test_a_day_alone_is_drawn_too():
    line = {
        "spans": [span("EARLIER", "2024-01-15", "2024-01-15")],
        "marks": [mark("FIRST_DAY", "2024-01-15"), mark("TODAY", "2024-01-15")],
    }
    (only,) = drawn_timeline(line).spans
    assert 0 < only.width < 5


def test_a_history_is_drawn_from_its_first_entry_to_its_last():
    entries = [
        {"at": "2025-03-14T12:00:00Z", "actorRole": "MANAGER"},
        {"at": "2025-03-10T12:00:00Z", "actorRole": "CUSTOMER"},
        {"at": "2025-03-13T12:00:00Z", "actorRole": "ANONYMOUS"},
    ]
    drawn = drawn_history(entries)
    assert drawn.points == [(0, "CUSTOMER"), (75, "ANONYMOUS"), (100, "MANAGER")]
    assert (drawn.first, drawn.last) == ("2025-03-10T12:00:00Z", "2025-03-14T12:00:00Z")


def test_entries_of_one_instant_make_no_line():
    entry = {"at": "2025-03-14T12:00:00Z", "actorRole": "MANAGER"}
    assert drawn_history([entry, entry]) is None
    assert drawn_history([]) is None
