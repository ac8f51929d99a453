"""JSON Schemas of module data (draft 2020-12): what reads them, and what of one is unknown."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, FormatChecker, SchemaError, ValidationError, validators
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from portal.errors import InvalidInput, PortalError
from portal.rules.pattern import UnknownPattern, compiled, is_found

# Under which keywords schemas stand: by name, in a list, and alone.
_BY_NAME = frozenset(
    {"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"}
)
_LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset(
    {"additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"}
)
REFERENCES = ("$ref", "$dynamicRef")
# A base of its own would let references lead elsewhere.
_UNKNOWN = frozenset({"$id", "unevaluatedItems", "unevaluatedProperties"})


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
    parts = list(parts_of(schema))
    known = _Known(resolver_of(schema), frozenset(id(part) for part, _ in parts))
    return [fault for part, path in parts for fault in _faults(part, path, known)]


def resolver_of(schema: Mapping[str, Any]) -> Any:
    """Give what looks up references in a schema, without a way to fetch anything."""
    resource = DRAFT202012.create_resource(schema)
    return Registry().with_resource("", resource).resolver("")


def parts_of(schema: Any) -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """Give a schema and every one within it, each with its path."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(schema, ())]
    while waiting:
        part, path = waiting.pop(0)
        if isinstance(part, dict):
            yield part, path
            waiting += [(below, (*path, *way)) for below, way in schemas_below(part)]


def schemas_below(schema: Mapping[str, Any]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Give the schemas directly below one; whatever else stands there is data."""
    for keyword, value in schema.items():
        if keyword in _BY_NAME and isinstance(value, dict):
            yield from ((part, (keyword, name)) for name, part in value.items())
        elif keyword in _LISTED and isinstance(value, list):
            yield from ((part, (keyword, str(place))) for place, part in enumerate(value))
        elif keyword in _SINGLE:
            yield value, (keyword,)


class _Known(NamedTuple):
    """What a schema may refer to: the parts in it, by the objects that they are."""

    resolver: Any
    parts: frozenset[int]


def _faults(
    schema: Mapping[str, Any], path: tuple[str, ...], known: _Known
) -> Iterator[PortalError]:
    yield from _of_patterns(schema.get("patternProperties", ()), (*path, "patternProperties"))
    for keyword in schema:
        here = (*path, keyword)
        if keyword == "pattern":
            yield from _of_patterns([schema[keyword]], here)
        elif keyword in REFERENCES:
            yield from _of_reference(schema[keyword], here, known)
        elif keyword in _UNKNOWN:
            yield InvalidInput("{keyword} is not known here.", path=here, keyword=keyword)


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


def _of_reference(reference: str, path: tuple[str, ...], known: _Known) -> Iterator[PortalError]:
    try:
        found = known.resolver.lookup(reference).contents
    except Unresolvable:
        found = None
    if not isinstance(found, bool) and id(found) not in known.parts:
        yield InvalidInput("A schema refers to parts of itself alone.", path=path)
