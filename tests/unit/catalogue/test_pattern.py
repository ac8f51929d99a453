"""Patterns of module schemas: those of ECMA-262, whatever Python's or RE2's own are."""

import re

import pytest

from portal.errors import PortalError, RuleBroken
from portal.rules.catalogue.data_schema import faults_of_schema
from portal.rules.modules.module_data import check_module_data
from portal.rules.pattern import UnknownPattern, compiled, is_found


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        # In Python `$` is before a last line feed too, `\d` any digit of any script.
        ("^a$", ["a"], ["a\n", "ba", "\na"]),
        (r"^\d+$", ["0123456789"], ["\u0661", "\uff11", "1\n", ""]),
        (r"^\D$", ["\u0661"], ["1"]),
        (r"^\w$", ["_"], ["\u00e9"]),
        (r"^\W$", ["\u00e9"], ["a"]),
        (r"^\s$", ["\u00a0", "\ufeff", "\u2003", "\v"], ["\u180e", "\x1c", "\x85", "a"]),
        (r"^\S$", ["\x1c", "\x85"], [" ", "\u3000"]),
        (r"^[\S\d]$", ["\x85", "1"], [" "]),
        (r"^[\D]$", ["a"], ["1"]),
        (r"^[^\W]$", ["a"], ["-"]),
        (".", ["a", "\x85", "\x0b"], ["\n", "\r", "\u2028", ""]),
        (
            r"^\u00e9\u{1F600}\uD83D\uDE00\x41\cJ\0$",
            ["\u00e9\U0001f600\U0001f600A\n\0"],
            ["\u00e9"],
        ),
        (r"^[a-f\u00e9-\u00ff\-.\]]+$", ["ace\u00e9-.]"], ["g", "\\"]),
        ("^[]$", [], ["", "a"]),
        ("^[^]$", ["a", "\n"], [""]),
        ("^[a-]$", ["a", "-"], ["b"]),
        ("^[-a]$", ["a", "-"], ["b"]),
        (r"^[\b]$", ["\b"], ["b"]),
        (r"\bcat\b", ["a cat", "\u00e9cat"], ["cats"]),
        (r"^(?:a|b){2,3}?(?<name>c)$", ["abc", "abac"], ["ac", "abbbc"]),
        (r"^\p{Lu}\P{Lu}\p{Script=Greek}$", ["\u00c9e\u03b1"], ["ee\u03b1"]),
        (r"^[\p{Ll}\P{L}]$", ["a", "1"], ["A"]),
        (r"^\/\.\*\+\?\(\)\[\]\{\}\|\^\$\\$", ["/.*+?()[]{}|^$\\"], ["/"]),
        (r"^\t\n\v\f\r$", ["\t\n\v\f\r"], [""]),
        ("^\\+[0-9]{6,15}$", ["+31301234567"], ["+31301234567\n", "31301234567"]),
        ("", ["", "a"], []),
        ("a", ["bab"], ["b"]),
        ("é", ["caf\u00e9"], ["cafe"]),
    ],
)
def test_a_pattern_is_that_of_ecma_262(pattern, found, not_found):
    assert [text for text in found if not is_found(pattern, text)] == []
    assert [text for text in not_found if is_found(pattern, text)] == []


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("a(?=b)", "(?=b"),
        ("a(?!b)", "(?!b"),
        ("(?<=a)b", "(?<="),
        ("(?i)a", "(?i)"),
        ("(?P<a>b)", "(?P<"),
        (r"(a)\1", "\\1"),
        (r"(?<a>b)\k<a>", "\\k<"),
        (r"\A", "\\A"),
        (r"a\Z", "\\Z"),
        (r"\Qa", "\\Qa"),
        (r"\a", "\\a"),
        (r"\-", "\\-"),
        (r"\01", "\\01"),
        (r"\u{110000}", "\\u{"),
        ("a{201}", "{201}"),
        ("a{1,201}", "{1,201}"),
        ("a{,2}", "{,2}"),
        ("a**", "*"),
        ("a++", "+"),
        ("*a", "*a"),
        ("^*", "*"),
        ("a}", "}"),
        ("a]", "]"),
        ("[b-a]", "[b-a"),
        (r"[\d-z]", r"[\d-z"),
        ("[a", "[a"),
        ("(a", "(a"),
        ("a)", "a)"),
        ("a\\", "\\"),
        (r"\p{Nothing}", r"\p{Nothing}"),
        (r"\pL", "\\pL"),
        ("(?:(?:a{200}){200})", "(?:(?:a{200}){200})"),
        (r"(?:\p{L}{200})", r"(?:\p{L}{200})"),
    ],
)
def test_what_is_not_known_of_a_pattern_is_named(pattern, part):
    with pytest.raises(UnknownPattern, match=f"^{re.escape(part)}$"):
        compiled(pattern)
    (fault,) = faults_of_schema({"properties": {"a": {"pattern": pattern}}})
    assert (fault.path, fault.values) == (
        ("properties", "a", "pattern"),
        {"pattern": pattern, "part": part},
    )
    (fault,) = faults_of_schema({"patternProperties": {pattern: {}}})
    assert fault.path == ("patternProperties",)
    with pytest.raises(RuleBroken, match="operator"):
        check_module_data({"a": "a"}, {"properties": {"a": {"pattern": pattern}}})


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(.*)*$b", "^(?:a?){200}a{200}$"])
def test_no_pattern_takes_more_than_linear_time(pattern):
    assert not is_found(pattern, "a" * 49_000 + "!\n")


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"type": "nothing"}, ("type",)),
        (
            {"properties": {"a": {"$ref": "https://example.org/a.json"}}},
            ("properties", "a", "$ref"),
        ),
        ({"$ref": "#/$defs/none"}, ("$ref",)),
        ({"allOf": [{"unevaluatedProperties": False}]}, ("allOf", "0", "unevaluatedProperties")),
    ],
)
def test_what_no_data_can_be_checked_by_is_named(schema, path):
    (fault,) = faults_of_schema(schema)
    assert fault.path == path
    assert isinstance(fault, PortalError)


def test_a_schema_that_is_known_has_no_fault():
    schema = {
        "$defs": {"number": {"pattern": r"^\d+$"}},
        "properties": {
            "pattern": {"$ref": "#/$defs/number"},
            "other": {"enum": ["a"], "const": {"pattern": "("}},
        },
        "patternProperties": {"^x-": {"type": "string"}},
        "additionalProperties": {"type": "integer"},
    }
    assert faults_of_schema(schema) == []
    check_module_data({"pattern": "12", "x-a": "b", "c": 1}, schema)
    for data, path in (
        ({"pattern": "\u0661"}, ("pattern",)),
        ({"x-a": 1}, ("x-a",)),
        ({"c": "x"}, ("c",)),
    ):
        with pytest.raises(PortalError) as caught:
            check_module_data(data, schema)
        assert [problem.path for problem in caught.value.problems] == [path]
