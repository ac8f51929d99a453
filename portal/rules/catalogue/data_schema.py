"""JSON Schemas of module data (draft 2020-12): what reads them, and what of one is unknown."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, SchemaError, ValidationError, validators
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from portal.errors import InvalidInput, PortalError
from portal.rules.pattern import UnknownPattern, compiled, is_found

# What stands below these is data, and no schema.
_DATA = frozenset({"const", "default", "enum", "examples"})


def unknown_properties(instance: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    """Give the fields of an object of which its schema says nothing."""
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in instance:
        if name not in known and not any(is_found(pattern, name) for pattern in patterns):
            yield name


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not is_found(pattern, instance):
        yield ValidationError("")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, _: Any
) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for pattern, below in patterns.items():
            for name, value in instance.items():
                if is_found(pattern, name):
                    yield from validator.descend(value, below, path=name, schema_path=pattern)


def _additional_properties(
    validator: Any, below: Any, instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    unknown = list(unknown_properties(instance, schema))
    if isinstance(below, dict):
        for name in unknown:
            yield from validator.descend(instance[name], below, path=name)
    elif not below and unknown:
        yield ValidationError("")


# Patterns are those of ECMA-262, which Python's own are not.
Validator: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
    },
)


def faults_of_schema(schema: Mapping[str, Any]) -> list[PortalError]:
    """Name what of a schema is wrong or not known here; no data can be checked by that."""
    try:
        Draft202012Validator.check_schema(schema, FormatChecker(formats=()))
    except SchemaError as error:
        path = tuple(map(str, error.absolute_path))
        return [InvalidInput("This is no JSON Schema of draft 2020-12.", path=path)]
    resource = DRAFT202012.create_resource(schema)
    resolver = Registry().with_resource("", resource).resolver("")
    return list(_faults(schema, (), resolver))


def _faults(schema: Any, path: tuple[str, ...], resolver: Any) -> Iterator[PortalError]:
    if isinstance(schema, list):
        for index, part in enumerate(schema):
            yield from _faults(part, (*path, str(index)), resolver)
    if not isinstance(schema, dict):
        return
    patterns = schema.get("patternProperties")
    if isinstance(patterns, dict):
        yield from _of_patterns(patterns, (*path, "patternProperties"))
    for keyword, value in schema.items():
        here = (*path, keyword)
        if keyword == "pattern" and isinstance(value, str):
            yield from _of_patterns([value], here)
        elif keyword in {"$ref", "$dynamicRef"} and isinstance(value, str):
            yield from _of_reference(value, here, resolver)
        elif keyword == "unevaluatedProperties" and not isinstance(value, str):
            yield InvalidInput("{keyword} is not known here.", path=here, keyword=keyword)
        elif keyword not in _DATA:
            yield from _faults(value, here, resolver)


def _of_patterns(patterns: Any, path: tuple[str, ...]) -> Iterator[PortalError]:
    for pattern in patterns:
        try:
            compiled(pattern)
        except UnknownPattern as unknown:
            yield InvalidInput(
                "The pattern {pattern} has a part that is not known here: {part}",
                path=path,
                pattern=pattern,
                part=str(unknown),
            )


def _of_reference(reference: str, path: tuple[str, ...], resolver: Any) -> Iterator[PortalError]:
    try:
        resolver.lookup(reference)
    except Unresolvable:
        yield InvalidInput("A schema refers to parts of itself alone.", path=path)
