"""The data of a module is typed into controls that its own schema makes."""

import pytest

from portal.pages.data_controls import DataControls
from portal.pages.module_data import Kind, Part
from portal.pages.posted import Fault, Posted
from portal.viewer import Language

SCHEMA = {
    "type": "object",
    "$defs": {"day": {"type": "string", "format": "date"}},
    "properties": {
        "greetingText": {"type": "string", "maxLength": 500},
        "forwardTo": {
            "type": "string",
            "format": "telephone",
            "x-text": {
                "nl": {"title": "Doorschakelen naar", "message": "Met landnummer."},
                "en": {"title": "Forward to", "message": "With its country."},
            },
        },
        "lines": {"type": "integer"},
        "share": {"type": ["number", "null"]},
        "isOpen": {"type": "boolean"},
        "colour": {"enum": ["red", "blue", None]},
        "size": {"type": "integer", "enum": [1, 2]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "days": {"type": "array", "items": {"enum": ["mon", "tue"]}},
        "people": {
            "type": "array",
            "items": {"type": "object", "properties": {"born": {"$ref": "#/$defs/day"}}},
        },
        "hours": {"type": "object", "additionalProperties": {"type": "string"}},
        "home": {"type": "object", "properties": {"street": {"type": "string"}}},
    },
    "required": ["forwardTo"],
}
WHOLE = Part.of(SCHEMA, SCHEMA, "")
PARTS = {part.key: part for part in WHOLE.below}


def read(*pairs, language=Language.EN):
    posted = Posted.of(
        [("input.data", ""), *((f"input.data.{name}", v) for name, v in pairs)], language
    )
    value = DataControls(posted).value("input.data", WHOLE, None)
    posted.check_used()
    return value, posted


def test_what_a_part_is_follows_from_its_schema():
    assert {key: part.kind for key, part in PARTS.items()} == {
        "greetingText": Kind.LONG,
        "forwardTo": Kind.TEXT,
        "lines": Kind.NUMBER,
        "share": Kind.NUMBER,
        "isOpen": Kind.BOOLEAN,
        "colour": Kind.CHOICE,
        "size": Kind.CHOICE,
        "tags": Kind.LIST,
        "days": Kind.SEVERAL,
        "people": Kind.ITEMS,
        "hours": Kind.ENTRIES,
        "home": Kind.OBJECT,
    }
    assert PARTS["forwardTo"].is_required
    assert not PARTS["lines"].is_required
    (born,) = PARTS["people"].item.below
    assert born.input == "date"


@pytest.mark.parametrize(
    ("key", "language", "title", "hint"),
    [
        ("forwardTo", Language.NL, "Doorschakelen naar", "Met landnummer."),
        ("forwardTo", Language.DE, "Forward to", "With its country."),
        ("greetingText", Language.NL, "Greeting text", ""),
    ],
)
def test_a_part_has_the_words_of_the_operator(key, language, title, hint):
    part = PARTS[key]
    assert (part.title(language), part.hint(language)) == (title, hint)


def test_controls_become_data():
    value, posted = read(
        ("greetingText", "Hello\r\nthere"),
        ("forwardTo", ""),
        ("lines", "2"),
        ("share", "0.5"),
        ("isOpen", "false"),
        ("isOpen", "true"),
        ("colour", "blue"),
        ("size", "2"),
        ("tags", "a"),
        ("tags", ""),
        ("days", ""),
        ("people", ""),
        ("people.3.born", "2000-01-02"),
        ("hours.0.name", "mon"),
        ("hours.0.value", "09:00-17:00"),
        ("home.street", "x"),
    )
    assert posted.faults == []
    assert value == {
        "greetingText": "Hello\nthere",
        "lines": 2,
        "share": 0.5,
        "isOpen": True,
        "colour": "blue",
        "size": 2,
        "tags": ["a"],
        "days": [],
        "people": [{"born": "2000-01-02"}],
        "hours": {"mon": "09:00-17:00"},
        "home": {"street": "x"},
    }


def test_no_data_are_data_too():
    assert read()[0] == {}


def test_a_problem_with_an_entry_is_one_with_its_control():
    _, posted = read(("hours.0.name", "mon"), ("hours.0.value", "never"))
    path = ["input", "data", "hours", "mon"]
    posted.note_problems([{"path": path, "message": "No.", "code": "INVALID_INPUT"}])
    assert posted.faults == [Fault("input.data.hours.0.value", "No.")]


@pytest.mark.parametrize(
    ("pair", "fault"),
    [
        (("lines", "two"), Fault("input.data.lines", "This is not a whole number.")),
        (("share", "half"), Fault("input.data.share", "This is not a number.")),
        (
            ("nothing", "x"),
            Fault(
                "",
                "This form is of another version of the page. Load the page again.",
                "BAD_REQUEST",
            ),
        ),
    ],
)
def test_what_cannot_be_of_its_type_is_a_fault(pair, fault):
    assert read(pair)[1].faults == [fault]
