"""What a form sends becomes variables by the types of the schema."""

import pytest
from graphql import build_schema, get_operation_ast, parse

from portal.pages.posted import Posted
from portal.pages.variables import Variables
from portal.viewer import Language

SCHEMA = build_schema("""
    scalar Date
    scalar DateTime
    scalar Decimal
    enum Colour { RED BLUE }
    input Place { street: String!, number: Int! }
    input Thing {
      id: ID!
      name: String
      price: Decimal
      count: Int
      size: Int! = 1
      isOpen: Boolean
      day: Date
      at: DateTime
      colour: Colour
      tags: [String!]
      home: Place
      places: [Place!]
    }
    type Query { thing: String }
    type Mutation { save(input: Thing!): String }
""")
SAVE = get_operation_ast(parse("mutation ($input: Thing!) { save(input: $input) }"))


def read(language=Language.EN, /, **controls):
    pairs = [
        (f"input.{name.replace('__', '.')}", one)
        for name, value in controls.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    posted = Posted.of([("input.id", "x"), *pairs], language)
    variables = Variables(SCHEMA, posted).of(SAVE)
    posted.check_used()
    found = variables["input"]
    assert found.pop("id") == "x"
    return found, [(fault.name.removeprefix("input."), fault.message) for fault in posted.faults]


@pytest.mark.parametrize(
    ("controls", "variables"),
    [
        ({}, {}),
        ({"name": " Anna "}, {"name": "Anna"}),
        ({"name": ""}, {"name": None}),
        ({"count": "12"}, {"count": 12}),
        ({"size": ""}, {}),
        ({"isOpen": ["false", "true"]}, {"isOpen": True}),
        ({"isOpen": ["false"]}, {"isOpen": False}),
        ({"day": "2027-02-28"}, {"day": "2027-02-28"}),
        ({"at": "2027-07-01T12:30"}, {"at": "2027-07-01T12:30:00+02:00"}),
        ({"colour": "RED"}, {"colour": "RED"}),
        ({"tags": ["a", " ", "b "]}, {"tags": ["a", "b"]}),
        ({"tags": [""]}, {"tags": []}),
        ({"home": "none", "home__street": "x"}, {"home": None}),
        (
            {"home": "given", "home__street": "x", "home__number": "3"},
            {"home": {"street": "x", "number": 3}},
        ),
        ({"places": ""}, {"places": []}),
        (
            {"places__2__street": "y", "places__2__number": "7", "places__0__street": " "},
            {"places": [{"street": "y", "number": 7}]},
        ),
    ],
    ids=str,
)
def test_controls_become_variables(controls, variables):
    assert read(**controls) == (variables, [])


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        (Language.NL, "1.234,50", "1234.50"),
        (Language.DE, "0,125", "0.125"),
        (Language.EN, "1,234.5", "1234.5"),
    ],
)
def test_a_number_is_read_as_its_reader_writes_it(language, typed, number):
    assert read(language, price=typed) == ({"price": number}, [])


@pytest.mark.parametrize(
    ("controls", "fault"),
    [
        ({"count": "1.5"}, ("count", "This is not a whole number.")),
        ({"price": "1.2.3"}, ("price", "This is not a number.")),
        ({"day": "31-12-2026"}, ("day", "This is not a date.")),
        ({"colour": "GREEN"}, ("colour", "Choose one of the options.")),
        (
            {"home": "given", "home__street": "x", "home__number": ""},
            ("home.number", "This is not a whole number."),
        ),
        (
            {"nothing": "1"},
            ("", UNKNOWN := "This form is of another version of the page. Load the page again."),
        ),
        ({"home__nothing": "1"}, ("", UNKNOWN)),
    ],
    ids=str,
)
def test_what_cannot_be_of_its_type_is_a_fault_of_its_control(controls, fault):
    assert read(**controls)[1][-1] == fault


def test_text_that_is_missing_is_for_the_mutation_to_say():
    assert read(home="given", home__street="", home__number="1")[0]["home"]["street"] == ""


def test_what_is_not_typed_into_a_list_of_objects_leaves_no_gap():
    posted = Posted.of(
        [
            ("input.id", "x"),
            ("input.places.0.street", ""),
            ("input.places.1.street", "y"),
            ("input.places.1.number", "2"),
        ],
        Language.EN,
    )
    Variables(SCHEMA, posted).of(SAVE)
    assert posted.values["input.places.0.street"] == ["y"]


def test_an_item_is_taken_out_of_a_list():
    posted = Posted.of(
        [("input.tags", "a"), ("input.tags", "b"), ("input.places.0.street", "x")], Language.EN
    )
    posted.remove("input.tags.0")
    posted.remove("input.places.0")
    posted.remove("input.places.x")
    assert posted.values == {"input.tags": ["b"]}
