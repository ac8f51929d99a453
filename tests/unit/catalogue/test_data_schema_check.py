"""What a manager may ask of the data of a module."""

import json

import pytest

from portal.demo.catalogue.modules import MODULES
from portal.errors import PortalError
from portal.rules.catalogue.data_schema_check import check_data_schema
from portal.rules.modules.module_data import data_faults
from tests.saying import sentence

TEXTS = {language: {"title": language, "message": "?"} for language in ("nl", "en", "de")}
OWN = "A schema refers to parts of itself alone."
HANGS = "Browsers may take exponential time for the pattern "


@pytest.mark.parametrize("key", sorted(MODULES))
def test_the_schemas_of_the_demo_are_good(key):
    schema = MODULES[key][-1]
    assert check_data_schema(schema) is schema


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"},
        {"x-text": TEXTS},
        {"x-text": {language: {"title": "A"} for language in TEXTS}},
        # Names of data, not keywords.
        {"properties": {"$id": {}, "x-text": {}, "unevaluatedProperties": {}, "default": {}}},
        {"const": {"$ref": "https://a.example/b.json", "pattern": "("}, "enum": [{"$id": "a"}]},
        {
            "$defs": {"a": {"pattern": "^a+$"}, "b": True},
            "properties": {"c": {"$ref": "#/$defs/a"}},
        },
        {"$defs": {"b": True}, "anyOf": [{"$ref": "#/$defs/b"}, {"$ref": "#/$defs/b"}]},
        {"properties": {"a": {"pattern": "^[a-z]+(-[a-z]+)*$"}}},
        {"title": "a\\u0000"},
    ],
    ids=json.dumps,
)
def test_a_schema_that_is_known_is_taken(schema):
    assert check_data_schema(schema) is schema


def deep(levels):
    schema = {}
    for _ in range(levels):
        schema = {"not": schema}
    return schema


DOUBLED = {
    "$defs": {
        "a": {},
        **{
            after: {"allOf": [{"$ref": f"#/$defs/{before}"}] * 2}
            for before, after in zip("abcdefghijkl", "bcdefghijklm", strict=True)
        },
    },
    "$ref": "#/$defs/m",
}


@pytest.mark.parametrize(
    ("schema", "path", "message"),
    [
        (None, "", "Must be an object."),
        ([], "", "Must be an object."),
        ({"title": "x" * (1 << 16)}, "", "May have 65,536 bytes at most."),
        ({"title": "é" * (1 << 15)}, "", "May have 65,536 bytes at most."),
        (deep(40), "", "May be 40 levels deep at most."),
        ({"type": "no"}, "type", "This is no JSON Schema of draft 2020-12."),
        (
            {"$schema": "http://json-schema.org/draft-07/schema#"},
            "$schema",
            "This is no JSON Schema of draft 2020-12.",
        ),
        ({"not": {"$id": "https://a.example/"}}, "not.$id", "$id is not known here."),
        ({"unevaluatedItems": False}, "unevaluatedItems", "unevaluatedItems is not known here."),
        ({"items": {"$ref": "https://a.example/b"}}, "items.$ref", OWN),
        ({"items": {"$dynamicRef": "#no"}}, "items.$dynamicRef", OWN),
        # Into what is data, where no pattern is looked at.
        ({"x-parts": {"a": {"pattern": "("}}, "$ref": "#/x-parts/a"}, "$ref", OWN),
        ({"properties": {"default": {"pattern": "("}}}, "properties.default.pattern", None),
        ({"$ref": "#"}, "", "A part of a schema must not hold itself: #"),
        (
            {"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}},
            "",
            "A part of a schema must not hold itself: #/$defs/a",
        ),
        (DOUBLED, "", "May have 2,000 parts at most, references followed."),
        ({"\0": {}}, "", "Must be text without control characters."),
        ({"anyOf": [{"title": "a\0"}]}, "", "Must be text without control characters."),
        ({"x-text": "A"}, "x-text", "Must have nl, en and de."),
        ({"x-text": {"nl": {"title": "A"}}}, "x-text", "Must have nl, en and de."),
        (
            {"x-text": TEXTS | {"de": {"title": "A"}}},
            "x-text",
            "Must have a title, a message or both, in each language.",
        ),
        (
            {"x-text": dict.fromkeys(TEXTS, "A")},
            "x-text",
            "Must have a title, a message or both, in each language.",
        ),
        (
            {"x-text": {language: {"titel": "A"} for language in TEXTS}},
            "x-text",
            "Must have a title, a message or both, in each language.",
        ),
        (
            {"x-text": TEXTS | {"de": {"title": " ", "message": "?"}}},
            "x-text.de.title",
            "Must have 1 to 200 characters.",
        ),
        (
            {"x-text": TEXTS | {"de": {"title": "A", "message": 1}}},
            "x-text.de.message",
            "Must have 1 to 200 characters.",
        ),
        ({"items": {"pattern": "^(a+)+$"}}, "items.pattern", f"{HANGS}^(a+)+$"),
        (
            {"patternProperties": {"^(a|a)*$": {}}},
            "patternProperties",
            f"{HANGS}^(a|a)*$",
        ),
        (
            {"patternProperties": {f"a{number}": {} for number in range(101)}},
            "",
            "May have 100 patterns at most.",
        ),
    ],
    ids=lambda one: json.dumps(one)[:60],
)
def test_what_is_wrong_with_a_schema_is_named(schema, path, message):
    with pytest.raises(PortalError) as refused:
        check_data_schema(schema)
    (fault,) = refused.value.problems
    assert ".".join(fault.path) == path
    assert message in {None, sentence(fault)}


def test_the_faults_of_data_are_given_to_whoever_does_not_change_it():
    schema = {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    assert data_faults({"a": "b"}, schema) == ()
    assert [fault.path for fault in data_faults({}, schema)] == [("a",)]
