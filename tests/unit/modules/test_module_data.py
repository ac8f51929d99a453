"""The data of a module: what none may be, and what its schema says, each fault with its path."""

import pytest

from portal.errors import InvalidInput, PortalError, RuleBroken
from portal.language.messages import translate
from portal.rules.modules.module_data import MOST_BYTES, check_module_data
from portal.viewer import Language


def faults(data, schema=None):
    """Give what is wrong with data: paths and sentences, or nothing."""
    try:
        check_module_data(data, schema or {})
    except PortalError as error:
        return [
            (".".join(fault.path), fault.message.format(**fault.values)) for fault in error.problems
        ]
    return []


def fault(value, **schema):
    """Give the sentence about a single value."""
    ((path, message),) = faults({"value": value}, {"properties": {"value": schema}})
    assert path == "value"
    return message


def nested(levels):
    """Give data so many levels deep."""
    data = {}
    for _ in range(levels):
        data = {"a": data}
    return data


@pytest.mark.parametrize(
    ("value", "schema", "message"),
    [
        (5, {"type": "string"}, "Must be text."),
        ("5", {"type": "number"}, "Must be a number."),
        (1.5, {"type": "integer"}, "Must be a whole number."),
        (True, {"type": "integer"}, "Must be a whole number."),
        (1, {"type": "boolean"}, "Must be true or false."),
        ([], {"type": "object"}, "Must be an object."),
        ({}, {"type": "array"}, "Must be a list."),
        (0, {"type": "null"}, "Must be null."),
        (True, {"type": ["string", "null"]}, "Must be one of: string, null."),
        ("c", {"enum": ["a", 1, None]}, "Must be one of: a, 1, null."),
        ("c", {"const": "d"}, "Must be d."),
        (1, {"const": False}, "Must be false."),
        (5, {"maximum": 4.5}, "Must be 4.5 at most."),
        (5, {"exclusiveMaximum": 5}, "Must be below 5."),
        (5, {"minimum": 6}, "Must be 6 at least."),
        (5, {"exclusiveMinimum": 5}, "Must be above 5."),
        (5, {"multipleOf": 2}, "Must be a multiple of 2."),
        ("abc", {"maxLength": 2}, "May have 2 characters at most."),
        ("abc", {"minLength": 4}, "Must have 4 characters at least."),
        ("abc", {"pattern": "^[0-9]{2}$"}, "Must have the form that is asked for here."),
        (
            "abc",
            {"pattern": "^[0-9]{2}$", "format": "telephone"},
            "Must be a telephone number, for example +31201234567.",
        ),
        ([1, 2], {"maxItems": 1}, "May have 1 entries at most."),
        ([1, 2], {"minItems": 3}, "Must have 3 entries at least."),
        ([1, 1], {"uniqueItems": True}, "Must not have the same entry twice."),
        ({"a": 1}, {"maxProperties": 0}, "May have 0 fields at most."),
        ({"a": 1}, {"minProperties": 2}, "Must have 2 fields at least."),
        ("a", {"not": {}}, "Does not fit the schema of the module: not."),
        ("a", {"anyOf": [{"type": "null"}]}, "Does not fit the schema of the module: anyOf."),
    ],
)
def test_each_usual_keyword_has_its_sentence(value, schema, message):
    assert fault(value, **schema) == message


def test_each_fault_has_its_full_path():
    schema = {
        "properties": {
            "hours": {
                "properties": {"mon": {"type": "string"}},
                "patternProperties": {"^x-": {"type": "integer"}},
                "required": ["mon", "tue", "wed"],
                "additionalProperties": False,
            },
            "numbers": {"items": {"type": "integer"}},
        },
        "additionalProperties": {"type": "null"},
    }
    data = {
        "hours": {"mon": 8, "x-a": "b", "sun": 1, "sat": 2},
        "numbers": [1, "2", 3, None],
        "other": 1,
    }
    assert faults(data, schema) == [
        ("hours.mon", "Must be text."),
        ("hours.sat", "Is not known here."),
        ("hours.sun", "Is not known here."),
        ("hours.tue", "Is required."),
        ("hours.wed", "Is required."),
        ("hours.x-a", "Must be a whole number."),
        ("numbers.1", "Must be a whole number."),
        ("numbers.3", "Must be a whole number."),
        ("other", "Must be null."),
    ]
    good = {"hours": {"mon": "8", "tue": 1, "wed": 2}, "numbers": []}
    assert faults(good, schema | {"additionalProperties": True}) == [
        ("hours.tue", "Is not known here."),
        ("hours.wed", "Is not known here."),
    ]


@pytest.mark.parametrize("after", [[1], {"c": 1}, [{"c": []}]])
def test_what_stands_beside_a_list_is_looked_at_too(after):
    told = [("a", "Must be text without control characters.")]
    assert faults({"a": "\0", "b": after}) == told


def test_what_is_required_need_not_be_described():
    assert faults({}, {"required": ["a"]}) == [("a", "Is required.")]


def test_a_hundred_faults_are_told_at_most():
    schema = {"additionalProperties": {"type": "null"}}
    assert len(faults({str(number): 1 for number in range(500)}, schema)) == 100


@pytest.mark.parametrize("data", [None, "x", 5, True, [], [{}]])
def test_data_is_an_object(data):
    assert faults(data) == [("", "Must be an object.")]


def test_ten_levels_are_enough():
    assert faults(nested(10)) == []
    for levels in (11, 100, 100_000):
        assert faults(nested(levels)) == [("", "May be 10 levels deep at most.")]
    assert faults({"a": [[[[[[[[[[[]]]]]]]]]]]}) == [("", "May be 10 levels deep at most.")]


def test_fifty_thousand_bytes_are_enough():
    assert faults({"a": "x" * (MOST_BYTES - 7)}) == []
    too_many = [("", "May have 50000 bytes at most.")]
    assert faults({"a": "x" * (MOST_BYTES - 5)}) == too_many
    assert faults({"a": "ü" * (MOST_BYTES // 2)}) == too_many
    assert faults({"x" * MOST_BYTES: 1}) == too_many
    assert faults({"a": [1] * MOST_BYTES}) == too_many


def test_what_is_too_large_never_meets_the_schema():
    """A pattern that backtracks would take years for such a text; the size is asked first."""
    schema = {"properties": {"a": {"pattern": "^(x+x+)+y$"}}}
    assert faults({"a": "x" * 1_000_000}, schema) == [("", "May have 50000 bytes at most.")]


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        ({"a": {"b": "x\0"}}, "a.b", "Must be text without control characters."),
        ({"a": ["\ud800"]}, "a.0", "Must be text without control characters."),
        ({"a": {"\0": 1}}, "a", "Must be text without control characters."),
        ({"a": 2**63}, "a", "Must be a number of 64 bits."),
        ({"a": -(2**63) - 1}, "a", "Must be a number of 64 bits."),
        ({"a": [float("inf")]}, "a.0", "Must be a number of 64 bits."),
        ({"a": float("nan")}, "a", "Must be a number of 64 bits."),
    ],
)
def test_what_no_database_keeps(data, path, message):
    assert faults(data) == [(path, message)]


def test_what_a_database_keeps():
    assert faults({"a": [2**63 - 1, -(2**63), 1e300, True, None, "\n\x07"]}) == []


def test_a_schema_leads_nowhere_else():
    schema = {"$defs": {"day": {"type": "string"}}, "additionalProperties": {"$ref": "#/$defs/day"}}
    assert faults({"mon": 1}, schema) == [("mon", "Must be text.")]
    with pytest.raises(RuleBroken, match="operator"):
        check_module_data({}, {"$ref": "https://example.org/schema.json"})


def test_every_fault_is_one_of_input():
    with pytest.raises(PortalError) as told:
        check_module_data({"a": 1}, {"additionalProperties": False})
    assert [type(one) for one in told.value.problems] == [InvalidInput]


@pytest.mark.parametrize(
    ("language", "told"),
    [(Language.NL, "Zoals 12."), (Language.EN, "Like 12."), (Language.DE, "Like 12.")],
)
@pytest.mark.parametrize("wrong", ["abc", 5])
def test_a_schema_says_itself_what_is_wrong(language, told, wrong):
    texts = {"nl": {"title": "Getal", "message": "Zoals 12."}, "en": {"message": "Like 12."}}
    schema = {"type": "string", "pattern": "^[0-9]{2}$", "x-text": texts}
    with pytest.raises(PortalError) as refused:
        check_module_data({"a": wrong}, {"properties": {"a": schema}})
    (fault,) = refused.value.problems
    assert fault.path == ("a",)
    assert translate(fault.message, language, **fault.values) == told


def test_a_field_is_called_by_its_title():
    titles = {"nl": {"title": "Doorschakelen naar"}, "de": {"title": "Weiterleiten an"}}
    schema = {
        "properties": {
            "a": {"type": "string", "pattern": "^[0-9]$", "x-text": titles},
            "b": {"x-text": titles},
            "c": {"maxLength": 1, "x-text": {"nl": {"title": "Groet"}}},
            "d": {"enum": [1], "x-text": {"nl": {"title": "Keuze", "message": "Kies 1."}}},
        },
        "required": ["b", "e"],
    }
    with pytest.raises(PortalError) as refused:
        check_module_data({"a": "x", "c": "yz", "d": 2}, schema)
    assert {
        ".".join(fault.path): translate(fault.message, Language.NL, **fault.values)
        for fault in refused.value.problems
    } == {
        "a": "Doorschakelen naar: Heeft niet de vorm die hier wordt gevraagd.",
        "b": "Doorschakelen naar is verplicht.",
        "c": "Groet: Mag hoogstens 1 tekens hebben.",
        "d": "Kies 1.",
        "e": "Is verplicht.",
    }


@pytest.mark.parametrize("texts", [None, 5, {}, {"nl": None}, {"nl": {"message": 7}}])
def test_texts_that_say_nothing_are_passed_over(texts):
    schema = {"pattern": "^[0-9]{2}$", "x-text": texts}
    assert fault("abc", **schema) == "Must have the form that is asked for here."


def test_what_is_no_object_is_asked_nothing_about_fields():
    schema = {
        "properties": {
            "value": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "patternProperties": {"^a": {"type": "string"}},
            }
        }
    }
    assert faults({"value": 5}, schema) == [("value", "Must be an object.")]
    assert faults({"value": {"a": 5, "b": 5}}, schema) == [
        ("value.a", "Must be text."),
        ("value.b", "Must be text."),
    ]
